"""A plan on a map, for other programs: GeoJSON of its regions and flows."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.document.writing import write_text
from yanzhen.report.figures.geography import (
    boundaries_installed,
    boundary_source,
    province_polygons,
)
from yanzhen.report.text.routes import routes
from yanzhen.study.extras import install
from yanzhen.study.names import name_in

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

Position = tuple[float, float]


def write_geojson(plan: "Plan", folder: Path) -> None:
    """Write `regions.geojson` and `flows.geojson`, valid by RFC 7946.

    Regions carry their results; they are polygons where the package of China's boundaries is
    installed and knows them, otherwise points, and without a geometry where the study gives no
    coordinates. Flows are lines between two regions, all industries together; a flow with an
    unknown end has no geometry. Amounts are in the study's units, which `units` names.
    """
    positions = _positions(plan)
    areas, source = _areas(plan)
    table = plan.study.tables["regions"].select(
        "region", name_zh=name_in("zh"), name_en=name_in("en")
    )
    regions = plan.regions.join(table, on="region", how="left", maintain_order="left")
    features = [
        _feature(areas.get(row["region"]) or _point(positions.get(row["region"])), row)
        for row in regions.sort("region").iter_rows(named=True)
    ]
    _write(plan, folder / "regions.geojson", features, source)
    flows = (
        routes(plan)
        .group_by("origin", destination="destination_region", maintain_order=True)
        .agg(pl.col("output").sum())
        .sort("output", "origin", "destination", descending=[True, False, False])
        .filter(pl.col("origin") != pl.col("destination"))
    )
    features = [
        _feature(_line(positions.get(row["origin"]), positions.get(row["destination"])), row)
        for row in flows.iter_rows(named=True)
    ]
    _write(plan, folder / "flows.geojson", features, "")


def _positions(plan: "Plan") -> dict[str, Position]:
    located = plan.study.tables["regions"].drop_nulls(["longitude", "latitude"])
    rows = located.select("region", "longitude", "latitude").iter_rows()
    return {region: (longitude, latitude) for region, longitude, latitude in rows}


def _areas(plan: "Plan") -> tuple[dict[str, dict[str, Any]], str]:
    """Return polygons in degrees by region, and where they come from."""
    if not plan.study.about.region_classification.startswith("GB/T 2260"):
        return {}, ""
    if not boundaries_installed():
        return {}, f"none: the extra maps is not installed ({install('maps')})"
    polygons = province_polygons()
    return polygons, boundary_source() if polygons else ""


def _point(position: Position | None) -> dict[str, Any] | None:
    return None if position is None else {"type": "Point", "coordinates": list(position)}


def _line(start: Position | None, end: Position | None) -> dict[str, Any] | None:
    """Return the line between two places the short way, cut at the 180th meridian (RFC 7946)."""
    if start is None or end is None:
        return None
    turn = 360.0 if end[0] < start[0] else -360.0
    if abs(end[0] - start[0]) <= 180.0:
        return {"type": "LineString", "coordinates": [list(start), list(end)]}
    edge = turn / 2
    part = (edge - start[0]) / (end[0] + turn - start[0])
    crossing = start[1] + part * (end[1] - start[1])
    halves = [[list(start), [edge, crossing]], [[-edge, crossing], list(end)]]
    return {"type": "MultiLineString", "coordinates": halves}


def _feature(geometry: dict[str, Any] | None, row: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": row}


def _write(plan: "Plan", path: Path, features: list[dict[str, Any]], source: str) -> None:
    about = plan.study.about
    collection = {
        "type": "FeatureCollection",
        # Foreign members, which RFC 7946 allows (section 6.1).
        "title": about.title_en,
        "synthetic": about.synthetic,
        "origins": "allocated by the model, not observed",
        "units": {
            "money": about.units.money,
            about.size: about.size_unit,
            "persons": about.units.persons,
            "emissions": about.units.emissions,
        },
        "boundaries": source,
        "features": features,
    }
    write_text(path, json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n")
