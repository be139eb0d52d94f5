"""How many of those that were signed came further: a funnel with intervals."""

import polars as pl
from scipy.special import ndtri

from yanzhen.goals.projects import ENDS, REACHED
from yanzhen.study.result_columns import columns

FUNNEL = columns(
    "stage reached still_open ended share low high of_signed",
    stage="term", reached="count", still_open="count", ended="count", share="share", low="share",
    high="share", of_signed="share",
)  # fmt: skip
"""`share` is of those that reached the stage before, `low` to `high` its 95 % interval (Wilson
1927); `still_open` and `ended` are those that came to this stage and no further."""


def wilson(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of a proportion (Wilson 1927).

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n) with p = hits / trials, n = trials.

    Examples
    --------
    >>> low, high = wilson(8, 10)
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)

    Raises
    ------
    ValueError
        Without a trial.
    """
    if trials < 1:
        raise ValueError("A proportion of nothing has no interval.")
    z = float(ndtri(0.5 + level / 2))
    p, n = hits / trials, trials
    middle = p + z * z / (2 * n)
    spread = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    whole = 1 + z * z / n
    low = (middle - spread) / whole if hits else 0.0
    high = (middle + spread) / whole if hits < trials else 1.0
    return low, high


def funnel(projects: pl.DataFrame) -> pl.DataFrame:
    """Count the signed projects that reached each stage.

    Who reached a later stage reached those before, whether or not a row says so.

    Parameters
    ----------
    projects : the columns of `PROJECTS`; those never signed are left out

    Returns
    -------
    The columns of `FUNNEL`, a row a stage.
    """
    signed = projects.filter(pl.col("signed").is_not_null())
    reached = [signed.filter(_came_to(REACHED[at:])) for at in range(len(REACHED))]
    rows = []
    for at, stage in enumerate(REACHED):
        own = reached[at]
        further = reached[at + 1].height if at + 1 < len(REACHED) else 0
        later = REACHED[at + 1 :]
        stopped = own.filter(~_came_to(later))
        ended = stopped.filter(pl.col("state").is_in(ENDS)).height
        before = reached[at - 1].height if at else 0
        share, low, high = None, None, None
        if before:
            share = own.height / before
            low, high = wilson(own.height, before)
        total = own.height / signed.height if signed.height else None
        rows.append(
            (stage, own.height, own.height - further - ended, ended, share, low, high, total)
        )
    return FUNNEL.frame(rows)


def _came_to(stages: tuple[str, ...]) -> pl.Expr:
    """Whether a project came to any of some stages."""
    return pl.any_horizontal(pl.lit(False), *(pl.col(stage).is_not_null() for stage in stages))
