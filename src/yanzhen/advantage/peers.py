"""Places that resemble one another: the cosine of their location quotients."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.cross_table import cross_table
from yanzhen.advantage.specialisation import location_quotient
from yanzhen.study.result_columns import columns

PEERS = columns("region similarity")
"""Most alike first; `similarity` is 1 where the location quotients are proportional, 0 where no
industry is shared."""


def similarities(quotient: Floats, place: int) -> Floats:
    """(N,) cosine of each place's location quotients with those of one, over cells known of both.

    NaN where they have no known industry in common or one of them has nothing there.

    Parameters
    ----------
    quotient : (N, S) location quotients, NaN where not known
    place : row of the one
    """
    known = ~np.isnan(quotient)
    filled = np.where(known, quotient, 0.0)
    own = filled[place]
    shared = known & known[place]
    lengths = np.sqrt((filled**2 * shared).sum(axis=1) * (own**2 * shared).sum(axis=1))
    found: Floats = np.divide(
        filled @ own, lengths, out=np.full(len(filled), np.nan), where=lengths > 0
    )
    return found


def peers(frame: pl.DataFrame, value: str, place: str) -> pl.DataFrame:
    """Places of a long frame (region, industry, `value`) that resemble one of them.

    Returns
    -------
    pl.DataFrame
        `PEERS` without the place itself; empty where it has no amounts
    """
    table = cross_table(frame, value)
    if place not in table.regions:
        return PEERS.frame()
    own = table.regions.index(place)
    alike = similarities(location_quotient(table.values), own)
    found = pl.DataFrame({"region": table.regions, "similarity": alike}, schema=PEERS.types)
    others = found.filter(pl.col("region") != place).with_columns(
        pl.col("similarity").fill_nan(None)
    )
    return others.drop_nulls().sort("similarity", "region", descending=[True, False])
