"""Needs whose best achievement goes to others at the prices."""

import numpy as np
import polars as pl

from yanzhen.market.problem.market import Floats
from yanzhen.modes.technology.search.candidates import Rows
from yanzhen.study.result_columns import columns

HALF = 0.5
OUTBID = columns(
    "partner achievement relevance value taken taken_by_others taker licence_price", value="index"
)
"""`taken` are licences that the partner takes, `taker` is who takes most of them."""


# Kept whole: half of it says what the table holds, and the rest is one query.
def outbid(
    achievements: pl.DataFrame,
    partners: pl.DataFrame,
    pairs: tuple[Rows, Rows],
    relevance: Floats,
    value: Floats,
    share: Floats,
    gain: Floats,
) -> pl.DataFrame:
    """List the partners whose best achievement is taken by others.

    A partner's best achievement is that of the largest value before prices, the first of equal
    ones. Others take it where they take more than half of its licences and the partner less than
    half of one.

    Parameters
    ----------
    achievements : achievement, licences
    partners : partner
    pairs : (n,) rows of the achievements and of the partners that may be matched
    relevance, value : (n,) of each pair
    share : (n,) of the achievement that goes to the partner at the prices
    gain : (I,) what one licence of each achievement is worth at the prices, beyond no match: the
        dual price of the licence

    Returns
    -------
    pl.DataFrame
        `OUTBID`
    """
    row, column = pairs
    taken = achievements["licences"].to_numpy()[row] * share
    own = pl.DataFrame(
        {
            "row": row,
            "column": column,
            "relevance": relevance,
            "value": value,
            "taken": taken,
            "licence_price": gain[row],
        }
    )
    most = (
        own.sort("taken", "column", descending=[True, False])
        .group_by("row", maintain_order=True)
        .first()
    )
    best = own.sort("column", "value", "row", descending=[False, True, False]).unique(
        "column", keep="first", maintain_order=True
    )
    given = np.bincount(row, taken, achievements.height)[best["row"]]
    lost = (
        best.with_columns(
            (pl.Series(given) - pl.col("taken")).alias("taken_by_others"),
            achievements["licences"].gather(best["row"]).alias("licences"),
        )
        .filter((pl.col("taken") < HALF) & (pl.col("taken_by_others") > HALF * pl.col("licences")))
        .join(most.select("row", pl.col("column").alias("taker")), on="row", maintain_order="left")
    )
    return lost.select(
        partners["partner"].gather(lost["column"]).alias("partner"),
        achievements["achievement"].gather(lost["row"]).alias("achievement"),
        "relevance",
        "value",
        "taken",
        "taken_by_others",
        partners["partner"].gather(lost["taker"]).alias("taker"),
        "licence_price",
    )
