"""Clearing of small markets: against the transportation LP, and properties of equilibria."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.market.cases import random_market
from yanzhen.market.equilibrium.newton_dense import NotCleared, clear
from yanzhen.market.problem.choice import payoff_before_prices
from yanzhen.market.problem.market import Market

TOLERANCE = 1e-9
VANISHING = 1e-8


def transportation_value(market: Market) -> float:
    """Largest Σ x_ij v_ij + Σ x_i0 v_i0 within mass, capacities and groups, by HiGHS."""
    blocks, sites = market.mass.size, market.capacity.shape[0]
    value = np.column_stack([market.stay, payoff_before_prices(market)])
    admitted = np.isfinite(value)
    equal = np.kron(np.eye(blocks), np.ones(sites + 1))
    rows, limits = [], []
    for j in range(sites):
        for r in range(market.needs.shape[1]):
            if np.isfinite(market.capacity[j, r]):
                use = np.zeros((blocks, sites + 1))
                use[:, j + 1] = market.needs[:, r]
                rows.append(use.ravel())
                limits.append(market.capacity[j, r])
    for g, member in enumerate(market.group_member):
        use = np.zeros((blocks, sites + 1))
        use[:, 1:][:, member] = market.needs[:, [market.group_resource[g]]]
        rows.append(use.ravel())
        limits.append(market.group_capacity[g])
    bounds = [(0, None if open_pair else 0) for open_pair in admitted.ravel()]
    found = linprog(
        -np.where(admitted, value, 0.0).ravel(),
        A_ub=np.array(rows),
        b_ub=np.array(limits),
        A_eq=equal,
        b_eq=market.mass,
        bounds=bounds,
        method="highs",
    )
    assert found.success
    return float(-found.fun)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("grouped", [False, True])
def test_vanishing_tastes_give_the_transportation_problem(seed: int, grouped: bool) -> None:
    market = random_market(seed, sigma=VANISHING, grouped=grouped)
    certificate = clear(market, 1e-6).certificate
    optimum = transportation_value(market)
    assert certificate.primal == pytest.approx(optimum, rel=1e-6, abs=1e-6 * market.mass.sum())
    assert certificate.dual == pytest.approx(optimum, rel=1e-6, abs=1e-6 * market.mass.sum())


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    sigma=st.sampled_from([1.0, 0.1, 0.01]),
    calibrated=st.booleans(),
    grouped=st.booleans(),
    floored=st.booleans(),
)
def test_random_markets_clear(
    seed: int, sigma: float, calibrated: bool, grouped: bool, floored: bool
) -> None:
    market = random_market(
        seed, sigma=sigma, calibrated=calibrated, grouped=grouped, floored=floored
    )
    assert clear(market, TOLERANCE).certificate.passed


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([1e-3, 10.0, 1e4]))
def test_prices_scale_with_the_unit_of_money_in_payoffs(seed: int, scale: float) -> None:
    market = random_market(seed)
    scaled = replace(
        market,
        base=market.base * scale,
        stay=market.stay * scale,
        qualities=market.qualities * scale,
        sigma=market.sigma * scale,
    )
    expected = clear(market, TOLERANCE).prices.site * scale
    np.testing.assert_allclose(
        clear(scaled, TOLERANCE).prices.site, expected, rtol=1e-6, atol=1e-8 * scale
    )


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([1e-6, 1e6]))
def test_prices_do_not_depend_on_the_unit_of_output(seed: int, scale: float) -> None:
    market = random_market(seed)
    scaled = replace(market, mass=market.mass * scale, capacity=market.capacity * scale)
    np.testing.assert_allclose(
        clear(scaled, TOLERANCE).prices.site,
        clear(market, TOLERANCE).prices.site,
        rtol=1e-6,
        atol=1e-8,
    )


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_more_room_never_raises_that_sites_price(seed: int) -> None:
    market = random_market(seed, resources=1)
    capacity = market.capacity.copy()
    capacity[0] *= 1.3
    before = clear(market, TOLERANCE).prices.site[0, 0]
    after = clear(replace(market, capacity=capacity), TOLERANCE).prices.site[0, 0]
    assert after <= before + 1e-9


def test_identical_sites_have_the_same_price() -> None:
    market = random_market(3)
    base, capacity = market.base.copy(), market.capacity.copy()
    qualities = market.qualities.copy()
    base[:, 2], capacity[2], qualities[2] = base[:, 1], capacity[1], qualities[1]
    twin = replace(market, base=base, capacity=capacity, qualities=qualities)
    prices = clear(twin, TOLERANCE).prices.site
    np.testing.assert_allclose(prices[2], prices[1], atol=1e-9)


def test_calibration_reproduces_the_observed_stayers() -> None:
    market = random_market(5, calibrated=True)
    clearing = clear(market, TOLERANCE)
    stay = np.bincount(market.calibration, weights=market.mass * clearing.choice.stay)
    np.testing.assert_allclose(stay, market.stayers, rtol=1e-9)


def test_a_floor_holds_the_price_up() -> None:
    market = random_market(1, floored=True)
    assert (clear(market, TOLERANCE).prices.site >= market.floor).all()


def test_a_refused_pair_has_no_flow() -> None:
    assert clear(random_market(2), TOLERANCE).choice.probability[0, 0] == 0


def test_departures_without_room_are_said_not_to_clear() -> None:
    market = random_market(4, calibrated=True, resources=1)
    starved = replace(market, capacity=np.full_like(market.capacity, 1e-3 * market.mass.sum()))
    with pytest.raises(NotCleared, match=r"resource 1 at site 1, .* would have to be at least"):
        clear(starved, TOLERANCE)


@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_departures_to_which_every_site_is_closed_are_said_not_to_clear() -> None:
    market = random_market(4, calibrated=True)
    base = np.where((market.calibration == 1)[:, None], -np.inf, market.base)
    with pytest.raises(NotCleared, match=r"no site is open to .* of calibration group 2"):
        clear(replace(market, base=base), TOLERANCE)


def test_a_warm_start_finds_the_same_prices() -> None:
    market = random_market(6, calibrated=True, grouped=True)
    cold = clear(market, TOLERANCE)
    warm = clear(market, TOLERANCE, start=cold.prices)
    np.testing.assert_allclose(warm.prices.site, cold.prices.site, atol=1e-9)
    assert warm.steps < cold.steps


def test_extreme_payoffs_give_no_nan() -> None:
    market = random_market(7)
    extreme = replace(market, base=np.where(np.isfinite(market.base), market.base * 1e4, -np.inf))
    assert np.isfinite(clear(extreme, 1e-6).prices.site).all()
