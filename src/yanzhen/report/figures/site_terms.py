"""Terms of the gain at the best sites for one enterprise, and the cash flow of a move."""

import altair as alt
import polars as pl

from yanzhen.market.plan.moves import NOT_CASH
from yanzhen.market.plan.relocation import CashFlow
from yanzhen.report.figures.encodings import diamonds, either, written_above, year_axis
from yanzhen.report.figures.reasons import marked_gains, stacked_terms
from yanzhen.report.figures.theme import BLUE, INK, VERMILION, WIDTH, Chart, finished, values
from yanzhen.report.tables.enterprise import money_unit, used_terms
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader

ROW = 44


def site_terms(found: pl.DataFrame, output: float | None, reader: Reader) -> Chart:
    """Draw the terms of yearly cash at the best sites as bars on both sides of zero.

    Parameters
    ----------
    found : of `yanzhen.market.plan.shortlists.own_shortlist`
    output : a year, in the unit of `money_unit`; None where it is not known
    """
    name, best = reader.names, found.to_dicts()
    drawn = [term for term in used_terms(found) if term not in NOT_CASH]
    labels = {
        row["site"]: f"{row['order']}. {name.places[row['site']]}  {percent(row['cash'], 2)}"
        f"{_in_money(row['cash'], output, reader)}"
        for row in best
    }
    bars = [
        {"site": labels[row["site"]], "term": name.term(term), "size": row[term]}
        for row in best
        for term in drawn
    ]
    sums = [
        {
            "site": labels[row["site"]],
            "gain": row["cash"],
            "low": row["cash_low"],
            "high": row["cash_high"],
        }
        for row in best
    ]
    y = alt.Y("site:N", sort=list(labels.values()), title=None, axis=None)
    thick = alt.Chart(values(bars)).mark_bar(size=16, yOffset=8)
    stacked = stacked_terms(thick, drawn, reader).encode(y=y)
    base = alt.Chart(values(sums)).encode(y=y)
    within = base.transform_filter("isValid(datum.low)").mark_rule(
        yOffset=8, color=INK, strokeWidth=1.6
    )
    intervals = within.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    marks = marked_gains(diamonds(base, 90, yOffset=8), reader)
    named = written_above(base, -10, "site")
    chart = alt.layer(stacked, intervals, marks, named)
    sized = chart.properties(width=WIDTH, height=ROW * len(sums))
    return finished(sized, reader, "site_terms", count=len(sums))


def _in_money(cash: float, output: float | None, reader: Reader) -> str:
    if output is None:
        return ""
    return reader.word("shortlist.in_money", money=number(output * cash), unit=money_unit(reader))


def relocation(flow: CashFlow, reader: Reader) -> Chart:
    """Draw the net cash of each year as bars and its sum so far as a line."""
    rows = flow.yearly.select("year", "net", "cumulated").to_dicts()
    unit = money_unit(reader)
    title = reader.word("in_unit", what=reader.word("enterprise.column.net"), unit=unit)
    x = year_axis(reader.word("enterprise.column.year"))
    tooltip = [
        alt.Tooltip("year:O", title=reader.word("enterprise.column.year")),
        alt.Tooltip("net:Q", title=reader.word("enterprise.column.net"), format=",.4~g"),
        alt.Tooltip(
            "cumulated:Q", title=reader.word("enterprise.column.cumulated"), format=",.4~g"
        ),
    ]
    base = alt.Chart(values(rows)).encode(x=x, tooltip=tooltip)
    bars = base.mark_bar().encode(
        y=alt.Y("net:Q", title=title),
        color=either(alt.ColorValue, "datum.net < 0", VERMILION, BLUE),
    )
    line = base.mark_line(color=INK, point={"filled": True, "fill": INK}).encode(
        y=alt.Y("cumulated:Q")
    )
    chart = alt.layer(bars, line).properties(width=WIDTH, height=260)
    return finished(chart, reader, "relocation")
