"""A finished plan read back from its folder, with the market it is of, writing nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.plan import Plan
from yanzhen.market.plan.uncertainty import DRAWS
from yanzhen.pipeline.planning import Stage, hashes_of, key_of, made_anew, plan_of_study
from yanzhen.pipeline.storage import load, read_json, stored_key
from yanzhen.study import Study, read_study, require_checked
from yanzhen.study.assumptions import used_parameters

T = TypeVar("T")


class StalePlan(Exception):
    """A plan's folder is of other figures, or of another version, than would be read now."""


@dataclass(frozen=True)
class Planned:
    """A plan and the market that it is of.

    Attributes
    ----------
    key : of all that it rests on
    made : the day of the run
    """

    plan: Plan
    cleared: ClearedStudy
    key: str
    made: date


def is_plan(folder: Path) -> bool:
    """Whether a folder holds a finished plan."""
    return (folder / "manifest.json").is_file() and (folder / "run.json").is_file()


def recall_plan(folder: Path) -> Planned:
    """Read a finished plan back; nothing is computed anew but the certificate.

    Raises
    ------
    StalePlan
        When its study has changed since, or it was made by another version.
    StudyError
        When its study cannot be read any more.
    """
    manifest, run = read_json(folder / "manifest.json"), read_json(folder / "run.json")
    study = read_study(run["study"])
    parameters = used_parameters(study)
    key = key_of(hashes_of(study, parameters), manifest["draws"])
    stage = _recalling(folder / "stages", study, key)
    made = plan_of_study(study, parameters, stage, manifest["draws"], (), stage)
    return Planned(made.plan, made.cleared, manifest["key"], date.fromisoformat(run["made"]))


def plan_now(study: Study) -> Planned:
    """Make the plan of a study in memory, with as many draws as a plan usually has.

    Raises
    ------
    StudyError
        When the study cannot be used.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market were not found.
    """
    sound = require_checked(study)
    parameters = used_parameters(sound)
    made = plan_of_study(sound, parameters, made_anew, DRAWS, (), made_anew)
    key = key_of(hashes_of(sound, parameters), DRAWS)
    return Planned(made.plan, made.cleared, key, date.today())


def _recalling(stages: Path, study: Study, key: str) -> Stage:
    def recalled(name: str, kind: type[T], make: Callable[[Callable[[float], None]], T]) -> T:
        if stored_key(stages / name) != key:
            raise StalePlan
        return load(kind, stages / name, study)

    return recalled
