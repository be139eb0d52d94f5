"""Price adjustment: Sinkhorn's iteration where everybody moves, and left when it gets slow."""

from dataclasses import replace

import numpy as np
import pytest

from tests.market.cases import random_market
from yanzhen.market.large.demand_oracle import PackedDemandOracle
from yanzhen.market.large.demand_pass import pack
from yanzhen.market.large.demand_provider import ThreadedDemand
from yanzhen.market.large.population import moments_of
from yanzhen.market.large.solver import solve
from yanzhen.market.large.tatonnement import adjust
from yanzhen.market.large.violation import violation
from yanzhen.market.problem.constraints import constraints_of, start_vector
from yanzhen.market.problem.market import Floats, Market, Prices


def oracle_of(market: Market) -> PackedDemandOracle:
    provider = ThreadedDemand(market, pack(market, precision=np.float64), 1)
    return PackedDemandOracle(market, provider, moments_of(market), 1)


def balanced(seed: int, enterprises: int = 60, sites: int = 7) -> Market:
    """A market in which nobody stays and room is for just everybody."""
    random = np.random.default_rng(seed)
    mass = random.uniform(0.5, 2.0, enterprises)
    room = random.uniform(0.5, 2.0, sites)
    return Market(
        mass=mass,
        needs=np.ones((enterprises, 1)),
        stay=np.full(enterprises, -1e4),
        cell=np.zeros(enterprises, np.int32),
        base=np.zeros((1, sites)),
        intensities=random.normal(size=(enterprises, 3)),
        qualities=random.normal(size=(sites, 3)),
        capacity=(room / room.sum() * mass.sum())[:, None],
        floor=np.full((sites, 1), -1e3),
        group_member=np.zeros((0, sites), np.bool_),
        group_resource=np.zeros(0, np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(enterprises, -1, np.int32),
        stayers=np.zeros(0),
        sigma=0.5,
    )


def sinkhorn(market: Market, steps: int) -> Floats:
    """Logarithm of the sites' scalings after some steps (Cuturi 2013, algorithm 1)."""
    kernel = np.exp(market.intensities @ market.qualities.T / market.sigma)
    column = np.ones(market.capacity.shape[0])
    for _ in range(steps):
        row = market.mass / (kernel @ column)
        column = market.capacity[:, 0] / (kernel.T @ row)
    scalings: Floats = np.log(column)
    return scalings


def test_the_first_step_is_sinkhorns() -> None:
    market = balanced(1)
    constraints = constraints_of(market)
    level = oracle_of(market)
    moves: list[Floats] = []
    adjust(
        level,
        constraints,
        np.zeros(7),
        market.sigma,
        False,
        lambda x, _: bool(moves.append(x.copy()) or len(moves) > 1),
    )
    assert -moves[1] / market.sigma == pytest.approx(sinkhorn(market, 1), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_plan_is_sinkhorns(seed: int) -> None:
    """Plans of both, iterated to the end, agree to 1e-5 of the mass that an enterprise has."""
    market = balanced(seed)
    constraints = constraints_of(market)
    level = oracle_of(market)
    found = adjust(
        level,
        constraints,
        np.zeros(7),
        market.sigma,
        False,
        lambda x, demand: violation(constraints, x, demand).largest <= 1e-9,
    )
    assert found.settled

    def plan(logarithm: Floats) -> Floats:
        score = market.intensities @ market.qualities.T / market.sigma + logarithm
        share = np.exp(score - score.max(axis=1, keepdims=True))
        chosen: Floats = share / share.sum(axis=1, keepdims=True)
        return chosen

    difference = plan(-found.x / market.sigma) - plan(sinkhorn(market, 2000))
    assert np.abs(difference).max() < 1e-5


def test_it_stops_where_it_is_slow_and_gives_the_best_prices() -> None:
    market = random_market(3, blocks=200, sites=15)
    constraints = constraints_of(market)
    level = oracle_of(market)
    start = start_vector(constraints, None)
    before = violation(constraints, start, level.demand_alone(constraints, start, 0.02, False))
    found = adjust(level, constraints, start, 0.02, False, lambda x, demand: False)
    assert not found.settled
    assert level.passes < 62
    assert violation(constraints, found.x, found.demand).excess <= before.excess


@pytest.mark.parametrize("sigma", [1.0, 0.2])
def test_the_plan_of_the_solver_is_pots(sigma: float) -> None:
    """POT's Sinkhorn in the logarithmic domain, on the balanced problem, to 1e-5 of the mass."""
    import ot

    market = replace(balanced(5), sigma=sigma)
    start = Prices(np.zeros((7, 1)), np.zeros(0), np.zeros(0))
    premium = solve(market, 1e-9, start=start).prices.site[:, 0]
    payoff = market.intensities @ market.qualities.T
    score = (payoff - premium) / sigma
    share = np.exp(score - score.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    total = market.mass.sum()
    peer = ot.sinkhorn(
        market.mass / total,
        market.capacity[:, 0] / total,
        -payoff,
        sigma,
        method="sinkhorn_log",
        numItermax=20_000,
        stopThr=1e-12,
    )
    assert np.abs(share * market.mass[:, None] / total - peer).max() < 1e-5 * peer.max()
