"""Everything that is wrong with a study, and what is worth a look, for every command at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from yanzhen.accounts.study_table import check_input_output
from yanzhen.advantage.factor_check import check_factor_costs
from yanzhen.modes.chain.analysis import require_accounts
from yanzhen.modes.chain.docking_parties import needs_of, parties_of
from yanzhen.modes.chain.docking_terms import docking_parameters, weights_of
from yanzhen.modes.coconstruction.agreements import check_agreements
from yanzhen.pipeline import rehearse_plan
from yanzhen.study import Problem, Study, StudyError, WantOfData
from yanzhen.study.checking import checked
from yanzhen.study.reading import study_of

INPUTS = 5


@dataclass(frozen=True)
class Checks:
    """What `check` says of a study.

    Attributes
    ----------
    study : None where its tables cannot be read
    problems : none where every command can use the study
    warnings : what refuses nothing and should be known, such as a command that the study has no
        data for
    """

    study: Study | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_for_all(path_or_example: str | Path) -> Checks:
    """Check the tables of a study and, where they are sound, what the commands make of them.

    A command that the study lacks data for is a warning: the study serves the others. What a
    command would refuse although the data are there is a problem.
    """
    found = checked(path_or_example)
    if found.problems:
        return Checks(None, found.problems, found.warnings)
    study = study_of(found, str(path_or_example))
    of_table, rounded = check_input_output(study)
    problems = [*of_table, *check_agreements(study)]
    warnings = [*found.warnings, *rounded, *check_factor_costs(study)]
    for command, rehearse in REHEARSALS.items():
        try:
            rehearse(study)
        except WantOfData as lacking:
            warnings += [_without(command, problem) for problem in lacking.problems]
        except StudyError as refused:
            problems += refused.problems
    return Checks(study, tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(warnings)))


def _without(command: str, lacking: Problem) -> Problem:
    """Say that a command cannot be carried out for want of data."""
    return replace(
        lacking.as_warning(),
        found=f"{lacking.found} (so `yanzhen {command}` cannot be carried out)",
        found_zh=f"{lacking.found_zh}（因此不能执行 yanzhen {command}）",
    )


def _docking(study: Study) -> None:
    weights = weights_of(docking_parameters())
    parties, _ = parties_of(study, weights)
    needs_of(study, parties, weights, INPUTS)


REHEARSALS: dict[str, Callable[[Study], object]] = {
    "plan": rehearse_plan,
    "chain": require_accounts,
    "docking": _docking,
}
"""What each command asks of a study, as far as that is known before its work begins."""
