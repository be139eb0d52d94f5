"""What a plan does to the whole economy: identities of every part, on one small study."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.declared import undeclared
from tests.effects.studies import small_economy
from yanzhen.effects import joint as joint_module
from yanzhen.effects.assumed import effects_parameters, effects_values
from yanzhen.effects.joint import joint_equilibrium
from yanzhen.effects.plan_effects import Effects, plan_effects
from yanzhen.effects.plan_shock import PlanMoves, moves_of_market, within_reach
from yanzhen.effects.response import FREE, IMMOBILE, PARTS, gain_parts, respond
from yanzhen.effects.spatial.equilibrium import NoEquilibrium
from yanzhen.effects.study_economy import StudyEconomy, study_economy
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.uncertainty import uncertainty
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.study import WantOfData


@pytest.fixture(scope="module")
def cleared() -> ClearedStudy:
    return clear_study(study_inputs(small_economy()))


@pytest.fixture(scope="module")
def economy(cleared: ClearedStudy) -> StudyEconomy:
    return study_economy(cleared.inputs, effects_values(cleared.inputs))


@pytest.fixture(scope="module")
def effects(cleared: ClearedStudy) -> Effects:
    parameters = effects_parameters(cleared.inputs.parameters, {})
    return plan_effects(cleared, parameters, lambda: uncertainty(cleared, SEED, 4), "joint")


def test_the_frames_have_the_declared_columns(effects: Effects) -> None:
    assert undeclared(effects) == [] and effects.not_evaluated.is_empty()


def test_nothing_moves_and_nothing_changes(economy: StudyEconomy) -> None:
    nothing = np.zeros_like(economy.economy.output)
    for mobility in (IMMOBILE, FREE):
        found = respond(economy, PlanMoves(nothing, nothing), mobility, 0.0)
        assert np.abs(found.real_income_change - 1).max() < 1e-12


def test_living_is_worth_the_same_where_people_move_freely(effects: Effects) -> None:
    free = effects.response.filter(mobility=FREE)
    assert free["real_income_change"].max() == pytest.approx(
        free["real_income_change"].min(), abs=1e-9
    )
    people = free["people"] * free["people_change"]
    assert abs(people.sum()) < 1e-6 * free["people"].sum()
    assert effects.response.filter(mobility=IMMOBILE)["people_change"].abs().max() == 0


def test_parts_of_welfare_add_up(effects: Effects) -> None:
    keys = ["region", "mobility"]
    parts = (
        effects.welfare.filter(pl.col("part").is_in(PARTS))
        .group_by(keys)
        .agg(parts=pl.col("size").sum())
    )
    total = effects.welfare.filter(part="total").select(*keys, total="size")
    both = parts.join(total, on=keys, nulls_equal=True)
    assert both.height == 2 * 6
    np.testing.assert_allclose(both["parts"], both["total"], atol=1e-12)
    real = effects.response.select(*keys, "real_income_change").join(total, on=keys)
    np.testing.assert_allclose(real["real_income_change"], real["total"], atol=1e-12)


def test_first_order_parts_are_all_there_is_of_a_small_plan(
    cleared: ClearedStudy, economy: StudyEconomy
) -> None:
    moves = moves_of_market(cleared, economy.economy)
    for mobility in (IMMOBILE, FREE):
        beyond = []
        for part in (1e-2, 1e-3):
            little = PlanMoves(part * moves.arrivals, part * moves.departures)
            parts = gain_parts(respond(economy, little, mobility, 0.0))
            beyond.append(np.abs(parts["beyond_first_order"]).max())
        # A tenth of the plan leaves a hundredth of what is beyond first order.
        assert beyond[1] < 0.02 * beyond[0]


def test_every_check_of_the_equilibria_holds(effects: Effects) -> None:
    assert effects.checks["mobility"].unique().sort().to_list() == [FREE, IMMOBILE]
    assert effects.checks["residual"].max() < 1e-10


def test_other_starts_are_tried_where_no_condition_is_known(effects: Effects) -> None:
    found = effects.uniqueness
    assert found["mobility"].to_list() == [IMMOBILE, FREE]
    assert not found["known_unique"].any()
    assert (found["tried"] == 10).all() and (found["settled"] == 10).all()
    assert found["difference"].max() < 1e-9


def test_all_that_is_made_is_for_somebody(effects: Effects) -> None:
    """Output follows final uses, so that footprints of both add up to the same."""
    sums = effects.footprints.group_by("measure").agg(pl.exclude("region").sum())
    assert set(sums["measure"]) == {"jobs", "emissions"}
    np.testing.assert_allclose(sums["used"], sums["made"], rtol=1e-6)
    np.testing.assert_allclose(sums["used_after"], sums["made_after"], rtol=1e-6)


def test_leakage_is_a_share_and_changes_with_the_plan(effects: Effects) -> None:
    for name in ("leakage", "leakage_after"):
        assert effects.leakage[name].is_between(0, 1).all()
    assert (effects.leakage["leakage"] - effects.leakage["leakage_after"]).abs().max() > 1e-6
    assert (effects.leakage["multiplier"] > 1).all()


def test_the_books_end_with_what_the_plan_moves(
    cleared: ClearedStudy, economy: StudyEconomy, effects: Effects
) -> None:
    moved = moves_of_market(cleared, economy.economy).arrivals.sum()
    last = effects.ledger_regions.filter(year=effects.last_year, measure="output")
    assert last["arrivals"].sum() == pytest.approx(moved)
    assert last["departures"].sum() == pytest.approx(moved)


def test_disparity_has_intervals_from_the_draws(effects: Effects) -> None:
    assert effects.draws == 4
    assert (effects.disparity["low"] <= effects.disparity["high"]).all()
    theil = effects.disparity.filter(measure="theil", mobility=IMMOBILE).row(0, named=True)
    parts = effects.disparity.filter(
        pl.col("measure").is_in(["theil_between", "theil_within"]), mobility=IMMOBILE
    )
    assert theil["before"] == pytest.approx(parts["before"].sum())
    assert theil["after"] == pytest.approx(parts["after"].sum())


def test_moves_to_where_nothing_is_made_are_left_out_on_both_sides(economy: StudyEconomy) -> None:
    made = economy.economy.output.copy()
    made[0, 0] = 0.0
    shape = np.zeros_like(made)
    come, gone = shape.copy(), shape.copy()
    come[0, 0], come[1, 0], gone[2, 0] = 4.0, 6.0, 10.0
    kept = within_reach(replace(economy.economy, output=made), PlanMoves(come, gone))
    assert kept.arrivals[0, 0] == 0 and kept.arrivals[1, 0] == 6 and kept.departures[2, 0] == 6


def test_the_joint_equilibrium_is_a_fixed_point_whatever_the_damping(
    cleared: ClearedStudy, economy: StudyEconomy, effects: Effects
) -> None:
    assert effects.joint_settled and effects.joint["distance"][-1] <= 1e-6
    assert 0 < effects.joint_moved < 1
    quick = (
        cleared.inputs.parameters.select(
            parameter=pl.lit("joint_damping"),
            **{
                name: pl.col(name)
                for name in cleared.inputs.parameters.columns
                if name != "parameter"
            },
        )
        .head(1)
        .with_columns(value=pl.lit(0.8))
        .select(cleared.inputs.parameters.columns)
    )
    parameters = pl.concat([cleared.inputs.parameters, quick])
    faster = replace(cleared, inputs=replace(cleared.inputs, parameters=parameters))
    again = joint_equilibrium(faster, economy)
    assert again.joint.height < effects.joint.height
    np.testing.assert_allclose(
        again.joint_regions["net_joint"], effects.joint_regions["net_joint"],
        atol=1e-4 * float(effects.joint_regions["net"].abs().max()),
    )  # fmt: skip


def test_a_joint_equilibrium_that_does_not_settle_says_so(
    cleared: ClearedStudy, economy: StudyEconomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint_module, "MOST_ROUNDS", 2)
    assert not joint_equilibrium(cleared, economy).joint_settled


def test_a_study_without_gdp_has_its_books_alone(cleared: ClearedStudy) -> None:
    study = cleared.inputs.study
    bare = replace(study, tables={**study.tables, "indicators": study.tables["indicators"].clear()})
    without = replace(cleared, inputs=replace(cleared.inputs, study=bare))
    parameters = effects_parameters(cleared.inputs.parameters, {})
    found = plan_effects(without, parameters)
    assert found.response.is_empty() and not found.ledger.is_empty()
    assert found.not_evaluated["term"].to_list() == ["io", "spatial"]
    with pytest.raises(WantOfData):
        plan_effects(without, parameters, model="spatial")


def test_no_equilibrium_is_said_in_either_language() -> None:
    said = NoEquilibrium(("none was found", "没有找到"))
    assert (said.text("en"), said.text("zh")) == ("none was found", "没有找到")
