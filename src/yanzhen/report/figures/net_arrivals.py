"""The heat map: net arrivals of each industry in each region."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import column_names, row_names
from yanzhen.report.figures.theme import (
    EVEN,
    GAIN,
    INK,
    LOSS,
    NO_DATA,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.names import industries_in_order, regions_in_order
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

ROW = 19
MOST_REGIONS = 60
MOST_INDUSTRIES = 45


# Kept whole: one chart, whose layers share its rows and scales.
def net_arrivals(plan: "Plan", reader: Reader) -> Chart:
    """Draw net arrivals by region and industry; estimated cells are struck through."""
    if plan.moves.is_empty():
        return empty(reader, "net_arrivals")
    name, unit = reader.names, reader.size
    regions, moving = _most_moving(plan), _in_market(plan)
    industries = moving[:MOST_INDUSTRIES]
    cells = _cells(plan, regions, industries).with_columns(pl.col("net") * unit.factor)
    rows = [
        row
        | {
            "region": name.regions.get(row["region"], row["region"]),
            "industry": name.industries.get(row["industry"], row["industry"]),
            "status": reader.word(f"status.{row['status']}"),
            "estimated": row["status"] in ("estimated", "missing"),
        }
        for row in cells.iter_rows(named=True)
    ]
    limit = max(float(cells.select(pl.col("net").abs().max()).item()), 1e-9)
    region_names = [name.regions.get(code, code) for code in regions]
    industry_names = [name.industries.get(code, code) for code in industries]
    title = reader.word("in_unit", what=reader.word("axis.net_arrivals"), unit=unit.name)
    base = alt.Chart(values(rows)).encode(
        x=column_names("industry", industry_names, sort=industry_names),
        y=row_names("region", region_names, 150, sort=region_names),
    )
    squares = base.mark_rect(stroke="white", strokeWidth=1).encode(
        color=alt.Color(
            "net:Q",
            title=title,
            scale=alt.Scale(
                type="pow", exponent=0.5, domain=[-limit, 0, limit], range=[LOSS, EVEN, GAIN]
            ),
            legend=alt.Legend(
                orient="bottom", gradientLength=230, format=",.2~r", values=[-limit, 0, limit]
            ),
        ),
        tooltip=[
            alt.Tooltip("region:N", title=reader.word("column.region")),
            alt.Tooltip("industry:N", title=reader.word("column.industry")),
            alt.Tooltip("net:Q", title=title, format="+,.1f"),
            alt.Tooltip("status:N", title=reader.word("column.output_status")),
        ],
    )
    strokes = base.transform_filter("datum.estimated && datum.net !== null").mark_point(
        shape="M-1,1L1,-1", size=170, filled=False, stroke=INK, strokeWidth=0.9, opacity=0.65
    )
    missing = base.transform_filter("datum.net === null").mark_rect(color=NO_DATA)
    chart = alt.layer(squares, missing, strokes).properties(width=WIDTH, height=ROW * len(regions))
    left_out = [code for code in plan.industries["industry"].sort() if code not in moving]
    note = reader.word(
        "figure.net_arrivals.left_out",
        industries=reader.word("comma").join(name.industries.get(c, c) for c in left_out),
    )
    cut = len(regions) < plan.regions.height or len(industries) < len(moving)
    largest = reader.word(
        "figure.net_arrivals.largest", regions=len(regions), industries=len(industries)
    )
    return finished(
        chart,
        reader,
        "net_arrivals",
        left_out=note if left_out else "",
        largest=largest if cut else "",
    )


def _most_moving(plan: "Plan") -> list[str]:
    """Return the regions where most moves, in order."""
    moved = pl.col("arrivals") + pl.col("departures")
    ranked = plan.regions.sort(moved, "region", descending=[True, False])
    kept = set(ranked["region"].head(MOST_REGIONS))
    return [region for region in regions_in_order(plan) if region in kept]


def _in_market(plan: "Plan") -> list[str]:
    moving = set(plan.leaving["industry"])
    return [industry for industry in industries_in_order(plan) if industry in moving]


def _cells(plan: "Plan", regions: list[str], industries: list[str]) -> pl.DataFrame:
    """Return net arrivals by region and industry, null where the cell's output is unknown."""
    keys = ["region", "industry"]
    arrivals = plan.arriving.group_by("industry", "region", maintain_order=True).agg(
        arrived=pl.col("output").sum()
    )
    departures = plan.leaving.select("industry", region="origin", departed="output")
    status = plan.activity.filter(pl.col("year") == plan.base_year).select(
        *keys, pl.col("output_status").alias("status"), "output"
    )
    every = (
        plan.regions.select("region")
        .filter(pl.col("region").is_in(regions))
        .join(pl.DataFrame({"industry": industries}), how="cross")
    )
    return (
        every.join(status, on=keys, how="left")
        .join(arrivals, on=keys, how="left")
        .join(departures, on=keys, how="left")
        .select(
            *keys,
            pl.when(
                pl.col("output").is_not_null()
                | pl.col("arrived").is_not_null()
                | pl.col("departed").is_not_null()
            )
            .then(pl.col("arrived").fill_null(0.0) - pl.col("departed").fill_null(0.0))
            .alias("net"),
            pl.when(pl.col("output").is_null())
            .then(pl.lit("missing"))
            .otherwise(pl.col("status"))
            .alias("status"),
        )
        .sort(keys)
    )
