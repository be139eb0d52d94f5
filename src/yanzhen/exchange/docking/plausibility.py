"""Which listings have figures out of all proportion to the others'.

Amounts many orders apart, most often a unit that was mistaken, can leave a market without prices
that a certificate passes. One such listing must not stop all the others: where the market does not
clear, it is cleared again without those whose figure is the farthest from the middle one.
"""

import math

import polars as pl

from yanzhen.exchange.docking.offers import Offers
from yanzhen.study.tables.enterprises import RESOURCES

BOUNDS = (1e6, 1e3)
"""Factors to the middle figure beyond which a listing is left out, one attempt after the other."""


def without_odd(offers: Offers, needs: pl.DataFrame, bound: float) -> Offers:
    """Return what is listed without what differs from the median by more than a factor.

    Compared are sizes of projects, their needs of each resource per unit of size, and of each
    resource the room of sites and its price; zero and what is not known are nothing to compare.

    Parameters
    ----------
    needs : of the projects: project, output, and X_per_output of each resource
    """
    said = [
        _told(needs, "project", "output", pl.lit("size")),
        *(_told(needs, "project", f"{each}_per_output", pl.lit(each)) for each in RESOURCES),
        *(
            _told(offers.resources, "place", column, pl.col("resource").cast(pl.String))
            for column in ("capacity", "posted_price")
        ),
    ]
    logs = pl.concat(said).filter(pl.col("value") > 0).with_columns(log=pl.col("value").log())
    middle = pl.col("log").median().over("measure", "resource")
    odd = (
        logs.filter((pl.col("log") - middle).abs() > math.log(bound))
        .unique("listing", keep="first", maintain_order=True)
        .select("listing", reason=pl.lit("implausible", dtype=pl.String), resource="resource")
    )
    gone = odd["listing"].implode()
    return Offers(
        offers.sites.filter(~pl.col("site").is_in(gone)),
        offers.resources.filter(~pl.col("place").is_in(gone)),
        offers.projects.filter(~pl.col("project").is_in(gone)),
        pl.concat([offers.left_out, odd]),
    )


def _told(frame: pl.DataFrame, listing: str, column: str, resource: pl.Expr) -> pl.DataFrame:
    """Figures of one column, and which listing and resource each is of."""
    return frame.select(
        listing=listing,
        measure=pl.lit(column, dtype=pl.String),
        resource=resource,
        value=pl.col(column).cast(pl.Float64),
    )
