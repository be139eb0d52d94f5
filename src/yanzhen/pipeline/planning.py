"""The stages from a study to its plan, made or recalled, and the key of what they rest on."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Protocol, TypeVar

import polars as pl
from threadpoolctl import threadpool_limits

from yanzhen.advantage.attraction import LocationalAdvantage
from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.market.counterfactuals.extensions import Openings, opened
from yanzhen.market.counterfactuals.scenario import Scenario
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.plan import Plan, make_plan
from yanzhen.market.plan.uncertainty import Elsewhere, Uncertainty, uncertainty
from yanzhen.market.problem.formulation import formulate
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.market.problem.tolerance import TOLERANCE
from yanzhen.pipeline.scenarios import compare_scenarios
from yanzhen.pipeline.stages import (
    Accounts,
    MarketStage,
    at_prices,
    clear_market,
    measure_accounts,
    measure_advantage,
)
from yanzhen.pipeline.storage import content_hash, sources_hash, table_hash
from yanzhen.study import Study
from yanzhen.study.assumptions import parameter_values

LIBRARIES = ("yanzhen", "polars", "numpy", "scipy", "altair", "xlsxwriter")
T = TypeVar("T")


class Stage(Protocol):
    """Gives a stage's result, made now or recalled; `make` is given what tells its progress."""

    def __call__(
        self, name: str, kind: type[T], make: Callable[[Callable[[float], None]], T]
    ) -> T: ...


def hashes_of(study: Study, parameters: pl.DataFrame) -> dict[str, str]:
    """Return the hash of every input of a plan, by its name."""
    inputs = {name: table_hash(table) for name, table in sorted(study.tables.items())}
    inputs["study.toml"] = hashlib.sha256(repr(study.about).encode()).hexdigest()
    inputs["parameters"] = table_hash(parameters)
    return inputs


def library_versions() -> dict[str, str]:
    """Return the version of each library that shapes a result."""
    return {name: version(name) for name in LIBRARIES}


def key_of(inputs: Mapping[str, str], draws: int) -> str:
    """Return the key of a plan: of its inputs, the versions and sources, seed and draws."""
    return content_hash(
        {
            "inputs": dict(inputs),
            "versions": library_versions(),
            "sources": sources_hash(),
            "seed": SEED,
            "tolerance": TOLERANCE,
            "draws": draws,
        }
    )


def made_anew(name: str, kind: type[T], make: Callable[[Callable[[float], None]], T]) -> T:
    """A stage that is made and not kept."""
    return make(lambda share: None)


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
    stage: Stage,
    draws: int,
    scenarios: Sequence[Scenario],
    compared_stage: Stage,
    foretell: Callable[[float], None] = lambda seconds: None,
    elsewhere: Elsewhere | None = None,
) -> Planned:
    """Run the stages between a study and its plan; `stage` keeps or recalls their results.

    `elsewhere` clears the draws, unless this machine does.

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
            lambda tell: uncertainty(cleared, SEED, draws, tell, foretell, elsewhere),
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
