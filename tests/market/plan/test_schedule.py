"""The phase-in profile."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.market.plan.schedule import schedule, yearly_shares


@given(years=st.integers(1, 30), shape=st.floats(0.2, 5.0))
def test_the_years_add_up_to_the_plan(years: int, shape: float) -> None:
    shares = yearly_shares(years, shape)
    assert shares.size == years
    assert shares.sum() == pytest.approx(1)
    assert (shares >= 0).all()


def test_shape_one_is_even() -> None:
    assert yearly_shares(4, 1.0).tolist() == [0.25] * 4


def test_every_year_has_its_share_of_every_flow() -> None:
    flows = pl.DataFrame(
        {"industry": ["x"], "region": ["a"], "departures": [10.0], "arrivals": [4.0]}
    )
    found = schedule(flows, 2018, yearly_shares(2, 1.0))
    assert found.rows() == [(2018, "x", "a", 5.0, 2.0), (2019, "x", "a", 5.0, 2.0)]
