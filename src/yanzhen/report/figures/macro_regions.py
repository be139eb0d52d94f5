"""Who gains and who loses: departures, arrivals and the net change of each macro-region."""

from typing import TYPE_CHECKING, Any

import altair as alt

from yanzhen.report.figures.encodings import at_pixel, diamonds, kinds
from yanzhen.report.figures.theme import GAIN, INK, LOSS, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.names import macro_regions_in_order
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

ROW = 74


def macro_regions(plan: "Plan", reader: Reader) -> Chart:
    """Draw what leaves and what arrives in each macro-region, with the net change marked."""
    if plan.moves.is_empty():
        return empty(reader, "macro_regions")
    name, unit = reader.names, reader.size
    codes = macro_regions_in_order(plan)
    order = [name.macro_region(code) for code in codes]
    leaving, arriving = reader.word("column.departures"), reader.word("column.arrivals")
    bars, sums, spans = [], [], []
    for row in plan.macro_regions.sort("macro_region").iter_rows(named=True):
        label = name.macro_region(row["macro_region"])
        for kind, value in ((leaving, -row["departures"]), (arriving, row["arrivals"])):
            bars.append({"macro_region": label, "kind": kind, "value": value * unit.factor})
        net = row["net"] * unit.factor
        shares = reader.word(
            "figure.macro_regions.label",
            net=f"{'+' if net > 0 else ''}{amount(row['net'], unit)}",
            before=percent(row["share_before"]),
            after=percent(row["share_after"]),
        )
        sums.append({"macro_region": label, "value": net, "label": shares})
        if row["net_low"] is not None:
            ends = {"low": row["net_low"] * unit.factor, "high": row["net_high"] * unit.factor}
            spans.append({"macro_region": label, **ends})
    title = reader.word("in_unit", what=reader.word("axis.output_moved"), unit=unit.name)
    y = alt.Y(
        "macro_region:N",
        sort=order,
        title=None,
        scale=alt.Scale(domain=order),
        axis=alt.Axis(ticks=False, domain=False, labelFontSize=13),
    )
    stacked = (
        alt.Chart(values(bars))
        .mark_bar(size=20)
        .encode(
            x=alt.X("value:Q", title=title, axis=alt.Axis(format=",.0f", tickCount=6)),
            y=y,
            color=kinds("kind", [leaving, arriving], [LOSS, GAIN], symbolType="square"),
            tooltip=[
                alt.Tooltip("macro_region:N", title=reader.word("column.macro_region")),
                alt.Tooltip("kind:N", title=reader.word("column.kind")),
                alt.Tooltip("value:Q", title=title, format="+,.1f"),
            ],
        )
    )
    net_data = alt.Chart(values(sums)).encode(y=y)
    marks = diamonds(net_data, 110, strokeWidth=1.8).encode(x=alt.X("value:Q"))
    labels = net_data.mark_text(align="left", dy=-22).encode(
        x=at_pixel(2), text=alt.Text("label:N")
    )
    layers = [stacked, *([_intervals(spans, y, reader)] if spans else []), marks, labels]
    chart = alt.layer(*layers).properties(width=WIDTH, height=ROW * len(codes))
    return finished(chart, reader, "macro_regions", last=plan.period[1])


def _intervals(spans: list[dict[str, Any]], y: alt.Y, reader: Reader) -> alt.Chart:
    """Draw the interval of each net change over the draws."""
    drawn: alt.Chart = (
        alt.Chart(values(spans))
        .mark_rule(strokeWidth=2.5, stroke=INK)
        .encode(
            y=y,
            x=alt.X("low:Q"),
            x2=alt.X2("high:Q"),
            tooltip=[
                alt.Tooltip("low:Q", title=reader.word("column.net_low"), format="+,.1f"),
                alt.Tooltip("high:Q", title=reader.word("column.net_high"), format="+,.1f"),
            ],
        )
    )
    return drawn
