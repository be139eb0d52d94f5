"""The fused pass against the dense choice, and what it promises of bits and extremes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.market.cases import random_market
from yanzhen.market.large.demand_pass import Demand, evaluate_demand, pack, terms_at
from yanzhen.market.problem.choice import choose, site_demand, staying_output, total_premium
from yanzhen.market.problem.market import Market, Prices


def prices_for(market: Market, seed: int, size: float = 0.5) -> Prices:
    rng = np.random.default_rng(seed)
    return Prices(
        size * np.abs(rng.normal(size=market.capacity.shape)),
        size * np.abs(rng.normal(size=market.group_capacity.size)),
        rng.normal(size=market.stayers.size),
    )


def swept_at(
    market: Market,
    prices: Prices,
    precision: type[np.float32] | type[np.float64],
    threads: int | None = None,
    split: bool = False,
) -> Demand:
    enterprises = pack(market, precision=precision)
    terms = terms_at(
        market, total_premium(market, prices), prices.constants, market.sigma, precision, split
    )
    return evaluate_demand(enterprises, terms, threads=threads)


@pytest.mark.parametrize(("precision", "bound"), [(np.float64, 1e-12), (np.float32, 2e-5)])
@pytest.mark.parametrize("resources", [1, 2, 3, 5])
def test_demand_is_that_of_the_dense_choice(
    precision: type[np.float32] | type[np.float64], bound: float, resources: int
) -> None:
    market = random_market(resources, blocks=150, sites=37, grouped=True, resources=resources)
    prices = prices_for(market, 1)
    found = swept_at(market, prices, precision)
    dense = site_demand(market, choose(market, prices))
    np.testing.assert_allclose(found.demand, dense, rtol=bound, atol=1e-12)


def test_staying_inclusive_values_and_movers_are_those_of_the_dense_choice() -> None:
    market = random_market(5, blocks=100, sites=20, calibrated=True)
    prices = prices_for(market, 2)
    found = swept_at(market, prices, np.float64)
    choice = choose(market, prices)
    np.testing.assert_allclose(found.staying, staying_output(market, choice), rtol=1e-12)
    assert found.stayed == pytest.approx(float(market.mass @ choice.stay), rel=1e-12)
    assert found.inclusive == pytest.approx(float(market.mass @ choice.inclusive), rel=1e-12)


@given(seed=st.integers(0, 1000), sigma=st.floats(0.01, 3.0))
@settings(max_examples=15, deadline=None)
def test_one_thread_and_two_give_the_same_bits(seed: int, sigma: float) -> None:
    market = replace(random_market(seed, blocks=700, sites=9), sigma=sigma)
    prices = prices_for(market, seed)
    one = swept_at(market, prices, np.float32, threads=1)
    two = swept_at(market, prices, np.float32, threads=2)
    assert one.demand.tobytes() == two.demand.tobytes()
    assert one.inclusive == two.inclusive


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e3, 1e6])
def test_extreme_payoffs_give_no_nan(size: float) -> None:
    market = random_market(7, blocks=64, sites=12)
    market = replace(market, base=market.base * size, stay=market.stay * size)
    found = swept_at(market, prices_for(market, 3), np.float32)
    assert np.isfinite(found.demand).all()
    assert np.isfinite(found.inclusive)


def test_extreme_payoffs_keep_the_best_choice() -> None:
    market = random_market(7, blocks=64, sites=12)
    market = replace(market, base=market.base * 1e3, stay=market.stay * 1e3)
    prices = prices_for(market, 3)
    dense = site_demand(market, choose(market, prices))
    found = swept_at(market, prices, np.float32)
    np.testing.assert_allclose(found.demand, dense, rtol=1e-3, atol=1e-6 * dense.max())


def test_refused_pairs_get_next_to_nothing() -> None:
    market = random_market(1, blocks=30, sites=6)
    base = market.base.copy()
    base[:, 2] = -np.inf
    found = swept_at(replace(market, base=base), prices_for(market, 1), np.float32)
    assert found.demand[2].max() < 1e-30


def test_splitting_premiums_recovers_what_single_precision_rounds() -> None:
    market = replace(random_market(3, blocks=4000, sites=8), sigma=0.01)
    prices = prices_for(market, 4, size=3.0)
    dense = site_demand(market, choose(market, prices))
    reached = dense > 1e-3 * dense.max()
    whole, split = (
        np.abs(swept_at(market, prices, np.float32, split=s).demand / dense - 1)[reached].max()
        for s in (False, True)
    )
    assert split < whole


def test_intensities_as_uses_give_the_gradient_of_a_likelihood() -> None:
    market = random_market(8, blocks=80, sites=10)
    prices = prices_for(market, 5)
    enterprises = pack(market, precision=np.float64)
    kinds = market.intensities.shape[1]

    def inclusive(step: float) -> float:
        moved = replace(market, qualities=market.qualities * [1 + step, 1])
        return float(moved.mass @ choose(moved, prices).inclusive)

    terms = terms_at(
        market, total_premium(market, prices), prices.constants, market.sigma, np.float64
    )
    found = evaluate_demand(enterprises, terms, uses=slice(0, kinds))
    gradient = float((found.demand[:, 0] * market.qualities[:, 0]).sum())
    assert gradient == pytest.approx((inclusive(1e-5) - inclusive(-1e-5)) / 2e-5, rel=1e-7)


def test_choices_kept_by_drawing_have_the_demand_of_all() -> None:
    market = random_market(9, blocks=6000, sites=50, sigma=1.0)
    enterprises = pack(market)
    terms = terms_at(market, np.zeros(market.capacity.shape), np.zeros(0), 1.0)
    found = evaluate_demand(enterprises, terms, keep=0.02)
    order = np.argsort(market.cell, kind="stable")
    sampled = np.zeros(50)
    row = 0
    for starts, sites, probability, _ in found.choices.parts:
        owner = row + np.repeat(np.arange(starts.size - 1), np.diff(starts))
        weight = np.append(market.mass[order], np.zeros(8))[owner]
        sampled += np.bincount(sites, weight * np.maximum(probability, 0.02), minlength=50)
        row += starts.size - 1
    expected = (
        market.mass
        @ choose(
            market, Prices(np.zeros(market.capacity.shape), np.zeros(0), np.zeros(0))
        ).probability
    )
    assert found.choices.entries < 0.7 * 6000 * 50
    np.testing.assert_allclose(sampled.sum(), expected.sum(), rtol=0.01)
    np.testing.assert_allclose(sampled, expected, rtol=0.15)
