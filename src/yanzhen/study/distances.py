"""Kilometres between places: the one rule for distances that are stated, measured and not known.

1. A row of `distances` between the two places, in its own direction; a row given one way alone
   holds for both ways. For a site without a row of its own that of its region holds.
2. The great circle between their points; a site without a point of its own stands at its region's.
3. A site of the region itself is no distance away where either has no point.
4. Otherwise the largest distance that is known among the places in question: what is not known
   must never be an advantage. Such a distance is `assumed`.
5. Where no distance is known at all, none is given (NaN), and distance counts for nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.study.cells import TypedTable
from yanzhen.study.coverage import leaves
from yanzhen.study.problem import Problem
from yanzhen.study.words import words

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Frames = Mapping[str, pl.DataFrame]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the WGS 84 ellipsoid, (2a + b) / 3 (IUGG)."""
MOST_NAMED = 10
"""Places without a distance that a warning names; of more the number is said."""


@dataclass(frozen=True)
class Distances:
    """Distances from N places to M places.

    Attributes
    ----------
    kilometres : (N, M), NaN everywhere (but from a place to itself) where none is known
    assumed : (N, M) whether a distance is not known and the largest known one stands for it
    """

    kilometres: Floats
    assumed: Booleans

    @property
    def known(self) -> bool:
        """Whether distance can be weighed at all."""
        return bool(np.isfinite(self.kilometres).all())


def distances(
    tables: Frames, origins: Sequence[str], destinations: Sequence[str] | None = None
) -> Distances:
    """Distances between places of a study, by the rule of this module.

    Parameters
    ----------
    tables : regions, sites and distances of the study
    origins : N codes of regions or sites, each once
    destinations : M codes, each once; the origins where not given
    """
    ends = origins if destinations is None else destinations
    start, end = _located(tables, origins), _located(tables, ends)
    kilometres = _stated(tables, "kilometres", start, end)
    measured = great_circle(start.longitude, start.latitude, end.longitude, end.latitude)
    kilometres = np.where(np.isfinite(kilometres), kilometres, measured)
    unknown = ~np.isfinite(kilometres)
    inside = np.asarray(start.regions)[:, None] == np.asarray(end.regions)
    kilometres[unknown & inside] = 0.0
    unknown &= np.asarray(origins)[:, None] != np.asarray(ends)
    between = np.isfinite(kilometres) & ~inside
    if not between.any():
        return Distances(kilometres, np.zeros_like(unknown))
    return Distances(largest_where_unknown(kilometres, between), unknown)


def largest_where_unknown(kilometres: Floats, among: Booleans) -> Floats:
    """Distances with the largest of some for those that are not known (rule 4).

    Parameters
    ----------
    kilometres : NaN where not known
    among : of the same shape, distances that the largest is sought among; NaN stays where none is
    """
    if not among.any():
        return kilometres
    return np.where(np.isfinite(kilometres), kilometres, kilometres[among].max())


def stated(
    tables: Frames, column: str, origins: Sequence[str], destinations: Sequence[str]
) -> Floats:
    """(N, M) figures of a column of `distances`, NaN where there is none.

    A row given one way alone holds for both ways; a row of the two places goes before one of the
    regions that they lie in.
    """
    return _stated(tables, column, _located(tables, origins), _located(tables, destinations))


def great_circle(
    longitude: Floats,
    latitude: Floats,
    other_longitude: Floats | None = None,
    other_latitude: Floats | None = None,
) -> Floats:
    """(N, M) great-circle distance in km between points in degrees, by the haversine formula.

    Parameters
    ----------
    longitude, latitude : (N,)
    other_longitude, other_latitude : (M,), the first points where not given
    """
    lon, lat = np.radians(longitude), np.radians(latitude)
    end_lon = lon if other_longitude is None else np.radians(other_longitude)
    end_lat = lat if other_latitude is None else np.radians(other_latitude)
    half = (
        np.sin((lat[:, None] - end_lat[None]) / 2) ** 2
        + np.cos(lat)[:, None]
        * np.cos(end_lat)[None]
        * np.sin((lon[:, None] - end_lon[None]) / 2) ** 2
    )
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance


def without_distance(tables: Frames, regions: Sequence[str]) -> tuple[str, ...]:
    """Regions whose distance to some other is not known, among those given.

    A region is named where it has no point itself: of two regions the one that lacks it.
    """
    ends = _located(tables, regions)
    points = np.isfinite(ends.longitude) & np.isfinite(ends.latitude)
    pointless = [region for region, there in zip(regions, points, strict=True) if not there]
    if not pointless or len(regions) < 2:
        return ()
    known = np.isfinite(_stated(tables, "kilometres", _located(tables, pointless), ends))
    known |= np.asarray(pointless)[:, None] == np.asarray(regions)
    return tuple(np.asarray(pointless)[~known.all(axis=1)].tolist())


def assumed_regions(tables: Frames) -> list[str]:
    """Regions of analysis to or from which a distance is assumed."""
    return list(without_distance(tables, leaves(tables["regions"])))


def check_distances(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Point out regions of analysis whose distance to others is not known."""
    if "regions" not in tables:
        return []
    regions = tables["regions"]
    frames = EMPTY | {name: _coded_once(name, tables[name].frame) for name in tables}
    places = leaves(frames["regions"])
    lacking = without_distance(frames, places)
    if not lacking:
        return []
    named = ", ".join(lacking[:MOST_NAMED]), "、".join(lacking[:MOST_NAMED])
    if len(lacking) > MOST_NAMED:
        more = len(lacking) - MOST_NAMED
        named = words("and_more_places", named=named, more=more, all=len(lacking))
    known = distances(frames, places).known
    found = words("without_distance", places=named)
    expected = words("largest_distance" if known else "distance_for_nobody")
    return [Problem.at(regions.file, "regions", None, "longitude, latitude", found, expected)]


def _coded_once(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The first row of each place; codes that are missing or given twice are told elsewhere."""
    code = {"regions": "region", "sites": "site"}.get(table)
    if code is None:
        return frame
    return frame.drop_nulls(code).unique(code, keep="first", maintain_order=True)


EMPTY: dict[str, pl.DataFrame] = {
    "sites": pl.DataFrame(
        schema={
            "site": pl.String,
            "region": pl.String,
            "longitude": pl.Float64,
            "latitude": pl.Float64,
        }
    ),
    "distances": pl.DataFrame(
        schema={"origin": pl.String, "destination": pl.String, "kilometres": pl.Float64}
    ),
}
"""Tables that a study need not have."""


@dataclass(frozen=True)
class _Located:
    """N places, the region that each lies in (itself where it is one), and where it stands."""

    places: Sequence[str]
    regions: list[str]
    longitude: Floats
    latitude: Floats


def _located(tables: Frames, places: Sequence[str]) -> _Located:
    """Locate places; a code of a region is the region, and a place that is no site is one."""
    columns = "longitude", "latitude"
    points = {
        region: point for region, *point in tables["regions"].select("region", *columns).iter_rows()
    }
    sites = tables["sites"].select("site", "region", *columns).iter_rows()
    own = {site: (region, point) for site, region, *point in sites if site not in points}
    regions, there = [], []
    for place in places:
        region, point = own.get(place, (None, [None]))
        region = place if region is None else region
        regions.append(region)
        there.append(points.get(region, [None, None]) if None in point else point)
    longitude, latitude = np.array(there, dtype=np.float64).reshape(-1, 2).T
    return _Located(places, regions, longitude, latitude)


def _stated(tables: Frames, column: str, start: _Located, end: _Located) -> Floats:
    """(N, M) figures of a column, of the places themselves or else of their regions."""
    rows = tables["distances"].drop_nulls(column).select("origin", "destination", column)
    own = _both_ways(rows, start.places, end.places)
    of_regions = _both_ways(rows, start.regions, end.regions)
    return np.where(np.isfinite(own), own, of_regions)


def _both_ways(rows: pl.DataFrame, origins: Sequence[str], destinations: Sequence[str]) -> Floats:
    """(N, M) figures of rows (origin, destination, figure), each also for the way back."""
    start = {place: number for number, place in enumerate(dict.fromkeys(origins))}
    end = {place: number for number, place in enumerate(dict.fromkeys(destinations))}
    figures = np.full((len(start), len(end)), np.nan)
    there = rows.rows()
    back = ((destination, origin, figure) for origin, destination, figure in there)
    for origin, destination, figure in (*back, *there):
        if origin in start and destination in end:
            figures[start[origin], end[destination]] = figure
    return figures[
        np.ix_([start[place] for place in origins], [end[place] for place in destinations])
    ]
