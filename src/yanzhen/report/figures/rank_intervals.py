"""Undertaking capacity: where each region ranks, and how far that depends on the weights."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import macro_region_kinds, round_ticks, row_names
from yanzhen.report.figures.theme import INK, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.focus import Focus, named_macro_regions
from yanzhen.report.text.names import Names
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

ROW = 18
MOST_REGIONS = 60


def rank_intervals(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> Chart:
    """Draw the rank of each region: 5 to 95 % of the draws, with the median."""
    ranked = diagnosis.capacity.drop_nulls("rank_median")
    if ranked.is_empty():
        return empty(reader, "rank_intervals")
    name = reader.names
    rows = _rows(diagnosis, ranked, focus, name)
    last = max(row["high"] for row in rows)
    look: dict[str, Any] = {
        "title": reader.word("axis.rank"),
        "scale": alt.Scale(domain=[0.4, last + 0.4], nice=False),
        "axis": alt.Axis(tickMinStep=1, format="d", orient="top", values=round_ticks(int(last))),
    }
    macro_regions = named_macro_regions(diagnosis, reader)
    colour = macro_region_kinds(macro_regions, symbolOpacity=1, symbolType="circle")
    base = alt.Chart(values(rows)).encode(
        y=row_names("region", [row["region"] for row in rows], 130),
        tooltip=[
            alt.Tooltip("region:N", title=reader.word("column.region")),
            alt.Tooltip("median:Q", title=reader.word("column.rank_median")),
            alt.Tooltip("low:Q", title=reader.word("column.rank_low")),
            alt.Tooltip("high:Q", title=reader.word("column.rank_high")),
            alt.Tooltip("score:Q", title=reader.word("column.score"), format=".2f"),
            alt.Tooltip("first:Q", title=reader.word("column.first"), format=".0%"),
        ],
    )
    median = alt.X("median:Q", **look)
    bars = base.mark_rule(strokeWidth=6, strokeCap="round", opacity=0.45).encode(
        x=alt.X("low:Q", **look), x2=alt.X2("high:Q"), color=colour
    )
    dots = base.mark_circle(size=70, opacity=1, stroke="white", strokeWidth=1).encode(
        x=median, color=colour
    )
    hollow = base.transform_filter("datum.estimated").mark_circle(size=20, opacity=1, color="white")
    ring = base.transform_filter("datum.asked").mark_point(
        filled=False, size=150, stroke=INK, strokeWidth=1.6, opacity=1
    )
    found = [ring.encode(x=median)] if focus.region is not None else []
    layers = [bars, dots, hollow.encode(x=median), *found]
    chart = alt.layer(*layers).properties(width=WIDTH, height=ROW * len(rows))
    unranked = diagnosis.capacity.filter(pl.col("rank_median").is_null())["region"].to_list()
    said = reader.word(
        "figure.rank_intervals.unranked",
        regions=reader.word("comma").join(name.regions[code] for code in unranked),
    )
    return finished(
        chart,
        reader,
        "rank_intervals",
        year=diagnosis.year,
        indicators=diagnosis.capacity_weights["indicator"].n_unique(),
        unranked=said if unranked else "",
    )


def _rows(
    diagnosis: "Diagnosis", ranked: pl.DataFrame, focus: Focus, name: Names
) -> list[dict[str, Any]]:
    mostly_estimated = (
        pl.col("estimated") > pl.sum_horizontal("observed", "estimated", "missing") / 2
    )
    estimated = set(diagnosis.regions.filter(mostly_estimated)["region"])
    shown = {*ranked["region"].head(MOST_REGIONS), focus.region}
    return [
        {
            "region": name.regions[row["region"]],
            "macro_region": name.macro_region(row["macro_region"]),
            "median": row["rank_median"],
            "low": row["rank_low"],
            "high": row["rank_high"],
            "score": row["score"],
            "first": row["first"],
            "asked": row["region"] == focus.region,
            "estimated": row["region"] in estimated,
        }
        for row in ranked.iter_rows(named=True)
        if row["region"] in shown
    ]
