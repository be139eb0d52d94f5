"""Results of the small SYNTHETIC study, made once in a run of the tests and copied from there."""

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.made_once import made_once
from tests.study.small_modes import small_modes_study
from yanzhen.api.analyses import make_analysis
from yanzhen.api.plans import make_plan
from yanzhen.api.technologies import make_technology
from yanzhen.api.versions import publish
from yanzhen.api.workbench import Workbench
from yanzhen.report.analyses.registry import CHAIN, DIAGNOSIS, DOCKING


@dataclass(frozen=True)
class MadeStore:
    """A study that nobody changes, and a store of one's own with its results."""

    study: Path
    store: Path


def made_store(folder: Path) -> MadeStore:
    """Return the small study with a copy of its results in a folder."""
    made = made_once("made", _make)
    return MadeStore(made.study, Path(shutil.copytree(made.store, folder / "store")))


def _make(folder: Path) -> MadeStore:
    study = small_modes_study(folder / "small")
    bench = Workbench(folder / "store", [str(study)])
    known = bench.studies.all()[0]
    subject = {"study": known.key, "source": known.source}
    for make, asked in (
        (make_plan, {}),
        (make_technology, {"partner": "incubators"}),
        *((partial(make_analysis, analysis), {}) for analysis in (DIAGNOSIS, CHAIN, DOCKING)),
    ):
        publish(make(bench.folder, {**subject, **asked}, _quietly))
    bench.close()
    return MadeStore(study, folder / "store")


def _quietly(stage: str, share: float) -> None:
    assert stage and 0 <= share <= 1
