"""Everything that is wrong with a study, and what is worth a look, for every command at once."""

from dataclasses import dataclass
from pathlib import Path

from yanzhen.modes.coconstruction.agreements import check_agreements
from yanzhen.study import Problem, read_study
from yanzhen.study.checking import checked


@dataclass(frozen=True)
class Checks:
    """What `check` says of a study.

    Attributes
    ----------
    problems : none where every command can use the study
    warnings : what refuses nothing and should be known
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_for_all(path_or_example: str | Path) -> Checks:
    """Check the tables of a study and, where they are sound, what the commands make of them."""
    found = checked(path_or_example)
    if found.problems:
        return Checks(found.problems, found.warnings)
    return Checks(check_agreements(read_study(path_or_example)), found.warnings)
