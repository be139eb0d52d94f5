"""The moves of a plan with the region that each site lies in, and whether they enter findings."""

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

ROUTE = ["industry", "origin", "destination"]


def routes(plan: "Plan") -> pl.DataFrame:
    """Return the moves, largest first, with `destination_region` and `in_findings` added."""
    sites = plan.sites.select(pl.col("site").alias("destination"), destination_region="region")
    return plan.moves.join(sites, on="destination", how="left", maintain_order="left").join(
        plan.industries.select("industry", "in_findings"),
        on="industry",
        how="left",
        maintain_order="left",
    )
