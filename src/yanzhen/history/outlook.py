"""How well one kind of event was foreseen: entries into industries, or exits from them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.history import accuracy
from yanzhen.history.accuracy import Measured, cumulated, rank, with_interval, with_intervals
from yanzhen.history.foresight import WITHOUT_PRIOR, Foretold
from yanzhen.study.result_columns import columns

BASELINES = ("ubiquity", "density", "initial_lq", "persistence", "gravity", "boosting")
METHODS = ("model", WITHOUT_PRIOR, *BASELINES)
LARGEST = 20
MISSES = columns("region industry probability happened", happened="flag")
CANDIDATES = MISSES | columns("foretold", foretold="flag")
"""`foretold` are those among the k most probable."""
BY_REGION = columns("region candidates happened foretold hits")
RELIABILITY = columns("foreseen observed low high").of_kind("share") | columns("candidates")
"""By tenths of the probability: its mean, the share that happened, its interval with regions
drawn."""


@dataclass(frozen=True)
class EventMetrics:
    """Figures of one way of foreseeing an event, None where one is not defined.

    Attributes
    ----------
    auc_roc, auc_pr : areas under the curves of its score over the candidates
    brier : mean squared error of its probability
    top_k : share that happened among the k scored highest, k = number of events
    """

    auc_roc: Measured | None
    auc_pr: Measured | None
    brier: Measured | None
    top_k: Measured | None


@dataclass(frozen=True)
class Outlook:
    """An event as it was foreseen and as it happened.

    Attributes
    ----------
    candidates, happened : numbers of pairs that could and that did
    metrics : figures by name, in the order of `METHODS`; model_without_prior only where the model
        has a prior
    auc_difference : area under the curve of the model less that of each other way, by paired
        draws of regions
    spread : how far the model was let go from its prior, 1 as far as panels of the prior's own
        source differ, the geometric mean over folds; None where it has no prior
    cells : every candidate
    largest_misses : the events least expected and the candidates most expected that did nothing
    """

    candidates: int
    happened: int
    metrics: dict[str, EventMetrics]
    auc_difference: dict[str, Measured | None]
    spread: float | None
    cells: Annotated[pl.DataFrame, CANDIDATES]
    by_region: Annotated[pl.DataFrame, BY_REGION]
    reliability: Annotated[pl.DataFrame, RELIABILITY]
    largest_misses: Annotated[pl.DataFrame, MISSES]


def judged(
    foretold: Foretold,
    could: Booleans,
    did: Booleans,
    regions: tuple[str, ...],
    industries: tuple[str, ...],
    draws: int,
    seed: int,
) -> Outlook:
    """Hold what was foretold against what happened.

    Parameters
    ----------
    foretold : scores and probabilities
    could, did : (N, S) candidates, and those of them to which it happened
    regions, industries : labels of the axes
    draws : of the bootstrap over regions
    """
    cells = _cells(foretold.probability["model"], could, did, regions, industries)
    metrics, difference = _measured(foretold, could, did, draws, seed)
    return Outlook(
        candidates=int(could.sum()),
        happened=int(did.sum()),
        metrics=metrics,
        auc_difference=difference,
        spread=float(np.exp(np.mean(np.log(foretold.spreads)))) if foretold.spreads else None,
        cells=cells,
        by_region=_by_region(cells, regions),
        reliability=_reliability(cells, draws, seed),
        largest_misses=_largest_misses(cells),
    )


def event_as_json(outlook: Outlook, happened: str) -> dict[str, object]:
    """The outlook as plain values, without the frame of all candidates.

    Parameters
    ----------
    happened : what the event is called in the list of misses
    """
    without = outlook.metrics.get(WITHOUT_PRIOR)
    return {
        "model": asdict(outlook.metrics["model"]),
        WITHOUT_PRIOR: None if without is None else asdict(without),
        "prior_spread": outlook.spread,
        "baselines": {name: asdict(outlook.metrics[name]) for name in BASELINES},
        "auc_difference": {
            name: None if each is None else asdict(each)
            for name, each in outlook.auc_difference.items()
        },
        "reliability": outlook.reliability.to_dicts(),
        "largest_misses": outlook.largest_misses.rename({"happened": happened}).to_dicts(),
    }


def _measured(
    foretold: Foretold, could: Booleans, did: Booleans, draws: int, seed: int
) -> tuple[dict[str, EventMetrics], dict[str, Measured | None]]:
    """Figures of every method, and areas of the model less those of the others, of paired draws."""
    used = [name for name in METHODS if name != WITHOUT_PRIOR or foretold.spreads]
    metrics = dict.fromkeys(used, EventMetrics(None, None, None, None))
    difference: dict[str, Measured | None] = dict.fromkeys(name for name in used if name != "model")
    row, y = np.nonzero(could)[0], did[could]
    if not y.any() or y.all():
        return metrics, difference
    scored = {name: score[could] for name, score in foretold.score.items()}
    known = [name for name in METHODS if name in scored and np.isfinite(scored[name]).all()]
    rankings = [rank(scored[name], y) for name in known]
    probabilities = [foretold.probability[name][could] for name in known]

    def figures(times: Floats) -> Floats:
        weight = times[row]
        table = np.empty((len(known), 5))
        for m, ranking in enumerate(rankings):
            counted = cumulated(ranking, weight)
            table[m] = (
                accuracy.auc_roc(counted),
                accuracy.auc_pr(counted),
                accuracy.brier(probabilities[m], y, weight),
                accuracy.top_k(counted),
                np.nan,
            )
        if "model" in known:
            table[:, 4] = table[known.index("model"), 0] - table[:, 0]
        return table.ravel()

    found = with_intervals(figures, len(could), draws, seed)
    for m, name in enumerate(known):
        *own, less = found[5 * m : 5 * m + 5]
        metrics[name] = EventMetrics(*own)
        if name != "model":
            difference[name] = less
    return metrics, difference


def _cells(
    probability: Floats,
    could: Booleans,
    did: Booleans,
    regions: tuple[str, ...],
    industries: tuple[str, ...],
) -> pl.DataFrame:
    n, s = np.nonzero(could)
    return (
        pl.DataFrame(
            {
                "region": np.array(regions, dtype=object)[n],
                "industry": np.array(industries, dtype=object)[s],
                "probability": probability[could],
                "happened": did[could],
            },
            schema=MISSES.types,
        )
        .with_columns(pl.col("probability").fill_nan(None))
        .with_columns(
            foretold=(
                pl.col("probability").rank("ordinal", descending=True) <= int(did.sum())
            ).fill_null(False)
        )
    )


def _by_region(cells: pl.DataFrame, regions: tuple[str, ...]) -> pl.DataFrame:
    counted = cells.group_by("region", maintain_order=True).agg(
        candidates=pl.len(),
        happened=pl.col("happened").sum(),
        foretold=pl.col("foretold").sum(),
        hits=(pl.col("foretold") & pl.col("happened")).sum(),
    )
    every = pl.DataFrame({"region": regions}, schema={"region": pl.String})
    joined = every.join(counted, on="region", how="left", maintain_order="left")
    return joined.with_columns(
        pl.col("candidates", "happened", "foretold", "hits").fill_null(0).cast(pl.Int64)
    )


def _reliability(cells: pl.DataFrame, draws: int, seed: int) -> pl.DataFrame:
    """What was seen by tenths of what was foreseen, with intervals by regions drawn."""
    known = cells.drop_nulls("probability")
    tenths = known.with_columns(
        tenth=(pl.col("probability").rank("ordinal") * 10 / (pl.len() + 1)).floor().cast(pl.Int64)
    )
    region, codes = np.unique(known["region"].to_numpy(), return_inverse=True)
    tenth, y = tenths["tenth"].to_numpy(), known["happened"].to_numpy()
    probability = known["probability"].to_numpy()
    rows = []
    for each in np.unique(tenth):
        own = np.flatnonzero(tenth == each)
        seen = with_interval(_share_of(y[own], codes[own]), len(region), draws, seed)
        assert seen is not None
        rows.append((probability[own].mean(), seen.value, seen.low, seen.high, own.size))
    return RELIABILITY.frame(rows)


def _share_of(y: Booleans, region: NDArray[np.int64]) -> Callable[[Floats], float]:
    """Share of cases that happened, of the times that each region is counted."""

    def share(times: Floats) -> float:
        weight = times[region]
        return float(weight @ y / weight.sum()) if weight.sum() > 0 else float("nan")

    return share


def _largest_misses(cells: pl.DataFrame) -> pl.DataFrame:
    known = cells.drop_nulls("probability").sort("probability", "region", "industry")
    return pl.concat(
        [
            known.filter("happened").head(LARGEST),
            known.filter(~pl.col("happened")).tail(LARGEST).reverse(),
        ]
    ).drop("foretold")
