"""Reasons behind the largest flows: the terms that make the move worth it, and their sum."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import diamonds, either, kinds, written_above
from yanzhen.report.figures.theme import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.routes import ROUTE, routes

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

LARGEST = 10
ROW = 52
# The price and the calibrated constant are no advantage of a place: darker and greyer.
COLOURS = {
    "relatedness": BLUE,
    "supplier_access": SKY,
    "market_access": GREEN,
    "labour_cost": ORANGE,
    "electricity_cost": "#e6ab02",
    "land_cost": "#a6761d",
    "distance": PURPLE,
    "moving_cost": "#882255",
    "site_size": "#ddcc77",
    "posted_price": "#994f00",
    "policy": "#332288",
    "price": VERMILION,
    "inertia": "#a7adb4",
}


def reasons(plan: "Plan", reader: Reader) -> Chart:
    """Draw the terms of the ten largest flows as bars on both sides of zero."""
    largest = routes(plan).filter(pl.col("in_findings")).head(LARGEST)
    if largest.is_empty():
        return empty(reader, "reasons")
    name, unit = reader.names, reader.size
    flow_labels = {
        tuple(row[key] for key in ROUTE): reader.word(
            "figure.reasons.label" if row["status"] != "estimated" else "figure.reasons.estimated",
            rank=rank,
            **reader.named(row, "industry origin destination"),
            output=amount(row["output"], unit),
            gain=percent(row["gain"]),
        )
        for rank, row in enumerate(largest.iter_rows(named=True), 1)
    }
    estimated = set(largest.filter(pl.col("status") == "estimated").select(ROUTE).iter_rows())
    ranks = {key: rank for rank, key in enumerate(flow_labels, 1)}
    terms = plan.reasons.join(largest.select(ROUTE), on=ROUTE, how="semi")
    bars = [
        {
            "flow": ranks[tuple(row[key] for key in ROUTE)],
            "term": name.term(row["term"]),
            "size": row["size"],
            "estimated": tuple(row[key] for key in ROUTE) in estimated,
        }
        for row in terms.iter_rows(named=True)
    ]
    sums = [
        {"flow": ranks[key], "label": label, "gain": gain}
        for (key, label), gain in zip(flow_labels.items(), largest["gain"], strict=True)
    ]
    present = set(terms["term"])
    drawn = [term for term in COLOURS if term in present]
    drawn += sorted(present - set(COLOURS))
    y = alt.Y("flow:O", title=None, axis=None)
    stacked = (
        stacked_terms(alt.Chart(values(bars)).mark_bar(size=18, yOffset=8), drawn, reader)
        .encode(y=y)
        .encode(opacity=either(alt.OpacityValue, "datum.estimated", 0.6, 1))
    )
    base = alt.Chart(values(sums)).encode(y=y)
    marks = marked_gains(diamonds(base, 100, strokeWidth=1.8, yOffset=8), reader)
    labels = written_above(base, -13, "label")
    chart = alt.layer(stacked, marks, labels).properties(width=WIDTH, height=ROW * len(sums))
    return finished(chart, reader, "reasons", count=len(sums))


def stacked_terms(bars: alt.Chart, terms: Sequence[str], reader: Reader) -> alt.Chart:
    """Return bars of the terms of gains on both sides of zero."""
    labels = [reader.names.term(term) for term in terms]
    stacked: alt.Chart = bars.encode(
        x=alt.X(
            "size:Q",
            stack="zero",
            title=reader.word("axis.reason"),
            axis=alt.Axis(format=".0%", tickCount=7),
        ),
        color=kinds(
            "term",
            labels,
            [COLOURS.get(term, INK) for term in terms],
            sort=labels,
            columns=alt.ExprRef("width < 480 ? 2 : 4"),
            symbolType="square",
        ),
        tooltip=[
            alt.Tooltip("term:N", title=reader.word("column.term")),
            alt.Tooltip("size:Q", title=reader.word("column.size"), format="+.2%"),
        ],
    )
    return stacked


def marked_gains(marks: alt.Chart, reader: Reader) -> alt.Chart:
    """Return marks at the gains that terms add up to."""
    gain = alt.Tooltip("gain:Q", title=reader.word("column.gain"), format="+.2%")
    marked: alt.Chart = marks.encode(x=alt.X("gain:Q"), tooltip=[gain])
    return marked
