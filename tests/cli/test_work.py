"""`yanzhen work`: workers alone, and how long jobs may take."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.waiting import all_ticks, wait_until
from yanzhen.api.worker import DATABASE
from yanzhen.cli.app import app
from yanzhen.cli.time_limits import time_limits
from yanzhen.store.database.connection import Database, sqlite_url
from yanzhen.store.jobs.limits import OF_ONE
from yanzhen.store.jobs.queue import enqueue, read
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.viewer import LOCAL


def test_a_time_limit_is_of_all_work_or_of_one_kind() -> None:
    assert time_limits(["7200", "plan=86400.5"], "en") == {"": 7200.0, "plan": 86400.5}


@pytest.mark.parametrize("said", ["", "soon", "0", "-1", "inf", "nan", "plan=", "dance=60", "=60s"])
def test_what_is_no_time_limit_is_refused(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        time_limits([said], "en")
    assert ended.value.exit_code == 2
    assert repr(said) in capsys.readouterr().err


def test_an_address_of_no_database_is_refused(tmp_path: Path) -> None:
    given = ["work", "--store", str(tmp_path), "--database", "mysql://host/name", "--lang", "en"]
    ended = CliRunner().invoke(app, given)
    assert ended.exit_code == 2 and "postgresql://" in ended.output


def test_a_worker_alone_takes_what_waits_and_gives_it_back_at_its_end(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / DATABASE)
    open_store(url).close()
    database = Database(url)
    job = enqueue(database, LOCAL, "plan", {"study": "s", "source": "china-provinces"}, OF_ONE).job
    command = [sys.executable, "-m", "yanzhen", "work", "--store", str(tmp_path), "--jobs", "1"]
    worker = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def state() -> str:
        found = read(database, LOCAL, job)
        assert found is not None
        return found.state

    wait_until(lambda: state() != "queued", lambda: all_ticks(worker.pid))
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait() == 0
    assert state() == "queued"
    database.close()
