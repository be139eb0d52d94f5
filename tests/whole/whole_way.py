"""One study through `check` and every command that it passes, with all that goes wrong."""

import traceback
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.whole.adding_up import (
    chain_faults,
    diagnosis_faults,
    docking_faults,
    not_finite,
    plan_faults,
)
from yanzhen.advantage.diagnosis import diagnose
from yanzhen.market.equilibrium.cleared_study import clear_study
from yanzhen.market.equilibrium.newton_dense import NotCleared
from yanzhen.market.plan.uncertainty import Uncertainty, uncertainty
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.modes.chain import chain_analysis
from yanzhen.modes.chain.docking.clearing import NotDocked
from yanzhen.modes.chain.docking.docking_lists import dock
from yanzhen.pipeline import plan_study
from yanzhen.pipeline.checking import Checks, check_for_all
from yanzhen.report.analyses.chain import chain_document
from yanzhen.report.analyses.diagnosis import diagnosis_document
from yanzhen.report.analyses.docking import docking_document
from yanzhen.report.analyses.plan import write_plan
from yanzhen.report.document.document import Document
from yanzhen.report.document.folder import write_report
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError, WantOfData

Result = TypeVar("Result")


@dataclass(frozen=True)
class WholeWay:
    """Whether `check` passed a study, and what went wrong after it did."""

    passed: bool
    faults: tuple[str, ...]


def whole_way(path: Path, out: Path | None) -> WholeWay:
    """Take a study through `check` and, where it passes, through every command.

    Parameters
    ----------
    out : folder that reports are written to, beside draws of the plan; neither without
    """
    try:
        checks = check_for_all(path)
    except Exception as error:
        return WholeWay(True, (f"check: {told(error)}",))
    if checks.problems or (study := checks.study) is None:
        return WholeWay(False, ())
    way = _Way(checks, study, out)
    way.take("diagnose", lambda: diagnose(study), diagnosis_faults, _written(diagnosis_document))
    way.take("plan", lambda: plan_study(study), plan_faults, write_plan)
    if out is not None:
        way.take("draws", lambda: _drawn(study), not_finite, lambda *_: None)
    way.take("chain", lambda: chain_analysis(study), chain_faults, _written(chain_document))
    way.take("docking", lambda: dock(study), docking_faults, _written(docking_document))
    return WholeWay(True, tuple(way.faults))


def _written(
    document: Callable[[Result, Reader], Document],
) -> Callable[[Result, Path, Reader], None]:
    def write(result: Result, folder: Path, reader: Reader) -> None:
        write_report(document(result, reader), folder, "report")

    return write


def _drawn(study: Study) -> Uncertainty:
    return uncertainty(clear_study(study_inputs(study)), seed=1, draws=2)


class _Way:
    """The commands that a study has gone through, and what was wrong with each."""

    def __init__(self, checks: Checks, study: Study, out: Path | None) -> None:
        self.warned = {(each.table, each.column) for each in checks.warnings}
        self.out = out
        self.reader = Reader(study, "en")
        self.faults: list[str] = []

    def take(
        self,
        command: str,
        make: Callable[[], Result],
        faults: Callable[[Result], Iterable[str]],
        write: Callable[[Result, Path, Reader], object],
    ) -> None:
        """Make a result, hold it against itself and write its report."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", RuntimeWarning)
                result = make()
                self.faults += [f"{command}: {fault}" for fault in faults(result)]
                if self.out is not None:
                    write(result, self.out / command, self.reader)
        except (NotCleared, NotDocked):
            # Scarce room that nobody fits into is an answer of the market, in a sentence.
            return
        except WantOfData as lacking:
            unsaid = [p for p in lacking.problems if (p.table, p.column) not in self.warned]
            self.faults += [f"{command}: check did not warn: {problem}" for problem in unsaid]
        except StudyError as refused:
            self.faults += [f"{command}: refused after check: {refused}"]
        except Exception as error:
            self.faults += [f"{command}: {told(error)}"]


def told(error: Exception) -> str:
    """What kind of error, in which line of the package, and its message."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if "yanzhen" in frame.filename] or frames
    place = f"{Path(inside[-1].filename).name}:{inside[-1].lineno}"
    return f"{type(error).__name__} at {place}: {str(error)[:200]}"
