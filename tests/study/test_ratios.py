"""A ratio to nothing is not defined; any other is the quotient."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.study.ratios import (
    ROUNDING,
    difference_column,
    ratio,
    ratio_column,
    without_rounding,
)

amounts = st.floats(-1e9, 1e9, allow_nan=False)
sizes = st.floats(1e-6, 1e9)


def test_the_cost_of_jobs_that_rounding_left_is_not_defined() -> None:
    assert ratio(30.0, 3e-14, scale=100.0) is None
    assert ratio(30.0, 0.0) is None
    assert ratio(30.0, -2.0, scale=100.0) is None
    assert ratio(30.0, float("nan"), scale=100.0) is None
    assert ratio(30.0, 2.0, scale=100.0) == 15.0
    assert ratio(30.0, 2e-5, scale=100.0, nothing=1e-6) is None


def test_a_column_is_measured_by_its_largest() -> None:
    frame = pl.DataFrame({"part": [1.0, 1.0, 1.0, None], "whole": [4.0, 3e-14, float("nan"), 2.0]})
    found = frame.select(ratio_column(pl.col("part"), pl.col("whole"))).to_series()
    assert found.to_list() == [0.25, None, None, None]
    within = frame.select(ratio_column(pl.col("part"), pl.col("whole"), pl.lit(0.0))).to_series()
    assert within.to_list() == [0.25, 1.0 / 3e-14, None, None]


@given(amounts, sizes)
def test_a_ratio_times_its_whole_is_the_part(part: float, whole: float) -> None:
    found = ratio(part, whole, scale=whole)
    assert found is not None
    assert found * whole == pytest.approx(part)


@given(sizes, sizes)
def test_what_rounding_leaves_of_a_difference_is_zero(one: float, other: float) -> None:
    thrice = (one + other) - other
    assert without_rounding(thrice - one, one + other) == 0.0
    frame = pl.DataFrame({"one": [one, one], "other": [one * (1 + 0.1 * ROUNDING), 2 * one]})
    found = frame.select(difference_column(pl.col("one"), pl.col("other"))).to_series()
    assert found.to_list() == [0.0, -one]
