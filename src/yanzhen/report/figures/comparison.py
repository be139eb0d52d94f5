"""The market's allocation beside one that copies the past, by receiving region."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.theme import BLUE, INK, RULE, WIDTH, Chart, empty, finished, values
from yanzhen.report.names import names
from yanzhen.report.quantities import money
from yanzhen.report.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.plan import Plan

ROW = 19


def comparison(plan: "Plan", lang: Lang) -> Chart:
    """Draw what arrives in each region by the market and by copying the past."""
    sums = (
        plan.allocation.drop_nulls("past")
        .group_by("region", maintain_order=True)
        .agg(pl.col("market", "past").sum())
    )
    if sums.is_empty():
        return empty(plan, lang, "comparison")
    name, unit = names(plan, lang), money(plan, lang)
    found = {row["region"]: row for row in sums.iter_rows(named=True)}
    order = sums.sort("market", "region", descending=[True, False])["region"].to_list()
    market, past = word(lang, "column.market"), word(lang, "column.past")
    pairs, points = [], []
    for region in order:
        label = name.regions.get(region, region)
        row = {key: found[region][key] * unit.factor for key in ("market", "past")}
        pairs.append({"region": label} | row)
        points.append({"region": label, "kind": past, "arrivals": row["past"]})
        points.append({"region": label, "kind": market, "arrivals": row["market"]})
    title = word(lang, "in_unit", what=word(lang, "column.arrivals"), unit=unit.name)
    y = alt.Y(
        "region:N",
        sort=None,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, grid=True, gridDash=[1, 3], labelPadding=10),
    )
    lines = (
        alt.Chart(values(pairs))
        .mark_rule(stroke=RULE, strokeWidth=4)
        .encode(x="past:Q", x2="market:Q", y=y)
    )
    domain = [market, past]
    dots = (
        alt.Chart(values(points))
        .mark_point(size=75, opacity=1, strokeWidth=1.8)
        .encode(
            x=alt.X("arrivals:Q", title=title, axis=alt.Axis(format=",.0f", tickCount=6)),
            y=y,
            fill=alt.Fill(
                "kind:N",
                scale=alt.Scale(domain=domain, range=[BLUE, "white"]),
                title=None,
                legend=alt.Legend(orient="top"),
            ),
            stroke=alt.Stroke(
                "kind:N",
                scale=alt.Scale(domain=domain, range=[BLUE, INK]),
                title=None,
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("region:N", title=word(lang, "column.region")),
                alt.Tooltip("kind:N", title=word(lang, "column.kind")),
                alt.Tooltip("arrivals:Q", title=title, format=",.1f"),
            ],
        )
    )
    chart = alt.layer(lines, dots).properties(width=WIDTH, height=ROW * len(order))
    return finished(chart, plan, lang, "comparison")
