"""Maps: all of the territory, nothing torn, small."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.report.synthetic import synthetic_plan
from tests.report.synthetic_places import PROVINCES
from yanzhen.market.plan.plan import Plan
from yanzhen.report.figures import flows, geography
from yanzhen.report.figures.arrows import arrow
from yanzhen.report.text.reader import Reader

shapely = pytest.importorskip("shapely")


@pytest.fixture(scope="module")
def provinces() -> tuple[dict[str, geography.Geometry], list[geography.Geometry]]:
    if not geography.boundaries_installed():
        pytest.skip("the extra `maps` is not installed")
    return geography.boundaries()


def test_all_provincial_units_and_border_lines_are_there(provinces) -> None:
    areas, lines = provinces
    assert len(areas) == 34
    assert set(PROVINCES) | {"710000", "810000", "820000"} == set(areas)
    assert len(lines) == 8


def test_the_nine_dash_line_keeps_its_ten_pieces(provinces) -> None:
    _, lines = provinces
    broadest = max(lines, key=lambda line: shapely.geometry.shape(line).envelope.area)
    assert len(broadest["coordinates"]) == 10


def test_simplified_provinces_neither_overlap_nor_leave_gaps(provinces) -> None:
    areas, _ = provinces
    shapes = [shapely.make_valid(shapely.geometry.shape(area)) for area in areas.values()]
    whole = shapely.union_all(shapes)
    total = sum(shape.area for shape in shapes)
    assert total == pytest.approx(whole.area, rel=1e-5)
    holes = [ring for part in whole.geoms if part.area > 1e5 for ring in part.interiors]
    assert sum(shapely.Polygon(hole).area for hole in holes) < 1e-4 * whole.area


def test_simplification_keeps_the_area(provinces) -> None:
    areas, _ = provinces
    codes, shapes, _ = geography.province_shapes()
    for code, shape in zip(codes, shapes, strict=True):
        before = shapely.transform(shape, geography.albers).area
        after = shapely.geometry.shape(areas[code]).area
        # Macao is five kilometres across, about the tolerance; the rest must hold.
        assert after == pytest.approx(before, rel=0.05, abs=20), code


def test_the_projection_keeps_areas() -> None:
    """A degree cell's area on the sphere: R² Δλ (sin φ₂ − sin φ₁)."""
    edge = np.linspace(0, 1, 50)
    south, north = 30 + 0 * edge, 31 + 0 * edge
    ring = np.vstack(
        [
            np.column_stack([110 + edge, south]),
            np.column_stack([111 + 0 * edge, 30 + edge]),
            np.column_stack([111 - edge, north]),
            np.column_stack([110 + 0 * edge, 31 - edge]),
        ]
    )
    area = shapely.Polygon(geography.albers(ring)).area
    radius = geography.EARTH_RADIUS
    sphere = radius**2 * np.radians(1) * (np.sin(np.radians(31)) - np.sin(np.radians(30)))
    assert area == pytest.approx(sphere, rel=1e-4)


def test_geometry_on_the_page_stays_small(plan: Plan, provinces) -> None:
    spec = json.dumps(flows(plan, Reader(plan.study, "zh")).to_dict(), separators=(",", ":"))
    assert len(spec) < 400_000


def test_units_without_data_are_drawn_as_such(plan: Plan, provinces) -> None:
    spec = flows(plan, Reader(plan.study, "en")).to_dict()
    without, known = (spec["datasets"][spec["layer"][i]["data"]["name"]] for i in (0, 1))
    assert {row["properties"]["kind"] for row in without} == {"No data"}
    assert len(without) == 3
    assert len(known) == 31


def test_the_map_names_its_source(plan: Plan, provinces) -> None:
    reading = " ".join(flows(plan, Reader(plan.study, "en")).to_dict()["title"]["subtitle"])
    assert geography.boundary_source() in reading


def test_without_the_package_provinces_are_tiles(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geography, "boundaries_installed", lambda: False)
    place = geography.geography(plan)
    assert place.basemap == "tiles"
    assert len(place.areas) == 34
    squares = [tuple(area["coordinates"][0][0]) for area in place.areas.values()]
    assert len(set(squares)) == 34


def test_every_tile_is_named(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geography, "boundaries_installed", lambda: False)
    spec = flows(plan, Reader(plan.study, "zh")).to_dict()
    named = spec["datasets"][spec["layer"][-1]["data"]["name"]]
    assert {"台湾", "香港", "澳门", "北京"} < {row["name"] for row in named}
    assert len(named) == 34


def test_regions_elsewhere_are_points_north_up_east_right(foreign_plan: Plan) -> None:
    place = geography.geography(foreign_plan)
    assert place.basemap == "points"
    assert place.points["N"][1] < place.points["S"][1]
    assert place.points["C"][0] < place.points["S"][0]


def test_regions_without_coordinates_stand_in_a_grid(foreign_plan: Plan) -> None:
    table = foreign_plan.study.tables["regions"].with_columns(
        longitude=pl.lit(None, pl.Float64), latitude=pl.lit(None, pl.Float64)
    )
    study = replace(foreign_plan.study, tables={**foreign_plan.study.tables, "regions": table})
    nowhere = replace(foreign_plan, study=study)
    assert geography.geography(nowhere).basemap == "grid"
    assert "not in place" in " ".join(
        flows(nowhere, Reader(nowhere.study, "en")).to_dict()["title"]["subtitle"]
    )


def test_an_arrow_ends_where_the_move_ends() -> None:
    ring = arrow((0.0, 0.0), (1000.0, 0.0), 20.0, 60.0)["coordinates"][0]
    assert [1000.0, 0.0] in ring
    assert ring[0] == ring[-1]


def test_two_directions_between_two_places_stay_apart() -> None:
    there = shapely.geometry.shape(arrow((0.0, 0.0), (1000.0, 0.0), 10.0, 50.0))
    back = shapely.geometry.shape(arrow((1000.0, 0.0), (0.0, 0.0), 10.0, 50.0))
    assert there.intersection(back).area < 0.2 * there.area


def test_a_map_takes_the_short_way_across_the_180th_meridian() -> None:
    fiji_to_chile = np.array([178.0, -175.0, -150.0, -110.0])
    west = geography.western_edge(fiji_to_chile)
    assert west == 178.0
    plane = geography.flat(np.column_stack([fiji_to_chile, np.zeros(4)]), west, 0.0)
    np.testing.assert_allclose(np.diff(plane[:, 0]), 111.2 * np.diff([178.0, 185.0, 210.0, 250.0]))


def test_places_on_one_side_stay_where_they_are() -> None:
    china = np.array([121.5, 87.6, 104.1])
    assert geography.western_edge(china) == 87.6
    plane = geography.flat(np.column_stack([china, [31.2, 43.8, 30.6]]), 87.6, 0.0)
    np.testing.assert_array_equal(plane[:, 0], 111.2 * china)


def test_places_at_one_point_are_told_apart() -> None:
    plane = np.array([[0.0, 0.0], [500.0, 0.0], [500.0, 0.2], [0.0, 1000.0]])
    apart = geography.told_apart(plane)
    np.testing.assert_array_equal(apart[[0, 3]], plane[[0, 3]])
    assert np.hypot(*(apart[1] - apart[2])) == pytest.approx(20.0)
    alone = geography.told_apart(np.full((3, 2), 7.0))
    assert len({tuple(point) for point in alone.tolist()}) == 3


def test_flows_between_places_at_one_point_are_drawn(plan: Plan) -> None:
    tables = plan.study.tables
    one = tables["regions"].with_columns(
        pl.lit(100.0).alias("longitude"), pl.lit(30.0).alias("latitude")
    )
    about = replace(plan.study.about, region_classification="other")
    study = replace(plan.study, about=about, tables={**tables, "regions": one})
    drawn = flows(replace(plan, study=study), Reader(study, "en"))
    assert "Polygon" in json.dumps(drawn.to_dict())


PREFECTURES = {
    "340100": ("合肥", "Hefei", "Central", 117.23, 31.82),
    "340200": ("芜湖", "Wuhu", "Central", 118.38, 31.33),
    "340800": ("安庆", "Anqing", "East", 117.05, 30.53),
    "341181": ("天长", "Tianchang", "East", 119.0, 32.69),
}
PARKS = {f"340100-{i}": (f"园{i}", f"Park {i}", "East", 116.5 + i, 31.0) for i in range(3)}
ENDS = ((103, 31), (113, 31), (123, 43), (87, 43), (113, 23), (91, 30))
FAR = {f"P{i}": (f"园{i}", f"Park {i}", "East", *at) for i, at in enumerate(ENDS)}


def layers_of(plan: Plan) -> list[list[dict]]:
    """The rows of every layer of a plan's map of flows."""
    spec = flows(plan, Reader(plan.study, "en")).to_dict()
    return [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]


def test_prefectures_and_counties_of_a_few_provinces_fill_the_map(provinces) -> None:
    place = geography.geography(synthetic_plan(regions=PREFECTURES))
    assert set(place.areas) == set(PREFECTURES)
    assert place.lines == []
    for code, (x, y) in place.points.items():
        assert shapely.geometry.shape(place.areas[code]).contains(shapely.Point(x, y)), code
    # No grey country around them.
    kinds = {
        row["properties"].get("kind")
        for rows in layers_of(synthetic_plan(regions=PREFECTURES))
        for row in rows
        if "properties" in row
    }
    assert kinds == {None}


def test_prefectures_are_found_without_coordinates(provinces) -> None:
    nowhere = {code: (*row[:3], None, None) for code, row in PREFECTURES.items()}
    place = geography.geography(synthetic_plan(regions=nowhere))
    assert set(place.areas) == set(place.points) == set(PREFECTURES)


def test_places_without_boundaries_lie_on_the_provinces_around_them(
    provinces: tuple[dict, list],
) -> None:
    areas, lines = provinces
    near = geography.geography(synthetic_plan(regions=PARKS))
    assert near.areas == {} and near.lines == []
    assert 1 <= len(near.ground) < 4
    assert all(
        any(shapely.geometry.shape(land).contains(shapely.Point(point)) for land in near.ground)
        for point in near.points.values()
    )
    far = geography.geography(synthetic_plan(regions=FAR))
    assert len(far.ground) == len(areas) and len(far.lines) == len(lines)


@pytest.mark.parametrize("regions", [PROVINCES, PREFECTURES, PARKS], ids=["31", "4", "parks"])
def test_arrows_of_round_amounts_explain_the_breadth(provinces, regions) -> None:
    plan = synthetic_plan(regions=regions)
    layers = layers_of(plan)
    at = next(i for i, rows in enumerate(layers) if "output" in rows[0].get("properties", {}))
    keyed, texts = layers[at + 1], layers[at + 2]
    largest = layers[at][0]["properties"]["output"]
    said = [row["text"] for row in texts]
    assert said[0] == Reader(plan.study, "en").word("figure.flows.breadth")
    assert [text.removeprefix("CNY ").partition(" ")[0] for text in said[1:]] == [
        f"{float(f'{part * largest:.0e}'):g}" for part in (1.0, 0.25)
    ]
    # Broader is more: an arrow of the key as an arrow of the map.
    areas = [shapely.geometry.shape(row["geometry"]).area for row in keyed]
    assert areas[0] > areas[1]


def test_land_is_of_the_provinces_that_places_lie_in(provinces) -> None:
    shapes, borders = provinces
    inside = {
        code: shapely.geometry.shape(shapes[code]).representative_point()
        for code in ("340000", "310000", "650000")
    }
    plane = np.array([(point.x, point.y) for point in inside.values()])
    land, lines = geography.ground(plane)
    assert {json.dumps(each) for each in land} == {json.dumps(shapes[code]) for code in inside}
    assert lines == []
    # Places in many provinces lie on the whole country.
    everywhere = [shapely.geometry.shape(shape).representative_point() for shape in shapes.values()]
    land, lines = geography.ground(np.array([(point.x, point.y) for point in everywhere]))
    assert (list(land), lines) == (list(shapes.values()), borders)
