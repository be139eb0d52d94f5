"""The API alone: without the pages' library, in several processes, and how it says it is well."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.waiting import processor_ticks, wait_until
from yanzhen.api.app import make_app
from yanzhen.api.server_routes import health
from yanzhen.api.serving import Served, application_of, open_bench
from yanzhen.api.workbench import Workbench
from yanzhen.store.database.connection import Database, Unavailable


def test_the_api_alone_does_without_the_library_of_the_pages(tmp_path: Path) -> None:
    said = (
        "import sys; from pathlib import Path; from yanzhen.api.serving import *; "
        f"served = Served({str(tmp_path)!r}, slots=0); "
        "app = application_of(served, open_bench(served)); "
        "assert not {'nicegui', 'socketio'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_server_says_whether_it_is_well(
    empty: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(make_app(empty))
    well = client.get("/api/v1/health")
    assert well.status_code == 200 and well.json()["database"] is True

    def gone(_: Database) -> None:
        raise Unavailable("gone")

    for way in ("reading", "asking"):
        monkeypatch.setattr(Database, way, gone)
    ill = client.get("/api/v1/health")
    assert ill.status_code == 503 and ill.json()["database"] is False
    assert health(empty).version == well.json()["version"]
    other = client.get("/api/v1/projects")
    assert other.status_code == 503 and int(other.headers["retry-after"]) > 0


def test_with_accounts_only_health_and_description_are_open(tmp_path: Path) -> None:
    served = Served(str(tmp_path), accounts=True, slots=0)
    bench = open_bench(served)
    client = TestClient(application_of(served, bench), base_url="http://127.0.0.1")
    for path, status in (
        *(("health", 200), ("openapi.json", 200), ("problems/fault", 200)),
        *(("studies", 401), ("jobs", 401), ("audit/verification", 401)),
    ):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == status, path
        if status == 401:
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["type"].endswith("/problems/not-logged-in")
    bench.close()


@contextmanager
def served_by(processes: int, folder: Path) -> Iterator[str]:
    """The command, on a port that was free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["serve", "--api-only", "--processes", str(processes), "--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "yanzhen", *command, "--store", str(folder), "--jobs", "0"],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}/api/v1"
        wait_until(
            lambda: answered(f"{address}/health") is not None,
            lambda: (server.poll(), processor_ticks(server.pid)),
        )
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def answered(address: str) -> Any:
    try:
        with urllib.request.urlopen(address) as answer:
            return json.load(answer)
    except OSError:
        return None


def test_several_processes_share_a_store(tmp_path: Path) -> None:
    with served_by(2, tmp_path / "store") as address:
        entered = {
            **{"name": "SYNTHETIC", "industry": "06", "origin": "110000", "destination": "34"},
            **{"investment": 1.0, "state": "signed", "state_on": "2027-03-01"},
        }
        body = json.dumps({"projects": [entered]}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": "once"}
        for _ in range(6):
            request = urllib.request.Request(f"{address}/projects", body, headers)
            urllib.request.urlopen(request).close()
        assert len(answered(f"{address}/projects")["items"]) == 1
