import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from yanzhen.advantage.shift_share import (
    homothetic_shift_share,
    shift_share,
    spatial_shift_share,
)

BEFORE = np.array([[10.0, 30.0], [40.0, 20.0]])
AFTER = np.array([[20.0, 30.0], [40.0, 30.0]])
W = np.array([[0.0, 1.0], [1.0, 0.0]])


def tables():
    cell = st.floats(0.1, 1e4)
    return st.lists(cell, min_size=24, max_size=24).map(
        lambda v: (np.array(v[:12]).reshape(4, 3), np.array(v[12:]).reshape(4, 3))
    )


def test_two_by_two_classic_in_closed_form():
    parts = shift_share(BEFORE, AFTER)
    np.testing.assert_allclose(parts.national, BEFORE * 0.2)
    np.testing.assert_allclose(parts.mix, BEFORE * np.array([0.2 - 0.2, 0.2 - 0.2]), atol=1e-12)
    np.testing.assert_allclose(parts.competitive, [[8.0, -6.0], [-8.0, 6.0]])


def test_two_by_two_homothetic_in_closed_form():
    """Homothetic amounts are 20, 20, 30, 30; the leads over the industry 0.8, −0.2, −0.2, 0.3."""
    parts = homothetic_shift_share(BEFORE, AFTER)
    np.testing.assert_allclose(parts.competitive, [[16.0, -4.0], [-6.0, 9.0]])
    np.testing.assert_allclose(parts.allocation, [[-8.0, -2.0], [-2.0, -3.0]])


def test_two_by_two_spatial_in_closed_form():
    parts = spatial_shift_share(BEFORE, AFTER, W)
    np.testing.assert_allclose(
        parts.neighbours, [[10 * (0.0 - 0.2), 30 * (0.5 - 0.2)], [40 * 0.8, 20 * (0 - 0.2)]]
    )


@settings(max_examples=30, deadline=None)
@given(tables(), st.floats(0.01, 100))
def test_the_parts_add_up_to_the_change_in_any_unit(pair, unit):
    before, after = (unit * x for x in pair)
    w = np.ones((4, 4)) - np.eye(4)
    classic = shift_share(before, after)
    homothetic = homothetic_shift_share(before, after)
    spatial = spatial_shift_share(before, after, w)
    for parts in (
        [classic.national, classic.mix, classic.competitive],
        [homothetic.national, homothetic.mix, homothetic.competitive, homothetic.allocation],
        [spatial.national, spatial.neighbours, spatial.competitive],
    ):
        np.testing.assert_allclose(sum(parts), after - before, rtol=1e-9, atol=1e-9 * after.max())


@settings(max_examples=30, deadline=None)
@given(tables())
def test_what_one_region_wins_over_its_industry_the_others_lose(pair):
    before, after = pair
    np.testing.assert_allclose(
        shift_share(before, after).competitive.sum(axis=0), 0, atol=1e-9 * after.max()
    )


def test_a_cell_missing_in_one_year_has_no_parts_and_counts_in_no_growth():
    before, after = BEFORE.copy(), AFTER.copy()
    before[0, 0], after[1, 1] = np.nan, np.nan
    parts = shift_share(before, after)
    assert np.isnan(parts.national[0, 0]) and np.isnan(parts.national[1, 1])
    np.testing.assert_allclose(parts.competitive[[1, 0], [0, 1]], 0, atol=1e-12)


def test_a_cell_that_starts_from_zero_has_all_its_change_in_the_competitive_part():
    before = np.array([[0.0, 30.0], [40.0, 20.0]])
    assert shift_share(before, AFTER).competitive[0, 0] == 20.0
    assert np.isnan(homothetic_shift_share(before, AFTER).competitive[0, 0])


def test_an_industry_new_to_the_nation_is_all_competitive():
    """50, 50 and 20, 40: the nation grows by 1.4, and all parts but the first sum to zero."""
    before = np.array([[0.0, 30.0], [0.0, 20.0]])
    parts = shift_share(before, AFTER)
    np.testing.assert_array_equal(parts.competitive[:, 0], AFTER[:, 0])
    np.testing.assert_array_equal(parts.national[:, 0] + parts.mix[:, 0], 0)
    assert (parts.mix + parts.competitive).sum() == pytest.approx(0, abs=1e-12)


def test_a_nation_that_starts_from_nothing_is_all_competitive():
    nothing = np.zeros((2, 2))
    parts = shift_share(nothing, AFTER)
    np.testing.assert_array_equal(parts.competitive, AFTER)
    np.testing.assert_array_equal(spatial_shift_share(nothing, AFTER, W).competitive, AFTER)
    assert np.isnan(homothetic_shift_share(nothing, AFTER).competitive).all()


@settings(max_examples=30, deadline=None)
@given(tables(), st.lists(st.booleans(), min_size=12, max_size=12))
def test_the_bars_beyond_the_nation_sum_to_zero_whatever_is_new(pair, new):
    before, after = pair
    before = np.where(np.array(new).reshape(4, 3), 0.0, before)
    # A nation that starts from nothing has no growth to be beyond.
    assume(before.any())
    parts = shift_share(before, after)
    assert (parts.mix + parts.competitive).sum() == pytest.approx(0, abs=1e-9 * after.max())


def test_a_region_that_neighbours_itself_is_refused():
    with pytest.raises(ValueError, match="not its own neighbour"):
        spatial_shift_share(BEFORE, AFTER, np.eye(2))
