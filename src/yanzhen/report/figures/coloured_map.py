"""A map of regions, each with a figure as its colour, whose marks hold the code of their region."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from yanzhen.report.figures.encodings import at_points, either, haloed
from yanzhen.report.figures.geography import Geography
from yanzhen.report.figures.maps import (
    BORDER,
    border_lines,
    feature,
    land,
    outlined,
    shading,
    without_figures,
)
from yanzhen.report.figures.region_map import HEIGHTS
from yanzhen.report.figures.theme import INK, NO_DATA, WIDTH, Chart, values
from yanzhen.report.text.reader import Reader

HEIGHT = 560
MOST_LABELS = 60
"""Regions whose figure is written on the map; more would cover one another."""


@dataclass(frozen=True)
class Scale:
    """How figures are coloured: title and format of the legend, ends and their colours."""

    title: str
    format: str
    ends: Sequence[float]
    colours: Sequence[str]


def coloured_map(
    rows: list[dict[str, Any]], place: Geography, scale: Scale, reader: Reader
) -> Chart:
    """Draw regions by the colour of their figure.

    Parameters
    ----------
    rows : region, name, value (None where not known), said, label, chosen
    place : where the regions lie
    """
    layers = [
        land(place.ground),
        without_figures(place, {row["region"] for row in rows}, reader.word("no_data")),
        _marks(rows, place, scale, reader),
        border_lines(place.lines),
        _labels(rows, place) if len(rows) <= MOST_LABELS else None,
    ]
    chart: Chart = (
        alt.layer(*(layer for layer in layers if layer is not None))
        .project(type="identity")
        .properties(width=WIDTH, height=min(HEIGHT, HEIGHTS.get(place.basemap, HEIGHT)))
    )
    return chart


def _marks(rows: list[dict[str, Any]], place: Geography, scale: Scale, reader: Reader) -> alt.Chart:
    """Return the regions as areas where all have one, otherwise as dots at their points."""
    areas = place.has_areas_of(row["region"] for row in rows)
    inside = "properties." if areas else ""
    colour = shading(
        f"{inside}value",
        scale.title,
        scale.ends,
        scale.colours,
        format=scale.format,
        orient="bottom-left",
    )
    # Chosen regions lie on top, or their neighbours would cover the outline.
    ordered = sorted(rows, key=lambda row: row["chosen"])
    chosen = f"datum.{inside}chosen"
    look: dict[str, Any] = {
        "color": alt.condition(f"datum.{inside}value === null", alt.value(NO_DATA), colour),
        "tooltip": [
            alt.Tooltip(f"{inside}name:N", title=reader.word("column.region")),
            alt.Tooltip(f"{inside}said:N", title=scale.title),
        ],
        "stroke": either(alt.StrokeValue, chosen, INK, BORDER),
        "strokeWidth": either(alt.StrokeWidthValue, chosen, 2.6, 0.6),
    }
    if areas:
        features = [feature(place.areas[row["region"]], row) for row in ordered]
        drawn: alt.Chart = outlined(features).encode(**look)
        return drawn
    dots = [
        {**row, "x": place.points[row["region"]][0], "y": place.points[row["region"]][1]}
        for row in ordered
    ]
    base = alt.Chart(values(dots)).mark_circle(size=max(40, 9000 // max(len(rows), 1)), opacity=0.9)
    drawn = base.encode(longitude=alt.Longitude("x:Q"), latitude=alt.Latitude("y:Q"), **look)
    return drawn


def _labels(rows: list[dict[str, Any]], place: Geography) -> Chart:
    """Return the figure of each region that has more than next to nothing, at its point."""
    written = [
        {
            "region": row["region"],
            "label": row["label"],
            "x": place.points[row["region"]][0],
            "y": place.points[row["region"]][1],
        }
        for row in rows
        if row["label"]
    ]
    base = at_points(written, text=alt.Text("label:N"))
    size = alt.ExprRef("width < 520 ? 0 : 11")
    halo, _ = haloed(base, fontSize=size)
    written_on: Chart = alt.layer(halo, base.mark_text(fontSize=size, color=INK))
    return written_on
