"""What becomes of jobs when servers, workers and the processes of jobs are killed at random.

    python benchmarks/kill_jobs.py sqlite
    python benchmarks/kill_jobs.py postgresql://USER:PASSWORD@HOST/EMPTY_DATABASE

A server with a worker of its own queues jobs all the while; another worker works beside it. At
random moments (`--kills`, 30) one of the four kinds of process gets SIGKILL: server, its worker,
the other worker, a job's own process; a worker is waited for until it has one at work. Servers and
lone workers are started anew. A job here waits for a second and writes a result; all else is what
serves users. At the end every job whose start was answered must be there and have ended, those done
with one result, no two processes may ever have been at one job, and the chain of changes must hold.
"""

import argparse
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select
from toy_work import TWICE

from yanzhen.api.own_worker import OwnWorker
from yanzhen.api.worker import Pace, Worker, work_alone
from yanzhen.store.audit.verifying import verify
from yanzhen.store.database.connection import Database, Unavailable, sqlite_url
from yanzhen.store.database.tables import jobs
from yanzhen.store.jobs.limits import OF_ONE, Limits, TooMany
from yanzhen.store.jobs.queue import anything_outstanding, enqueue
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.viewer import LOCAL

PACE = Pace(lease=6.0, heartbeat=0.5, look=0.1, tell=0.1)
STARTED = "started.txt"
ENOUGH = "enough"
# A job's process runs another file than that of the package.
CUSTOM = """
import importlib.util, sys
class Toy:
    def find_spec(self, name, path=None, target=None):
        if name == "yanzhen.api.work":
            return importlib.util.spec_from_file_location(name, {file!r})
sys.meta_path.insert(0, Toy())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help="sqlite, or the address of an empty database")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "sitecustomize.py").write_text(
            CUSTOM.format(file=str(Path(__file__).with_name("toy_work.py")))
        )
        url = sqlite_url(folder / "store.sqlite") if asked.database == "sqlite" else asked.database
        open_store(url).close()
        began = time.monotonic()
        killed = _kill(folder, url, asked.kills, random.Random(asked.seed))
        _report(folder, url, killed, time.monotonic() - began)


def _kill(folder: Path, url: str, kills: int, draw: random.Random) -> Counter[str]:
    at_work = {role: _begin(role, folder, url) for role in ("server", "worker")}
    store, killed = Database(url), Counter[str]()
    for role in draw.choices(["server", "its worker", "worker", "job"], k=kills):
        while (victim := _victim(role, at_work)) is None:
            time.sleep(0.02)
        time.sleep(draw.uniform(0.0, 1.5))
        victim = _victim(role, at_work) or victim
        busy = "at work" if _children(victim) or role == "job" else "idle"
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            # A job's process that ended just now.
            busy = "gone"
        killed[f"{role}, {busy}"] += 1
        if role in at_work:
            at_work[role].wait()
            at_work[role] = _begin(role, folder, url)
    (folder / ENOUGH).touch()
    while anything_outstanding(store):
        time.sleep(0.2)
    for process in at_work.values():
        process.terminate()
        process.wait()
    store.close()
    return killed


def _begin(role: str, folder: Path, url: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    script = f"import kill_jobs; kill_jobs.{role}({url!r}, {str(folder)!r})"
    return subprocess.Popen([sys.executable, "-c", script], env=environment)


def server(url: str, place: str) -> None:
    """Let four jobs wait or run until it is enough; note each whose start was answered."""
    folder, store = Path(place), open_store(url)
    own = OwnWorker(url, folder, 1, OF_ONE, PACE)
    own.wake()
    signal.signal(signal.SIGTERM, lambda *_: (own.close(), sys.exit(0)))
    limits = Limits(outstanding=4)
    while True:
        if not (folder / ENOUGH).exists():
            with suppress(TooMany, Unavailable):
                job = enqueue(store, LOCAL, "toy", {"study": secrets.token_hex(4)}, limits)
                _note(folder / STARTED, job.job)
                own.wake()
        time.sleep(0.1)


def worker(url: str, place: str) -> None:
    """Work for whoever queues."""
    work_alone(Worker(Database(url), Path(place), 1, OF_ONE, PACE))


def _victim(role: str, at_work: dict[str, subprocess.Popen[bytes]]) -> int | None:
    """The process to be killed, None until it is there and something is at work in it."""
    own = _children(at_work["server"].pid)
    if role == "server":
        return at_work["server"].pid if own else None
    if role == "worker":
        return at_work["worker"].pid if _children(at_work["worker"].pid) else None
    if role == "its worker":
        return next((each for each in own if _children(each)), None)
    found = (child for each in (*own, at_work["worker"].pid) for child in _children(each))
    return next(found, None)


def _children(process: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(each) for each in path.read_text().split()]
        except OSError:
            continue
    return found


def _note(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(f"{line}\n")


def _lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def _report(folder: Path, url: str, killed: Counter[str], seconds: float) -> None:
    store = Database(url)
    with store.reading() as connection:
        rows: list[Any] = list(connection.execute(select(jobs)))
        verified = verify(connection)
    found = {row.id: row for row in rows}
    started = set(_lines(folder / STARTED))
    without_reason = [row.id for row in rows if row.state == "failed" and not row.error]
    wrong = []
    for row in rows:
        pointer = folder / "results" / row.subject["study"] / "current.json"
        if pointer.exists() != (row.state == "done"):
            wrong.append(row.id)
    print(f"killed in {seconds:.0f} s: {dict(killed)}")
    print(f"jobs: {dict(Counter(row.state for row in rows))}")
    print(f"attempts: {dict(sorted(Counter(row.attempt for row in rows).items()))}")
    print(f"lost: {len(started - set(found))}; failed without a reason: {len(without_reason)}")
    print(f"two processes at one job: {len(_lines(folder / TWICE))}")
    print(f"results that do not fit the state: {len(wrong)}")
    print(f"chain of changes: {verified.rows} rows, {len(verified.broken)} faults")
    store.close()


if __name__ == "__main__":
    main()
