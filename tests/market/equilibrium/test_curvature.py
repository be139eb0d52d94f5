"""The curvature by blocks is that by prices, and clears markets of many sites."""

import numpy as np
import pytest

from tests.market.cases import random_market
from tests.market.equilibrium.test_newton_dense import transportation_value
from yanzhen.market.equilibrium.curvature import DiagonalLessBlocks, WholeHessian, curvature
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.choice import choose
from yanzhen.market.problem.constraints import constraints_of
from yanzhen.market.problem.market import Market, Prices

BLOCKS, SITES = 6, 25


def many_sites(seed: int, sigma: float = 0.3, calibrated: bool = False) -> Market:
    return random_market(seed, BLOCKS, SITES, sigma, calibrated, resources=1)


def curved(market: Market, seed: int) -> tuple[DiagonalLessBlocks | WholeHessian, int]:
    """At random prices, a fifth of them held at their floors."""
    rng = np.random.default_rng(seed)
    constraints = constraints_of(market)
    prices = Prices(
        rng.uniform(0.0, 0.3, market.capacity.shape),
        np.zeros(0),
        rng.normal(scale=0.1, size=market.stayers.size),
    )
    free = rng.uniform(size=int(constraints.limited.sum())) > 0.2
    return curvature(constraints, choose(market, prices), free), int(free.sum())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("calibrated", [False, True])
@pytest.mark.parametrize("ridge", [0.0, 1e-6, 1.0])
def test_the_direction_is_that_of_the_hessian(seed: int, calibrated: bool, ridge: float) -> None:
    found, free = curved(many_sites(seed, calibrated=calibrated), seed)
    assert isinstance(found, DiagonalLessBlocks)
    hessian = np.diag(found.diagonal) - found.blocks.T @ found.blocks
    gradient = np.random.default_rng(seed + 100).normal(size=free)
    wanted = -np.linalg.solve(hessian + ridge * np.diag(np.diag(hessian)), gradient)
    assert found.direction(ridge, gradient) == pytest.approx(wanted, rel=1e-7)


def test_the_parts_are_those_of_the_hessian_in_the_text() -> None:
    """Block by block: mass times the covariance of the loadings over all options, over σ."""
    market = many_sites(3)
    rng = np.random.default_rng(0)
    constraints = constraints_of(market)
    size = int(constraints.limited.sum())
    site, _ = np.nonzero(np.isfinite(market.capacity))
    prices = Prices(rng.uniform(0.0, 0.3, market.capacity.shape), np.zeros(0), np.zeros(0))
    choice = choose(market, prices)
    found = curvature(constraints, choice, np.ones(size, dtype=bool))
    assert isinstance(found, DiagonalLessBlocks)
    wanted = np.zeros((size, size))
    for i in range(market.mass.size):
        loading = np.zeros((SITES, size))
        loading[site, np.arange(size)] = market.needs[i, 0]
        chosen = choice.probability[i]
        mean = chosen @ loading
        second = loading.T @ (chosen[:, None] * loading)
        wanted += market.mass[i] / market.sigma * (second - np.outer(mean, mean))
    hessian = np.diag(found.diagonal) - found.blocks.T @ found.blocks
    assert hessian == pytest.approx(wanted, abs=1e-12)


def test_markets_of_few_sites_or_more_resources_are_taken_whole() -> None:
    few = random_market(0, blocks=40, sites=5, resources=1)
    two = random_market(0, blocks=BLOCKS, sites=SITES, resources=2)
    grouped = random_market(0, blocks=BLOCKS, sites=SITES, grouped=True, resources=1)
    for market in (few, two):
        assert isinstance(curved(market, 0)[0], WholeHessian)
    constraints = constraints_of(grouped)
    prices = Prices(np.zeros(grouped.capacity.shape), np.zeros(1), np.zeros(0))
    free = np.ones(int(constraints.limited.sum()), dtype=bool)
    assert isinstance(curvature(constraints, choose(grouped, prices), free), WholeHessian)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("sigma", [1e-8, 1e-3, 0.3])
def test_many_sites_clear_at_the_optimum(seed: int, sigma: float) -> None:
    market = many_sites(seed, sigma)
    certificate = clear(market, 1e-6).certificate
    if sigma == 1e-8:
        optimum = transportation_value(market)
        assert certificate.dual == pytest.approx(optimum, abs=1e-6 * market.mass.sum())
    assert certificate.passed
