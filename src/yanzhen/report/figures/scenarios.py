"""Scenarios beside the plan: who gains, where the money goes, what a race pays."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import (
    SQUARES,
    diamonds,
    kinds,
    macro_region_kinds,
    row_names,
    zero_line,
)
from yanzhen.report.figures.theme import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    RULE,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.tables.scenarios import titles
from yanzhen.report.text.names import macro_regions_in_order
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.counterfactuals.comparison import Comparison
    from yanzhen.market.plan.plan import Plan

ROW = 20
GAP = 26
# A long title breaks at its first space after the twelfth letter.
TWO_LINES = "split(replace(datum.label, regexp('^(.{12,}?) '), '$1|'), '|')"
ZERO = {"color": alt.Undefined, "stroke": INK, "strokeWidth": 1}
RECEIVERS = ("enterprise_surplus", "rents", "tax", "subsidy", "public_funds")
COLOURS = (BLUE, GREEN, ORANGE, VERMILION, "#8c6bb1")


def who_gains(plan: "Plan", comparison: "Comparison", reader: Reader) -> Chart:
    """Draw the change of each macro-region's net arrivals under each scenario."""
    name, unit = reader.names, reader.size
    order = [name.macro_region(code) for code in macro_regions_in_order(plan)]
    named = titles(comparison, reader)
    rows = [
        {
            "scenario": named[row["scenario"]],
            "macro_region": name.macro_region(row["macro_region"]),
            "change": row["change"] * unit.factor,
            "before": amount(row["before"], unit),
            "after": amount(row["after"], unit),
        }
        for row in comparison.macro_regions.iter_rows(named=True)
    ]
    title = reader.word("in_unit", what=reader.word("scenario_axis.change"), unit=unit.name)
    scenarios = list(named.values())
    chart = (
        alt.Chart(values(rows))
        .mark_bar()
        .encode(
            y=alt.Y(
                "scenario:N",
                sort=scenarios,
                title=None,
                scale=alt.Scale(domain=scenarios, paddingInner=0.3),
                axis=alt.Axis(ticks=False, domain=False, labelLimit=150, labelExpr=TWO_LINES),
            ),
            yOffset=alt.YOffset("macro_region:N", sort=order, scale=alt.Scale(domain=order)),
            x=alt.X("change:Q", title=title, axis=alt.Axis(format=",.0f", tickCount=6)),
            color=macro_region_kinds(order, **SQUARES),
            tooltip=[
                alt.Tooltip("scenario:N", title=reader.word("column.scenario")),
                alt.Tooltip("macro_region:N", title=reader.word("column.macro_region")),
                alt.Tooltip("before:N", title=reader.word("scenario_column.before")),
                alt.Tooltip("after:N", title=reader.word("scenario_column.after")),
                alt.Tooltip("change:Q", title=title, format="+,.1f"),
            ],
        )
    )
    height = len(named) * (ROW * len(order) * 0.8 + GAP)
    layers = alt.layer(chart, zero_line("x", "zero", **ZERO)).properties(width=WIDTH, height=height)
    return finished(layers, reader, "who_gains")


def who_receives(comparison: "Comparison", reader: Reader) -> Chart:
    """Draw where the money of each scenario comes from and goes to, with what society gains."""
    unit, named = reader.money, titles(comparison, reader)
    sign = {"subsidy": -1.0, "public_funds": -1.0}
    order = [reader.word(f"measure.{measure}") for measure in RECEIVERS]
    rows: list[dict[str, Any]] = []
    sums: list[dict[str, Any]] = []
    for row in comparison.totals.iter_rows(named=True):
        if row["change"] is None:
            continue
        shown = {"scenario": named[row["scenario"]], "value": row["change"] * unit.factor}
        if row["measure"] in RECEIVERS:
            shown["value"] *= sign.get(row["measure"], 1.0)
            rows.append(shown | {"measure": reader.word(f"measure.{row['measure']}")})
        elif row["measure"] == "social_surplus":
            sums.append(shown | {"label": amount(row["change"], unit)})
    title = reader.word("in_unit_a_year", what=reader.word("scenario_axis.money"), unit=unit.name)
    scenarios = list(named.values())
    y = row_names("scenario", scenarios, 150, sort=scenarios, labelExpr=TWO_LINES)
    bars = (
        alt.Chart(values(rows))
        .mark_bar(size=24)
        .encode(
            y=y,
            x=alt.X("sum(value):Q", title=title, axis=alt.Axis(format=",.0f", tickCount=6)),
            color=kinds("measure", order, COLOURS, **SQUARES),
            tooltip=[
                alt.Tooltip("scenario:N", title=reader.word("column.scenario")),
                alt.Tooltip("measure:N", title=reader.word("column.measure")),
                alt.Tooltip("value:Q", title=title, format="+,.1f"),
            ],
        )
    )
    net = alt.Chart(values(sums)).encode(y=y, x=alt.X("value:Q"))
    marks = diamonds(net, 110, strokeWidth=1.8)
    labels = net.mark_text(dy=-22).encode(text=alt.Text("label:N"))
    layers = [bars, zero_line("x", "zero", **ZERO), marks, labels]
    chart = alt.layer(*layers).properties(width=WIDTH, height=64 * len(named))
    return finished(chart, reader, "who_receives")


def race_subsidies(comparison: "Comparison", scenario: str, reader: Reader) -> Chart:
    """Draw the subsidy of each locality in a race, and where all would choose together."""
    found = comparison.race_sites.filter(pl.col("scenario") == scenario, pl.col("regime") != "none")
    paying = found.filter(pl.col("subsidy") > 0)["site"].unique().to_list()
    title = titles(comparison, reader)[scenario]
    if not paying:
        return empty(reader, "race_subsidies")
    name = reader.names
    shown = found.filter(pl.col("site").is_in(paying))
    order = (
        shown.filter(regime="nash")
        .sort("subsidy", "site", descending=[True, False])["site"]
        .to_list()
    )
    rows = [
        {
            "site": name.places.get(row["site"], row["site"]),
            "regime": reader.word(f"regime.{row['regime']}"),
            "subsidy": row["subsidy"],
            "label": percent(row["subsidy"], 2),
        }
        for row in shown.iter_rows(named=True)
    ]
    base = alt.Chart(values(rows)).encode(
        y=alt.Y(
            "site:N",
            sort=[name.places.get(site, site) for site in order],
            title=None,
            axis=alt.Axis(ticks=False, domain=False, grid=True, gridDash=[1, 3], gridColor=RULE),
        ),
        x=alt.X(
            "subsidy:Q", title=reader.word("scenario_axis.subsidy"), axis=alt.Axis(format=".1%")
        ),
    )
    regimes = [reader.word("regime.nash"), reader.word("regime.coordinated")]
    dots = base.mark_circle(size=90, opacity=1).encode(
        color=kinds("regime", regimes, [VERMILION, BLUE], symbolType="circle", symbolOpacity=1),
        tooltip=[
            alt.Tooltip("site:N", title=reader.word("column.site")),
            alt.Tooltip("regime:N", title=reader.word("column.regime")),
            alt.Tooltip("label:N", title=reader.word("column.subsidy")),
        ],
    )
    chart = alt.layer(dots).properties(width=WIDTH, height=ROW * len(order))
    return finished(chart, reader, "race_subsidies", title=title)
