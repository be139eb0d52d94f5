"""The integral outcome: whole enterprises, nobody envious, overshoot where it must be."""

from dataclasses import replace

import numpy as np
import pytest

from tests.market.cases import random_market
from yanzhen.market.large.integral_assignment import IntegralOutcome, realise
from yanzhen.market.large.solver import solve
from yanzhen.market.large.taste_draws import STAYING, realised_candidates, realised_stay, taste
from yanzhen.market.problem.choice import choose
from yanzhen.market.problem.market import Market, Prices


def settled(seed: int, never_over: bool = False, **kind: int) -> tuple[Market, IntegralOutcome]:
    market = random_market(seed, **kind)
    prices = solve(market, 1e-8).prices
    return market, realise(market, prices, 7, never_over=never_over)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("resources", [1, 2])
def test_nobody_would_rather_be_elsewhere(seed: int, resources: int) -> None:
    _, outcome = settled(seed, blocks=300, sites=12, resources=resources)
    assert outcome.envious == 0
    assert outcome.worse_than_staying == 0


@pytest.mark.parametrize("seed", range(4))
def test_with_one_resource_overshoot_stays_below_the_largest_need_there(seed: int) -> None:
    market, outcome = settled(seed, blocks=300, sites=12, resources=1)
    need = market.mass * market.needs[:, 0]
    for site in np.flatnonzero(outcome.overshoot[:, 0] > 0):
        assert outcome.overshoot[site, 0] < need[outcome.destination == site].max()


@pytest.mark.parametrize("seed", range(3))
def test_never_over_leaves_no_overshoot_and_counts_the_envious(seed: int) -> None:
    _, outcome = settled(seed, never_over=True, blocks=300, sites=12, resources=2, grouped=True)
    assert outcome.overshoot.max() < 1e-6
    assert outcome.group_overshoot.max() < 1e-6
    assert outcome.envious <= outcome.split


def test_only_the_indifferent_are_split() -> None:
    market, outcome = settled(1, blocks=600, sites=12, resources=2, grouped=True)
    limits = np.isfinite(market.capacity).sum() + market.group_capacity.size
    assert 0 < outcome.split <= limits


def test_corrupted_prices_make_enterprises_envious() -> None:
    market = random_market(3, blocks=80, sites=6)
    prices = solve(market, 1e-8).prices
    outcome = realise(market, prices, 7, margin=0.0)
    assert outcome.envious > 0


def test_demand_is_that_of_the_destinations() -> None:
    market, outcome = settled(2, blocks=200, sites=8)
    for site in range(8):
        here = outcome.destination == site
        expected = (market.mass[here, None] * market.needs[here]).sum(axis=0)
        np.testing.assert_allclose(outcome.demand[site], expected)


def test_tastes_are_gumbel() -> None:
    drawn = np.array([taste(3, i, j) for i in range(200) for j in range(50)])
    assert drawn.mean() == pytest.approx(0.5772, abs=0.04)
    assert drawn.var() == pytest.approx(np.pi**2 / 6, abs=0.08)


def test_tastes_depend_on_seed_enterprise_and_site() -> None:
    drawn = {taste(s, i, j) for s in range(5) for i in range(20) for j in range(STAYING, 20)}
    assert len(drawn) == 5 * 20 * 21


def test_frequencies_of_the_best_option_are_the_choice_probabilities() -> None:
    market = random_market(6, blocks=1, sites=4)
    copies = 40_000
    many = replace(
        market,
        mass=np.ones(copies),
        needs=np.repeat(market.needs, copies, axis=0),
        stay=np.repeat(market.stay, copies),
        cell=np.zeros(copies, np.int32),
        intensities=np.repeat(market.intensities, copies, axis=0),
        calibration=np.full(copies, -1, np.int32),
    )
    prices = Prices(np.full(market.capacity.shape, 0.1), np.zeros(0), np.zeros(0))
    best = realised_candidates(many, prices, 1, 0.0)
    frequency = np.bincount(best.site, minlength=4) / copies
    np.testing.assert_allclose(frequency, choose(market, prices).probability[0], atol=0.01)


def test_an_infinite_margin_lists_every_admitted_site_with_its_taste() -> None:
    market = random_market(2, blocks=5, sites=4)
    prices = Prices(np.zeros(market.capacity.shape), np.zeros(0), np.zeros(0))
    listed = realised_candidates(market, prices, 9, np.inf)
    assert listed.site.size == np.isfinite(market.base[market.cell]).sum()
    value = market.base[1, 2] + market.intensities[1] @ market.qualities[2]
    entry = listed.start[1] + np.flatnonzero(listed.site[listed.start[1] :] == 2)[0]
    assert listed.value[entry] == pytest.approx(value + market.sigma * taste(9, 1, 2))
    stay = realised_stay(market, prices, 9)
    assert stay[1] == pytest.approx(market.stay[1] + market.sigma * taste(9, 1, STAYING))


def test_a_group_counts_each_site_with_its_weight() -> None:
    """Twice the weight with twice the room is the same group at half the price."""
    market = random_market(5, blocks=300, sites=8, resources=1, grouped=True)
    market = replace(market, capacity=np.full_like(market.capacity, np.inf))
    doubled = replace(
        market,
        group_member=2.0 * market.group_member,
        group_capacity=2.0 * market.group_capacity,
    )
    prices = solve(market, 1e-8).prices
    halved = Prices(prices.site, prices.group / 2, prices.constants)
    plain, weighed = realise(market, prices, 7), realise(doubled, halved, 7)
    assert (plain.destination == weighed.destination).all()
    assert weighed.prices.group == pytest.approx(plain.prices.group / 2, rel=1e-6)
    assert plain.prices.group.max() > 0
