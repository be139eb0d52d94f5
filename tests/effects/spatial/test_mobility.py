"""Labour that moves: by taste and cost, freely, or not at all."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.effects.spatial.cases import Drawn, accounts, drawn, shaken
from tests.effects.spatial.test_equilibrium import FEW, SEEDS, shock_of
from yanzhen.effects.spatial import solver
from yanzhen.effects.spatial.baseline import economy_of
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.equilibrium import NoEquilibrium, equilibrium
from yanzhen.effects.spatial.mobility import FreeMovement, Migration
from yanzhen.effects.spatial.shock import Shock, no_shock


def trade_shock(economy: Economy, seed: int) -> Shock:
    return replace(shock_of(economy, seed), labour=np.ones(len(economy.regions)))


def migration(regions: int, seed: int, taste: float = 1.5) -> Migration:
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.1, 1.0, (regions, regions)) + 4 * np.eye(regions)
    return Migration(
        share / share.sum(axis=1, keepdims=True),
        rng.uniform(0.5, 2.0, regions),
        np.ones((regions, regions)),
        np.ones(regions),
        taste,
        0.1,
    )


def free(regions: int, seed: int, congestion: float = 0.3) -> FreeMovement:
    rng = np.random.default_rng(seed)
    return FreeMovement(rng.uniform(0.5, 2.0, regions), np.ones(regions), congestion)


@FEW
@given(drawn, SEEDS)
def test_nobody_moves_without_a_shock(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(case))
    for mobility in (migration(case.regions, seed), free(case.regions, seed)):
        found = equilibrium(economy, no_shock(economy), mobility, np.full(case.regions, 0.7))
        assert np.abs(found.changes.labour - 1).max() < 1e-12
        assert np.abs(found.welfare_change - 1).max() < 1e-12


@FEW
@given(drawn, SEEDS)
def test_living_is_worth_the_same_everywhere_where_movement_is_free(case: Drawn, seed: int) -> None:
    """Without deficits: a surplus that a region owes whoever lives there can empty it."""
    economy = economy_of(accounts(replace(case, deficits=False)))
    mobility = replace(free(case.regions, seed), amenity=shaken((case.regions,), seed, 0.1))
    found = equilibrium(economy, trade_shock(economy, seed), mobility, np.full(case.regions, 0.7))
    assert found.welfare_change == pytest.approx(found.welfare_change.mean(), rel=1e-9)
    there = mobility.labour
    assert there @ found.changes.labour == pytest.approx(there.sum(), rel=1e-12)
    worth = found.real_income_change * mobility.amenity
    assert worth / found.changes.labour**0.3 == pytest.approx(found.welfare_change, rel=1e-9)


@FEW
@given(drawn, SEEDS)
def test_people_move_by_taste_to_where_living_is_worth_more(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(case))
    mobility = migration(case.regions, seed)
    found = equilibrium(economy, trade_shock(economy, seed), mobility, np.full(case.regions, 0.8))
    before = mobility.registered @ mobility.share
    worth = found.real_income_change / found.changes.labour**mobility.congestion
    chosen = mobility.share * worth**mobility.taste
    after = mobility.registered @ (chosen / chosen.sum(axis=1, keepdims=True))
    assert found.changes.labour * before == pytest.approx(after, rel=1e-9)
    assert found.welfare_change == pytest.approx(
        chosen.sum(axis=1) ** (1 / mobility.taste), rel=1e-9
    )


@FEW
@given(drawn, SEEDS)
def test_with_an_infinite_cost_nobody_leaves_home(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(case))
    open_to = migration(case.regions, seed)
    closed = np.where(np.eye(case.regions) > 0, 1.0, np.inf)
    labour_share = np.full(case.regions, 0.8)
    shock = trade_shock(economy, seed)
    moving = equilibrium(economy, shock, replace(open_to, cost=closed), labour_share)
    back_home = open_to.registered / (open_to.registered @ open_to.share)
    still = equilibrium(economy, replace(shock, labour=back_home), None, labour_share)
    assert moving.changes.labour == pytest.approx(back_home, rel=1e-10)
    assert moving.changes.value_added == pytest.approx(still.changes.value_added, rel=1e-9)
    assert moving.changes.price == pytest.approx(still.changes.price, rel=1e-9)


@FEW
@given(drawn, SEEDS)
def test_where_nobody_has_moved_nobody_starts_to(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(case))
    shock = trade_shock(economy, seed)
    at_home = replace(migration(case.regions, seed), share=np.eye(case.regions))
    moving, still = equilibrium(economy, shock, at_home), equilibrium(economy, shock)
    assert moving.real_income_change == pytest.approx(still.real_income_change, rel=1e-9)


@FEW
@given(SEEDS, st.floats(0.5, 20))
def test_where_moving_costs_nothing_tastes_act_as_congestion(seed: int, taste: float) -> None:
    """L̂ ∝ û^ε is û L̂^(−1/ε) equal everywhere."""
    economy = economy_of(accounts(Drawn(seed, 3, 2, False, False, True, False)))
    shock, labour_share = trade_shock(economy, seed), np.full(3, 0.7)
    everybody = free(3, seed)
    there = everybody.labour / everybody.labour.sum()
    tastes = Migration(np.tile(there, (3, 1)), np.ones(3), np.ones((3, 3)), np.ones(3), taste, 0.3)
    crowded = replace(everybody, congestion=0.3 + 1 / taste)
    by_taste = equilibrium(economy, shock, tastes, labour_share)
    freely = equilibrium(economy, shock, crowded, labour_share)
    assert by_taste.changes.labour == pytest.approx(freely.changes.labour, rel=1e-8)
    assert by_taste.changes.value_added == pytest.approx(freely.changes.value_added, rel=1e-8)


def test_a_region_that_people_leave_with_its_debt_has_no_equilibrium(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However few are left in r0, living is worth more elsewhere, until its income is negative."""
    economy = economy_of(accounts(Drawn(52, 2, 2, True, True, True, True)))
    mobility = replace(free(2, 52), amenity=shaken((2,), 52, 0.1))
    monkeypatch.setattr(solver, "MOST_ROUNDS", 20)
    with pytest.raises(NoEquilibrium, match="too little is earned to pay for a surplus: r0 pays"):
        equilibrium(economy, trade_shock(economy, 52), mobility, np.full(2, 0.7))


def test_congestion_keeps_people_away() -> None:
    economy = economy_of(accounts(Drawn(3, 3, 2, False, False, True, False)))
    better = replace(no_shock(economy), productivity=np.array([[1.3, 1.3], [1, 1], [1, 1]]))
    came = [
        equilibrium(economy, better, free(3, 1, congestion)).changes.labour[0]
        for congestion in (0.2, 0.5, 2.0)
    ]
    assert came[0] > came[1] > came[2] > 1


def test_a_factor_that_stays_keeps_people_away() -> None:
    economy = economy_of(accounts(Drawn(3, 3, 2, False, False, True, False)))
    better = replace(no_shock(economy), productivity=np.array([[1.3, 1.3], [1, 1], [1, 1]]))
    came = [
        equilibrium(economy, better, free(3, 1, 0.1), np.full(3, share)).changes.labour[0]
        for share in (0.9, 0.6, 0.3)
    ]
    assert came[0] > came[1] > came[2] > 1
