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
from yanzhen.report.text.names import industries_in_order, names, regions_in_order
from yanzhen.report.text.quantities import money
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

ROW = 19


def net_arrivals(plan: "Plan", lang: Lang) -> Chart:
    """Draw net arrivals by region and industry; estimated cells are struck through."""
    if plan.moves.is_empty():
        return empty(plan, lang, "net_arrivals")
    name, unit = names(plan, lang), money(plan, lang)
    regions, industries = regions_in_order(plan), _in_market(plan)
    cells = _cells(plan).with_columns(pl.col("net") * unit.factor)
    rows = [
        row
        | {
            "region": name.regions.get(row["region"], row["region"]),
            "industry": name.industries.get(row["industry"], row["industry"]),
            "status": word(lang, f"status.{row['status']}"),
            "estimated": row["status"] in ("estimated", "missing"),
        }
        for row in cells.iter_rows(named=True)
    ]
    limit = max(float(cells.select(pl.col("net").abs().max()).item()), 1e-9)
    region_names = [name.regions.get(code, code) for code in regions]
    industry_names = [name.industries.get(code, code) for code in industries]
    title = word(lang, "in_unit", what=word(lang, "axis.net_arrivals"), unit=unit.name)
    base = alt.Chart(values(rows)).encode(
        x=column_names("industry", industry_names, sort=industry_names),
        y=row_names("region", region_names, 110, sort=region_names),
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
            alt.Tooltip("region:N", title=word(lang, "column.region")),
            alt.Tooltip("industry:N", title=word(lang, "column.industry")),
            alt.Tooltip("net:Q", title=title, format="+,.1f"),
            alt.Tooltip("status:N", title=word(lang, "column.output_status")),
        ],
    )
    strokes = base.transform_filter("datum.estimated && datum.net !== null").mark_point(
        shape="M-1,1L1,-1", size=170, filled=False, stroke=INK, strokeWidth=0.9, opacity=0.65
    )
    missing = base.transform_filter("datum.net === null").mark_rect(color=NO_DATA)
    chart = alt.layer(squares, missing, strokes).properties(width=WIDTH, height=ROW * len(regions))
    left_out = [code for code in plan.industries["industry"].sort() if code not in industries]
    note = word(
        lang,
        "figure.net_arrivals.left_out",
        industries=word(lang, "comma").join(name.industries.get(c, c) for c in left_out),
    )
    return finished(chart, plan, lang, "net_arrivals", left_out=note if left_out else "")


def _in_market(plan: "Plan") -> list[str]:
    moving = set(plan.leaving["industry"])
    return [industry for industry in industries_in_order(plan) if industry in moving]


def _cells(plan: "Plan") -> pl.DataFrame:
    """Return net arrivals by region and industry, null where the cell's output is unknown."""
    keys = ["region", "industry"]
    arrivals = plan.arriving.group_by("industry", "region", maintain_order=True).agg(
        arrived=pl.col("output").sum()
    )
    departures = plan.leaving.select("industry", region="origin", departed="output")
    status = plan.activity.filter(pl.col("year") == plan.base_year).select(
        *keys, pl.col("output_status").alias("status"), "output"
    )
    every = plan.regions.select("region").join(
        pl.DataFrame({"industry": _in_market(plan)}), how="cross"
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
