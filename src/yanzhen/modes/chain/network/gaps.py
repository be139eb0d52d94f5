"""Gaps of each region's chains, where the input could come from, and who could make it there."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.accounts.supply_gaps import supply_gap
from yanzhen.study.result_columns import columns

NEAREST = 3
WORTH_NAMING = 0.05
"""Spare supply below this share of a gap does not make a region a source."""
SOURCES = columns("region input rank source spare kilometres", source="region")
"""`rank` 1 is the nearest; `spare` is the source's supply less its own need."""
FILLERS = columns(
    """region input gap_beyond_reach location_quotient relatedness mean_percentile arrivals
    enterprises listed_output"""
)
"""`mean_percentile` is of the region among all for making the input itself, 1 the best, null where
it is already strong in it; `arrivals`, by the plan, and `enterprises` and `listed_output`, null
without a list in the study, are of the input's industry."""


def sources(
    regions: tuple[str, ...],
    inputs: tuple[str, ...],
    need: Floats,
    supply: Floats,
    distance: Floats,
    most: int = NEAREST,
) -> pl.DataFrame:
    """The nearest regions that make more of an input than they need, for every gap.

    Parameters
    ----------
    need, supply : (N, S) of the inputs, NaN where missing
    distance : (N, N) km
    most : regions named for a gap

    Returns
    -------
    `SOURCES`; regions whose spare supply is less than 5 % of the gap are passed over
    """
    spare = np.nan_to_num(np.maximum(supply - need, 0.0))
    gap = np.nan_to_num(supply_gap(need, supply))
    rows = []
    for r, i in np.argwhere(gap > 0):
        enough = np.flatnonzero(spare[:, i] >= WORTH_NAMING * gap[r, i])
        nearest = enough[np.lexsort((enough, distance[r, enough]))][:most]
        rows += [
            (regions[r], inputs[i], rank, regions[k], spare[k, i], distance[r, k])
            for rank, k in enumerate(nearest, start=1)
        ]
    return SOURCES.frame(rows)


def fillers(
    gaps: pl.DataFrame, opportunities: pl.DataFrame, arriving: pl.DataFrame, listed: pl.DataFrame
) -> pl.DataFrame:
    """Who could make what a region lacks: the region itself, those on the move, listed ones.

    Parameters
    ----------
    gaps : region, input, gap, gap_beyond_reach
    opportunities : region, industry, relatedness, mean_percentile, location_quotient; of the
        diagnosis
    arriving : region, industry, arrivals; what the plan brings
    listed : industry, enterprises, output; enterprises of the study's list
    """
    return (
        gaps.filter(pl.col("gap") > 0)
        .select("region", "input", "gap_beyond_reach")
        .join(
            opportunities.select(
                "region", "location_quotient", "relatedness", "mean_percentile", input="industry"
            ),
            on=["region", "input"],
            how="left",
            maintain_order="left",
        )
        .join(
            arriving.rename({"industry": "input"}),
            on=["region", "input"],
            how="left",
            maintain_order="left",
        )
        .join(
            listed.select("enterprises", input="industry", listed_output="output"),
            on="input",
            how="left",
            maintain_order="left",
        )
    )
