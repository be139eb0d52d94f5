"""Plans made anew with other parameters and policies, and what such a change cannot do."""

import warnings

import polars as pl
import pytest

import yanzhen as yz
from tests.study.small import small
from yanzhen.notebook.plans import PlanResult
from yanzhen.report.findings.why import answer
from yanzhen.study import StudyError


def moved(plan: PlanResult) -> float:
    return float(plan.leaving["output"].sum())


def told(said: "pytest.WarningsRecorder") -> str:
    return "\n".join(str(each.message) for each in said)


def test_a_taste_moves_prices_and_not_how_much_leaves_and_a_warning_says_so(
    plan: PlanResult,
) -> None:
    with pytest.warns(UserWarning, match="sigma: how much leaves stays as it is") as said:
        pickier = plan.with_parameters(sigma=0.05)
    assert len(said) == 1
    assert said[0].filename == __file__
    assert moved(pickier) == pytest.approx(moved(plan), rel=1e-12)
    assert not pickier.prices.equals(plan.prices)
    assert pickier.parameters.filter(parameter="sigma")["value"].item() == 0.05
    assert plan.parameters.filter(parameter="sigma")["value"].item() == 0.03


def test_a_parameter_that_moves_totals_goes_without_a_warning(plan: PlanResult) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        more = plan.with_parameters(departure_floor=0.002, sigma=0.05)
    assert moved(more) > moved(plan)


def test_what_changes_nothing_at_all_is_said_to(plan: PlanResult) -> None:
    with pytest.warns(UserWarning) as said:
        same = plan.with_parameters(home_discount_rate=0.2, effects_theta=5)
    assert "home_discount_rate = 0.2 is outside the interval stated for it" in told(said)
    assert "home_discount_rate, effects_theta: the plan stays as it is" in told(said)
    assert same.moves.equals(plan.moves)


def test_unknown_names_and_values_without_meaning_are_refused_all_at_once(
    plan: PlanResult,
) -> None:
    with pytest.raises(StudyError) as refused:
        plan.with_parameters(sigm=0.05, moving_cost=-3, plan_years=2.5, sigma=0.04)
    found = [problem.found for problem in refused.value.problems]
    assert found == ["'sigm', which nothing uses", "moving_cost = -3", "plan_years = 2.5"]


def test_a_parameter_that_a_study_has_not_acts_once_it_is_set(plan: PlanResult) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        linked = plan.with_parameters(exit_worth=-0.1)
    assert plan.options.is_empty()
    assert linked.options.height > 0


def test_changes_add_up(plan: PlanResult) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both = plan.with_parameters(sigma=0.05).with_parameters(distance_cost=0.02)
        once = plan.with_parameters(sigma=0.05, distance_cost=0.02)
    assert both.moves.equals(once.moves)


def test_a_policy_draws_enterprises_and_its_effect_stands_in_the_plan(plan: PlanResult) -> None:
    with pytest.warns(UserWarning, match="subsidy_per_output: how much leaves"):
        paid = plan.with_policy("subsidy_per_output", 0.05, place=["Gansu", "630000"])
    assert paid.policies["place"].to_list() == ["620000", "630000"]
    before, after = (
        each.regions.filter(region="620000")["arrivals"].item() for each in (plan, paid)
    )
    assert after > before
    assert moved(paid) == pytest.approx(moved(plan), rel=1e-12)


def test_a_policy_that_cannot_act_is_refused(plan: PlanResult) -> None:
    with pytest.raises(StudyError, match="column instrument: found subsidy; expected"):
        plan.with_policy("subsidy", 0.05)
    with pytest.raises(StudyError, match=r"column place: .* unknown 'Gansou'.* such as 'Gansu'"):
        plan.with_policy("tax", 0.05, place="Gansou")


def test_why_is_answered_by_name_as_by_code(plan: PlanResult) -> None:
    named = plan.why("Textiles", to="Anhui", origin="浙江")
    coded = plan.why(named.industry, to="340000", origin="330000")
    assert named.findings == coded.findings
    facts = answer(plan.found, named.industry, "340000", "330000")
    assert named.moves.to_dicts() == facts["moves"]
    assert named.reasons.to_dicts() == facts["reasons"]
    assert named.reasons["size"].sum() == pytest.approx(named.moves["gain"].item())
    assert repr(named).splitlines()[0] == named.findings[0]
    assert named.findings[0] in named._repr_html_()


def test_a_plan_of_a_study_in_memory_has_the_draws_asked_for() -> None:
    drawn = yz.plan(small(), draws=3, lang="en")
    assert drawn.uncertainty.draws == 3
    assert drawn.moves["output_low"].null_count() == 0
    assert drawn.moves.filter(pl.col("output_low") > pl.col("output_high")).is_empty()
