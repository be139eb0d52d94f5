"""The plan for other programs: GeoJSON of regions and flows, Parquet and CSV of every table."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.writing import beside, write_text
from yanzhen.report.figures.geography import (
    boundaries_installed,
    boundary_source,
    province_polygons,
)
from yanzhen.report.tables.plan import COLUMNS, MOVES, PRICES
from yanzhen.report.tables.table import Kind, frames_of
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.routes import routes
from yanzhen.report.text.words import phrases
from yanzhen.study.extras import install

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

Position = tuple[float, float]

REASONS: Mapping[str, Kind] = {
    "industry": "industry",
    "origin": "region",
    "destination": "place",
    "rank": "count",
    "term": "term",
    "size": "share",
}


def write_geojson(plan: "Plan", folder: Path) -> None:
    """Write `regions.geojson` and `flows.geojson`, valid by RFC 7946.

    Regions carry their results; they are polygons where the package of China's boundaries is
    installed and knows them, otherwise points, and without a geometry where the study gives no
    coordinates. Flows are lines between two regions, all industries together; a flow with an
    unknown end has no geometry. Amounts are in the study's units, which `units` names.
    """
    positions = _positions(plan)
    areas, source = _areas(plan)
    table = plan.study.tables["regions"].select("region", "name_zh", "name_en")
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


def write_tables(plan: "Plan", folder: Path, chapters: Sequence[Chapter] = ()) -> None:
    """Write every frame of a plan and of other chapters as files; as `write_frames`.

    Names of a chapter's files begin with its key.
    """
    kinds = {**COLUMNS, "moves": MOVES, "reasons": REASONS, "prices": PRICES}
    frames = frames_of(plan)
    for chapter in chapters:
        frames |= {f"{chapter.key}_{name}": frame for name, frame in chapter.frames.items()}
        kinds |= {f"{chapter.key}_{name}": kind for name, kind in chapter.kinds.items()}
    write_frames(plan, frames, kinds, folder)


def write_frames(
    result: Result,
    frames: Mapping[str, pl.DataFrame],
    kinds: Mapping[str, Mapping[str, Kind]],
    folder: Path,
) -> None:
    """Write frames as Parquet and as CSV, and `columns.csv`, which explains them.

    Codes, figures in the study's units, years as numbers; the CSV files are UTF-8 with the mark
    that Excel needs. Tables of a synthetic study say so in their names.

    Parameters
    ----------
    result : what the frames are about
    frames : by name of the file
    kinds : what each column of a frame holds, where that is known
    """
    prefix = "SYNTHETIC_" if result.study.about.synthetic else ""
    for key, frame in frames.items():
        with beside(folder / f"{prefix}{key}.parquet") as part:
            frame.write_parquet(part)
        with beside(folder / f"{prefix}{key}.csv") as part:
            frame.write_csv(part, include_bom=True)
    with beside(folder / f"{prefix}columns.csv") as part:
        _columns(result, frames, kinds).write_csv(part, include_bom=True)


def _columns(
    result: Result,
    frames: Mapping[str, pl.DataFrame],
    kinds: Mapping[str, Mapping[str, Kind]],
) -> pl.DataFrame:
    """Return table, column, type, unit and both descriptions of every exported column."""
    units = result.study.about.units
    by_kind: dict[Kind, str] = {
        "money": units.money,
        "persons": units.persons,
        "emissions": units.emissions,
        "share": "1",
        "percent": "%",
        "kilometres": "km",
        "resource": "unit of the resource",
        "premium": f"{units.money} per unit of the resource and year",
        "year": "year",
    }
    rows = []
    for key, frame in frames.items():
        for column, dtype in frame.schema.items():
            kind = kinds.get(key, {}).get(column)
            described = phrases().get(f"column.{column}", {})
            unit = by_kind.get(kind, "") if kind is not None else ""
            rows.append(
                (key, column, str(dtype), unit, described.get("zh", ""), described.get("en", ""))
            )
    names = ["table", "column", "type", "unit", "description_zh", "description_en"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


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
            "persons": about.units.persons,
            "emissions": about.units.emissions,
        },
        "boundaries": source,
        "features": features,
    }
    write_text(path, json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n")
