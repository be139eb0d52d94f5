"""The path of the centre of gravity on the map: where manufacturing's weight went."""

import json
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.report.figures.encodings import either, haloed
from yanzhen.report.figures.geography import albers, boundaries, flat, geography, western_edge
from yanzhen.report.figures.maps import BORDER, LAND, feature
from yanzhen.report.figures.theme import (
    BLUE,
    INK,
    QUIET,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.quantities import number
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

Floats = NDArray[np.float64]
HEIGHT = 520
MARGIN = 60.0
"""Kilometres of land shown around the paths."""
NAMED = 5
LOOKS = {"all": (3.2, 1.0), "named": (1.8, 0.95), "other": (1.1, 0.45)}
"""Width and opacity of a path: of all manufacturing, of a named industry, of another."""


def centres(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> Chart:
    """Draw the path of all manufacturing, and those of its industries, over the land around."""
    paths = _paths(diagnosis, focus)
    located = diagnosis.study.tables["regions"].filter(
        pl.col("region").is_in(diagnosis.regions["region"].implode())
    )
    towns = located.drop_nulls(["longitude", "latitude"]).select("region", "longitude", "latitude")
    if paths.is_empty() or towns.is_empty():
        return empty(reader, "centres")
    name = reader.names
    place = geography(diagnosis)
    on_boundaries = place.basemap == "boundaries"
    middle = float(located["latitude"].drop_nulls().cast(pl.Float64).mean() or 0.0)  # type: ignore[arg-type]
    west = western_edge(towns["longitude"].to_numpy().astype(np.float64))

    def plane(frame: pl.DataFrame) -> Floats:
        degrees = frame.select("longitude", "latitude").to_numpy().astype(np.float64)
        return albers(degrees) if on_boundaries else flat(degrees, west, middle)

    xy = plane(paths)
    paths = paths.with_columns(x=pl.Series(xy[:, 0]), y=pl.Series(xy[:, 1]))
    box = _box(xy)
    at = plane(towns)
    layers: list[alt.Chart] = [
        *(_land(box) if on_boundaries else []),
        *_regions(at, [name.regions[code] for code in towns["region"]], box, on_boundaries),
        *_tracks(paths, reader, focus, name.industries),
    ]
    chart = alt.layer(*layers).project(type="identity").properties(width=WIDTH, height=HEIGHT)
    asked = paths.filter(pl.col("industry").eq_missing(focus.industry))
    whole = paths.filter(pl.col("industry").is_null())
    first = paths.filter(pl.col("industry").eq_missing(paths["industry"][0]))
    followed = next(path for path in (asked, whole, first) if path.height)
    code = followed["industry"][0]
    basemap = reader.word(
        f"basemap.{'boundaries' if on_boundaries else 'points'}", source=place.source
    )
    return finished(
        chart,
        reader,
        "centres",
        first=diagnosis.first_year,
        last=diagnosis.year,
        moved=number(float(followed["moved_km"].sum())),
        what=reader.word("figure.centres.all") if code is None else name.industries[code],
        basemap=basemap,
    )


def _paths(diagnosis: "Diagnosis", focus: Focus) -> pl.DataFrame:
    """Return paths over several years and at least half of the regions, and the one asked for."""
    enough = pl.col("regions") >= diagnosis.regions.height / 2
    enough |= pl.col("industry").eq_missing(focus.industry)
    several = pl.len().over("industry") > 1
    return diagnosis.centres.filter(several, enough)


def _box(xy: Floats) -> tuple[float, float, float, float]:
    """Return the part of the plane to show, of the picture's proportions."""
    low, high = xy.min(axis=0) - MARGIN, xy.max(axis=0) + MARGIN
    middle, size = (low + high) / 2, high - low
    width = max(float(size[0]), float(size[1]) * WIDTH / HEIGHT)
    half = np.array([width, width * HEIGHT / WIDTH]) / 2
    (left, top), (right, bottom) = middle - half, middle + half
    return float(left), float(top), float(right), float(bottom)


def _land(box: tuple[float, float, float, float]) -> list[alt.Chart]:
    """Return the provinces cut to the box; the box itself keeps the projection in place."""
    import shapely

    areas, _ = boundaries()
    cut = [shapely.clip_by_rect(shapely.geometry.shape(area), *box) for area in areas.values()]
    left, top, right, bottom = box
    frame = {
        "type": "Polygon",
        "coordinates": [[[left, top], [left, bottom], [right, bottom], [right, top], [left, top]]],
    }
    rows = [feature(json.loads(shapely.to_geojson(each))) for each in cut if not each.is_empty]
    return [
        alt.Chart(values([feature(frame)])).mark_geoshape(
            fill="white", stroke=BORDER, strokeWidth=0.6
        ),
        alt.Chart(values(rows)).mark_geoshape(
            fill=LAND, stroke=BORDER, strokeWidth=0.8, strokeJoin="round"
        ),
    ]


def _regions(
    at: Floats, labels: list[str], box: tuple[float, float, float, float], quiet: bool
) -> list[alt.Chart]:
    """Draw the regions' places inside the box, to find one's way."""
    left, top, right, bottom = box
    inset = 0.05 * (right - left)
    inside = [
        {"name": label, "x": round(float(x), 1), "y": round(float(y), 1)}
        for label, (x, y) in zip(labels, at, strict=True)
        if left + inset < x < right - inset and top + inset / 2 < y < bottom - inset / 2
    ]
    corners = [
        {"name": "", "x": round(x, 1), "y": round(y, 1)}
        for x in (left, right)
        for y in (top, bottom)
    ]
    base = alt.Chart(values([*inside, *corners])).encode(
        longitude=alt.Longitude("x:Q"), latitude=alt.Latitude("y:Q")
    )
    dots = base.mark_square(size=0 if quiet else 30, color=QUIET)
    texts = base.mark_text(
        color=QUIET, fontSize=alt.ExprRef("width < 520 ? 8 : 12"), dy=0 if quiet else 12
    ).encode(text=alt.Text("name:N"))
    return [dots, texts]


def _tracks(
    paths: pl.DataFrame, reader: Reader, focus: Focus, industries: dict[str, str]
) -> list[alt.Chart]:
    lines, stops = _path_rows(paths, reader, focus, industries)
    colours = alt.Scale(domain=list(LOOKS), range=[INK, VERMILION, BLUE])
    drawn = (
        alt.Chart(values(lines))
        .mark_geoshape(filled=False)
        .encode(
            stroke=alt.Stroke("properties.kind:N", scale=colours, legend=None),
            strokeWidth=alt.StrokeWidth("properties.width:Q", scale=None),
            opacity=alt.Opacity("properties.opacity:Q", scale=None),
        )
    )
    base = alt.Chart(values(stops)).encode(
        longitude=alt.Longitude("x:Q"),
        latitude=alt.Latitude("y:Q"),
        tooltip=[
            alt.Tooltip("label:N", title=reader.word("column.industry")),
            alt.Tooltip("year:N", title=reader.word("column.year")),
            alt.Tooltip(
                "moved:Q",
                title=reader.word("in_unit", what=reader.word("column.moved_km"), unit="km"),
                format=",.0f",
            ),
            alt.Tooltip("regions:Q", title=reader.word("column.regions")),
        ],
    )
    marks = base.mark_circle().encode(
        color=alt.Color("kind:N", scale=colours, legend=None),
        opacity=alt.Opacity("opacity:Q", scale=None),
        size=either(alt.SizeValue, "datum.end", 75, 16),
    )
    return [drawn, marks, *_path_names(base)]


def _path_names(base: alt.Chart) -> list[alt.Chart]:
    """Name paths at their ends and the years of all manufacturing, all on halos."""
    # A narrow screen has no room for names.
    size = alt.ExprRef("width < 520 ? 0.1 : 12")
    bold: dict[str, Any] = {"fontWeight": 600, "limit": 230, "fontSize": size}
    rightward = base.transform_filter("datum.text !== '' && !datum.left").encode(
        text=alt.Text("text:N")
    )
    leftward = base.transform_filter("datum.text !== '' && datum.left").encode(
        text=alt.Text("text:N")
    )
    years = base.transform_filter("datum.said !== ''").encode(text=alt.Text("said:N"))
    pairs = (
        haloed(rightward, align="left", dx=8, color=VERMILION, **bold),
        haloed(leftward, align="right", dx=-8, color=VERMILION, **bold),
        haloed(years, align="left", dx=8, color=INK, **bold),
    )
    return [text for layer in zip(*pairs, strict=True) for text in layer]


def _path_rows(
    paths: pl.DataFrame, reader: Reader, focus: Focus, industries: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the lines of the paths, and their stops year by year."""
    far = (
        paths.drop_nulls("industry")
        .group_by("industry", maintain_order=True)
        .agg(pl.col("moved_km").sum())
        .sort("moved_km", "industry", descending=[True, False])["industry"]
        .head(NAMED)
        .to_list()
    )
    named = {focus.industry} if focus.industry is not None else set(far)
    whole = paths.filter(pl.col("industry").is_null())["x"]
    # Names stand away from the path of all manufacturing.
    middle = float(whole[-1]) if whole.len() else float("-inf")
    lines, stops, last = [], [], int(paths["year"].max())  # type: ignore[arg-type]
    for (code,), path in paths.sort("year").group_by("industry", maintain_order=True):
        label = reader.word("figure.centres.all") if code is None else industries[str(code)]
        kind = "all" if code is None else "named" if code in named else "other"
        width, opacity = LOOKS[kind]
        points = [[round(x, 1), round(y, 1)] for x, y in path.select("x", "y").iter_rows()]
        look = {"kind": kind, "width": width, "opacity": opacity}
        lines.append(feature({"type": "LineString", "coordinates": points}, look))
        for row, (x, y) in zip(path.iter_rows(named=True), points, strict=True):
            end = row["year"] == last
            stops.append(
                {
                    "x": x,
                    "y": y,
                    "kind": kind,
                    "opacity": opacity,
                    "end": end,
                    "label": label,
                    "year": str(row["year"]),
                    "moved": row["moved_km"],
                    "regions": row["regions"],
                    "text": label if end and kind == "named" else "",
                    "left": x < middle,
                    "said": f"{row['year']}" if kind == "all" else "",
                }
            )
    return lines, stops
