"""Undertaking capacity of a study's regions by the embedded indicators."""

from dataclasses import dataclass
from typing import Annotated

import polars as pl

from yanzhen.accounts.indicators import indicators_of
from yanzhen.accounts.panel import Floats, Panel
from yanzhen.advantage.attraction import distances
from yanzhen.advantage.capacity import NotRanked, undertaking_capacity
from yanzhen.advantage.capacity_indicators import EMBEDDED, embedded_values
from yanzhen.advantage.cross_table import long_frame
from yanzhen.study import Study
from yanzhen.study.result_columns import NOT_EVALUATED, columns

OUTPUT = "activity.output"
NEEDS = {
    "market": "indicators (gdp)",
    "market_potential": "indicators (gdp), regions.longitude, regions.latitude, distances",
    "growth": "indicators (gdp) of an earlier year",
    "industrial_base": OUTPUT,
    "diversity": OUTPUT,
    "outlook": OUTPUT,
    "competitive_shift": "activity.output of an earlier year",
    "cost": "indicators (gdp, population)",
    "emission_intensity": "activity.emissions",
}
"""What each embedded indicator is made of, in the study's tables."""

CAPACITY = columns(
    "region score rank_median rank_low rank_high first lacking",
    rank_low="number",
    rank_high="number",
)
"""`lacking` are the indicators without a value, for which it is not ranked; null for none."""
GROUPS = columns("region group score")
WEIGHTS = columns("weighting indicator weight")


@dataclass(frozen=True)
class Ranking:
    """Regions ranked by their capacity to undertake industry, never without the interval.

    Attributes
    ----------
    undefined : indicators, or the whole ranking, that the data do not define, each with its reason
    """

    capacity: Annotated[pl.DataFrame, CAPACITY]
    groups: Annotated[pl.DataFrame, GROUPS]
    weights: Annotated[pl.DataFrame, WEIGHTS]
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]
    undefined: tuple[tuple[str, str], ...]


def ranking(study: Study, panel: Panel, completed: Floats, reach_km: float, seed: int) -> Ranking:
    """Rank the regions of a panel in its last year.

    Parameters
    ----------
    completed : (N, S, T) observed or estimated output of the panel's years
    reach_km : distance at which a market counts 1 / e
    seed : of the rank intervals
    """
    values = embedded_values(
        _activity(study, panel, completed),
        indicators_of(study),
        panel.regions,
        distances(study, panel.regions),
        panel.years[0],
        panel.base_year,
        reach_km,
    )
    try:
        found = undertaking_capacity(values, EMBEDDED, seed=seed)
    except NotRanked as none:
        if none.reason == "missing":
            return _unranked([("capacity", ", ".join(dict.fromkeys(NEEDS.values())))], ())
        return _unranked([], (("capacity", none.reason),))
    # Output is there wherever a panel is: what is made of it alone and is off has no value.
    lacking = [code for code in found.left_out if NEEDS[code] != OUTPUT]
    without = [code for code in found.left_out if NEEDS[code] == OUTPUT]
    return Ranking(
        found.regions.drop("missing").with_columns(lacking=_listed(found.regions["missing"])),
        found.groups,
        found.weights,
        NOT_EVALUATED.frame((code, NEEDS[code]) for code in lacking),
        (
            *((code, "constant") for code in found.constant),
            *((code, "few_regions") for code in without),
        ),
    )


def _activity(study: Study, panel: Panel, completed: Floats) -> pl.DataFrame:
    """Completed output of the first and the last year, and emissions where they are known."""
    frames = [
        long_frame(panel.regions, panel.industries, {"output": completed[:, :, t]}).with_columns(
            year=pl.lit(panel.years[t], pl.Int64)
        )
        for t in sorted({0, len(panel.years) - 1})
    ]
    emissions = study.tables["activity"].select("region", "industry", "year", "emissions")
    return pl.concat(frames).join(
        emissions, on=["region", "industry", "year"], how="left", maintain_order="left"
    )


def _listed(indicators: pl.Series) -> pl.Series:
    return indicators.list.join(", ").replace("", None)


def _unranked(lacking: list[tuple[str, str]], undefined: tuple[tuple[str, str], ...]) -> Ranking:
    return Ranking(
        CAPACITY.frame(),
        GROUPS.frame(),
        WEIGHTS.frame(),
        NOT_EVALUATED.frame(lacking),
        undefined,
    )
