"""Which industry a place does not take, and by which rule."""

import polars as pl

from yanzhen.market.room import Room
from yanzhen.study import Study

REFUSING = ("restricted", "no_longer_undertaken")


def refusals(study: Study, room: Room, industries: tuple[str, ...]) -> pl.DataFrame:
    """Pairs of industry and site that are closed to arrivals.

    By the catalogue, whose listing of a region holds for every site in it; and where a site has
    no room at all of some resource (listing no_room, without a rule).

    Returns
    -------
    pl.DataFrame
        industry, site, listing, rule
    """
    sites = room.sites
    full = sites.filter(pl.Series((room.capacity <= 0).any(axis=1)))
    no_room = full.select("site", listing=pl.lit("no_room"), rule=pl.lit(None, pl.String)).join(
        pl.DataFrame({"industry": industries}), how="cross"
    )
    listed = (
        study.tables["catalogue"]
        .with_columns(pl.col("listing").cast(pl.String))
        .filter(pl.col("listing").is_in(REFUSING), pl.col("industry").is_in(industries))
    )
    places = pl.concat(
        [
            sites.select("site", place=pl.col("site")),
            sites.select("site", place=pl.col("region")),
        ]
    ).unique()
    by_rule = listed.join(places, on="place", maintain_order="left").select(
        "industry", "site", "listing", "rule"
    )
    return (
        pl.concat([by_rule, no_room.select(by_rule.columns)])
        .unique(["industry", "site"], keep="first", maintain_order=True)
        .sort("industry", "site")
    )
