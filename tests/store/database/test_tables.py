"""What the tables allow is what the rooms that fill them say."""

import subprocess
import sys

from yanzhen.store.database.tables import PROJECT_STATES
from yanzhen.study.tables.goals import STATES


def test_a_project_has_the_states_of_a_study() -> None:
    assert PROJECT_STATES == STATES


def test_a_worker_that_waits_holds_nothing_of_what_work_needs() -> None:
    script = (
        "import sys, yanzhen.api.worker; print({'polars', 'numpy', 'alembic'} & {*sys.modules})"
    )
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, capture_output=True, text=True).stdout.strip() == "set()"
