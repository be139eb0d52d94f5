"""The cash flow of a relocation, computed by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.market.plan.relocation import Relocation, cash_flow

MOVE = Relocation(
    output=1000.0,
    margin=0.1,
    workers_dismissed=20,
    severance=2.0,
    downtime=3.0,
    removal=15.0,
    new_plant=40.0,
    rate=0.05,
)


def test_the_year_of_the_move_is_what_moving_costs() -> None:
    first = cash_flow(MOVE, 0.03).yearly.row(0, named=True)
    assert (first["severance"], first["downtime"]) == (-40.0, -25.0)
    assert (first["removal"], first["new_plant"], first["gain"]) == (-15.0, -40.0, 0.0)
    assert first["net"] == -120.0


def test_payback_and_present_value_by_hand() -> None:
    found = cash_flow(MOVE, 0.03)
    assert found.payback == pytest.approx(4.0)
    assert found.net_present_value == pytest.approx(-120 + 30 * (1 - 1.05**-10) / 0.05)
    assert cash_flow(MOVE, 0.032).payback == pytest.approx(3.75)


def test_a_move_that_never_pays_says_so() -> None:
    assert cash_flow(MOVE, 0.011).payback is None
    assert cash_flow(MOVE, -0.01).payback is None


def test_a_free_move_pays_at_once() -> None:
    free = replace(MOVE, severance=0.0, downtime=0.0, removal=0.0, new_plant=0.0)
    assert cash_flow(free, 0.01).payback == 0.0


@given(st.floats(0.001, 0.2), st.floats(0.0, 0.3))
def test_years_sum_to_the_present_value(gain: float, rate: float) -> None:
    found = cash_flow(replace(MOVE, rate=rate), gain)
    parts = found.yearly.select("severance", "downtime", "removal", "new_plant", "gain")
    assert parts.sum_horizontal().to_list() == pytest.approx(found.yearly["net"].to_list())
    value = sum(n / (1 + rate) ** t for t, n in enumerate(found.yearly["net"]))
    assert found.net_present_value == pytest.approx(value)
