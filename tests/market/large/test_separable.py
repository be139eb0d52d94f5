"""Markets cleared by origin and industry, held against the same markets held whole."""

from dataclasses import replace

import numpy as np
import pytest

from tests.market.stages import stages
from tests.study.small import small
from yanzhen.market.equilibrium.newton_dense import NotCleared, clear
from yanzhen.market.large import study_clearing
from yanzhen.market.large.separable import (
    CellDemandOracle,
    Cells,
    calibrated,
    cells_of,
    choose_cells,
)
from yanzhen.market.large.solver import solve_cells
from yanzhen.market.large.study_clearing import clear_by_size, priced
from yanzhen.market.problem.choice import choose, site_demand, staying_output, total_premium
from yanzhen.market.problem.constraints import constraints_of
from yanzhen.market.problem.market import Market, Prices

TOLERANCE = 1e-8


@pytest.fixture(scope="module")
def market() -> Market:
    return stages(small()).formulation.market


@pytest.fixture(scope="module")
def cells(market: Market) -> Cells:
    found = cells_of(market)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def prices(market: Market) -> Prices:
    random = np.random.default_rng(3)
    site = np.where(np.isfinite(market.capacity), random.uniform(0, 0.02, market.floor.shape), 0.0)
    constants = random.uniform(-0.02, 0.02, market.stayers.size)
    return Prices(site, np.zeros(market.group_capacity.size), constants)


def test_choices_are_those_of_the_market_held_whole(
    market: Market, cells: Cells, prices: Prices
) -> None:
    found = choose_cells(cells, total_premium(market, prices), prices.constants, market.sigma)
    whole = choose(market, prices)
    np.testing.assert_allclose(
        found.arrivals.sum(axis=0), market.mass @ whole.probability, rtol=1e-10
    )
    np.testing.assert_allclose(found.stayed.ravel()[market.cell], whole.stay, rtol=1e-10)
    np.testing.assert_allclose(
        market.sigma * found.log_sum.ravel()[market.cell], whole.inclusive, rtol=1e-10
    )


def test_the_curvature_is_how_demand_changes(market: Market, cells: Cells, prices: Prices) -> None:
    constraints, step = constraints_of(market), 1e-6
    random = np.random.default_rng(5)
    premium = random.normal(size=market.capacity.shape)
    constants = random.normal(size=market.stayers.size)
    oracle = CellDemandOracle(market, cells)

    def demand(sign: int) -> tuple[np.ndarray, np.ndarray]:
        x = np.concatenate(
            [
                (prices.site + sign * step * premium).ravel(),
                prices.group,
                prices.constants + sign * step * constants,
            ]
        )
        oracle.demand(constraints, x, market.sigma, False)
        return oracle.passed.demand, oracle.passed.staying

    (before, stayed_before), (after, stayed_after) = demand(-1), demand(1)
    demand(0)
    changed, stayed = oracle.model().apply(premium, constants)
    scale = np.abs(changed).max()
    np.testing.assert_allclose(changed, (before - after) / (2 * step), atol=1e-4 * scale)
    np.testing.assert_allclose(
        stayed, (stayed_after - stayed_before) / (2 * step), atol=1e-4 * np.abs(stayed).max()
    )
    blocks = oracle.model().site_blocks()
    one = np.zeros_like(premium)
    one[2, 0] = 1.0
    alone, _ = oracle.model().apply(one, np.zeros_like(constants))
    assert blocks.whole[2, 0, 0] == pytest.approx(alone[2, 0], rel=1e-4)


def test_constants_alone_keep_those_who_stayed(
    market: Market, cells: Cells, prices: Prices
) -> None:
    found = choose_cells(cells, total_premium(market, prices), prices.constants, market.sigma)
    change = calibrated(cells, found, market.stayers, market.sigma)
    kept = choose(market, replace(prices, constants=prices.constants + change))
    np.testing.assert_allclose(staying_output(market, kept), market.stayers, rtol=1e-6)


def test_prices_are_those_of_the_market_held_whole(market: Market, cells: Cells) -> None:
    whole = clear(market, TOLERANCE)
    found = solve_cells(market, cells, TOLERANCE)
    np.testing.assert_allclose(found.prices.site, whole.prices.site, atol=1e-8)
    np.testing.assert_allclose(found.prices.constants, whole.prices.constants, atol=1e-8)


@pytest.mark.parametrize("summed", [True, False])
def test_a_market_too_large_to_hold_is_cleared_and_proved(
    market: Market, summed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_clearing, "HELD_WHOLE", 0)
    given = market if summed else replace(market, base=np.asarray(market.base))
    found = clear_by_size(given, 1e-6)
    assert (priced(given, 1e-6).cells is not None) == summed
    assert found.certificate.passed
    np.testing.assert_allclose(found.demand, site_demand(market, found.choice))
    np.testing.assert_allclose(found.prices.site, clear(market, 1e-9).prices.site, atol=1e-5)


def test_too_little_room_is_told_by_how_much(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_clearing, "HELD_WHOLE", 0)
    with pytest.raises(NotCleared, match="would have to be at least"):
        clear_by_size(replace(market, capacity=0.01 * market.capacity), 1e-6)


def test_needs_that_differ_within_an_industry_are_no_sums(market: Market) -> None:
    needs = market.needs.copy()
    needs[0] *= 2.0
    assert cells_of(replace(market, needs=needs)) is None
    assert cells_of(replace(market, base=np.asarray(market.base))) is None
    assert cells_of(replace(market, sigma=1e-6)) is None
