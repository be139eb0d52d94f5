"""Systems whose locale is not UTF-8, as old servers' and Windows' without its UTF-8 mode."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.study.small import small_study

LEGACY = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LANG": "", "LANGUAGE": ""}


def run(asked: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "yanzhen", *asked]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, encoding="utf-8"
    )


def content(folder: Path) -> dict[str, bytes]:
    """Bytes of every file."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are Unicode there")
def test_a_legacy_locale_writes_the_same_bytes(tmp_path: Path) -> None:
    study = small_study(tmp_path / "small")
    outs = []
    for name, environment in (("legacy", LEGACY), ("utf8", {"PYTHONUTF8": "1"})):
        out = tmp_path / name
        asked = ["diagnose", str(study), "--out", str(out), "--lang", "zh"]
        found = run(asked, **environment)
        assert found.returncode == 0, found.stderr
        assert "合成" in found.stdout
        outs.append(content(out))
    assert outs[0] == outs[1]


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are Unicode there")
def test_names_that_a_legacy_locale_cannot_hold_are_refused(tmp_path: Path) -> None:
    found = run(["new", str(tmp_path / "研究")], **LEGACY)
    assert found.returncode == 2, found.stderr
    assert "LC_ALL=C.UTF-8" in found.stderr
    assert "Traceback" not in found.stderr
    assert list(tmp_path.iterdir()) == []
