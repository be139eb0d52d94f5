"""What an enterprise's own costs come to, in whatever units it gives them."""

import pytest

from yanzhen.api.own_figures import Units, in_unit, own_costs

# An output of 50 million: 400 workers at 90,000, 8 million kWh at 0.7, 30 mu of floor at 160,000.
GIVEN = {
    "output": 5000.0,
    "workers": 400.0,
    "wage": 90_000.0,
    "power": 800.0,
    "power_price": 0.7,
    "floor": 30.0,
    "floor_rent": 160_000.0,
}


def test_costs_are_shares_of_output() -> None:
    own = own_costs(GIVEN, Units(), 1e4, 0.5)
    assert own.costs["labour_cost"] == pytest.approx(0.5 * 400 * 90_000 / 5e7)
    assert own.costs["electricity_cost"] == pytest.approx(8e6 * 0.7 / 5e7)
    assert "land_cost" not in own.costs
    assert own.quoted == own.added == {}


def test_a_quote_saves_the_difference_of_the_prices_whole() -> None:
    there = {"wage_there": 70_000.0, "floor_rent_there": 100_000.0}
    own = own_costs({**GIVEN, **there}, Units(), 1e4, 0.5)
    assert own.quoted == {"labour_cost": pytest.approx(400 * 20_000 / 5e7)}
    assert own.added == {"land_cost": pytest.approx(30 * 60_000 / 5e7)}


def test_a_quote_needs_what_is_paid_here_and_anything_needs_output() -> None:
    assert own_costs({"output": 1.0, "wage_there": 1.0}, Units(), 1.0, 1.0).quoted == {}
    without = own_costs({**GIVEN, "output": None}, Units(), 1e4, 0.5)
    assert without.costs == without.added == {}


@pytest.mark.parametrize(("unit", "power"), [("kWh", 8e6), ("MWh", 8e3), ("10,000 kWh", 800.0)])
def test_power_costs_the_same_in_every_unit(unit: str, power: float) -> None:
    own = own_costs({**GIVEN, "power": power}, Units(power=unit), 1e4, 0.5)
    assert own.costs["electricity_cost"] == pytest.approx(8e6 * 0.7 / 5e7)


def test_an_area_in_another_unit_costs_the_same() -> None:
    other = in_unit(GIVEN, "mu", "m2")
    assert other["floor"] == pytest.approx(30 * 10_000 / 15)
    assert other["floor"] * other["floor_rent"] == pytest.approx(30 * 160_000)
    assert set(other) == {"floor", "floor_rent"}
