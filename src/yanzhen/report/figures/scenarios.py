"""Scenarios beside the plan: who gains, where the money goes, what a race pays."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.theme import (
    BLUE,
    CATEGORIES,
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
from yanzhen.report.text.names import macro_regions_in_order, names
from yanzhen.report.text.quantities import amount, money, percent
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.counterfactuals.comparison import Comparison
    from yanzhen.market.plan.plan import Plan

ROW = 20
GAP = 26
# A long title breaks at its first space after the twelfth letter.
TWO_LINES = "split(replace(datum.label, regexp('^(.{12,}?) '), '$1|'), '|')"
FEW_COLUMNS = alt.ExprRef("width < 420 ? 2 : 5")
RECEIVERS = ("enterprise_surplus", "rents", "tax", "subsidy", "public_funds")
COLOURS = (BLUE, GREEN, ORANGE, VERMILION, "#8c6bb1")


def who_gains(plan: "Plan", comparison: "Comparison", lang: Lang) -> Chart:
    """Draw the change of each macro-region's net arrivals under each scenario."""
    name, unit = names(plan, lang), money(plan, lang)
    order = [name.macro_region(code) for code in macro_regions_in_order(plan)]
    named = titles(comparison, lang)
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
    title = word(lang, "in_unit", what=word(lang, "scenario_axis.change"), unit=unit.name)
    chart = _bars(
        rows, list(named.values()), "macro_region", order, CATEGORIES[: len(order)], "change", title
    ).encode(
        tooltip=[
            alt.Tooltip("scenario:N", title=word(lang, "column.scenario")),
            alt.Tooltip("macro_region:N", title=word(lang, "column.macro_region")),
            alt.Tooltip("before:N", title=word(lang, "scenario_column.before")),
            alt.Tooltip("after:N", title=word(lang, "scenario_column.after")),
            alt.Tooltip("change:Q", title=title, format="+,.1f"),
        ]
    )
    height = len(named) * (ROW * len(order) * 0.8 + GAP)
    layers = alt.layer(chart, _zero()).properties(width=WIDTH, height=height)
    return finished(layers, plan, lang, "who_gains")


def who_receives(plan: "Plan", comparison: "Comparison", lang: Lang) -> Chart:
    """Draw where the money of each scenario comes from and goes to, with what society gains."""
    unit, named = money(plan, lang), titles(comparison, lang)
    sign = {"subsidy": -1.0, "public_funds": -1.0}
    order = [word(lang, f"measure.{measure}") for measure in RECEIVERS]
    rows: list[dict[str, Any]] = []
    sums: list[dict[str, Any]] = []
    for row in comparison.totals.iter_rows(named=True):
        if row["change"] is None:
            continue
        shown = {"scenario": named[row["scenario"]], "value": row["change"] * unit.factor}
        if row["measure"] in RECEIVERS:
            shown["value"] *= sign.get(row["measure"], 1.0)
            rows.append(shown | {"measure": word(lang, f"measure.{row['measure']}")})
        elif row["measure"] == "social_surplus":
            sums.append(shown | {"label": amount(row["change"], unit)})
    title = word(lang, "in_unit_a_year", what=word(lang, "scenario_axis.money"), unit=unit.name)
    y = alt.Y(
        "scenario:N",
        sort=list(named.values()),
        title=None,
        scale=alt.Scale(domain=list(named.values())),
        axis=alt.Axis(ticks=False, domain=False, labelLimit=150, labelExpr=TWO_LINES),
    )
    bars = (
        alt.Chart(values(rows))
        .mark_bar(size=24)
        .encode(
            y=y,
            x=alt.X("sum(value):Q", title=title, axis=alt.Axis(format=",.0f", tickCount=6)),
            color=alt.Color(
                "measure:N",
                title=None,
                scale=alt.Scale(domain=order, range=list(COLOURS)),
                legend=alt.Legend(orient="top", symbolType="square", columns=FEW_COLUMNS),
            ),
            tooltip=[
                alt.Tooltip("scenario:N", title=word(lang, "column.scenario")),
                alt.Tooltip("measure:N", title=word(lang, "column.measure")),
                alt.Tooltip("value:Q", title=title, format="+,.1f"),
            ],
        )
    )
    net = alt.Chart(values(sums)).encode(y=y, x="value:Q")
    marks = net.mark_point(
        shape="diamond", size=110, filled=True, color="white", stroke=INK, strokeWidth=1.8,
        opacity=1,
    )  # fmt: skip
    labels = net.mark_text(dy=-22).encode(text="label:N")
    chart = alt.layer(bars, _zero(), marks, labels).properties(width=WIDTH, height=64 * len(named))
    return finished(chart, plan, lang, "who_receives")


def race_subsidies(plan: "Plan", comparison: "Comparison", scenario: str, lang: Lang) -> Chart:
    """Draw the subsidy of each locality in a race, and where all would choose together."""
    found = comparison.race_sites.filter(pl.col("scenario") == scenario, pl.col("regime") != "none")
    paying = found.filter(pl.col("subsidy") > 0)["site"].unique().to_list()
    title = titles(comparison, lang)[scenario]
    if not paying:
        return empty(plan, lang, "race_subsidies")
    name = names(plan, lang)
    shown = found.filter(pl.col("site").is_in(paying))
    order = (
        shown.filter(regime="nash")
        .sort("subsidy", "site", descending=[True, False])["site"]
        .to_list()
    )
    kinds = [word(lang, "regime.nash"), word(lang, "regime.coordinated")]
    rows = [
        {
            "site": name.places.get(row["site"], row["site"]),
            "regime": word(lang, f"regime.{row['regime']}"),
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
            "subsidy:Q", title=word(lang, "scenario_axis.subsidy"), axis=alt.Axis(format=".1%")
        ),
    )
    colour = alt.Color(
        "regime:N",
        title=None,
        scale=alt.Scale(domain=kinds, range=[VERMILION, BLUE]),
        legend=alt.Legend(orient="top", symbolType="circle", symbolOpacity=1),
    )
    dots = base.mark_circle(size=90, opacity=1).encode(
        color=colour,
        tooltip=[
            alt.Tooltip("site:N", title=word(lang, "column.site")),
            alt.Tooltip("regime:N", title=word(lang, "column.regime")),
            alt.Tooltip("label:N", title=word(lang, "column.subsidy")),
        ],
    )
    chart = alt.layer(dots).properties(width=WIDTH, height=ROW * len(order))
    return finished(chart, plan, lang, "race_subsidies", title=title)


def _bars(
    rows: list[dict[str, Any]],
    scenarios: list[str],
    kind: str,
    order: list[str],
    colours: list[str],
    value: str,
    title: str,
) -> alt.Chart:
    chart: alt.Chart = (
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
            yOffset=alt.YOffset(f"{kind}:N", sort=order, scale=alt.Scale(domain=order)),
            x=alt.X(f"{value}:Q", title=title, axis=alt.Axis(format=",.0f", tickCount=6)),
            color=alt.Color(
                f"{kind}:N",
                title=None,
                scale=alt.Scale(domain=order, range=colours),
                legend=alt.Legend(orient="top", symbolType="square", columns=FEW_COLUMNS),
            ),
        )
    )
    return chart


def _zero() -> alt.Chart:
    line: alt.Chart = (
        alt.Chart(values([{"zero": 0}])).mark_rule(stroke=INK, strokeWidth=1).encode(x="zero:Q")
    )
    return line
