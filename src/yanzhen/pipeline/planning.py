"""The stages between a study and its plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from threadpoolctl import threadpool_limits

from yanzhen.advantage.attraction import LocationalAdvantage
from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.market.counterfactuals.extensions import Openings, opened
from yanzhen.market.counterfactuals.scenario import Scenario
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.plan import Plan, make_plan
from yanzhen.market.plan.uncertainty import Uncertainty, uncertainty
from yanzhen.market.problem.formulation import formulate
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.pipeline.scenarios import compare_scenarios
from yanzhen.pipeline.stages import (
    Accounts,
    MarketStage,
    at_prices,
    clear_market,
    measure_accounts,
    measure_advantage,
)
from yanzhen.study import Study
from yanzhen.study.assumptions import parameter_values

if TYPE_CHECKING:
    from yanzhen.pipeline import Stage


@dataclass(frozen=True)
class Planned:
    """What comes of a study before its report.

    Attributes
    ----------
    plan : the plan
    comparison : of scenarios with it, None without scenarios
    cleared : the market that both are of
    """

    plan: Plan
    comparison: Comparison | None
    cleared: ClearedStudy


def plan_of_study(
    study: Study,
    parameters: pl.DataFrame,
    stage: "Stage",
    draws: int,
    scenarios: Sequence[Scenario],
    compared_stage: "Stage",
    foretell: Callable[[float], None] = lambda seconds: None,
) -> Planned:
    """Run the stages between a study and its plan; `stage` keeps or recalls their results.

    Matrix products run on one thread: their rounding depends on how many share the work.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        accounts = stage("accounts", Accounts, lambda tell: measure_accounts(study))
        decay = parameter_values(parameters)["access_decay"]
        advantage = stage(
            "advantage", LocationalAdvantage, lambda tell: measure_advantage(study, accounts, decay)
        )
        inputs = StudyInputs(study, accounts.panel, accounts.past, advantage, parameters)
        formulation = formulate(inputs)
        market = stage("market", MarketStage, lambda tell: clear_market(inputs, formulation))
        cleared = at_prices(inputs, formulation, market)
        drawn = stage(
            "uncertainty",
            Uncertainty,
            lambda tell: uncertainty(cleared, SEED, draws, tell, foretell),
        )
        further = stage("options", Openings, lambda tell: opened(cleared, SEED))
        comparison = None
        if scenarios:
            comparison = compared_stage(
                "scenarios",
                Comparison,
                lambda tell: compare_scenarios(cleared, scenarios, tell),
            )
        plan = make_plan(
            cleared,
            accounts.completion,
            market.without_flagged,
            market.without_earlier,
            drawn,
            further,
        )
        return Planned(plan, comparison, cleared)
