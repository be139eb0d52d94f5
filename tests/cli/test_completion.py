"""Completion, switched on as a user does it, in the shell itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import SILENCE

ASKED = """
yanzhen --install-completion > /dev/null
. ~/.bashrc
complete -p yanzhen
for typed in pl "plan china-p"; do
  COMP_WORDS=(yanzhen $typed); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
  _yanzhen_completion yanzhen
  echo "${COMPREPLY[@]}"
done
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_switched_on_it_completes_a_command_and_a_study(tmp_path: Path) -> None:
    command = tmp_path / "yanzhen"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m yanzhen "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    said = subprocess.run(
        ["bash", "--norc", "-c", ASKED],
        env={**os.environ, "HOME": str(tmp_path), "PATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SILENCE,
    )
    switched_on, *completed = said.stdout.splitlines()
    assert "-F _yanzhen_completion yanzhen" in switched_on, said.stderr
    assert completed == ["plan", "china-provinces"]
