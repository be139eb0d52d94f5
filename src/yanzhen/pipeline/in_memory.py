"""Plans and comparisons in memory, writing nothing; for notebooks."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from threadpoolctl import threadpool_limits

from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.market.counterfactuals.scenario import Scenario
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.pipeline.planning import Planned, plan_of_study
from yanzhen.pipeline.scenarios import compare_scenarios, read_scenarios
from yanzhen.study import Study, require_checked
from yanzhen.study.assumptions import used_parameters

T = TypeVar("T")


def planned_study(
    study: Study, draws: int = 0, tell: Callable[[str, float], None] = lambda stage, share: None
) -> Planned:
    """Make the plan of a study, with the market that it is of.

    Parameters
    ----------
    draws : of parameters and room, for the intervals; without any they are null
    tell : called with the name of the stage that is at work and the share of it done

    Raises
    ------
    StudyError
        When the study cannot be used.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market were not found.
    """

    def made(name: str, kind: type[T], make: Callable[[Callable[[float], None]], T]) -> T:
        tell(name, 0.0)
        return make(lambda share: tell(name, share))

    sound = require_checked(study)
    return plan_of_study(sound, used_parameters(sound), made, draws, (), made)


def plan_study(study: Study, draws: int = 0) -> Plan:
    """Make the plan of a study; as `planned_study`."""
    return planned_study(study, draws).plan


def compare_cleared(
    cleared: ClearedStudy, scenarios: Sequence[str | Path | Scenario]
) -> Comparison:
    """Set scenarios beside the market of a study.

    Parameters
    ----------
    scenarios : at least one; files, names of those that come with the package, or scenarios

    Raises
    ------
    StudyError
        When a scenario cannot be used, with everything that is wrong with any of them.
    ValueError
        Without any scenario.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear a market were not found.
    """
    if not scenarios:
        raise ValueError("no scenario to compare")
    names = cleared.inputs.parameters["parameter"].to_list()
    supposed = read_scenarios(scenarios, cleared.inputs.study, names)
    with threadpool_limits(limits=1, user_api="blas"):
        return compare_scenarios(cleared, supposed, lambda share: None)


def compare_study(
    study: Study, scenarios: Sequence[str | Path | Scenario]
) -> tuple[Plan, Comparison]:
    """Make the plan of a study and set scenarios beside it; as `compare_cleared`."""
    planned = planned_study(study)
    return planned.plan, compare_cleared(planned.cleared, scenarios)


def formulated(study: Study) -> Formulation:
    """Set up the market of a study without clearing it.

    Raises
    ------
    StudyError
        When the study cannot be used.
    """
    return formulate(study_inputs(require_checked(study)))
