"""What maps share: outlined areas, those without figures, border lines and the shading."""

from collections.abc import Container, Sequence
from typing import Any

import altair as alt

from yanzhen.report.figures.geography import Geography, Geometry
from yanzhen.report.figures.theme import NO_DATA, QUIET, values

# Darker than the paper: the islands of the South China Sea are no more than their outline.
BORDER = "#9aa3ab"
LAND = "#eef1f4"


def feature(shape: Geometry, properties: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a shape with what is said of it, as GeoJSON."""
    return {"type": "Feature", "geometry": shape, "properties": properties or {}}


def outlined(features: list[dict[str, Any]]) -> alt.Chart:
    """Draw areas with their outline."""
    drawn: alt.Chart = alt.Chart(values(features)).mark_geoshape(
        stroke=BORDER, strokeWidth=0.6, strokeJoin="round"
    )
    return drawn


def without_figures(place: Geography, drawn: Container[str], label: str) -> alt.Chart | None:
    """Draw the units of the territory that are not drawn yet, under one label; None where none."""
    left = [
        feature(shape, {"kind": label}) for code, shape in place.areas.items() if code not in drawn
    ]
    legend = alt.Legend(title=None, orient="top-left", symbolType="square", symbolSize=150)
    scale = alt.Scale(domain=[label], range=[NO_DATA])
    blank: alt.Chart = outlined(left).encode(
        fill=alt.Fill("properties.kind:N", scale=scale, legend=legend)
    )
    return blank if left else None


def land(shapes: Sequence[Geometry]) -> alt.Chart | None:
    """Draw the land that places lie on; None where none is known."""
    drawn: alt.Chart = outlined([feature(shape) for shape in shapes]).encode(
        fill=alt.FillValue(LAND)
    )
    return drawn if shapes else None


def border_lines(lines: Sequence[Geometry]) -> alt.Chart | None:
    """Draw border lines; None where there are none."""
    base = alt.Chart(values([feature(line) for line in lines]))
    drawn: alt.Chart = base.mark_geoshape(filled=False, stroke=QUIET, strokeWidth=1.1)
    return drawn if lines else None


def shading(
    field: str, title: str, ends: Sequence[float], colours: Sequence[str], **legend: Any
) -> alt.Color:
    """Return the colour of a figure between the ends; what lies beyond has the last colour."""
    return alt.Color(
        f"{field}:Q",
        title=title,
        scale=alt.Scale(domain=list(ends), range=list(colours), clamp=True),
        legend=alt.Legend(direction="horizontal", gradientLength=150, values=list(ends), **legend),
    )
