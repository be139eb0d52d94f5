"""The exact-hat equilibrium: what theory says must hold of any economy and any shock."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effects.spatial.cases import Drawn, accounts, drawn, plain, shaken
from yanzhen.effects.spatial import newton, solver
from yanzhen.effects.spatial.baseline import economy_of
from yanzhen.effects.spatial.certificate import certify
from yanzhen.effects.spatial.economy import Accounts, Economy
from yanzhen.effects.spatial.equilibrium import (
    Equilibrium,
    NoEquilibrium,
    equilibrium,
    with_deficits,
)
from yanzhen.effects.spatial.shock import Shock, mass_of_moves, no_shock
from yanzhen.effects.spatial.welfare import gains_from_trade, real_wage_by_trade, welfare_parts

FEW = settings(max_examples=25)
SEEDS = st.integers(0, 10**6)


def shock_of(economy: Economy, seed: int, spread: float = 0.3) -> Shock:
    s, n, _ = economy.trade_share.shape
    cost = shaken((s, n, n), seed, spread)
    cost[:, np.arange(n), np.arange(n)] = 1.0
    tariff = economy.tariff * shaken((s, n, n), seed + 1, spread)
    return replace(
        no_shock(economy),
        trade_cost=cost,
        tariff=tariff,
        productivity=shaken((n, s), seed + 2, spread),
        mass=shaken((n, s), seed + 3, spread),
        deficit=economy.deficit / 2,
        labour=shaken((n,), seed + 4, spread / 2),
    )


def ratios(found: Equilibrium) -> np.ndarray:
    made = found.before.output > 0
    return np.concatenate(
        [
            found.changes.value_added,
            found.changes.price.ravel(),
            found.changes.cost[made],
            found.real_income_change,
            found.welfare_change,
            found.real_wage_change,
        ]
    )


@FEW
@given(drawn)
def test_without_a_shock_nothing_changes(case: Drawn) -> None:
    economy = economy_of(accounts(case))
    found = equilibrium(economy, no_shock(economy))
    assert np.abs(ratios(found) - 1).max() < 1e-12
    assert found.after.output == pytest.approx(economy.output, rel=1e-12)


@FEW
@given(drawn, SEEDS)
def test_markets_clear_by_code_of_its_own_after_any_shock(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(case))
    found = equilibrium(economy, shock_of(economy, seed))
    assert max(found.certificate.residuals.values()) < 1e-10


@FEW
@given(drawn, SEEDS)
def test_walras_law_holds(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(case))
    after = equilibrium(economy, shock_of(economy, seed)).after
    net = after.trade_share * after.spending.T[:, :, None] / (1 + after.tariff)
    imbalance = net.sum(axis=(0, 2)) - net.sum(axis=(0, 1))
    assert abs(imbalance.sum()) < 1e-12 * net.sum()
    assert imbalance == pytest.approx(after.deficit, abs=1e-10 * net.sum())


@FEW
@given(drawn, SEEDS, st.floats(1e-6, 1e9))
def test_the_scale_of_money_does_not_matter(case: Drawn, seed: int, scale: float) -> None:
    books = accounts(case)
    economy = economy_of(books)
    larger = economy_of(replace(books, trade=books.trade * scale, output=books.output * scale))
    shock = shock_of(economy, seed)
    found = equilibrium(economy, shock)
    other = equilibrium(larger, replace(shock, deficit=shock.deficit * scale))
    assert ratios(other) == pytest.approx(ratios(found), rel=1e-9)


@FEW
@given(drawn, SEEDS)
def test_the_order_of_regions_does_not_matter(case: Drawn, seed: int) -> None:
    books = accounts(case)
    order = np.random.default_rng(seed).permutation(case.regions)
    both = np.ix_(range(case.industries), order, order)
    turned = Accounts(
        tuple(books.regions[k] for k in order),
        books.industries,
        books.trade[both],
        books.output[order],
        books.value_added_share[order],
        books.input_share[order],
        books.theta,
        books.tariff[both],
    )
    economy = economy_of(books)
    shock = shock_of(economy, seed)
    moved = replace(
        shock,
        trade_cost=shock.trade_cost[both],
        tariff=shock.tariff[both],
        productivity=shock.productivity[order],
        mass=shock.mass[order],
        deficit=shock.deficit[order],
        labour=shock.labour[order],
    )
    found, other = equilibrium(economy, shock), equilibrium(economy_of(turned), moved)
    assert other.welfare_change == pytest.approx(found.welfare_change[order], rel=1e-9)
    assert other.changes.price == pytest.approx(found.changes.price[order], rel=1e-9)


@FEW
@given(plain, SEEDS)
def test_gains_from_trade_follow_from_the_share_bought_at_home(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(case))
    cost = shock_of(economy, seed).trade_cost
    found = equilibrium(economy, replace(no_shock(economy), trade_cost=cost))
    assert found.real_income_change - 1 == pytest.approx(gains_from_trade(found), abs=1e-10)


def test_gains_by_one_share_are_refused_of_several_industries() -> None:
    economy = economy_of(accounts(Drawn(1, 3, 2, False, False, True, False)))
    with pytest.raises(ValueError, match="one industry, not of 2"):
        gains_from_trade(equilibrium(economy, no_shock(economy)))


@FEW
@given(drawn, SEEDS)
def test_real_wages_follow_from_what_is_bought_at_home(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(replace(case, holes=False)))
    shock = shock_of(economy, seed)
    found = equilibrium(
        economy, replace(no_shock(economy), trade_cost=shock.trade_cost, tariff=shock.tariff)
    )
    assert real_wage_by_trade(found) == pytest.approx(found.real_wage_change, rel=1e-9)


def two_regions(theta: float) -> Accounts:
    trade = np.array([[[3.0, 1.0], [1.0, 3.0]]]) / 4
    one = np.ones((2, 1))
    return Accounts(
        ("a", "b"), ("goods",), trade, one, one, np.zeros((2, 1, 1)), np.array([theta]),
        np.zeros((1, 2, 2)),
    )  # fmt: skip


def test_two_regions_by_hand() -> None:
    """θ = 1, three quarters bought at home, a's productivity times 5.6.

    With x = ŵ_a / 5.6 and y = ŵ_b, trade balances where ŵ_a x / (3y + x) = ŵ_b y / (y + 3x);
    ŵ_a + ŵ_b = 2 gives ŵ = (28, 10) / 19, so that real wages are 4.9 and 1.25 times what they were.
    """
    economy = economy_of(two_regions(1.0))
    productivity = np.array([[5.6], [1.0]])
    found = equilibrium(economy, replace(no_shock(economy), productivity=productivity))
    assert found.wage_change == pytest.approx(np.array([28, 10]) / 19, rel=1e-11)
    assert found.real_wage_change == pytest.approx(np.array([4.9, 1.25]), rel=1e-11)
    assert found.after.trade_share[0, 0] == pytest.approx(np.array([6, 1]) / 7, rel=1e-11)


def test_two_alike_regions_that_trade_at_half_the_cost_by_hand() -> None:
    """Wages stay; prices fall to (3/4 + 1/4 · ½^−θ)^(−1/θ), for θ = 2 to 1 / √1.75."""
    economy = economy_of(two_regions(2.0))
    cost = np.array([[[1.0, 0.5], [0.5, 1.0]]])
    found = equilibrium(economy, replace(no_shock(economy), trade_cost=cost))
    assert found.wage_change == pytest.approx(np.ones(2), abs=1e-12)
    assert found.price_index_change == pytest.approx(np.full(2, 1.75**-0.5), rel=1e-12)


def test_small_parts_of_welfare_add_up_to_the_change_of_real_income() -> None:
    economy = economy_of(accounts(Drawn(4, 4, 3, True, False, True, False)))
    cheaper = replace(no_shock(economy), tariff=economy.tariff * (1 - 1e-5))
    found = equilibrium(economy, cheaper)
    change = found.real_income_change - 1
    assert np.abs(change).max() > 1e-8
    assert welfare_parts(found).welfare == pytest.approx(change, abs=1e-3 * np.abs(change).max())


@FEW
@given(drawn, SEEDS)
def test_a_start_nearby_leads_to_the_same(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(case))
    shock = shock_of(economy, seed)
    cold = equilibrium(economy, shock)
    warm = equilibrium(economy, shock, start=cold.changes)
    assert warm.passes <= 3
    assert ratios(warm) == pytest.approx(ratios(cold), rel=1e-10)


def test_damped_rounds_lead_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    economy = economy_of(accounts(Drawn(7, 3, 2, True, True, True, True)))
    shock = shock_of(economy, 5)
    mixed = equilibrium(economy, shock)
    monkeypatch.setattr(solver, "MOST_MIXED", 0)
    monkeypatch.setattr(newton, "MOST_STEPS", 0)
    damped = equilibrium(economy, shock)
    assert (mixed.method, damped.method) == ("mixed", "damped")
    assert ratios(damped) == pytest.approx(ratios(mixed), rel=1e-10)


def test_what_does_not_come_to_rest_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    economy = economy_of(accounts(Drawn(7, 3, 2, True, True, True, True)))
    monkeypatch.setattr(solver, "MOST_MIXED", 1)
    monkeypatch.setattr(newton, "MOST_STEPS", 1)
    monkeypatch.setattr(solver, "MOST_ROUNDS", 1)
    with pytest.raises(NoEquilibrium, match="did not come to rest"):
        equilibrium(economy, shock_of(economy, 5))


@pytest.mark.parametrize("name", ["value_added", "cost", "price", "spending"])
def test_a_wrong_outcome_is_found_out(name: str) -> None:
    economy = economy_of(accounts(Drawn(3, 3, 2, True, True, True, False)))
    shock = shock_of(economy, 2)
    found = equilibrium(economy, shock)
    right = getattr(found.changes, name)
    after, changes = found.after, found.changes
    if name == "spending":
        after = replace(after, spending=after.spending * 1.001)
    else:
        wrong = right.copy()
        wrong[0] *= 1.001
        changes = replace(changes, **{name: wrong})
        after = replace(after, value_added=economy.value_added * changes.value_added)
    assert not certify(economy, shock, found.mobility, found.labour_share, changes, after).passed


def test_no_number_passes_no_check() -> None:
    economy = economy_of(accounts(Drawn(3, 3, 2, True, True, True, False)))
    found = equilibrium(economy, no_shock(economy))
    after = replace(found.after, value_added=found.after.value_added * np.nan)
    told = certify(economy, found.shock, found.mobility, found.labour_share, found.changes, after)
    assert {"factor_income", "world"} <= {name for name, _ in told.failed()}


def test_deficits_can_be_taken_away() -> None:
    economy = economy_of(accounts(Drawn(8, 4, 3, True, True, True, True)))
    without = with_deficits(economy, np.zeros(4))
    assert np.abs(economy.deficit).max() > 1e-3 and not without.deficit.any()
    net = without.trade_share * without.spending.T[:, :, None] / (1 + without.tariff)
    assert net.sum(axis=(0, 2)) == pytest.approx(net.sum(axis=(0, 1)), rel=1e-10)


def test_moves_of_a_plan_raise_output_where_they_arrive() -> None:
    economy = economy_of(accounts(Drawn(9, 3, 2, False, False, True, False)))
    moves = np.zeros((3, 2))
    moves[0, 1] = 0.1 * economy.output[0, 1]
    to = np.roll(moves, 1, axis=0)
    mass = mass_of_moves(economy, to, moves)
    assert (mass[0, 1], mass[2, 1]) == (pytest.approx(0.9), 1.0)
    found = equilibrium(economy, replace(no_shock(economy), mass=mass))
    assert found.after.output[0, 1] < economy.output[0, 1]
    assert found.after.output[1, 1] > economy.output[1, 1]
