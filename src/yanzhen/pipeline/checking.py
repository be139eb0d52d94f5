"""Everything that is wrong with a study, and what is worth a look, for every command at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from yanzhen.accounts.study_table import check_input_output
from yanzhen.advantage.factor_check import check_factor_costs
from yanzhen.advantage.inequality import inequality
from yanzhen.effects.assumed import effects_values
from yanzhen.effects.study_economy import study_economy
from yanzhen.finance.fund.study_fund import require_fund, require_places
from yanzhen.finance.study_finance import require_finance
from yanzhen.goals.scoreboard import require_goals
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.study_inputs import StudyInputs, study_inputs
from yanzhen.modes.chain.docking.parties import needs_of, parties_of
from yanzhen.modes.chain.docking.weights import docking_parameters, weights_of
from yanzhen.modes.chain.network.analysis import require_accounts
from yanzhen.modes.coconstruction.gains.market_wants import require_for_contracts, require_parties
from yanzhen.modes.coconstruction.settlement.agreements import check_agreements
from yanzhen.modes.technology.matching.sharing import require_matching
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
    trial = Trial(study)
    lacking: dict[Problem, list[str]] = {}
    for command, rehearse in REHEARSALS.items():
        try:
            rehearse(trial)
        except WantOfData as wanting:
            for problem in wanting.problems:
                lacking.setdefault(problem, []).append(command)
        except StudyError as refused:
            problems += refused.problems
    warnings += [_without(commands, problem) for problem, commands in lacking.items()]
    return Checks(study, tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(warnings)))


@dataclass(frozen=True)
class Trial:
    """A study and what several commands begin with, made once."""

    study: Study

    @cached_property
    def inputs(self) -> StudyInputs:
        """What the market is formulated from."""
        return study_inputs(self.study)

    @property
    def market(self) -> Formulation:
        """The market of the plan, not cleared."""
        if isinstance(self._market, StudyError):
            raise self._market
        return self._market

    @cached_property
    def _market(self) -> Formulation | StudyError:
        try:
            return rehearse_plan(self.inputs)
        except StudyError as refused:
            return refused


def _without(commands: list[str], lacking: Problem) -> Problem:
    """Say which commands cannot be carried out for want of data, each once."""
    named = [
        f"yanzhen {command}"
        for command in commands
        if not any(other.startswith(f"{command}|") for other in commands)
    ]
    english = ", ".join(f"`{each}`" for each in named)
    return replace(
        lacking.as_warning(),
        found=f"{lacking.found} (so {english} cannot be carried out)",
        found_zh=f"{lacking.found_zh}（因此不能执行 {'、'.join(named)}）",
    )


def _finance(trial: Trial) -> None:
    """A study without anything of finance is not meant to have it."""
    if any(trial.study.tables[name].height for name in ("products", "projects", "park_finance")):
        require_finance(trial.study)


def _fund(trial: Trial) -> None:
    if trial.study.tables["funds"].height:
        require_fund(trial.study)
        require_places(trial.study, trial.market)


def _docking(trial: Trial) -> None:
    weights = weights_of(docking_parameters())
    parties, _ = parties_of(trial.study, weights)
    needs_of(trial.study, parties, weights, INPUTS)


def _effects(trial: Trial) -> None:
    """The effects of a plan are beside it: what they refuse leaves the study to all others."""
    try:
        study_economy(trial.inputs, effects_values(trial.inputs))
    except StudyError as refused:
        raise WantOfData(refused.problems) from None


REHEARSALS: dict[str, Callable[[Trial], object]] = {
    "plan": lambda trial: trial.market,
    "chain": lambda trial: require_accounts(trial.inputs),
    "docking": _docking,
    "inequality": lambda trial: inequality(trial.study),
    "finance": _finance,
    "fund": _fund,
    "effects": _effects,
    "goals": lambda trial: require_goals(trial.study),
    "technology": lambda trial: require_matching(trial.study),
    "contract gains|pair|trust|mode": lambda trial: require_for_contracts(
        trial.study, trial.market
    ),
    "contract gains": lambda trial: require_parties(trial.study, trial.market),
}
"""What each command asks of a study, as far as that is known before its work begins."""
