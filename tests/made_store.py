"""Results of the small SYNTHETIC study, made once in a run of the tests and copied from there."""

import fcntl
import os
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.study.small_modes import small_modes_study
from yanzhen.api.analyses import make_analysis
from yanzhen.api.plans import make_plan
from yanzhen.api.technologies import make_technology
from yanzhen.api.workbench import Workbench
from yanzhen.report.analyses.registry import CHAIN, DIAGNOSIS, DOCKING


@dataclass(frozen=True)
class MadeStore:
    """A study that nobody changes, and a store of one's own with its results."""

    study: Path
    store: Path


def made_store(temporary: pytest.TempPathFactory, folder: Path) -> MadeStore:
    """Return the small study with a copy of its results in a folder.

    Workers wait for the first of them, which makes the results in its own process.
    """
    base = temporary.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    shared = root / "made"
    with (root / "made.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "whole").exists():
            _make(shared)
            (shared / "whole").touch()
    return MadeStore(shared / "small", Path(shutil.copytree(shared / "store", folder / "store")))


def _make(folder: Path) -> None:
    bench = Workbench(folder / "store", [str(small_modes_study(folder / "small"))])
    known = bench.studies.all()[0]
    subject = {"study": known.key, "source": known.source}
    for make, asked in (
        (make_plan, {}),
        (make_technology, {"partner": "incubators"}),
        *((partial(make_analysis, analysis), {}) for analysis in (DIAGNOSIS, CHAIN, DOCKING)),
    ):
        make(bench.folder, {**subject, **asked}, _quietly)
    bench.close()


def _quietly(stage: str, share: float) -> None:
    assert stage and 0 <= share <= 1
