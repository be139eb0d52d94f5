"""Shift-share: what a region gained by its mix of industries, and what beyond them."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import TWO_LINES, diamonds, kinds, row_names
from yanzhen.report.figures.theme import GREEN, ORANGE, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader
from yanzhen.study.ratios import ratio

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

ROW = {"region": 22, "industry": 30}
MOST = 60


def shift_share(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> Chart:
    """Draw mix and competitive part, beyond the nation's growth, with their sum marked.

    By region over all industries, or over the one in focus; a region in focus by its industries.
    """
    by = "industry" if focus.region is not None else "region"
    rows = _rows(diagnosis, by, focus)
    if rows.is_empty():
        return empty(reader, "shift_share")
    name, unit = reader.names, reader.size
    of = name.industries if by == "industry" else name.regions
    mix, competitive = reader.word("column.mix"), reader.word("column.competitive")
    ordered = rows.sort("beyond", by, descending=[True, False])
    asked = focus.industry if by == "industry" else None
    bars, sums = [], []
    for row in ordered.iter_rows(named=True):
        label, whole = of[row[by]], row["beyond"] * unit.factor
        for kind, value in ((mix, row["mix"]), (competitive, row["competitive"])):
            bars.append({"label": label, "kind": kind, "value": value * unit.factor})
        cells = row["cells"]
        sums.append({"label": label, "value": whole, "cells": cells, "asked": row[by] == asked})
    title = reader.word("in_unit", what=reader.word("axis.beyond_nation"), unit=unit.name)
    labels = [of[code] for code in ordered[by]]
    y = row_names("label", labels, 185, labelExpr=TWO_LINES, labelLineHeight=12)
    label_told = alt.Tooltip("label:N", title=reader.word(f"column.{by}"))
    value_told = alt.Tooltip("value:Q", title=title, format="+,.1f")
    stacked = (
        alt.Chart(values(bars))
        .mark_bar(size=13)
        .encode(
            x=alt.X("value:Q", title=title, axis=alt.Axis(format=",.0f", tickCount=6)),
            y=y,
            color=kinds("kind", [mix, competitive], [ORANGE, GREEN], symbolType="square"),
            tooltip=[
                label_told,
                alt.Tooltip("kind:N", title=reader.word("column.kind")),
                value_told,
            ],
        )
    )
    cells_told = alt.Tooltip("cells:Q", title=reader.word("column.cells"))
    marks = diamonds(alt.Chart(values(sums)), 70, strokeWidth=1.5).encode(
        x=alt.X("value:Q"), y=y, tooltip=[label_told, value_told, cells_told]
    )
    chart = alt.layer(stacked, marks).properties(width=WIDTH, height=ROW[by] * ordered.height)
    every = diagnosis.shift_share
    times = ratio(float(every["after"].sum()), float(every["before"].sum()))
    return finished(
        chart,
        reader,
        "shift_share",
        first=diagnosis.first_year,
        last=diagnosis.year,
        growth=reader.word("not_defined") if times is None else percent(times - 1),
        what=_what(reader, focus),
        cells=int(ordered["cells"].sum()),
    )


def _rows(diagnosis: "Diagnosis", by: str, focus: Focus) -> pl.DataFrame:
    """Return sums by region or industry over the cells in focus, the farthest from zero."""
    cells = diagnosis.shift_share.drop_nulls("competitive")
    if focus.region is not None:
        cells = cells.filter(region=focus.region)
    elif focus.industry is not None:
        cells = cells.filter(industry=focus.industry)
    return (
        cells.group_by(by, maintain_order=True)
        .agg(pl.col("mix", "competitive").sum(), cells=pl.len())
        .with_columns(beyond=pl.col("mix") + pl.col("competitive"))
        .sort(pl.col("beyond").abs(), by, descending=[True, False])
        .head(MOST)
    )


def _what(reader: Reader, focus: Focus) -> str:
    name = reader.names
    if focus.region is not None:
        return reader.word("figure.shift_share.of_region", region=name.regions[focus.region])
    if focus.industry is not None:
        industry = name.industries[focus.industry]
        return reader.word("figure.shift_share.of_industry", industry=industry)
    return reader.word("figure.shift_share.of_all")
