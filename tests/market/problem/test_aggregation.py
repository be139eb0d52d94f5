"""Enterprises that are the same are one row with their output added, and nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.market.cases import random_market
from yanzhen.market.large.solver import solve
from yanzhen.market.problem.aggregation import collapsed
from yanzhen.market.problem.market import Market


def of_rows(market: Market, rows: NDArray[np.int64], mass: NDArray[np.float64]) -> Market:
    return replace(
        market,
        mass=mass,
        needs=market.needs[rows],
        stay=market.stay[rows],
        cell=market.cell[rows],
        intensities=market.intensities[rows],
        calibration=market.calibration[rows],
    )


def test_copies_are_added_to_the_first() -> None:
    market = random_market(1)
    rows = np.array([3, 5, 3, 0, 5, 5])
    one = collapsed(of_rows(market, rows, np.arange(1.0, 7.0)))
    assert one.mass.tolist() == [1.0 + 3.0, 2.0 + 5.0 + 6.0, 4.0]
    assert one.cell.tolist() == [3, 5, 0]
    assert (one.intensities == market.intensities[[3, 5, 0]]).all()


def test_a_market_without_copies_is_given_back() -> None:
    market = random_market(1)
    assert collapsed(market) is market


@pytest.mark.parametrize("name", ["needs", "stay", "intensities", "calibration", "cell"])
def test_any_difference_keeps_rows_apart(name: str) -> None:
    twice = of_rows(random_market(1), np.array([2, 2]), np.ones(2))
    changed = getattr(twice, name).copy()
    changed[1] += 1
    assert collapsed(replace(twice, **{name: changed})).mass.size == 2


def test_minus_zero_is_zero() -> None:
    twice = of_rows(random_market(1), np.array([2, 2]), np.ones(2))
    assert collapsed(replace(twice, stay=np.array([0.0, -0.0]))).mass.size == 1


def test_prices_are_those_of_the_whole_market() -> None:
    market = random_market(4, blocks=40, calibrated=True, grouped=True)
    rows = np.tile(np.arange(40), 3)
    mass = np.tile(market.mass / 3, 3)
    whole, one = solve(of_rows(market, rows, mass), 1e-10), solve(market, 1e-10)
    assert whole.prices.site == pytest.approx(one.prices.site, abs=1e-8)
    assert whole.prices.constants == pytest.approx(one.prices.constants, abs=1e-8)
