"""The best portfolio against trying every choice; bounds, prices, conflicts and turning points."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.accounts.panel import Floats
from yanzhen.finance.fund.conflict import smallest_conflict
from yanzhen.finance.fund.frontier import frontier
from yanzhen.finance.fund.portfolio import Limit, NoPortfolio, Supports, best_portfolio
from yanzhen.finance.fund.risk import Risk, worst_mean, worst_weights
from yanzhen.finance.fund.turning_points import exact_turning_benefit, turning_benefit

PROJECTS, EACH, DRAWS = 4, 2, 5


def a_case(seed: int) -> tuple[Supports, tuple[Limit, ...], Floats]:
    rng = np.random.default_rng(seed)
    n = PROJECTS * EACH
    project = np.repeat(np.arange(PROJECTS), EACH)
    amount = rng.uniform(1, 5, n)
    benefit = rng.normal(2, 2, (DRAWS, n))
    limits = (
        Limit("budget", amount, -np.inf, float(rng.uniform(3, 10))),
        Limit("holdings", np.ones(n), float(rng.integers(0, 3)), float(rng.integers(2, 5))),
        Limit("region", np.where(project < 2, amount, 0.0), -np.inf, float(rng.uniform(2, 8))),
    )
    return Supports(project, benefit), limits, amount


def every_choice(supports: Supports, limits: tuple[Limit, ...], risk: Risk) -> dict[bytes, float]:
    """Worth of each choice that keeps all limits, computed from the definition."""
    found = {}
    for picks in product(range(EACH + 1), repeat=PROJECTS):
        x = np.zeros(PROJECTS * EACH)
        for project, pick in enumerate(picks):
            if pick:
                x[project * EACH + pick - 1] = 1
        if all(limit.low - 1e-9 <= limit.weight @ x <= limit.high + 1e-9 for limit in limits):
            benefit = np.sort(supports.benefit @ x)
            worst = risk.tail * DRAWS
            whole = int(worst)
            tail = benefit[:whole].sum() + (worst - whole) * benefit[min(whole, DRAWS - 1)]
            found[x.tobytes()] = (1 - risk.weight) * benefit.mean() + risk.weight * tail / worst
    return found


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    tail=st.sampled_from([0.1, 0.25, 0.5, 1.0]),
    weight=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_the_best_is_the_best_of_all(seed: int, tail: float, weight: float) -> None:
    supports, limits, _ = a_case(seed)
    risk = Risk(tail, weight)
    worth = every_choice(supports, limits, risk)
    if not worth:
        with pytest.raises(NoPortfolio):
            best_portfolio(supports, limits, risk, gap=0.0)
        return
    found = best_portfolio(supports, limits, risk, gap=0.0)
    assert found.value == pytest.approx(max(worth.values()), abs=1e-6)
    assert worth[found.chosen.astype(float).tobytes()] == pytest.approx(found.value, abs=1e-9)
    assert found.bound >= max(worth.values()) - 1e-6


def test_weights_of_the_worst_draws() -> None:
    benefit = np.array([4.0, 1.0, 3.0, 2.0])
    assert worst_mean(benefit, 0.5) == pytest.approx(1.5)
    assert worst_mean(benefit, 0.375) == pytest.approx((1 + 0.5 * 2) / 1.5)
    assert worst_mean(benefit, 1.0) == pytest.approx(2.5)
    weights = worst_weights(benefit, Risk(0.5, 0.4))
    assert weights.sum() == pytest.approx(1)
    assert weights @ benefit == pytest.approx(0.6 * 2.5 + 0.4 * 1.5)
    for tail, weight in ((0.0, 0.1), (1.1, 0.1), (0.1, -0.1), (0.1, 1.1)):
        with pytest.raises(ValueError, match="expected"):
            Risk(tail, weight)


def test_many_supports_are_chosen_to_a_stated_gap() -> None:
    """More than the first integer programme takes in: its bound is that of the relaxation."""
    rng = np.random.default_rng(1)
    project = np.repeat(np.arange(900), 2)
    mean = rng.gamma(2.0, 1.0, project.size)
    supports = Supports(project, mean * rng.lognormal(0, 0.5, (30, project.size)))
    amount = rng.uniform(1, 3, project.size)
    budget = Limit("budget", amount, -np.inf, 300.0)
    found = best_portfolio(supports, (budget,), Risk(0.1, 0.5), gap=0.01)
    assert 0 <= found.gap <= 0.01
    assert amount[found.chosen].sum() <= 300 + 1e-9
    assert np.bincount(project, weights=found.chosen).max() == 1
    benefit = supports.benefit @ found.chosen
    assert found.value == pytest.approx(worst_weights(benefit, Risk(0.1, 0.5)) @ benefit)
    more = best_portfolio(
        supports, (Limit("budget", amount, -np.inf, 303.0),), Risk(0.1, 0.5), gap=0.01
    )
    assert (more.bound - found.bound) / 3 == pytest.approx(found.price[0], rel=0.05)


def test_the_smallest_set_of_limits_that_conflict_is_named() -> None:
    supports, _, amount = a_case(3)
    n = amount.size
    fine = Limit("holdings", np.ones(n), 0.0, 3.0)
    budget = Limit("budget", amount, -np.inf, 0.5)
    wanted = Limit("region:1", np.ones(n), 1.0, np.inf)
    assert smallest_conflict(supports, (fine, budget, wanted)) == ("budget", "region:1")
    assert smallest_conflict(supports, (fine, budget)) == ()
    alone = Limit("least", np.ones(n), 5.0, np.inf)
    assert smallest_conflict(supports, (fine, alone, budget, wanted)) == ("least",)
    with pytest.raises(NoPortfolio):
        best_portfolio(supports, (fine, budget, wanted), Risk(0.1, 0.0))


def test_what_turns_a_decision_is_what_choosing_again_says() -> None:
    supports, limits, _ = a_case(11)
    risk = Risk(0.4, 0.5)
    found = best_portfolio(supports, limits, risk, gap=0.0)
    lacking = exact_turning_benefit(supports, limits, risk, found, np.arange(PROJECTS), gap=0.0)
    held = np.bincount(supports.project, weights=found.chosen) > 0
    assert (lacking[held] <= 1e-9).all() and (lacking[~held] >= -1e-9).all()
    for project in range(PROJECTS):
        if not np.isfinite(lacking[project]):
            continue
        for part, turned in ((0.999, False), (1.001, True)):
            changed = supports.benefit.copy()
            changed[:, supports.project == project] += part * lacking[project]
            again = best_portfolio(Supports(supports.project, changed), limits, risk, gap=0.0)
            now = np.bincount(supports.project, weights=again.chosen)[project] > 0
            assert (now != held[project]) == turned


def test_by_prices_a_project_that_pays_its_way_lacks_nothing() -> None:
    project = np.arange(5)
    supports = Supports(project, np.array([[5.0, 4.0, 3.0, 2.0, 1.0]]))
    limits = (Limit("budget", np.ones(5), -np.inf, 2.0),)
    found = best_portfolio(supports, limits, Risk(1.0, 0.0), gap=0.0)
    lacking = turning_benefit(supports, found)
    assert found.chosen.tolist() == [True, True, False, False, False]
    assert 3.0 - 1e-9 <= found.price[0] <= 4.0 + 1e-9
    np.testing.assert_allclose(lacking, found.price[0] - supports.benefit[0])


def test_the_frontier_rises() -> None:
    supports, limits, _ = a_case(5)
    free = tuple(limit for limit in limits if limit.name != "holdings")
    told: list[float] = []
    found = frontier(
        supports, free, Risk(0.5, 0.5), (0.0, 2.0, 4.0, 8.0, 20.0), gap=0.0, tell=told.append
    )
    values = [each.value for each in found if each is not None]
    assert len(values) == 5
    assert values[0] == 0 and values == sorted(values) and told[-1] == 1


def test_a_budget_too_small_for_what_must_be_held_has_no_portfolio() -> None:
    supports, _, amount = a_case(5)
    limits = (
        Limit("budget", amount, -np.inf, 1.0),
        Limit("holdings", np.ones(amount.size), 1.0, np.inf),
    )
    none, some = frontier(supports, limits, Risk(0.5, 0.5), (0.1, 20.0))
    assert none is None and some is not None
