"""Chains that draw chains: fixed points, how many, and what they follow from."""

from dataclasses import replace

import numpy as np
import pytest

from tests.market.counterfactuals.test_subsidy_competition import identical
from tests.market.stages import Stages, stages
from tests.study.small import small
from yanzhen.accounts.input_output import national_table
from yanzhen.market.counterfactuals.agglomeration import (
    Linkages,
    agglomeration,
    arrivals_table,
    drawn,
    fixed_point,
    linkage,
)
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.study import WantOfData, read_study

TOLERANCE = 1e-9


def pair(strength: float, capacity: float = np.inf) -> Linkages:
    """One industry that draws itself, and two sites that are the same."""
    return Linkages(
        identical(2, capacity=capacity), np.zeros(1, dtype=np.int64), np.ones((1, 1)), strength
    )


def test_without_strength_it_is_the_market_itself() -> None:
    found = agglomeration(pair(0.0), TOLERANCE)
    np.testing.assert_allclose(found.followed.arrivals, found.without)
    assert found.others == ()


def test_weak_chains_leave_alike_sites_alike_and_alone() -> None:
    # The even split is the only fixed point as long as γ/(2σ) < 1.
    found = agglomeration(pair(0.02), TOLERANCE)
    assert found.followed.converged
    np.testing.assert_allclose(found.followed.arrivals[0, 0], found.followed.arrivals[0, 1])
    assert found.others == ()
    assert found.failed_starts == 0


def test_strong_chains_gather_at_either_site_and_it_is_said() -> None:
    # σ = 0.03, γ = 0.12: γ/(2σ) = 2, and z = tanh(2 z) has two solutions beside zero.
    found = agglomeration(pair(0.12), TOLERANCE)
    assert len(found.others) == 2
    leads = [
        (other.arrivals[0, 0] - other.arrivals[0, 1]) / other.arrivals.sum()
        for other in found.others
    ]
    z = 0.9
    for _ in range(200):
        z = np.tanh(2 * z)
    np.testing.assert_allclose(sorted(leads), [-z, z], atol=1e-7)


def test_full_sites_leave_no_room_to_gather() -> None:
    found = agglomeration(pair(0.12, capacity=2.0), TOLERANCE)
    np.testing.assert_allclose(found.followed.arrivals, 2.0, rtol=1e-6)
    assert found.others == ()


@pytest.fixture(scope="module")
def example() -> Stages:
    return stages(read_study("china-provinces"))


def chains_of(example: Stages, strength: float) -> Linkages:
    formulation = at_constants(example.cleared).formulation
    weights = linkage(example.study, example.panel.industries, 2017)
    return Linkages(formulation.market, formulation.industry, weights, strength)


def test_expectations_of_the_example_come_true(example: Stages) -> None:
    chains = chains_of(example, 0.05)
    found = agglomeration(chains, 1e-7, sites_tried=1)
    assert found.followed.converged
    moving = (chains.market.mass[:, None] * found.followed.clearing.choice.probability).sum(axis=0)
    np.testing.assert_allclose(found.followed.arrivals.sum(axis=0), moving, rtol=1e-6)
    assert found.followed.clearing.certificate.passed
    concentration = [
        ((arrivals.sum(axis=0) / arrivals.sum()) ** 2).sum()
        for arrivals in (found.without, found.followed.arrivals)
    ]
    assert concentration[1] > concentration[0]


def test_linkage_is_what_is_bought_and_what_is_sold(example: Stages) -> None:
    table = national_table(example.study.tables["input_output"], 2017)
    found = linkage(example.study, ("IO42-07", "IO42-08"), 2017)
    textiles, apparel = table.sectors.index("IO42-07"), table.sectors.index("IO42-08")
    flow = table.domestic
    expected = (
        flow[apparel, textiles] / table.output[textiles]
        + flow[textiles, apparel] / table.output[textiles]
    )
    assert found[0, 1] == pytest.approx(expected)


def test_the_payoff_gains_the_strength_where_all_partners_are_expected() -> None:
    chains = replace(pair(0.04))
    market = drawn(chains, np.array([[10.0, 0.0]]))
    np.testing.assert_allclose(market.base, [[0.04, 0.0]])


def test_a_fixed_point_that_is_not_reached_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanzhen.market.counterfactuals.agglomeration.MOST_ROUNDS", 2)
    found = fixed_point(pair(0.12), np.array([[3.0, 1.0]]), TOLERANCE)
    assert found.rounds == 2
    assert not found.converged
    assert found.residual > TOLERANCE


def test_without_accounts_there_are_no_chains() -> None:
    with pytest.raises(WantOfData, match="input-output"):
        linkage(small(), ("06",), 2017)


def test_the_table_holds_every_fixed_point() -> None:
    found = agglomeration(pair(0.12), TOLERANCE)
    table = arrivals_table(found, ("06",), ("A", "B"))
    assert table["point"].unique().sort().to_list() == ["1", "2", "followed", "without"]
    assert table.height == 8
