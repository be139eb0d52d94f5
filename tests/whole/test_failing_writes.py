"""No room on the disk, at any write of a command: one sentence, nothing half-written, then done."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.study.small import small_study
from tests.whole.failing_writes import faults_of, undisturbed

COMMANDS = {
    "new": "new {out}",
    "diagnose": "diagnose {study} --out {out} --lang en",
    "plan": "plan {study} --out {out} --draws 0 --lang en",
}
ONE_OF = {"new": 3, "diagnose": 20, "plan": 60}
"""From one of so many writes on they fail here; `benchmarks/failing_writes.py` takes every one."""
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from yanzhen.cli.app import app
app(sys.argv[2:])
"""
"""A command none of whose files may grow beyond some bytes: the system itself says no."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_study(tmp_path_factory.mktemp("failing") / "small")


@pytest.mark.parametrize("command", COMMANDS)
def test_what_cannot_be_written_is_told_and_done_the_next_time(
    study: Path, tmp_path: Path, command: str
) -> None:
    out = tmp_path / "out"
    asked = COMMANDS[command].format(study=study, out=out).split()
    written, count = undisturbed(asked, out)
    assert count > 5
    drawn = np.random.default_rng(1).permutation(count)[: -(-count // ONE_OF[command])] + 1
    assert list(faults_of(asked, out, written, sorted(drawn.tolist()))) == []


@pytest.mark.parametrize("limit", [300, 8_000])
def test_what_the_system_refuses_to_write_is_told(study: Path, tmp_path: Path, limit: int) -> None:
    asked = COMMANDS["diagnose"].format(study=study, out=tmp_path / "out").split()
    found = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), *asked], capture_output=True, text=True
    )
    assert found.returncode == 1, found.stderr
    assert "No room left on the disk" in " ".join(found.stderr.split())
    assert "Traceback" not in found.stderr
