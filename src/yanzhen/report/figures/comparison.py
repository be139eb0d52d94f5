"""The market's allocation beside one that copies the past, by receiving region."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.theme import BLUE, INK, RULE, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

ROW = 19
MOST = 60


# Kept whole: one chart, whose layers share its rows and scales.
def comparison(plan: "Plan", reader: Reader) -> Chart:
    """Draw what arrives in each region by the market and by copying the past."""
    sums = (
        plan.allocation.drop_nulls("past")
        .group_by("region", maintain_order=True)
        .agg(pl.col("market", "past").sum())
    )
    if sums.is_empty():
        return empty(reader, "comparison")
    name, unit = reader.names, reader.size
    found = {row["region"]: row for row in sums.iter_rows(named=True)}
    order = sums.sort("market", "region", descending=[True, False])["region"].head(MOST).to_list()
    market, past = reader.word("column.market"), reader.word("column.past")
    known = _intervals(plan)
    pairs, points, spans = [], [], []
    for region in order:
        label = name.regions.get(region, region)
        row = {key: found[region][key] * unit.factor for key in ("market", "past")}
        pairs.append({"region": label} | row)
        if region in known:
            low, high = known[region]
            spans.append({"region": label, "low": low * unit.factor, "high": high * unit.factor})
        points.append({"region": label, "kind": past, "arrivals": row["past"]})
        points.append({"region": label, "kind": market, "arrivals": row["market"]})
    title = reader.word("in_unit", what=reader.word("column.arrivals"), unit=unit.name)
    y = alt.Y(
        "region:N",
        sort=None,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, grid=True, gridDash=[1, 3], labelPadding=10),
    )
    lines = (
        alt.Chart(values(pairs))
        .mark_rule(stroke=RULE, strokeWidth=4)
        .encode(x=alt.X("past:Q"), x2=alt.X2("market:Q"), y=y)
    )
    look: dict[str, Any] = {"title": None, "legend": alt.Legend(orient="top")}
    filled, edged = (
        alt.Scale(domain=[market, past], range=colours)
        for colours in ([BLUE, "white"], [BLUE, INK])
    )
    dots = (
        alt.Chart(values(points))
        .mark_point(size=75, opacity=1, strokeWidth=1.8)
        .encode(
            x=alt.X("arrivals:Q", title=title, axis=alt.Axis(format=",.0f", tickCount=6)),
            y=y,
            fill=alt.Fill("kind:N", scale=filled, **look),
            stroke=alt.Stroke("kind:N", scale=edged, **look),
            tooltip=[
                alt.Tooltip("region:N", title=reader.word("column.region")),
                alt.Tooltip("kind:N", title=reader.word("column.kind")),
                alt.Tooltip("arrivals:Q", title=title, format=",.1f"),
            ],
        )
    )
    layers = [lines, *([_drawn_intervals(spans, y, reader)] if spans else []), dots]
    chart = alt.layer(*layers).properties(width=WIDTH, height=ROW * len(order))
    largest = reader.word("figure.comparison.largest", regions=len(order))
    return finished(
        chart, reader, "comparison", largest=largest if len(order) < sums.height else ""
    )


def _drawn_intervals(spans: list[dict[str, Any]], y: alt.Y, reader: Reader) -> alt.Chart:
    drawn: alt.Chart = (
        alt.Chart(values(spans))
        .mark_rule(stroke=BLUE, strokeWidth=1.6)
        .encode(
            x=alt.X("low:Q"),
            x2=alt.X2("high:Q"),
            y=y,
            tooltip=[
                alt.Tooltip("region:N", title=reader.word("column.region")),
                alt.Tooltip("low:Q", title=reader.word("column.market_low"), format=",.1f"),
                alt.Tooltip("high:Q", title=reader.word("column.market_high"), format=",.1f"),
            ],
        )
    )
    return drawn


def _intervals(plan: "Plan") -> dict[str, tuple[float, float]]:
    """Return the interval of what arrives, of each region with a single site."""
    single = plan.sites.drop_nulls("arrivals_low").filter(pl.len().over("region") == 1)
    rows = single.select("region", "arrivals_low", "arrivals_high").iter_rows()
    return {region: (low, high) for region, low, high in rows}
