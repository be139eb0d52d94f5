"""Industries that a region gains and loses."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.advantage.cross_table import Floats, cross_table, long_frame
from yanzhen.advantage.specialisation import least, location_quotient

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Entry:
    """Region-industry pairs that could enter or leave, and those that did.

    A pair whose quotient is missing in either year is in none of them.

    Attributes
    ----------
    could_enter : (N, S) absent before
    entered : (N, S) absent before and present after
    could_leave : (N, S) present before
    left : (N, S) present before and absent after
    """

    could_enter: Booleans
    entered: Booleans
    could_leave: Booleans
    left: Booleans


def entry(before: Floats, after: Floats, absent: float = 0.5, present: float = 1.0) -> Entry:
    """Entries and exits between two years' location quotients.

    A pair is absent below the quotient `absent` and present from `present` on; what moves only
    within the band between them has neither entered nor left. With `absent` = `present` = 1
    this is the plain change of presence. What reaches a quotient is decided as in `presence`.

    Parameters
    ----------
    before, after : (N, S) location quotients, NaN where missing
    """
    if absent > present:
        raise ValueError(f"absent below {absent} and present from {present} overlap")
    there = ~np.isnan(before) & ~np.isnan(after)
    could_enter = there & (before < least(absent))
    could_leave = there & (before >= least(present))
    return Entry(
        could_enter,
        could_enter & (after >= least(present)),
        could_leave,
        could_leave & (after < least(absent)),
    )


def entries(
    frame: pl.DataFrame,
    value: str,
    first: int,
    last: int,
    absent: float = 0.5,
    present: float = 1.0,
) -> pl.DataFrame:
    """Entries and exits of a long frame (region, industry, year, `value`).

    Returns
    -------
    region, industry, quotient_first, quotient_last (null where missing), change: `entered`,
    `not entered`, `left`, `stayed`, or null for a pair that was in the band or is missing
    """
    codes = frame.filter(pl.col("year").is_in([first, last]))
    regions = codes["region"].unique().sort().to_list()
    industries = codes["industry"].unique().sort().to_list()
    before, after = (
        location_quotient(
            cross_table(codes.filter(pl.col("year") == year), value, regions, industries).values
        )
        for year in (first, last)
    )
    found = entry(before, after, absent, present)
    change = np.full(before.shape, None, dtype=object)
    change[found.could_enter], change[found.could_leave] = "not entered", "stayed"
    change[found.entered], change[found.left] = "entered", "left"
    return long_frame(
        regions, industries, {"quotient_first": before, "quotient_last": after}
    ).with_columns(pl.Series("change", change.ravel(), dtype=pl.String))
