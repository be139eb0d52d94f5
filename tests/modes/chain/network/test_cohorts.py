"""The value of a cohort is its definition, on every subset of small cases."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.market.stages import Stages, stages
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.modes.chain.network.cohorts import (
    Linkage,
    Members,
    cohorts,
    market_members,
    strength_needed,
    value,
)
from yanzhen.study import read_study


def by_definition(members: Members, chosen: tuple[int, ...], linkage: Linkage, j: int) -> float:
    """V_j(S) term by term, as the module says it."""
    total = sum(members.output[m] * members.gain[m, j] for m in chosen)
    for k in range(linkage.a.shape[0]):
        used = sum(
            linkage.a[k, members.industry[m]] * members.output[m]
            for m in chosen
            if members.industry[m] != k
        )
        made = sum(members.output[m] for m in chosen if members.industry[m] == k)
        traded = min(max(used - linkage.spare[j, k], 0.0), linkage.sold[k] * made)
        total += 2 * linkage.strength * traded
    return float(total)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_every_subset_has_the_value_of_its_definition(seed):
    rng = np.random.default_rng(seed)
    members = Members(rng.uniform(1, 9, 5), rng.integers(0, 3, 5), rng.normal(0, 0.1, (5, 3)))
    linkage = Linkage(
        rng.uniform(0, 0.4, (3, 3)), rng.uniform(0, 1, 3), rng.uniform(0, 1, (3, 3)), 0.05
    )
    subsets = chain.from_iterable(combinations(range(5), size) for size in range(1, 6))
    for chosen in subsets:
        found = value(members, chosen, linkage)
        expected = [by_definition(members, chosen, linkage, j) for j in range(3)]
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
        alone = sum(value(members, (m,), linkage) for m in chosen)
        assert (found >= alone - 1e-12).all()


def test_a_member_alone_is_worth_its_own_margin():
    members = Members(np.array([4.0]), np.array([0]), np.array([[0.1, -0.2]]))
    linkage = Linkage(np.full((1, 1), 0.5), np.ones(1), np.zeros((2, 1)), 1.0)
    np.testing.assert_allclose(value(members, (0,), linkage), [0.4, -0.8])


def test_together_they_move_where_alone_they_would_not():
    """10 and 2 lose 0.1 each by moving; 2 units of trade at γ = ½ are worth 2 > 1.2."""
    members = Members(np.array([10.0, 2.0]), np.array([0, 1]), np.full((2, 1), -0.1))
    a = np.array([[0.0, 0.0], [0.2, 0.0]])
    linkage = Linkage(a, np.ones(2), np.zeros((1, 2)), 0.5)
    assert value(members, (0,), linkage)[0] < 0
    assert value(members, (1,), linkage)[0] < 0
    assert value(members, (0, 1), linkage)[0] == pytest.approx(0.8)


def test_who_moves_gladly_alone_needs_as_much_to_move_together():
    """10 gain 0.2 at the one site, 2 lose 0.1 there and gain 0.1 at the other: 2.2 by themselves.

    Together at the first site they have 1.8 and 2 units of trade: γ = 0.4 / 4.
    """
    gain = np.array([[0.2, -1.0], [-0.1, 0.1]])
    members = Members(np.array([10.0, 2.0]), np.array([0, 1]), gain)
    a = np.array([[0.0, 0.0], [0.2, 0.0]])
    linkage = Linkage(a, np.ones(2), np.zeros((2, 2)), 0.0)
    assert strength_needed(members, (0, 1), linkage) == pytest.approx(0.1)
    assert strength_needed(members, (1,), linkage) is None


def test_a_place_that_has_the_input_to_spare_adds_nothing():
    members = Members(np.array([10.0, 2.0]), np.array([0, 1]), np.full((2, 2), -0.1))
    a = np.array([[0.0, 0.0], [0.2, 0.0]])
    linkage = Linkage(a, np.ones(2), np.array([[0.0, 5.0], [0.0, 0.5]]), 0.5)
    np.testing.assert_allclose(value(members, (0, 1), linkage), [-1.2, 0.3])


def test_a_refused_member_closes_the_site_to_the_cohort():
    gain = np.array([[0.1, 0.1], [-np.inf, 0.1]])
    members = Members(np.ones(2), np.array([0, 1]), gain)
    linkage = Linkage(np.full((2, 2), 0.1), np.ones(2), np.zeros((2, 2)), 0.1)
    assert np.isneginf(value(members, (0, 1), linkage)[0])


@pytest.fixture(scope="module")
def example() -> Stages:
    return stages(read_study("china-provinces"))


def strong(example: Stages, strength: float) -> Linkage:
    kinds, sites = len(example.panel.industries), len(example.panel.regions)
    a = np.full((kinds, kinds), 0.05)
    return Linkage(a, np.ones(kinds), np.zeros((sites, kinds)), strength)


def test_the_strength_needed_is_where_a_cohort_begins_to_move(example):
    plan = at_constants(example.cleared)
    first = cohorts(plan, strong(example, 0.0), "IO42-18").proposals.row(0, named=True)
    assert first["beyond"] == 0
    assert not first["moves_together"]
    needed = first["strength_needed"]
    for strength, moves in ((needed * 0.999, False), (needed * 1.001, True)):
        found = cohorts(plan, strong(example, strength), "IO42-18").proposals
        row = found.filter(cohort=first["cohort"]).row(0, named=True)
        assert row["moves_together"] is moves
        assert row["moves_alone"] == 0
        assert row["value"] == pytest.approx(row["alone"] + row["beyond"])


def test_members_are_the_market_s_blocks_at_its_prices(example):
    members = market_members(at_constants(example.cleared))
    choice, market = example.clearing.choice, example.formulation.market
    i, j = np.nonzero(choice.probability)
    odds = np.log(choice.probability[i, j] / choice.stay[i])
    np.testing.assert_allclose(members.gain[i, j] / market.sigma, odds, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(members.output.sum(), (market.mass * (1 - choice.stay)).sum())


def test_suppliers_follow_more_readily_where_the_others_are(example):
    found = cohorts(at_constants(example.cleared), strong(example, 0.05)).members
    assert (found["chance_together"] >= found["chance_alone"]).all()
    assert (found["chance_together"] > found["chance_alone"]).any()
    assert found["chance_together"].is_between(0, 1).all()
