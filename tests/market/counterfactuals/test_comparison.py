"""Scenarios beside the baseline."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.declared import undeclared
from tests.market.stages import Stages, stages
from yanzhen.market.counterfactuals.comparison import Comparison, compare
from yanzhen.market.counterfactuals.options import Branch, Options
from yanzhen.market.counterfactuals.scenario import Competition, Scenario, read_scenario
from yanzhen.market.counterfactuals.scenario_market import Outcome, run_scenario
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.formulation import formulate
from yanzhen.study import StudyError, read_study

WEST_PROVINCES = 12
NOTHING = Scenario("nothing", "", "", "", "", {}, (), (), False, None, None)


@pytest.fixture(scope="module")
def example() -> Stages:
    return stages(read_study("china-provinces"))


def outcome(example: Stages, scenario: Scenario) -> Outcome:
    return run_scenario(scenario, example.cleared)


@pytest.fixture(scope="module")
def found(example: Stages) -> Comparison:
    names = ("west_subsidy", "west_ban", "west_coordinated", "all_match")
    return compare(example.cleared, [outcome(example, read_scenario(name)) for name in names])


def generous_localities(example: Stages) -> ClearedStudy:
    """Localities to whom wages are worth all they are, and public funds cost nothing."""
    inputs = example.inputs.with_values({"wage_weight": 1.0, "public_funds_cost": 0.0})
    return replace(example.cleared, inputs=inputs)


def measured(found: Comparison, scenario: str, measure: str) -> float:
    rows = found.totals.filter(pl.col("scenario") == scenario, pl.col("measure") == measure)
    return float(rows["change"].item())


def net(found: Comparison, scenario: str, macro_region: str) -> float:
    rows = found.macro_regions.filter(
        pl.col("scenario") == scenario, pl.col("macro_region") == macro_region
    )
    return float(rows["change"].item())


def test_the_tables_are_the_ones_that_the_class_declares(found: Comparison) -> None:
    assert undeclared(found) == []


def test_nothing_changed_is_the_baseline(example: Stages) -> None:
    same = compare(example.cleared, [outcome(example, NOTHING)])
    assert undeclared(same) == []
    for frame in (same.totals, same.flows, same.prices, same.regions):
        assert (frame["change"].drop_nulls().abs() < 1e-6).all()


def test_every_scenario_s_market_is_proved_to_clear(found: Comparison) -> None:
    assert found.scenarios["certified"].all()


def test_a_subsidy_in_the_west_draws_from_all_others(found: Comparison) -> None:
    assert net(found, "west_subsidy", "West") > 0
    for other in ("East", "Central", "Northeast"):
        assert net(found, "west_subsidy", other) < 0
    changes = found.macro_regions.filter(pl.col("scenario") == "west_subsidy")["change"]
    assert changes.sum() == pytest.approx(0, abs=1e-6)


def test_what_the_west_pays_is_its_rate_times_what_arrives(found: Comparison) -> None:
    paid = found.subsidies.filter(pl.col("scenario") == "west_subsidy", pl.col("outlay") > 0)
    assert paid.height == WEST_PROVINCES
    np.testing.assert_allclose(paid["rate"], 0.05)
    assert paid["outlay"].sum() == pytest.approx(measured(found, "west_subsidy", "subsidy"))


def test_a_ban_undoes_the_subsidy(found: Comparison) -> None:
    assert measured(found, "west_ban", "subsidy") == 0
    assert net(found, "west_ban", "West") == pytest.approx(0, abs=1e-6)


def test_a_tax_per_emission_sends_elsewhere_and_is_not_banned_with_payments(
    example: Stages, tmp_path: Path
) -> None:
    file = tmp_path / "carbon.toml"
    file.write_text(
        """
        no_place_may_pay = true
        [[policies]]
        policy = "carbon"
        macro_region = "West"
        instrument = "tax_per_emission"
        value = 1.0
        """,
        encoding="utf-8",
    )
    found = compare(example.cleared, [outcome(example, read_scenario(file))])
    assert found.scenarios["certified"].all()
    assert net(found, "carbon", "West") < 0
    assert measured(found, "carbon", "tax") > 0
    assert measured(found, "carbon", "subsidy") == 0


def test_matching_takes_the_west_s_gain_away_and_costs_more(found: Comparison) -> None:
    assert net(found, "all_match", "West") < 0.5 * net(found, "west_subsidy", "West")
    assert measured(found, "all_match", "subsidy") > measured(found, "west_subsidy", "subsidy")


def test_cost_per_job_is_public_money_over_jobs_at_places_that_pay(found: Comparison) -> None:
    of = found.totals.filter(pl.col("scenario") == "west_subsidy")
    cost = of.filter(pl.col("measure") == "cost_per_job")["after"].item()
    jobs = measured(found, "west_subsidy", "jobs_at_paying_places")
    assert cost == pytest.approx(measured(found, "west_subsidy", "subsidy") / jobs)


def test_what_the_west_chooses_together_is_paid_by_the_west_alone(example: Stages) -> None:
    generous = generous_localities(example)
    scenario = replace(NOTHING, race=Competition("coordinated", "West"))
    one = run_scenario(scenario, generous)
    assert one.chosen is not None
    assert one.chosen.converged
    west = one.chosen.rates > 0
    assert 0 < west.sum() <= WEST_PROVINCES
    paid = one.cleared.formulation.payments
    np.testing.assert_array_equal(paid.at_site[:, -1], one.chosen.rates)
    np.testing.assert_allclose(
        one.cleared.clearing.choice.probability,
        one.chosen.clearing.choice.probability,
        atol=1e-7,
    )


def test_a_race_pays_more_than_coordination(example: Stages) -> None:
    generous = generous_localities(example)
    paid = {}
    for regime in ("nash", "coordinated"):
        scenario = replace(NOTHING, name=regime, race=Competition(regime, None))
        one = run_scenario(scenario, generous)
        paid[regime] = measured(compare(generous, [one]), regime, "subsidy")
    assert paid["nash"] > paid["coordinated"] > 0


def test_options_of_a_scenario_are_opened(example: Stages) -> None:
    scenario = replace(NOTHING, options=Options(abroad=-0.1, branch=Branch(0.3, 0.01)))
    one = compare(example.cleared, [outcome(example, scenario)])
    totals = dict(one.options.group_by("option").agg(pl.col("output").sum()).iter_rows())
    assert set(totals) == {"stay", "move", "branch", "abroad"}
    mass = example.formulation.market.mass.sum()
    assert sum(totals.values()) == pytest.approx(mass)


def test_a_scenario_closes_and_opens_gates_naming_the_rule(example: Stages) -> None:
    row = {"place": "520000", "industry": "IO42-14", "listing": "restricted", "rule": "G9"}
    closing = replace(NOTHING, rules=({"rule": "G9"},), catalogue=(row,))
    closed = outcome(example, closing)
    found = compare(example.cleared, [closed]).gates
    pair = ("nothing", "IO42-14", "520000", "closed", "restricted", "G9")
    assert found.rows() == [pair]
    inputs = closed.cleared.inputs
    ruled = replace(example.cleared, inputs=inputs, formulation=formulate(inputs))
    opening = replace(NOTHING, without_rules=("G9",))
    back = compare(ruled, [run_scenario(opening, ruled)])
    assert back.gates.rows() == [("nothing", "IO42-14", "520000", "opened", "restricted", "G9")]


def test_policies_that_cannot_act_are_told_of_the_scenario(example: Stages) -> None:
    rows = (
        {"policy": "a", "instrument": "cap", "value": -1.0},
        {"policy": "b", "instrument": "tax"},
        {"policy": "b", "instrument": "tax", "value": 0.1},
    )
    with pytest.raises(StudyError) as raised:
        outcome(example, replace(NOTHING, policies=rows))
    said = {(problem.file, problem.row, problem.column) for problem in raised.value.problems}
    assert said == {("nothing", 1, "value"), ("nothing", 2, "value"), ("nothing", 3, "policy")}


def test_another_decay_of_access_is_measured_again(example: Stages) -> None:
    scenario = replace(NOTHING, parameters={"access_decay": 250.0})
    advantage = outcome(example, scenario).cleared.inputs.advantage
    assert not np.allclose(advantage.supplier_access, example.advantage.supplier_access)


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (replace(NOTHING, parameters={"sigmma": 0.1}), "found 'sigmma'.*sigma"),
        (replace(NOTHING, without=("P9",)), "'P9'"),
        (replace(NOTHING, race=Competition("nash", "Wst")), "the nearest there is West"),
        (replace(NOTHING, policies=({"policy": "p", "place": "99"},)), "code 99"),
        (replace(NOTHING, policies=({"policy": "p", "industry": "x"},)), "code x"),
        (replace(NOTHING, without_rules=("G1",)), "the study has none"),
        (replace(NOTHING, catalogue=({"rule": "G9", "place": "110000"},)), "code G9"),
    ],
)
def test_what_the_study_has_not_is_named(example: Stages, scenario: Scenario, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        outcome(example, scenario)
