import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.advantage.percentile_rank import percentile_rank


def test_the_lowest_is_zero_the_highest_one_and_ties_share():
    np.testing.assert_allclose(
        percentile_rank(np.array([[1.0], [3.0], [3.0], [9.0]]))[:, 0], [0, 0.5, 0.5, 1]
    )


def test_a_missing_value_stands_nowhere():
    np.testing.assert_array_equal(
        percentile_rank(np.array([[1.0], [np.nan], [2.0]]))[:, 0], [0.0, np.nan, 1.0]
    )


def test_a_region_alone_stands_nowhere():
    assert np.isnan(percentile_rank(np.array([[1.0], [np.nan]]))).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9))
def test_standings_average_to_one_half(values):
    np.testing.assert_allclose(percentile_rank(np.array(values)[:, None]).mean(), 0.5)
