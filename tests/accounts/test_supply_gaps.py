import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.accounts.supply_gaps import gap_beyond_reach, needs, supply_gap, supply_gaps

A = np.array([[0.0, 0.5], [0.2, 0.0]])
OUTPUT = np.array([[10.0, 40.0], [30.0, 0.0]])


def test_needs_in_closed_form():
    np.testing.assert_allclose(needs(OUTPUT, A), [[20.0, 2.0], [0.0, 6.0]])


def test_a_missing_using_industry_leaves_the_need_unknown():
    output = OUTPUT.copy()
    output[0, 0] = np.nan
    assert np.isnan(needs(output, A)[0]).all()
    np.testing.assert_allclose(needs(output, A)[1], [0.0, 6.0])


def test_an_industry_that_uses_nothing_may_be_missing():
    output = np.array([[np.nan, 40.0]])
    a = np.array([[0.0, 0.5], [0.0, 0.1]])
    np.testing.assert_allclose(needs(output, a), [[20.0, 4.0]])


def test_the_gap_is_never_negative():
    np.testing.assert_allclose(supply_gap(needs(OUTPUT, A), OUTPUT), [[10.0, 0.0], [0.0, 6.0]])


def test_with_nobody_in_reach_the_gap_stays():
    need, supply = np.array([[10.0], [0.0]]), np.array([[4.0], [9.0]])
    assert gap_beyond_reach(need, supply, np.eye(2))[0, 0] == 6.0


def test_a_neighbour_as_near_as_home_closes_the_gap():
    need, supply = np.array([[10.0], [0.0]]), np.array([[4.0], [6.0]])
    assert gap_beyond_reach(need, supply, np.ones((2, 2)))[0, 0] == pytest.approx(0.0)


def test_what_two_regions_ask_for_is_shared_by_gap_and_nearness():
    """Spare 6 between gaps of 6 and 6 at weights 1 and ½: offers of 4 and 2, worth 4 and 1."""
    need, supply = np.array([[6.0], [6.0], [0.0]]), np.array([[0.0], [0.0], [6.0]])
    weight = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.5], [1.0, 0.5, 1.0]])
    np.testing.assert_allclose(gap_beyond_reach(need, supply, weight)[:, 0], [2.0, 5.0, 0.0])


def test_a_missing_region_neither_offers_nor_takes():
    need, supply = np.array([[10.0], [np.nan]]), np.array([[4.0], [9.0]])
    np.testing.assert_array_equal(
        gap_beyond_reach(need, supply, np.ones((2, 2))), [[6.0], [np.nan]]
    )


def test_reach_outside_zero_and_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        gap_beyond_reach(np.ones((1, 1)), np.ones((1, 1)), np.array([[2.0]]))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=12, max_size=12), st.floats(0, 1))
def test_reach_never_widens_a_gap_and_never_gives_more_than_is_spare(values, near):
    need, supply = np.array(values).reshape(2, 6, 1)
    weight = np.where(np.eye(6) > 0, 1.0, near)
    gap, beyond = supply_gap(need, supply), gap_beyond_reach(need, supply, weight)
    assert (beyond <= gap + 1e-9).all()
    assert (gap - beyond).sum() <= np.maximum(supply - need, 0).sum() + 1e-9


def test_the_largest_gap_comes_first_and_a_missing_one_last():
    need, supply = np.array([[10.0, np.nan], [30.0, 5.0]]), np.zeros((2, 2))
    result = supply_gaps(("A", "B"), ("x", "y"), need, supply, np.eye(2))
    assert result["gap_beyond_reach"].to_list() == [30.0, 10.0, 5.0, None]
    assert result["share_open"].to_list() == [1.0, 1.0, 1.0, None]
