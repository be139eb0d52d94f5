"""A figure of every region: shaded on the map, or as bars where there is no map."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from yanzhen.report.figures.encodings import either, haloed, zero_line
from yanzhen.report.figures.geography import Geography, tile_names
from yanzhen.report.figures.maps import (
    border_lines,
    feature,
    outlined,
    shading,
    without_figures,
)
from yanzhen.report.figures.theme import GAIN, INK, LOSS, WIDTH, Chart, values
from yanzhen.report.text.reader import Reader

HEIGHTS = {"boundaries": 700, "tiles": 620}
"""Of the maps by what they are drawn on; other studies have none."""
ROW = 19
LABELS = alt.Axis(ticks=False, domain=False, labelPadding=10)


@dataclass(frozen=True)
class Shading:
    """How regions are coloured, and what is said of each."""

    domain: list[float]
    colours: list[str]
    title: str
    tooltips: dict[str, tuple[str, str]]
    blank: str


def shaded_map(
    reader: Reader, place: Geography, rows: list[dict[str, Any]], shaded: Shading
) -> Chart:
    """Draw the `value` of each row's region by its colour, and write its `label` at its point."""
    shapes = outlined(
        [feature(place.areas[row["region"]], row) for row in rows if row["region"] in place.areas]
    ).encode(
        color=shading(
            "properties.value",
            shaded.title,
            shaded.domain,
            shaded.colours,
            format=".0%",
            orient="bottom-left",
        ),
        tooltip=[
            alt.Tooltip("properties.name:N", title=reader.word("column.region")),
            *(
                alt.Tooltip(f"properties.{key}:Q", title=head, format=form)
                for key, (head, form) in shaded.tooltips.items()
            ),
        ],
    )
    blank = without_figures(place, {row["region"] for row in rows}, shaded.blank)
    layers = [blank, shapes, border_lines(place.lines), *_labels(reader, place, rows)]
    chart: Chart = (
        alt.layer(*(layer for layer in layers if layer is not None))
        .project(type="identity")
        .properties(width=WIDTH, height=HEIGHTS[place.basemap])
    )
    return chart


def _labels(reader: Reader, place: Geography, rows: list[dict[str, Any]]) -> list[alt.Chart]:
    """Write each region's figure at its point; on tiles its name too."""
    own = reader.names.regions
    if place.basemap == "tiles":
        known = {row["region"]: row["label"] for row in rows}
        every = tile_names(reader.lang) | own
        texts = [
            {
                "label": [every.get(region, region), known.get(region, "")],
                "at": place.points[region],
            }
            for region in place.points
        ]
    else:
        texts = [
            {"label": [row["label"]], "at": place.points[row["region"]]}
            for row in rows
            if row["region"] in place.points
        ]
    base = alt.Chart(
        values([{"label": each["label"], "x": each["at"][0], "y": each["at"][1]} for each in texts])
    ).encode(longitude=alt.Longitude("x:Q"), latitude=alt.Latitude("y:Q"), text=alt.Text("label:N"))
    size = alt.ExprRef("width < 520 ? 8 : 11")
    halo, _ = haloed(base, fontSize=size)
    return [halo, base.mark_text(fontSize=size, color=INK)]


def shaded_bars(rows: list[dict[str, Any]], reader: Reader, shaded: Shading) -> Chart:
    """Draw the `value` of each row as a bar beside its `name`."""
    bars = (
        alt.Chart(values(rows))
        .mark_bar()
        .encode(
            x=alt.X("value:Q", title=shaded.title, axis=alt.Axis(format="+.0%")),
            y=alt.Y("name:N", title=None, sort=None, axis=LABELS),
            color=either(alt.ColorValue, "datum.value > 0", GAIN, LOSS),
            tooltip=[
                alt.Tooltip("name:N", title=reader.word("column.region")),
                alt.Tooltip("value:Q", title=shaded.title, format="+.1%"),
            ],
        )
    )
    chart: Chart = alt.layer(bars, zero_line("x", "at"))
    sized: Chart = chart.properties(width=WIDTH, height=ROW * len(rows))
    return sized
