"""The subsidy race: closed forms, derivatives, kinks, and that nobody gains by deviating."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from tests.market.cases import random_market
from yanzhen.market.counterfactuals.subsidy_competition import (
    Contest,
    equilibrium,
    marginal_welfare,
    race,
    subsidised,
    welfare,
)
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.market import Market, Prices

TOLERANCE = 1e-10
SIGMA = 0.03
WORTH = 0.08


def identical(sites: int, sigma: float = SIGMA, capacity: float = np.inf) -> Market:
    """One block, and sites that are all the same."""
    return Market(
        mass=np.array([100.0]),
        needs=np.ones((1, 1)),
        stay=np.array([0.05]),
        cell=np.zeros(1, dtype=np.int32),
        base=np.zeros((1, sites)),
        intensities=np.zeros((1, 1)),
        qualities=np.zeros((sites, 1)),
        capacity=np.full((sites, 1), capacity),
        floor=np.zeros((sites, 1)),
        group_member=np.zeros((0, sites), dtype=bool),
        group_resource=np.zeros(0, dtype=np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(1, -1, dtype=np.int32),
        stayers=np.zeros(0),
        sigma=sigma,
    )


def contest(market: Market, worth: float = WORTH, rents: float = 0.0, cost: float = 0.0) -> Contest:
    """Every site its own locality."""
    sites = market.capacity.shape[0]
    return Contest(
        market,
        np.arange(sites, dtype=np.int32),
        np.full(market.mass.size, worth),
        np.full(market.capacity.shape, rents),
        cost,
    )


def share(subsidy: float, sites: int, sigma: float) -> float:
    """P_j when all sites pay the same."""
    return float(1 / (sites + np.exp((0.05 - subsidy) / sigma)))


@pytest.mark.parametrize("sites", [1, 2, 5, 31])
@pytest.mark.parametrize("sigma", [0.02, 0.05])
@pytest.mark.parametrize("cost", [0.0, 0.3])
def test_identical_slack_sites_give_the_closed_form(sites: int, sigma: float, cost: float) -> None:
    worth = WORTH / (1 + cost)
    found = race(contest(identical(sites, sigma), cost=cost), TOLERANCE)
    nash = brentq(lambda s: s - worth + sigma / (1 - share(s, sites, sigma)), -1, worth, xtol=1e-13)
    together = brentq(
        lambda s: s - worth + sigma / (1 - sites * share(s, sites, sigma)), -1, worth, xtol=1e-13
    )
    assert found.nash.converged
    assert found.coordinated.converged
    np.testing.assert_allclose(found.nash.rates, max(nash, 0.0), atol=1e-6)
    np.testing.assert_allclose(found.coordinated.rates, max(together, 0.0), atol=1e-6)


def test_a_benefit_too_small_to_pay_for_gives_no_subsidy() -> None:
    found = race(contest(identical(3), worth=0.01), TOLERANCE)
    np.testing.assert_array_equal(found.nash.rates, 0.0)
    assert found.waste == pytest.approx(0.0, abs=1e-12)


def test_localities_lose_by_racing_what_coordination_would_keep() -> None:
    found = race(contest(identical(8)), TOLERANCE)
    assert (found.nash.rates > found.coordinated.rates).all()
    assert found.waste > 0
    assert found.waste == pytest.approx(found.coordinated.welfare.sum() - found.nash.welfare.sum())


def small_contest(seed: int, rents: float = 0.7) -> Contest:
    """A random market, its five sites in three localities and one in none."""
    market = random_market(seed, resources=1, grouped=True)
    rng = np.random.default_rng(seed)
    return Contest(
        market,
        np.array([0, 0, 1, 2, -1], dtype=np.int32),
        rng.uniform(0.2, 1.0, market.mass.size),
        np.full(market.capacity.shape, rents),
        0.2,
    )


@pytest.mark.parametrize("seed", range(6))
def test_marginal_welfare_is_the_finite_difference(seed: int) -> None:
    game = small_contest(seed)
    rng = np.random.default_rng(seed)
    rates = np.where(game.owner >= 0, rng.uniform(0.02, 0.3, game.owner.size), 0.0)
    at = clear(subsidised(game.market, rates), 1e-9)
    slack = game.market.capacity - at.demand
    priced = (at.prices.site > 1e-6) | (slack > 1e-3)
    assert priced.all(), "a site is at a kink"
    exact = marginal_welfare(game, rates, at)
    step = 1e-5
    for j in np.flatnonzero(game.owner >= 0):
        sides = []
        for sign in (1, -1):
            moved = rates.copy()
            moved[j] += sign * step
            there = clear(subsidised(game.market, moved), 1e-9, at.prices)
            sides.append(welfare(game, moved, there)[game.owner[j]])
        difference = (sides[0] - sides[1]) / (2 * step)
        assert exact[j] == pytest.approx(difference, rel=1e-4, abs=1e-6)


def test_some_of_those_derivatives_pass_through_prices() -> None:
    binding = [
        int((clear(small_contest(seed).market, 1e-9).prices.site > 1e-6).sum()) for seed in range(6)
    ]
    assert max(binding) > 1


@pytest.mark.parametrize("seed", range(4))
def test_nobody_gains_by_deviating(seed: int) -> None:
    market = random_market(seed, resources=1, sigma=0.3)
    ample = replace(market, capacity=np.full_like(market.capacity, np.inf))
    game = replace(contest(ample, worth=0.6, cost=0.1))
    found = race(game, 1e-9)
    assert found.nash.converged
    assert found.largest_gain < 1e-9
    assert found.deviations_tried == 5


def test_the_best_response_is_what_a_search_finds() -> None:
    market = random_market(3, resources=1)
    game = contest(replace(market, capacity=np.full_like(market.capacity, np.inf)), worth=0.9)
    nash = equilibrium(game, np.zeros(5), 1e-10)

    def loss(rate: float) -> float:
        rates = nash.rates.copy()
        rates[2] = rate
        return -float(welfare(game, rates, clear(subsidised(game.market, rates), 1e-9))[2])

    best = minimize_scalar(loss, bounds=(0, 2), method="bounded", options={"xatol": 1e-9})
    assert nash.rates[2] == pytest.approx(best.x, abs=1e-6)


def test_at_a_site_that_is_full_by_itself_nobody_pays() -> None:
    crowded = identical(3, capacity=1.0)
    found = race(contest(crowded, cost=0.1, rents=1.0), TOLERANCE)
    np.testing.assert_array_equal(found.nash.rates, 0.0)
    assert found.nash.clearing.prices.site.min() > 0


def test_a_race_stops_where_the_sites_are_full() -> None:
    free = race(contest(identical(3)), TOLERANCE).nash
    arriving = float((free.clearing.choice.probability * 100).max())
    room = 0.6 * arriving
    found = race(contest(identical(3, capacity=room), cost=0.0), TOLERANCE)
    assert found.nash.converged
    np.testing.assert_allclose(found.nash.clearing.demand, room, rtol=1e-8)
    assert found.nash.clearing.prices.site.max() < 1e-8
    assert (found.nash.rates < free.rates).all()
    assert found.largest_gain < 1e-9


def test_a_subsidy_at_a_full_site_raises_the_price_one_for_one_and_moves_nobody() -> None:
    crowded = identical(3, capacity=1.0)
    before = clear(crowded, 1e-10)
    after = clear(subsidised(crowded, np.array([0.02, 0.0, 0.0])), 1e-10)
    np.testing.assert_allclose(
        after.prices.site - before.prices.site, [[0.02], [0.0], [0.0]], atol=1e-10
    )
    np.testing.assert_allclose(after.choice.probability, before.choice.probability, atol=1e-12)


def test_one_equilibrium_is_reported_once_whatever_the_start() -> None:
    found = race(contest(identical(4)), TOLERANCE)
    assert found.starts == 3
    assert found.failed_starts == 0
    assert found.equilibria.shape == (1, 4)


def test_a_locality_weighs_all_its_sites() -> None:
    # Two sites of one locality are one coordinated choice against the third.
    market = identical(3)
    pair = replace(contest(market), owner=np.array([0, 0, 1], dtype=np.int32))
    found = equilibrium(pair, np.zeros(3), TOLERANCE)
    alone = equilibrium(contest(market), np.zeros(3), TOLERANCE)
    assert found.rates[0] == pytest.approx(found.rates[1])
    assert found.rates[0] < alone.rates[0]


def test_warm_prices_lead_to_the_same_race() -> None:
    game = contest(identical(3, capacity=5.0))
    start = Prices(np.full((3, 1), 0.01), np.zeros(0), np.zeros(0))
    cold, warm = (
        equilibrium(game, np.zeros(3), TOLERANCE),
        equilibrium(game, np.zeros(3), TOLERANCE, start),
    )
    np.testing.assert_allclose(warm.rates, cold.rates, atol=1e-8)
