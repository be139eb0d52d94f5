"""Files for other programs."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.frames import write_frames
from yanzhen.report.document.geojson import _line, write_geojson
from yanzhen.report.figures import geography
from yanzhen.report.text.reader import Reader


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("exports")
    write_geojson(plan, made)
    write_tables(plan, made / "tables")
    return made


def write_tables(plan: Plan, folder: Path) -> None:
    said = plan_document(plan, Reader(plan.study, "en"))
    write_frames(plan.study, said.frames, said.kinds, folder)


def geojson(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def rings(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    polygons = geometry["coordinates"]
    return polygons if geometry["type"] == "MultiPolygon" else [polygons]


def test_regions_carry_their_results(folder: Path, plan: Plan) -> None:
    features = geojson(folder / "regions.geojson")["features"]
    found = {f["properties"]["region"]: f["properties"]["net"] for f in features}
    assert found == pytest.approx(dict(plan.regions.select("region", "net").iter_rows()))


@pytest.mark.skipif(not geography.boundaries_installed(), reason="extra `maps` not installed")
def test_provinces_are_polygons_wound_as_rfc_7946_asks(folder: Path) -> None:
    shapely = pytest.importorskip("shapely")
    for feature in geojson(folder / "regions.geojson")["features"]:
        for outer, *inner in rings(feature["geometry"]):
            assert outer[0] == outer[-1]
            assert len(outer) >= 4
            assert shapely.LinearRing(outer).is_ccw
            assert not any(shapely.LinearRing(ring).is_ccw for ring in inner)


def test_positions_are_degrees(folder: Path) -> None:
    for name in ("regions", "flows"):
        text = geojson(folder / f"{name}.geojson")
        assert "crs" not in text
        for feature in text["features"]:
            flat = json.dumps(feature["geometry"]["coordinates"]).replace("[", "").replace("]", "")
            numbers = [float(part) for part in flat.split(",")]
            assert all(-180 <= x <= 180 for x in numbers[::2])
            assert all(-90 <= y <= 90 for y in numbers[1::2])


def test_flows_are_lines_that_sum_to_the_moves(folder: Path, plan: Plan) -> None:
    features = geojson(folder / "flows.geojson")["features"]
    assert {f["geometry"]["type"] for f in features} == {"LineString"}
    total = sum(f["properties"]["output"] for f in features)
    assert total == pytest.approx(plan.moves["output"].sum())


def test_regions_elsewhere_are_points(foreign_plan: Plan, tmp_path: Path) -> None:
    write_geojson(foreign_plan, tmp_path)
    features = geojson(tmp_path / "regions.geojson")["features"]
    assert {f["geometry"]["type"] for f in features} == {"Point"}


def test_geojson_says_units_and_synthetic(folder: Path) -> None:
    read = geojson(folder / "regions.geojson")
    assert read["synthetic"] is True
    assert read["units"]["money"] == "100 million CNY"
    assert "model" in read["origins"]


def test_every_frame_is_there_as_parquet_and_csv(folder: Path, plan: Plan) -> None:
    for field in fields(plan):
        frame = getattr(plan, field.name)
        if isinstance(frame, pl.DataFrame):
            path = folder / "tables" / f"SYNTHETIC_{field.name}.parquet"
            assert pl.read_parquet(path).equals(frame)
            read = pl.read_csv(path.with_suffix(".csv"), schema=frame.schema)
            assert read.columns == frame.columns
            assert read.height == frame.height


def test_csv_is_utf_8_with_the_mark_that_excel_needs(folder: Path) -> None:
    content = (folder / "tables" / "SYNTHETIC_regions.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")


def test_every_exported_column_is_explained(folder: Path) -> None:
    explained = pl.read_csv(folder / "tables" / "SYNTHETIC_columns.csv")
    assert (
        explained.filter(pl.col("description_en").is_null()).select("table", "column").rows() == []
    )


def test_tables_of_a_real_study_have_plain_names(plan: Plan, tmp_path: Path) -> None:
    from dataclasses import replace

    real = replace(plan.study, about=replace(plan.study.about, synthetic=False))
    write_tables(replace(plan, study=real), tmp_path)
    assert (tmp_path / "moves.parquet").exists()


def test_the_same_plan_gives_the_same_bytes(folder: Path, plan: Plan, tmp_path: Path) -> None:
    write_geojson(plan, tmp_path)
    write_tables(plan, tmp_path / "tables")
    for path in folder.rglob("*.*"):
        assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_a_line_across_the_180th_meridian_is_cut_there() -> None:
    """RFC 7946, section 3.1.9."""
    assert _line((170.0, 10.0), (-170.0, 30.0)) == {
        "type": "MultiLineString",
        "coordinates": [[[170.0, 10.0], [180.0, 20.0]], [[-180.0, 20.0], [-170.0, 30.0]]],
    }
    assert _line((-170.0, 30.0), (170.0, 10.0)) == {
        "type": "MultiLineString",
        "coordinates": [[[-170.0, 30.0], [-180.0, 20.0]], [[180.0, 20.0], [170.0, 10.0]]],
    }
    assert _line((100.0, 10.0), (120.0, 30.0)) == {
        "type": "LineString",
        "coordinates": [[100.0, 10.0], [120.0, 30.0]],
    }
