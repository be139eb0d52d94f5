"""Arrivals at a site against what it offers."""

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import kinds
from yanzhen.report.figures.theme import (
    BLUE,
    VERMILION,
    WIDTH,
    Chart,
    Rows,
    finished,
    named,
    values,
)
from yanzhen.report.text.reader import Reader


def offer_response(found: pl.DataFrame, offer: float, reader: Reader) -> Chart:
    """Draw arrivals and outlay over the offer, with the one looked at marked.

    Arrivals alone where sizes are no money.
    """
    in_money = reader.study.about.measured_by.is_money
    drawn = ("arrivals", "outlay") if in_money else ("arrivals",)
    shown = {column: reader.word(f"zone.column.{column}") for column in drawn}
    rows = [
        {"offer": row["offer"], "kind": said, "amount": row[column] * reader.size.factor}
        for row in found.iter_rows(named=True)
        for column, said in shown.items()
    ]
    what = reader.word("zone.yearly") if in_money else shown["arrivals"]
    title = reader.word("in_unit", what=what, unit=reader.size.name)
    x = alt.X(
        "offer:Q",
        title=reader.word("zone.column.offer"),
        axis=alt.Axis(format=".0%", values=[k / 100 for k in range(0, 11, 2)]),
    )
    lines = (
        alt.Chart(values(rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=x,
            y=alt.Y("amount:Q", title=title),
            color=kinds(
                "kind", list(shown.values()), [BLUE, VERMILION][: len(shown)], symbolType="stroke"
            ),
            strokeDash=alt.StrokeDash("kind:N", legend=None, sort=list(shown.values())),
            tooltip=[
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("offer:Q", title=reader.word("zone.column.offer"), format=".1%"),
                alt.Tooltip("amount:Q", title=title, format=",.4~g"),
            ],
        )
    )
    marked = alt.Chart(alt.NamedData("chosen")).mark_rule(strokeDash=[4, 3]).encode(x=x)
    chart = alt.layer(lines, marked).properties(width=WIDTH, height=240)
    return named(finished(chart, reader, "offer_response"), chosen_offer(offer))


def chosen_offer(offer: float) -> Rows:
    """Return the rows that mark an offer, so that a page can mark another."""
    return {"chosen": [{"offer": offer}]}
