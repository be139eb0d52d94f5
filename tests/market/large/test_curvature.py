"""The sampled curvature, samples and mixing that the clearing of large markets steps by."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.market.cases import random_market
from yanzhen.market.large.anderson import AndersonMixing
from yanzhen.market.large.curvature import choice_model, conjugate_gradients
from yanzhen.market.large.demand_pass import evaluate_demand, pack, terms_at
from yanzhen.market.large.sampling import systematic_sample
from yanzhen.market.problem.choice import choose, site_demand, staying_output
from yanzhen.market.problem.constraints import constraints_of, prices_of
from yanzhen.market.problem.market import Floats, Market, Prices


def model_of(market: Market, keep: float):
    enterprises = pack(market, precision=np.float64)
    nothing = np.zeros(market.capacity.shape)
    terms = terms_at(market, nothing, np.zeros(market.stayers.size), market.sigma, np.float64)
    found = evaluate_demand(enterprises, terms, keep=keep)
    return choice_model(enterprises, terms, found.choices)


def responses(market: Market, premium: Floats, constants: Floats) -> tuple[Floats, Floats]:
    choice = choose(market, Prices(premium, np.zeros(0), constants))
    return site_demand(market, choice), staying_output(market, choice)


@pytest.mark.parametrize("resources", [1, 2, 5])
def test_curvature_of_all_choices_is_the_derivative_of_demand(resources: int) -> None:
    market = random_market(3, blocks=40, sites=9, calibrated=True, resources=resources)
    rng = np.random.default_rng(0)
    premium, constants = rng.normal(size=market.capacity.shape), rng.normal(size=3)
    step = 1e-4
    up = responses(market, step * premium, step * constants)
    down = responses(market, -step * premium, -step * constants)
    demand, staying = model_of(market, 1e-12).apply(premium, constants)
    np.testing.assert_allclose(demand, -(up[0] - down[0]) / (2 * step), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(staying, (up[1] - down[1]) / (2 * step), rtol=1e-4, atol=1e-5)


def test_drawn_choices_give_the_curvature_without_bias() -> None:
    ratios = []
    for seed in range(8):
        market = random_market(seed, blocks=20_000, sites=12, sigma=1.0, resources=2)
        premium = 1.0 + 0.3 * np.random.default_rng(1).normal(size=market.capacity.shape)
        whole, drawn_model = model_of(market, 1e-12), model_of(market, 0.2)
        exact, _ = whole.apply(premium, np.zeros(0))
        drawn, _ = drawn_model.apply(premium, np.zeros(0))
        drawn = drawn + np.einsum("jrs,js->jr", drawn_model.site_blocks().lacking, premium)
        assert drawn_model.choices.entries < 0.5 * whole.choices.entries
        ratios.append(drawn.sum(axis=0) / exact.sum(axis=0))
    np.testing.assert_allclose(np.mean(ratios, axis=0), 1.0, atol=0.03)


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_conjugate_gradients_solve_positive_definite_systems(seed: int) -> None:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(15, 15))
    matrix = root @ root.T + np.eye(15)
    right = rng.normal(size=15)
    found = conjugate_gradients(
        lambda d: matrix @ d, lambda r: r / np.diag(matrix), right, np.zeros(15), 1e-12, 200
    )
    np.testing.assert_allclose(matrix @ found, right, atol=1e-8)


@given(st.integers(0, 1000), st.integers(1, 300))
@settings(max_examples=30, deadline=None)
def test_a_sample_stands_for_all(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    size = rng.lognormal(sigma=1.5, size=300)
    units, factor = systematic_sample(size, count, rng)
    assert abs(units.size - count) <= 1
    assert (np.diff(units) > 0).all()
    assert (factor >= 1.0).all()
    assert (size[units] * factor).sum() == pytest.approx(size.sum(), rel=2 / count)


def test_the_largest_are_drawn_with_certainty() -> None:
    size = np.ones(1000)
    size[::100] = 1000.0
    units, factor = systematic_sample(size, 50, np.random.default_rng(0))
    assert set(range(0, 1000, 100)) <= set(units.tolist())
    assert (factor[size[units] > 1] == 1.0).all()


def test_mixing_finds_the_fixed_point_of_a_slow_linear_map() -> None:
    rng = np.random.default_rng(2)
    matrix = np.diag([0.95, 0.9, 0.5, 0.2])
    goal = rng.normal(size=4)
    mixing, point, plain = AndersonMixing(4), np.zeros(4), np.zeros(4)
    for _ in range(8):
        point = mixing.mixed(point, matrix @ (point - goal) + goal - point, np.ones(4))
        plain = matrix @ (plain - goal) + goal
    assert np.abs(point - goal).max() < 1e-6 < np.abs(plain - goal).max()


def test_prices_come_back_from_their_vector() -> None:
    market = random_market(1, calibrated=True, grouped=True)
    constraints = constraints_of(market)
    x = np.arange(constraints.capacity.size, dtype=np.float64)
    prices = prices_of(constraints, x)
    back = np.concatenate([prices.site.ravel(), prices.group, prices.constants])
    np.testing.assert_array_equal(back, x)
