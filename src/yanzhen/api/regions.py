"""One region in a plan: what arrives and leaves, by industry and by partner."""

import polars as pl

from yanzhen.api.problem_details import Refusal
from yanzhen.market.plan.plan import Plan
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.routes import routes


def balance(plan: Plan, region: str) -> dict[str, object]:
    """Return the region's row of the plan's balance.

    Raises
    ------
    Refusal
        404 where the plan has no such region.
    """
    rows = plan.regions.filter(region=region).to_dicts()
    if not rows:
        raise Refusal(404, f"The plan has no region {region!r}.", f"方案没有地区“{region}”。")
    return rows[0]


def by_industry(plan: Plan, region: str, reader: Reader) -> Table:
    """Return arrivals and departures of a region by industry, the largest first."""
    frame = _arriving_and_leaving(plan, region, "industry", "industry")
    return shown_table(
        reader,
        "region_industries",
        frame,
        {"industry": "industry", "arrivals": "size", "departures": "size", "net": "size"},
        title=reader.word("region.by_industry"),
        note=reader.word("region.by_industry_note"),
    )


def partners(plan: Plan, region: str, reader: Reader) -> Table:
    """Return what comes to a region from each other one, and what goes there; largest first."""
    frame = _arriving_and_leaving(plan, region, "origin", "destination_region").rename(
        {"origin": "region"}
    )
    return shown_table(
        reader,
        "region_partners",
        frame.filter(pl.col("region") != region),
        {"region": "region", "arrivals": "size", "departures": "size", "net": "size"},
        title=reader.word("region.partners"),
        note=reader.word("region.partners_note"),
    )


def _arriving_and_leaving(plan: Plan, region: str, origin: str, destination: str) -> pl.DataFrame:
    """Sum arrivals by one column of the moves and departures by another."""
    moves = routes(plan)
    arriving = (
        moves.filter(pl.col("destination_region") == region)
        .group_by(origin, maintain_order=True)
        .agg(arrivals=pl.col("output").sum())
    )
    leaving = (
        moves.filter(pl.col("origin") == region)
        .group_by(pl.col(destination).alias(origin), maintain_order=True)
        .agg(departures=pl.col("output").sum())
    )
    return (
        arriving.join(leaving, on=origin, how="full", coalesce=True)
        .with_columns(pl.col("arrivals", "departures").fill_null(0.0))
        .with_columns(net=pl.col("arrivals") - pl.col("departures"))
        .sort(pl.col("arrivals") + pl.col("departures"), origin, descending=[True, False])
    )
