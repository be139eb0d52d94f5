"""Prices of large markets: right, certified, and the same whatever has no meaning."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.market.cases import random_market
from yanzhen.market.equilibrium.certificate import certify
from yanzhen.market.equilibrium.certificate_large import certify_blocks
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.large.full_market import NotConverged
from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.large.solver import solve, solve_listed
from yanzhen.market.large.synth import Marginals, synthetic_market
from yanzhen.market.problem.market import Market, Prices

seeds = st.integers(0, 10_000)


def all_candidates(market: Market) -> Candidates:
    """Every admitted pair of a small market as a list."""
    value = market.base[market.cell] + market.intensities @ market.qualities.T
    rows, sites = np.nonzero(np.isfinite(value))
    start = np.searchsorted(rows, np.arange(market.mass.size + 1)).astype(np.int64)
    return Candidates(start, sites.astype(np.int32), value[rows, sites])


def drawn(seed: int, **changes: float) -> Market:
    rng = np.random.default_rng(seed)
    market = random_market(
        seed,
        blocks=int(rng.integers(8, 80)),
        sites=int(rng.integers(3, 16)),
        calibrated=bool(rng.integers(2)),
        grouped=bool(rng.integers(2)),
        floored=bool(rng.integers(2)),
        resources=int(rng.integers(1, 4)),
    )
    return replace(market, sigma=float(np.exp(rng.uniform(-3, 0.5))), **changes)


@pytest.fixture(scope="module")
def nation() -> Market:
    """210,000 enterprises and 150 zones: samples and single precision take part."""
    rng = np.random.default_rng(8)
    marginals = Marginals(
        np.exp(rng.normal(size=(31, 17)) + rng.normal(size=(31, 1))),
        np.column_stack([rng.uniform(80, 125, 31), rng.uniform(20, 48, 31)]),
    )
    return synthetic_market(210_000, 150, 8, 0.3, marginals)


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_prices_clear_to_nine_digits(seed: int) -> None:
    market = drawn(seed)
    solution = solve(market, 1e-9)
    certificate = certify(market, solution.prices, 1e-8)
    assert certificate.passed, certificate


@pytest.mark.parametrize("seed", range(6))
def test_prices_are_those_of_the_dense_solver(seed: int) -> None:
    market = random_market(seed, blocks=60, sites=12, grouped=True, floored=seed % 2 == 1)
    dense = clear(market, 1e-9).prices
    found = solve(market, 1e-10).prices
    np.testing.assert_allclose(found.site, dense.site, atol=1e-6)
    np.testing.assert_allclose(found.group, dense.group, atol=1e-6)


def test_a_national_market_passes_the_independent_certificate(nation: Market) -> None:
    solution = solve(nation, 1e-5)
    certificate = certify_blocks(nation, solution.prices, 1e-5)
    assert certificate.passed, certificate


def test_a_national_market_has_the_same_bits_with_one_thread_and_two(nation: Market) -> None:
    one = solve(nation, 1e-3, threads=1)
    two = solve(nation, 1e-3, threads=2)
    assert one.prices.site.tobytes() == two.prices.site.tobytes()


def test_a_bound_out_of_reach_is_said_and_not_passed_over() -> None:
    market = random_market(1, blocks=30, sites=5)
    with pytest.raises(NotConverged, match="did not clear"):
        solve(market, 1e-40)


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_lists_of_all_pairs_clear_like_the_whole(seed: int) -> None:
    market = drawn(seed)
    whole = solve(market, 1e-9)
    listed = solve_listed(market, all_candidates(market), 1e-9)
    np.testing.assert_allclose(listed.demand, whole.demand, rtol=1e-5, atol=1e-7)


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_more_room_never_raises_its_own_price(seed: int) -> None:
    market = drawn(seed)
    before = solve(market, 1e-9).prices.site
    row, column = np.unravel_index(np.argmax(before), before.shape)
    capacity = market.capacity.copy()
    capacity[row, column] *= 1.3
    after = solve(replace(market, capacity=capacity), 1e-9).prices.site
    assert after[row, column] <= before[row, column] + 1e-6


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_the_order_of_sites_and_enterprises_has_no_meaning(seed: int) -> None:
    market = drawn(seed)
    rng = np.random.default_rng(seed)
    sites = rng.permutation(market.capacity.shape[0])
    rows = rng.permutation(market.mass.size)
    moved = replace(
        market,
        mass=market.mass[rows],
        needs=market.needs[rows],
        stay=market.stay[rows],
        cell=market.cell[rows],
        intensities=market.intensities[rows],
        calibration=market.calibration[rows],
        base=market.base[:, sites],
        qualities=market.qualities[sites],
        capacity=market.capacity[sites],
        floor=market.floor[sites],
        group_member=market.group_member[:, sites],
    )
    one, other = solve(market, 1e-10), solve(moved, 1e-10)
    np.testing.assert_allclose(other.demand, one.demand[sites], rtol=1e-5, atol=1e-8)


@given(seeds, st.floats(0.01, 100), st.floats(0.01, 100))
@settings(max_examples=10, deadline=None)
def test_units_of_output_and_of_resources_have_no_meaning(
    seed: int, money: float, unit: float
) -> None:
    market = replace(drawn(seed), floor=np.zeros(drawn(seed).floor.shape))
    other = replace(
        market,
        mass=market.mass * money,
        stayers=market.stayers * money,
        needs=market.needs * unit,
        capacity=market.capacity * money * unit,
        group_capacity=market.group_capacity * money * unit,
    )
    one, two = solve(market, 1e-10), solve(other, 1e-10)
    np.testing.assert_allclose(
        two.demand, one.demand * money * unit, rtol=1e-5, atol=1e-8 * money * unit
    )


@given(seeds, st.floats(0.1, 10))
@settings(max_examples=10, deadline=None)
def test_prices_scale_with_payoffs(seed: int, scale: float) -> None:
    market = drawn(seed)
    other = replace(
        market,
        base=market.base * scale,
        stay=market.stay * scale,
        qualities=market.qualities * scale,
        floor=market.floor * scale,
        sigma=market.sigma * scale,
    )
    one, two = solve(market, 1e-10), solve(other, 1e-10)
    np.testing.assert_allclose(two.demand, one.demand, rtol=1e-5, atol=1e-8)


@given(seeds, st.floats(0.5, 1.5))
@settings(max_examples=15, deadline=None)
def test_no_prices_have_a_negative_gap(seed: int, factor: float) -> None:
    market = drawn(seed)
    prices = solve(market, 1e-8).prices
    off = Prices(
        np.maximum(prices.site * factor, market.floor), prices.group * factor, prices.constants
    )
    assert certify(market, off, 1e-8).duality_gap >= -1e-9


@pytest.mark.parametrize("seed", range(4))
def test_a_vanishing_scale_recovers_the_linear_program(seed: int) -> None:
    market = replace(random_market(seed, blocks=20, sites=6, resources=1), sigma=2e-3)
    value = market.base[market.cell] + market.intensities @ market.qualities.T
    gain = np.where(np.isfinite(value), value, -1e6) - market.stay[:, None]
    blocks, sites = gain.shape
    limited = np.isfinite(market.capacity[:, 0])
    use = np.kron(np.ones(blocks), np.eye(sites)) * np.repeat(
        market.mass * market.needs[:, 0], sites
    )
    once = np.kron(np.eye(blocks), np.ones(sites))
    oracle = linprog(
        -(market.mass[:, None] * gain).ravel(),
        A_ub=np.vstack([once, use[limited]]),
        b_ub=np.concatenate([np.ones(blocks), market.capacity[limited, 0]]),
    )
    exact = -oracle.fun + float(market.mass @ market.stay)
    found = certify(market, solve(market, 1e-8).prices, 1e-6).dual
    most_taste = market.sigma * np.log(sites + 1) * market.mass.sum()
    assert exact - 1e-6 <= found <= exact + most_taste


def test_starting_from_the_answer_takes_one_pass() -> None:
    market = random_market(2, blocks=40, sites=8)
    prices = solve(market, 1e-10).prices
    assert solve(market, 1e-8, start=prices).passes <= 2
