"""Scenarios of a study: all their mistakes at once, and their markets beside the plan's."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from yanzhen.accounts.panel import leaf_regions
from yanzhen.market.counterfactuals.comparison import Comparison, compare
from yanzhen.market.counterfactuals.scenario import Scenario, scan_scenario
from yanzhen.market.counterfactuals.scenario_market import run_scenario, scenario_problems
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.study import Problem, Study, StudyError


def read_scenarios(
    names: Sequence[str | Path | Scenario], study: Study, parameters: Sequence[str]
) -> tuple[Scenario, ...]:
    """Read scenarios and hold them against a study.

    Parameters
    ----------
    names : files, names of scenarios that come with the package, or scenarios
    parameters : names of the parameters used

    Raises
    ------
    StudyError
        With everything that is wrong with any of them.
    """
    found: list[Scenario] = []
    problems: list[Problem] = []
    regions = leaf_regions(study.tables["regions"])
    for name in names:
        scenario, of_the_file = (name, []) if isinstance(name, Scenario) else scan_scenario(name)
        problems += of_the_file
        if scenario is None:
            continue
        if any(scenario.name == other.name for other in found):
            problems.append(_twice(scenario.source, scenario.name))
        problems += scenario_problems(scenario, study, regions, parameters)
        found.append(scenario)
    if problems:
        raise StudyError(dict.fromkeys(problems))
    return tuple(found)


def scenario_hashes(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Hash of what each scenario says, by its name."""
    return {one.name: hashlib.sha256(repr(one).encode()).hexdigest() for one in scenarios}


def compare_scenarios(
    base: ClearedStudy,
    scenarios: Sequence[Scenario],
    progress: Callable[[float], None],
) -> Comparison:
    """Clear the market of each scenario and put them beside the plan's.

    Raises
    ------
    StudyError
        When the study lacks what a scenario needs, such as taxes and wages for a race.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear a scenario's market were not found.
    """
    outcomes = []
    for number, scenario in enumerate(scenarios, start=1):
        outcomes.append(run_scenario(scenario, base))
        progress(number / len(scenarios))
    return compare(base, outcomes)


def _twice(file: str, name: str) -> Problem:
    return Problem.at(
        file,
        "",
        None,
        "",
        (f"a second scenario of the name '{name}'", f"第二个名为“{name}”的情景"),
        ("files of different names", "不同的文件名"),
    )
