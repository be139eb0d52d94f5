import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.advantage.movement import (
    absolute_shift,
    centre_of_gravity,
    centre_path,
    relative_shift,
    shifts,
)

BEFORE = np.array([[60.0], [40.0]])
AFTER = np.array([[66.0], [66.0]])


def test_shifts_in_closed_form():
    np.testing.assert_allclose(absolute_shift(BEFORE, AFTER), [[66 - 79.2], [66 - 52.8]])
    np.testing.assert_allclose(relative_shift(BEFORE, AFTER), [[66 / 79.2 - 1], [66 / 52.8 - 1]])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.1, 1e5), min_size=8, max_size=8))
def test_what_one_group_gains_another_loses(values):
    before, after = np.array(values).reshape(2, 4, 1)
    assert absolute_shift(before, after).sum() == pytest.approx(0, abs=1e-9 * after.sum())


def test_years_with_different_cells_are_refused():
    with pytest.raises(ValueError, match="different cells"):
        absolute_shift(BEFORE, np.array([[1.0], [np.nan]]))


def test_a_group_that_had_nothing_has_no_relative_shift():
    before = np.array([[60.0], [0.0]])
    assert np.isnan(relative_shift(before, AFTER)[1, 0])
    assert absolute_shift(before, AFTER)[1, 0] == 66.0


def test_centre_of_two_equal_places_on_the_equator():
    centre = centre_of_gravity(np.ones(2), np.array([100.0, 110.0]), np.zeros(2))
    assert centre == (pytest.approx(105), pytest.approx(0, abs=1e-12))


def test_centre_across_the_date_line():
    longitude, _ = centre_of_gravity(np.ones(2), np.array([170.0, -170.0]), np.zeros(2))
    assert abs(longitude) == pytest.approx(180)


def test_a_missing_weight_is_left_out():
    weight = np.array([1.0, np.nan])
    centre = centre_of_gravity(weight, np.array([100.0, 120.0]), np.array([30.0, 40.0]))
    assert centre == (pytest.approx(100), pytest.approx(30))


@pytest.mark.parametrize("weight", [[0.0, 0.0], [np.nan, np.nan], [1.0, 1.0]])
def test_no_centre_of_nothing_or_of_opposite_places(weight):
    centre = centre_of_gravity(np.array(weight), np.array([0.0, 180.0]), np.zeros(2))
    assert np.isnan(centre).all()


@pytest.fixture
def frame():
    return pl.DataFrame(
        {
            "region": ["A", "B", "C"] * 2,
            "industry": ["x"] * 6,
            "year": [2012] * 3 + [2017] * 3,
            "output": [60.0, 40.0, 100.0, 66.0, 66.0, None],
        }
    )


def test_a_hole_is_not_taken_for_a_move(frame):
    groups = pl.DataFrame({"region": ["A", "B", "C"], "group": ["East", "West", "West"]})
    result = shifts(frame, groups, "output", 2012, 2017)
    assert result["absolute_shift"].to_list() == pytest.approx([-13.2, 13.2])
    assert result["cells"].to_list() == [1, 1]


def test_the_path_of_the_centre(frame):
    places = pl.DataFrame(
        {"region": ["A", "B", "C"], "longitude": [100.0, 110.0, 0.0], "latitude": [0.0] * 3}
    )
    path = centre_path(frame, places, "output")
    assert path["regions"].to_list() == [2, 2]
    assert path["longitude"][1] == pytest.approx(105)
    assert path["moved_km"][0] is None
    degree = 6371.0088 * np.pi / 180
    assert path["moved_km"][1] == pytest.approx(
        (path["longitude"][1] - path["longitude"][0]) * degree
    )
