"""What a server tells of itself: a line and a count for each request, and nothing that was said."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from logging.config import dictConfig
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from yanzhen.api.logs import (
    FORMATS,
    REQUESTS,
    TEXT,
    OneLine,
    one_object,
    set_logs,
    settings,
)
from yanzhen.api.request_log import HEADER, RequestLog
from yanzhen.store.people.viewer import Viewer
from yanzhen.store.people.viewing import viewing_as

SOMEBODY = Viewer("p-1", "o-1", "analyst")


class Remembered:
    """Counts that a test can look at."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, str, int]] = []

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        self.counted.append((method, route, status))


@pytest.fixture
def counts() -> Remembered:
    return Remembered()


@pytest.fixture
def reader(counts: Remembered) -> TestClient:
    app = FastAPI()

    @app.get("/things/{name}")
    def thing(name: str) -> str:
        if name == "fault":
            raise ZeroDivisionError
        return name

    @app.get("/calendars/{secret}")
    def calendar(secret: str) -> str:
        return ""

    return TestClient(RequestLog(app, counts), raise_server_exceptions=False)


@pytest.fixture
def lines(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """What is logged in the format that a test names."""
    root, ours = logging.getLogger(), logging.getLogger("yanzhen")
    before = root.handlers[:], root.level, ours.level
    dictConfig(settings(request.param))
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written := StringIO())
    yield written
    root.handlers[:], level, ours_level = before
    root.setLevel(level)
    ours.setLevel(ours_level)


@pytest.mark.parametrize("lines", ["json"], indirect=True)
def test_a_request_is_one_object(reader: TestClient, lines: StringIO) -> None:
    with viewing_as(SOMEBODY):
        answer = reader.get("/things/a%0Ab?q=secret", headers={HEADER: "of-the-proxy-1"})
    (line,) = lines.getvalue().splitlines()
    told = json.loads(line)
    assert "secret" not in line
    assert told.pop("seconds") >= 0
    at = datetime.fromisoformat(told.pop("at"))
    assert at.utcoffset() == timedelta(0) and abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert told == {
        "level": "INFO", "logger": REQUESTS, "message": "GET '/things/a\\nb' 200 of-the-proxy-1",
        "request": "of-the-proxy-1", "method": "GET", "path": "/things/a\nb",
        "route": "/things/{name}", "status": 200, "bytes": len(answer.content),
        "from": "testclient", "person": "p-1",
    }  # fmt: skip
    assert answer.headers[HEADER] == "of-the-proxy-1"


@pytest.mark.parametrize("lines", FORMATS, indirect=True)
def test_nobody_can_write_a_line_of_their_own(reader: TestClient, lines: StringIO) -> None:
    forged = "/things/x%0A2026-01-01 INFO yanzhen.requests forged%0D%0A"
    reader.get(forged, headers={HEADER: "x' OR 1=1; forged"})
    (line,) = lines.getvalue().splitlines()
    assert "1=1" not in line


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space", "line%0Abreak", "号" * 9])
def test_a_number_that_looks_like_none_is_replaced(reader: TestClient, given: str) -> None:
    first, second = (reader.get("/things/a", headers=[(b"x-request-id", given.encode())])
                     for _ in range(2))  # fmt: skip
    numbers = [first.headers[HEADER], second.headers[HEADER]]
    assert given not in numbers and numbers[0] != numbers[1]


@pytest.mark.parametrize("lines", FORMATS, indirect=True)
def test_an_address_that_is_a_secret_is_not_logged(reader: TestClient, lines: StringIO) -> None:
    number = reader.get("/calendars/very-secret").headers[HEADER]
    (line,) = lines.getvalue().splitlines()
    assert "very-secret" not in line and "/calendars/{secret}" in line and number in line


def test_requests_are_counted_by_route(reader: TestClient, counts: Remembered) -> None:
    for path in ("a", "b", "fault"):
        reader.get(f"/things/{path}")
    reader.get("/nothing/of/the/kind")
    reader.delete("/things/a")
    assert counts.counted == [
        ("GET", "/things/{name}", 200),
        ("GET", "/things/{name}", 200),
        ("GET", "/things/{name}", 500),
        ("GET", "(none)", 404),
        ("DELETE", "/things/{name}", 405),
    ]


def test_an_unknown_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANZHEN_LOG", "xml")
    with pytest.raises(ValueError, match="xml"):
        set_logs()


READ_BY_PROMETHEUS = """
import os, subprocess, sys, urllib.request
from pathlib import Path
from yanzhen.api.request_log import counting, shared_counts

count = "from yanzhen.api.request_log import counting; counting().count('GET', '/x', 200, 0.02)"
with shared_counts():
    counting().count("GET", "/x", 200, 0.3)
    subprocess.run([sys.executable, "-c", count], check=True)
    from yanzhen.api.metrics import serve_metrics
    from yanzhen.store.database.connection import sqlite_url
    from yanzhen.store.people.opening import open_store
    import socket
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0)); port = free.getsockname()[1]
    database = open_store(sqlite_url(Path(sys.argv[1]) / "store.sqlite"))
    end = serve_metrics(database, "127.0.0.1", port)
    ask = lambda: print(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
    ask()
    database.engine.dispose()
    database.reading = type(database)(sqlite_url(Path("/nowhere/store.sqlite"))).reading
    ask()
    end()
"""


def test_prometheus_reads_all_processes_together(tmp_path: Path) -> None:
    command = [sys.executable, "-c", READ_BY_PROMETHEUS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    well, _, ill = done.stdout.partition("# HELP yanzhen_requests_total")[2].partition(
        "# HELP yanzhen_requests_total"
    )
    for line in (
        'yanzhen_requests_total{method="GET",route="/x",status="200"} 2.0',
        'yanzhen_request_seconds_bucket{le="0.025",method="GET",route="/x"} 1.0',
        'yanzhen_request_seconds_count{method="GET",route="/x"} 2.0',
        "yanzhen_database_up 1.0",
        'yanzhen_jobs{state="queued"} 0.0',
    ):
        assert line in well
    assert "yanzhen_database_up 0.0" in ill and "yanzhen_jobs{" not in ill


@pytest.mark.parametrize("formatter", [OneLine(TEXT), one_object(fmt=TEXT)], ids=FORMATS)
def test_times_are_told_in_utc_wherever_the_machine_is(
    formatter: logging.Formatter, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = logging.makeLogRecord({"msg": "said", "created": 3600.25, "msecs": 250.0})
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        assert "1970-01-01T01:00:00.250Z" in formatter.format(record)
    time.tzset()
