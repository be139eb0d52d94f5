"""Many readers and writers at once: do all get their answers, and how soon.

    python benchmarks/serving.py sqlite
    python benchmarks/serving.py postgresql

The second starts a server of its own from the system's package and removes it; the address of an
empty database can stand in its place. `yanzhen serve --api-only` runs with two processes on the
loopback and demands accounts (`--open`: none), so that each request carries a token. `--readers`
requests a second (200) ask for lists, a search, one project, studies and jobs; `--writers` (20) add
a project or let one enter a state, each with an idempotency key. Requests are sent at their time
whatever became of those before, and an answer's delay counts from that time, so that a slow server
can't slow the question. The client speaks HTTP by hand over open connections, for its work is on
the same cores: its share of the processor is told beside the server's. Any answer but 2xx ends the
run with 1.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from own_database import HELP, database_named

from yanzhen.store.people.api_tokens import make_token
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import Viewer

HOST, PORT = "127.0.0.1", 8790
ROOT = "/api/v1"
FIRST_PROJECTS = 2000
WARMING = 3.0
IDLE = 3.0
"""Seconds after which an open connection is used no more; the server closes it after five."""
TICK = os.sysconf("SC_CLK_TCK")
PROJECT = {
    **{"name": "SYNTHETIC", "industry": "C39", "origin": "310000", "destination": "340000"},
    **{"investment": 1.0, "state": "signed", "state_on": "2027-03-01"},
}


@dataclass
class Line:
    """An open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    token: str
    used: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the server has not closed it, and is not about to for having been idle."""
        return not self.reader.at_eof() and time.monotonic() - self.used < IDLE

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return status and body of an answer."""
        head = [f"{method} {ROOT}{path} HTTP/1.1", f"Host: {HOST}:{PORT}"]
        head += [f"Authorization: Bearer {self.token}"] if self.token else []
        if method == "POST":
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
            head += [f"Idempotency-Key: {secrets.token_hex(8)}"]
        self.writer.write("\r\n".join([*head, "", ""]).encode() + body)
        said = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(said.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        return int(said[9:12]), await self.reader.readexactly(length)


@dataclass
class Lines:
    """Connections that wait for their next request."""

    token: str
    idle: list[Line] = field(default_factory=list)
    opened: int = 0

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        line = None
        while self.idle and line is None:
            last = self.idle.pop()
            if last.is_open:
                line = last
            else:
                last.writer.close()
        if line is None:
            self.opened += 1
            line = Line(*await asyncio.open_connection(HOST, PORT), self.token)
        answer = await line.ask(method, path, body)
        line.used = time.monotonic()
        self.idle.append(line)
        return answer


@dataclass
class Found:
    """What became of the requests: delays by kind, and answers that were no success."""

    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help=HELP)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--readers", type=float, default=200.0, help="requests a second")
    parser.add_argument("--writers", type=float, default=20.0, help="requests a second")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--open", action="store_true", help="demand no accounts")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        database_named(asked.database, Path(folder)) as database,
    ):
        token = "" if asked.open else _token(database)
        server = _started(database, Path(folder), asked)
        try:
            found, client, served, lines = asyncio.run(_measured(server, asked, token))
        finally:
            server.terminate()
            server.wait()
    _say(found, asked.seconds, client, served, lines)
    sys.exit(1 if found.wrong else 0)


def _token(database: str) -> str:
    """Make an organisation with a planner; return a token of that person."""
    store = open_store(database)
    organisation = add_organisation(store, "SYNTHETIC")
    person = add_person(store, None, organisation, "planner", "", "planner")
    made = make_token(store, Viewer(person, organisation, "planner"), "serving", ("read", "write"))
    store.close()
    return made


def _started(database: str, folder: Path, asked: Any) -> "subprocess.Popen[bytes]":
    command = ["serve", "--api-only", "--processes", str(asked.processes), "--port", str(PORT)]
    command += ["--store", str(folder / "store"), "--jobs", "0", "--database", database]
    command += [] if asked.open else ["--accounts"]
    return subprocess.Popen([sys.executable, "-m", "yanzhen", *command])


async def _measured(
    server: "subprocess.Popen[bytes]", asked: Any, token: str
) -> tuple[Found, float, float, int]:
    """Send requests for a while; the processor seconds of the client and of the server."""
    lines = Lines(token)
    while True:
        try:
            status, _ = await lines.ask("GET", "/health")
            assert status == 200
            break
        except OSError:
            if server.poll() is not None:
                sys.exit("the server has ended")
            await asyncio.sleep(0.2)
    projects: list[str] = []
    for _ in range(FIRST_PROJECTS // 500):
        body = json.dumps({"projects": [PROJECT] * 500}).encode()
        status, said = await lines.ask("POST", "/projects", body)
        assert status == 201, said
        projects += json.loads(said)["projects"]
    # Each project enters one state: two writers of one would be refused with reason.
    waiting = iter(random.Random(2).sample(projects, len(projects)))
    await _run(lines, projects, waiting, Found(), asked, WARMING)
    found, client, before = Found(), time.process_time(), _ticks(server.pid)
    await _run(lines, projects, waiting, found, asked, asked.seconds)
    served = (_ticks(server.pid) - before) / TICK
    return found, time.process_time() - client, served, lines.opened


async def _run(
    lines: Lines, projects: list[str], waiting: Any, found: Found, asked: Any, seconds: float
) -> None:
    draws, began = random.Random(1), time.perf_counter()
    running = set()
    due = 0.0
    rate = asked.readers + asked.writers
    while (due := due + draws.expovariate(rate)) < seconds:
        await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
        is_reader = draws.random() < asked.readers / rate
        what = _read(draws, projects) if is_reader else _write(draws, waiting)
        task = asyncio.create_task(_timed(lines, found, began + due, *what))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)


def _read(draws: random.Random, projects: list[str]) -> tuple[str, str, str, bytes]:
    path = draws.choice(
        [
            "/projects?limit=50",
            "/projects?limit=50&holding=synth",
            "/projects?limit=50&state=signed",
            f"/projects/{draws.choice(projects)}",
            f"/projects/{draws.choice(projects)}/transitions",
            "/studies",
            "/jobs?limit=50",
        ]
    )
    name = path.partition("?")[0].split("/")
    return "/".join(["read", name[1], *name[3:]]), "GET", path, b""


def _write(draws: random.Random, waiting: Any) -> tuple[str, str, str, bytes]:
    project = next(waiting, None) if draws.random() < 0.3 else None
    if project is None:
        body = json.dumps({"projects": [PROJECT]}).encode()
        return "write project", "POST", "/projects", body
    body = json.dumps({"state": "started", "on": "2027-09-01"}).encode()
    return "write state", "POST", f"/projects/{project}/transitions", body


# Kept wide: what is asked, and where and since when.
async def _timed(
    lines: Lines, found: Found, due: float, name: str, method: str, path: str, body: bytes
) -> None:
    try:
        status, said = await lines.ask(method, path, body)
        if status >= 300:
            found.wrong[f"{status} {method} {path} {said[:200].decode()}"] += 1
    except (OSError, asyncio.IncompleteReadError) as error:
        found.wrong[f"{type(error).__name__} {method} {path}"] += 1
    found.delays[name].append(time.perf_counter() - due)


def _ticks(process: int) -> int:
    """Processor ticks of a process and all that it began."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return 0
    used = stat.rpartition(")")[2].split()
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    children = " ".join(path.read_text(encoding="ascii") for path in tasks)
    return int(used[11]) + int(used[12]) + sum(_ticks(int(child)) for child in children.split())


def _say(found: Found, seconds: float, client: float, served: float, lines: int) -> None:
    everything = [delay for delays in found.delays.values() for delay in delays]
    for name, delays in sorted({**found.delays, "all": everything}.items()):
        cuts = statistics.quantiles(delays, n=100)
        shown = f"median {cuts[49]:.3f} s, p95 {cuts[94]:.3f} s, p99 {cuts[98]:.3f} s"
        print(f"{name:24} {len(delays):7,} answers, {shown}, longest {max(delays):.3f} s")
    used = client + served
    print(
        f"{len(everything) / seconds:.1f} answers a second; {lines} connections; processor: "
        f"server {served / seconds:.2f} cores, client {client / seconds:.2f} ({client / used:.0%})"
    )
    print(f"errors: {sum(found.wrong.values())}")
    for said, count in found.wrong.most_common(5):
        print(f"  {count} × {said}")


if __name__ == "__main__":
    main()
