"""What the plan rests on: observed, estimated and missing cells of each industry."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import kinds, written_above
from yanzhen.report.figures.theme import BLUE, NO_DATA, SKY, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.names import industries_in_order
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

ROW = 34
MOST = 60
KINDS = {"observed": BLUE, "estimated": SKY, "missing": NO_DATA}


def completeness(plan: "Plan", reader: Reader) -> Chart:
    """Draw the cells of the base year by how they are known, industry by industry."""
    base_year = plan.completeness.filter(pl.col("year") == plan.base_year)
    if base_year.is_empty():
        return empty(reader, "completeness")
    name, count = reader.names, base_year["industry"].n_unique()
    order = {code: i for i, code in enumerate(industries_in_order(plan)[:MOST])}
    if count > MOST:
        base_year = base_year.filter(pl.col("industry").is_in(list(order)))
    states = [reader.word(f"status.{kind}") for kind in KINDS]
    bars, labels = [], []
    for row in base_year.iter_rows(named=True):
        rank = order.get(row["industry"], len(order))
        label = name.industries.get(row["industry"], row["industry"])
        labels.append({"rank": rank, "industry": label})
        bars += [
            {"rank": rank, "industry": label, "kind": shown, "order": i, "cells": row[kind]}
            for i, (kind, shown) in enumerate(zip(KINDS, states, strict=True))
        ]
    title = reader.word("axis.cells")
    y = alt.Y("rank:O", title=None, axis=None)
    stacked = (
        alt.Chart(values(bars))
        .mark_bar(size=11, yOffset=7)
        .encode(
            x=alt.X(
                "cells:Q",
                title=title,
                scale=alt.Scale(nice=False),
                axis=alt.Axis(tickMinStep=1, tickCount=8),
            ),
            y=y,
            order=alt.Order("order:O"),
            color=kinds("kind", states, list(KINDS.values()), symbolType="square"),
            tooltip=[
                alt.Tooltip("industry:N", title=reader.word("column.industry")),
                alt.Tooltip("kind:N", title=reader.word("column.status")),
                alt.Tooltip("cells:Q", title=title),
            ],
        )
    )
    named = written_above(alt.Chart(values(labels)).encode(y=y), -8, "industry")
    chart = alt.layer(stacked, named).properties(width=WIDTH, height=ROW * base_year.height)
    largest = reader.word("figure.completeness.largest", industries=MOST)
    return finished(
        chart,
        reader,
        "completeness",
        year=plan.base_year,
        largest=largest if count > MOST else "",
    )
