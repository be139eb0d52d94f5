"""Whether a change brings regions nearer to each other: disparity of income per head."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.concentration import locational_gini, theil_decomposition
from yanzhen.study.quantiles import ENDS
from yanzhen.study.result_columns import columns

MEASURES = ("theil", "theil_between", "theil_within", "gini", "coefficient_of_variation")
DISPARITY = columns(
    "measure before after change low high",
    before="index", after="index", change="index", low="index", high="index",
)  # fmt: skip
"""`low` and `high` hold 90 % of the changes over draws, null without any."""


@dataclass(frozen=True)
class RegionalIncome:
    """(N,) income of regions and (N,) the people it is for, above zero."""

    income: Floats
    people: Floats


def disparity(regional: RegionalIncome, groups: Sequence[str]) -> dict[str, float]:
    """Measure the disparity of income per head between regions, by people.

    Theil's T with its parts between and within groups (Theil 1967); the Gini coefficient, twice the
    area between the Lorenz curve of income over people and the diagonal; the coefficient of
    variation V_w = √(Σ_i p_i (y_i / ȳ − 1)²), p being shares of people (Williamson 1965).

    Parameters
    ----------
    groups : (N,) group of each region, such as its macro-region

    Raises
    ------
    ValueError
        If an income is negative, or a region has no people.
    """
    income, people = regional.income, regional.people
    parts = theil_decomposition(income, people, groups)
    relative = income / people / (income.sum() / people.sum())
    variance = float((people / people.sum()) @ (relative - 1) ** 2)
    values = (
        parts.total,
        parts.between,
        parts.within,
        2 * float(locational_gini(income[:, None], people)[0]),
        float(np.sqrt(variance)),
    )
    return dict(zip(MEASURES, values, strict=True))


def change_of_disparity(
    before: RegionalIncome,
    after: RegionalIncome,
    groups: Sequence[str],
    drawn: Sequence[RegionalIncome] = (),
) -> pl.DataFrame:
    """Set the disparity after a change beside the one before, the columns of `DISPARITY`.

    Parameters
    ----------
    drawn : what is after it in each draw of what is not sure
    """
    one, other = disparity(before, groups), disparity(after, groups)
    each = [disparity(draw, groups) for draw in drawn]
    rows = []
    for measure in MEASURES:
        changes = [draw[measure] - one[measure] for draw in each]
        bounds = np.quantile(changes, ENDS).tolist() if changes else [None, None]
        rows.append((measure, one[measure], other[measure], other[measure] - one[measure], *bounds))
    return DISPARITY.frame(rows)
