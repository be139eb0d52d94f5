"""Scripts run where NiceGUI does not take them for a test of its own."""

import os
import subprocess
import sys

from tests.waiting import SILENCE


def said_apart(script: str, *given: str) -> str:
    """Return what a script prints in a process of its own, which must end well."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NICEGUI_"))}
    said = subprocess.run(
        [sys.executable, "-c", script, *given],
        env=kept,
        capture_output=True,
        text=True,
        timeout=SILENCE,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-2000:]
    return said.stdout
