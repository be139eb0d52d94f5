"""A running workbench whose PostgreSQL is stopped for ten seconds and started again.

Usage: python benchmarks/gone_database.py [SECONDS]

`yanzhen serve` with a worker of its own; a page and the API are asked all the while, and a job is
at work when the database goes. One line of JSON: which statuses were answered before, meanwhile and
behind, how long after the start the first answer was good, and how the jobs ended: each once.
"""

import json
import subprocess
import sys
import tempfile
import time
import types
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

PORT = 8731
ADDRESS = f"http://127.0.0.1:{PORT}"
ASKED = ("/api/v1/projects", "/api/v1/jobs", "/deals", "/api/v1/health")
PATIENCE = 300
ALONE = httpx.Limits(max_keepalive_connections=0)
"""A page that fails ends its connection, which another request would meet."""


def main(seconds: float) -> None:
    tests = types.ModuleType("tests")
    tests.__path__ = [str(Path(__file__).parents[1] / "tests")]
    sys.modules["tests"] = tests
    from tests import databases
    from tests.study.small import small_study

    server = databases.new_server()
    with tempfile.TemporaryDirectory() as folder:
        study = small_study(Path(folder) / "small")
        server.run("CREATE DATABASE yanzhen")
        serve = [sys.executable, "-m", "yanzhen", "serve", str(study), "--port", str(PORT)]
        place = ["--store", f"{folder}/store", "--database", server.url("yanzhen")]
        serving = subprocess.Popen([*serve, *place], stderr=subprocess.DEVNULL)
        try:
            print(json.dumps(_tried(server, seconds)), flush=True)
        finally:
            serving.terminate()
            serving.wait(60)
            server.remove()


def _tried(server: Any, seconds: float) -> dict[str, object]:
    with httpx.Client(base_url=ADDRESS, timeout=60, limits=ALONE) as client:
        _until(lambda: _statuses(client)["/api/v1/jobs"] == 200)
        known = client.get("/api/v1/studies").json()
        (study,) = (each["study"] for each in known["items"] if "small" in each["study"])
        jobs = [_asked(client, study, "plan")]
        _until(lambda: _job(client, jobs[0])["state"] == "running")
        before = _statuses(client)
        server.stop()
        meanwhile: list[dict[str, int]] = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            meanwhile.append(_statuses(client))
            time.sleep(0.5)
        refused = client.post("/api/v1/jobs", json={"kind": "diagnosis", "study": study})
        server.start()
        started = time.monotonic()
        _until(lambda: all(status == 200 for status in _statuses(client).values()))
        recovered = time.monotonic() - started
        jobs.append(_asked(client, study, "diagnosis"))
        _until(lambda: all(_job(client, each)["state"] in ("done", "failed") for each in jobs))
        ended = [_job(client, each) for each in jobs]
        listed = client.get("/api/v1/jobs").json()["items"]
    return {
        "before": before,
        "meanwhile": {path: dict(Counter(each[path] for each in meanwhile)) for path in ASKED},
        "posted_meanwhile": refused.status_code,
        "seconds_gone": seconds,
        "seconds_until_good": round(recovered, 1),
        "jobs": [each["state"] for each in ended],
        "listed": len(listed),
    }


def _asked(client: httpx.Client, study: str, kind: str) -> str:
    answer = client.post("/api/v1/jobs", json={"kind": kind, "study": study})
    answer.raise_for_status()
    return str(answer.json()["job"])


def _job(client: httpx.Client, name: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/jobs/{name}").json()
    return found


def _statuses(client: httpx.Client) -> dict[str, int]:
    """What each address answers; 0 where nothing does."""
    found = {}
    for path in ASKED:
        try:
            found[path] = client.get(path).status_code
        except httpx.HTTPError:
            found[path] = 0
    return found


def _until(holds: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("waited too long")
        time.sleep(0.3)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 10.0)
