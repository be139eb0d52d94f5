"""The map: the net change of each region, and the largest flows between regions over it."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.arrows import arrow
from yanzhen.report.figures.encodings import at_points, haloed
from yanzhen.report.figures.geography import (
    Basemap,
    Geography,
    Geometry,
    Point,
    geography,
    tile_names,
)
from yanzhen.report.figures.maps import (
    border_lines,
    feature,
    land,
    outlined,
    shading,
    without_figures,
)
from yanzhen.report.figures.theme import (
    EVEN,
    GAIN,
    INK,
    LOSS,
    QUIET,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.routes import routes

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

LARGEST_FLOWS = 25
LABELLED = 10
KEYED = (1.0, 0.25)
"""Parts of the largest flow whose arrows explain the breadth."""
OCEAN = (-2700.0, 1450.0)
"""A point of the map of China, km, with nothing south-east of it until the colours' key."""
MANY = 60
"""Regions of more than which the largest changes alone are named, and circles shrink."""
MAPS: tuple[Basemap, ...] = ("boundaries", "points")
HEIGHTS: dict[Basemap, int] = {"boundaries": 700, "tiles": 620, "points": 520, "grid": 520}


def flows(plan: "Plan", reader: Reader) -> Chart:
    """Draw the largest flows over each region's net change."""
    largest = _largest(routes(plan))
    if largest.is_empty():
        return empty(reader, "flows")
    place = geography(plan)
    return finished(
        _drawn(plan, largest, place, reader),
        reader,
        "flows",
        count=largest.height,
        share=reader.share_of(
            float(largest["output"].sum()), float(plan.leaving["output"].sum()), 0
        ),
        **_key(plan, largest, place, reader),
    )


def flows_of(plan: "Plan", moves: pl.DataFrame, reader: Reader) -> Chart:
    """Draw some of a plan's flows over each region's net change.

    Parameters
    ----------
    moves : those to draw, as `yanzhen.report.text.routes.routes`; the largest between two regions
        are drawn
    """
    largest = _largest(moves)
    if largest.is_empty():
        return empty(reader, "flows_of")
    place = geography(plan)
    return finished(
        _drawn(plan, largest, place, reader),
        reader,
        "flows_of",
        **_key(plan, largest, place, reader),
    )


def _drawn(plan: "Plan", largest: pl.DataFrame, place: Geography, reader: Reader) -> Chart:
    regions = _region_rows(plan, reader)
    as_areas = place.has_areas_of(plan.regions["region"])
    drawn = {row["region"] for row in regions} if as_areas else set()
    layers = [
        land(place.ground),
        without_figures(place, drawn, reader.word("no_data")),
        _areas(plan, reader, place, regions)
        if as_areas
        else _circles(plan, reader, place, regions),
        border_lines(place.lines),
        _arrows(reader, place, largest),
        *_breadths(reader, place, float(largest["output"][0])),
        *(
            _labels(place, regions)
            if place.basemap in MAPS or len(regions) > MANY
            else _tile_labels(reader, place)
        ),
    ]
    chart: Chart = (
        alt.layer(*(layer for layer in layers if layer is not None))
        .project(type="identity")
        .properties(width=WIDTH, height=HEIGHTS[place.basemap])
    )
    return chart


def _key(plan: "Plan", largest: pl.DataFrame, place: Geography, reader: Reader) -> dict[str, str]:
    """What the line that says how to read a map of flows names."""
    return {
        "limit": percent(_limit(plan), 0 if _limit(plan) >= 0.1 else 1),
        "broadest": amount(float(largest["output"][0]), reader.size),
        "basemap": reader.word(f"basemap.{place.basemap}", source=place.source),
    }


def _largest(moves: pl.DataFrame) -> pl.DataFrame:
    """Return the largest flows between two regions, all industries together."""
    return (
        moves.filter(pl.col("origin") != pl.col("destination_region"))
        .group_by("origin", destination="destination_region", maintain_order=True)
        .agg(pl.col("output").sum())
        .sort("output", "origin", "destination", descending=[True, False, False])
        .head(LARGEST_FLOWS)
    )


def _region_rows(plan: "Plan", reader: Reader) -> list[dict[str, Any]]:
    factor = reader.size.factor
    shown = (
        plan.regions.drop_nulls("net_share")
        .sort("region")
        .select(
            "region",
            "net_share",
            pl.col("arrivals", "departures", "net", "net_low", "net_high") * factor,
        )
    )
    rows = list(shown.iter_rows(named=True))
    return [row | {"name": reader.names.regions.get(row["region"], row["region"])} for row in rows]


def _areas(
    plan: "Plan", reader: Reader, place: Geography, regions: list[dict[str, Any]]
) -> alt.Chart:
    chart: alt.Chart = outlined(
        [feature(place.areas[row["region"]], row) for row in regions]
    ).encode(
        color=_colour(plan, reader, place, "properties."),
        tooltip=_told(reader, "properties."),
    )
    return chart


def _circles(
    plan: "Plan", reader: Reader, place: Geography, regions: list[dict[str, Any]]
) -> alt.Chart:
    rows = [row | dict(zip("xy", place.points[row["region"]], strict=True)) for row in regions]
    chart: alt.Chart = (
        alt.Chart(values(rows))
        .mark_circle(
            size=320 * MANY // max(MANY, len(rows)), opacity=1, stroke=QUIET, strokeWidth=0.8
        )
        .encode(
            longitude=alt.Longitude("x:Q"),
            latitude=alt.Latitude("y:Q"),
            color=_colour(plan, reader, place, ""),
            tooltip=_told(reader, ""),
        )
    )
    return chart


def _colour(plan: "Plan", reader: Reader, place: Geography, prefix: str) -> alt.Color:
    limit = _limit(plan)
    inside = place.basemap == "tiles" or bool(place.lines)
    return shading(
        f"{prefix}net_share",
        reader.word("axis.net_share"),
        [-limit, 0, limit],
        [LOSS, EVEN, GAIN],
        format=".1%" if limit < 0.1 else ".0%",
        # Only a map of all China leaves that corner free.
        orient="bottom-left" if inside else "bottom",
    )


def _limit(plan: "Plan") -> float:
    """Return the end of the colour scale.

    The outermost tenth shares the last colour, so that one small place doesn't pale the rest.
    """
    shares = plan.regions["net_share"].drop_nulls().abs()
    return max(0.01, float(shares.quantile(0.9) or 0.0))


def _told(reader: Reader, prefix: str) -> list[alt.Tooltip]:
    unit = reader.size.name
    return [
        alt.Tooltip(f"{prefix}name:N", title=reader.word("column.region")),
        alt.Tooltip(f"{prefix}net_share:Q", title=reader.word("axis.net_share"), format="+.1%"),
        *(
            alt.Tooltip(
                f"{prefix}{field}:Q",
                title=reader.word("in_unit", what=reader.word(f"column.{field}"), unit=unit),
                format=",.1f",
            )
            for field in ("arrivals", "departures", "net", "net_low", "net_high")
        ),
    ]


def _arrows(reader: Reader, place: Geography, largest: pl.DataFrame) -> alt.Chart:
    name, unit = reader.names, reader.size
    most = float(largest["output"][0])
    rows = [
        feature(
            _arrow(
                place,
                place.points[row["origin"]],
                place.points[row["destination"]],
                row["output"] / most,
            ),
            {
                "origin": name.regions.get(row["origin"], row["origin"]),
                "destination": name.regions.get(row["destination"], row["destination"]),
                "output": row["output"] * unit.factor,
            },
        )
        for row in largest.iter_rows(named=True)
    ]
    title = reader.word("in_unit", what=reader.word("column.output"), unit=unit.name)
    chart: alt.Chart = _ribbons(rows).encode(
        tooltip=[
            alt.Tooltip("properties.origin:N", title=reader.word("column.origin")),
            alt.Tooltip("properties.destination:N", title=reader.word("column.destination")),
            alt.Tooltip("properties.output:Q", title=title, format=",.1f"),
        ]
    )
    return chart


def _arrow(place: Geography, start: Point, end: Point, part: float) -> Geometry:
    """Return the arrow of a flow that is so large a part of the largest."""
    extent = _extent(place)
    return arrow(start, end, width=extent * (0.002 + 0.016 * part), head=0.014 * extent)


def _breadths(reader: Reader, place: Geography, most: float) -> list[alt.Chart]:
    """Say what the breadth of an arrow means, by arrows of round amounts of output.

    They are drawn as those of the map are, so that they shrink with it.
    """
    extent, unit = _extent(place), reader.size
    left, top = _free_corner(place)
    row, length = 0.05 * extent, 0.1 * extent
    arrows, texts = [], [{"text": reader.word("figure.flows.breadth"), "x": left, "y": top}]
    for i, share in enumerate(KEYED, start=1):
        output = _round(share * most * unit.factor) / unit.factor
        y = top + i * row
        shape = _arrow(place, (left, y), (left + length, y), output / most)
        arrows.append(feature(shape))
        at = left + 1.2 * length
        texts.append({"text": amount(output, unit), "x": at, "y": y})
    base = at_points(texts, text=alt.Text("text:N"))
    return [
        _ribbons(arrows),
        *haloed(base, align="left", fontSize=alt.ExprRef("width < 520 ? 9 : 12")),
    ]


def _free_corner(place: Geography) -> Point:
    """Return where the key of the arrows begins: the ocean below Tibet, otherwise below the map."""
    if place.lines:
        return OCEAN
    xs, ys = zip(*_outermost(place), strict=True)
    return min(xs), max(ys) + 0.08 * _extent(place)


def _outermost(place: Geography) -> list[Point]:
    """Return what a map has to hold: the points alone on one of all China or without shapes."""
    shapes = [] if place.lines else [*place.areas.values(), *place.ground]
    corners = [corner for shape in shapes for corner in _corners(shape)]
    return corners or list(place.points.values())


def _corners(shape: Geometry) -> list[Point]:
    rings = shape["coordinates"]
    if shape["type"] == "MultiPolygon":
        rings = [ring for polygon in rings for ring in polygon]
    return [(x, y) for ring in rings for x, y in ring]


def _round(amount: float) -> float:
    """Return the nearest amount of one digit."""
    return float(f"{amount:.0e}")


def _ribbons(rows: list[dict[str, Any]]) -> alt.Chart:
    ribbons: alt.Chart = alt.Chart(values(rows)).mark_geoshape(
        fill=INK, fillOpacity=0.72, stroke="white", strokeWidth=0.5
    )
    return ribbons


def _labels(place: Geography, regions: list[dict[str, Any]]) -> list[alt.Chart]:
    """Name the regions that change most, on a halo; a narrow screen has no room for names."""
    extent = _extent(place)
    rows: list[dict[str, Any]] = []
    for region in sorted(regions, key=lambda row: -abs(row["net"]))[:LABELLED]:
        x, y = place.points[region["region"]]
        close = (abs(x - r["x"]) < 0.08 * extent and abs(y - r["y"]) < 0.03 * extent for r in rows)
        if not any(close):
            rows.append({"name": region["name"], "x": round(x, 1), "y": round(y, 1)})
    base = at_points(rows, text=alt.Text("name:N"))
    shown = alt.ExprRef("width < 520 ? 0 : 1")
    return haloed(base, dy=14, fontWeight=600, opacity=shown)


def _tile_labels(reader: Reader, place: Geography) -> list[alt.Chart]:
    """Name every tile: no tile can be told by its shape."""
    name = tile_names(reader.lang) | reader.names.regions
    rows = []
    for region, shape in place.areas.items():
        corners = shape["coordinates"][0]
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        right = max(x for x, _ in corners)
        rows.append({"name": name.get(region, region), "x": (left + right) / 2, "y": top})
    base = at_points(rows, text=alt.Text("name:N"))
    return haloed(base, baseline="top", dy=4, fontSize=alt.ExprRef("width < 520 ? 8 : 11"))


def _extent(place: Geography) -> float:
    """Return the breadth of the map, km, which arrows are measured against."""
    xs, ys = zip(*_outermost(place), strict=True)
    return float(max(max(xs) - min(xs), max(ys) - min(ys), 1.0))
