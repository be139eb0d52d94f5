"""Distances between places: stated, measured, assumed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.study.small import REGIONS, complete, small
from yanzhen.study import Study, check_study
from yanzhen.study.distances import (
    assumed_regions,
    distances,
    great_circle,
    stated,
    without_distance,
)

A, B, C, D, E = REGIONS


def with_rows(
    distances: list[tuple[str, str, float | None]] = (),
    sites: list[tuple[str, str, float | None, float | None]] = (),
    pointless: tuple[str, ...] = (),
) -> Study:
    """The small study with rows of distances, with sites, and without the points of some."""
    study = small()
    regions = study.tables["regions"].with_columns(
        pl.when(pl.col("region").is_in(pointless)).then(None).otherwise(name).alias(name)
        for name in ("longitude", "latitude")
    )
    rows = pl.DataFrame(
        distances,
        schema={"origin": pl.String, "destination": pl.String, "kilometres": pl.Float64},
        orient="row",
    )
    places = pl.DataFrame(
        sites,
        schema={
            "site": pl.String,
            "region": pl.String,
            "longitude": pl.Float64,
            "latitude": pl.Float64,
        },
        orient="row",
    )
    tables = {
        **study.tables,
        "regions": regions,
        "distances": complete("distances", rows),
        "sites": complete("sites", places),
    }
    return replace(study, tables=tables)


def test_a_row_given_one_way_holds_for_both() -> None:
    found = distances(with_rows([(A, B, 830.0)]).tables, REGIONS)
    assert found.kilometres[0, 1] == found.kilometres[1, 0] == 830.0
    assert not found.assumed.any()


def test_both_ways_are_kept_where_both_are_given() -> None:
    found = distances(with_rows([(A, B, 830.0), (B, A, 900.0)]).tables, REGIONS).kilometres
    assert (found[0, 1], found[1, 0]) == (830.0, 900.0)


def test_a_row_without_kilometres_says_nothing_of_them() -> None:
    own = distances(with_rows().tables, REGIONS).kilometres
    other = distances(with_rows([(A, B, None), (B, A, 500.0)]).tables, REGIONS).kilometres
    assert other[0, 1] == other[1, 0] == 500.0
    assert other[0, 2] == own[0, 2]


def test_what_is_not_known_is_as_far_as_anything_is() -> None:
    found = distances(with_rows(pointless=(E,)).tables, REGIONS)
    known = found.kilometres[:4, :4]
    np.testing.assert_array_equal(found.kilometres[4, :4], known.max())
    np.testing.assert_array_equal(found.kilometres[:4, 4], known.max())
    assert found.kilometres[4, 4] == 0
    assert found.assumed[4, :4].all() and found.assumed[:4, 4].all()
    assert found.assumed.sum() == 8


def test_a_row_speaks_for_a_region_without_a_point() -> None:
    tables = with_rows([(A, E, 77.0)], pointless=(E,)).tables
    found = distances(tables, REGIONS)
    assert found.kilometres[4, 0] == 77.0
    assert not found.assumed[0, 4]
    assert found.assumed[1, 4]
    assert assumed_regions(tables) == [E]
    assert without_distance(tables, (A, E)) == ()


def test_without_any_distance_none_is_given() -> None:
    found = distances(with_rows(pointless=REGIONS).tables, REGIONS)
    assert not found.known
    off = ~np.eye(5, dtype=bool)
    assert np.isnan(found.kilometres[off]).all()
    np.testing.assert_array_equal(np.diag(found.kilometres), 0)
    assert not found.assumed.any()


def test_a_site_stands_at_its_own_point_and_otherwise_at_its_regions() -> None:
    study = with_rows(sites=[("P", B, 118.0, 30.0), ("Q", B, None, None)])
    found = distances(study.tables, REGIONS, ["P", "Q"]).kilometres
    by_region = distances(study.tables, REGIONS).kilometres
    np.testing.assert_allclose(found[:, 1], by_region[:, 1])
    assert found[1, 1] == 0
    lon, lat = np.array([118.8, 118.0]), np.array([32.1, 30.0])
    assert found[1, 0] == pytest.approx(great_circle(lon, lat)[0, 1])


def test_a_sites_row_goes_before_its_regions() -> None:
    study = with_rows(
        [(A, B, 830.0), ("P", A, 700.0)], [("P", B, 118.0, 30.0), ("Q", B, None, None)]
    )
    found = distances(study.tables, REGIONS, ["P", "Q"]).kilometres
    assert found[0].tolist() == [700.0, 830.0]


def test_inside_a_region_without_a_point_nothing_is_far() -> None:
    study = with_rows(sites=[("P", E, None, None), ("Q", A, None, None)], pointless=(E,))
    found = distances(study.tables, REGIONS, ["P", "Q"])
    assert found.kilometres[4, 0] == 0
    assert found.kilometres[0, 0] == found.kilometres[1:4, 1].max()


def test_two_places_at_one_point_are_no_distance_apart() -> None:
    study = small()
    regions = study.tables["regions"].with_columns(
        pl.lit(110.0).alias("longitude"), pl.lit(30.0).alias("latitude")
    )
    found = distances({**study.tables, "regions": regions}, REGIONS)
    np.testing.assert_array_equal(found.kilometres, 0)
    assert found.known


def test_other_figures_of_the_table_hold_both_ways_too() -> None:
    study = with_rows([(A, B, 830.0)])
    rows = study.tables["distances"].with_columns(freight_cost=0.04)
    figures = stated({**study.tables, "distances": rows}, "freight_cost", REGIONS, REGIONS)
    assert figures[0, 1] == figures[1, 0] == 0.04
    assert np.isfinite(figures).sum() == 2


rows = st.lists(
    st.tuples(st.sampled_from(REGIONS), st.sampled_from(REGIONS), st.floats(0, 5000)),
    unique_by=lambda row: row[:2],
)


@given(rows, st.sets(st.sampled_from(REGIONS)))
def test_no_distance_beyond_the_largest_known_and_none_missing(
    given_rows: list[tuple[str, str, float]], pointless: set[str]
) -> None:
    tables = with_rows(given_rows, pointless=tuple(pointless)).tables
    found = distances(tables, REGIONS)
    off = ~np.eye(5, dtype=bool)
    sure = found.kilometres[off & ~found.assumed]
    if np.isfinite(sure).any():
        assert found.known
        assert found.kilometres[off].max() == sure.max()
    else:
        assert not found.known
    for origin, destination, kilometres in given_rows:
        assert found.kilometres[REGIONS.index(origin), REGIONS.index(destination)] == kilometres
    named = {REGIONS[k] for k in np.flatnonzero(found.assumed.any(axis=1))}
    if found.known:
        assert set(assumed_regions(tables)) <= named
        assert bool(assumed_regions(tables)) == bool(named)


def test_codes_given_twice_are_told_and_break_no_check(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text(
        "region,name_zh\n110000,北京\n110000,北京\n,无码\n", encoding="utf-8"
    )
    (tmp_path / "sites.csv").write_text(
        "site,region\nS1,110000\nS1,110000\n,110000\n", encoding="utf-8"
    )
    said = {(problem.table, problem.column) for problem in check_study(tmp_path)}
    assert {("regions", "region"), ("sites", "site")} <= said
