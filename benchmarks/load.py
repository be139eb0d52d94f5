"""Many people at once: open pages of the workbench that reload, and enterprises that are ranked.

    python benchmarks/load.py --store FOLDER
    python benchmarks/load.py --study china-zones --seconds 60 --servers 2

`yanzhen serve` runs for itself, and this process asks. `--pages` readers (200) hold a page each, in
either language, and load it anew every `--every` seconds (30); beside them `--rankings` a second
(20) of `POST /api/v1/plans/STUDY/rankings`. A page load is what a browser does: the document, the
files and pictures that its cache lacks or has to ask about, and the WebSocket, which is closed at
the next load, after the word that the reader has left. The first load of each reader finds an empty
cache. A load counts from the time when it was due, whatever became of those before, until pictures
have come and the socket is there, so that a slow server can't slow the readers.

What the studies lack is made first, which takes minutes; `--store` keeps it for the next run.
Any error ends the run with 1. With several servers over one store, a reader stays with one.
"""

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import aiohttp

from yanzhen.api.jobs import ENDED
from yanzhen.api.plans import Plans

HOST, PORT = "127.0.0.1", 8791
STUDIES = ("china-provinces", "china-zones")
# How often a page is the one that is open, in hundredths.
PAGES = {
    **{"/": 10, "/overview": 18, "/region": 14, "/enterprise": 20, "/zone": 10, "/planner": 8},
    **{"/role": 4, "/chain": 5, "/cooperation": 5, "/exchange": 2, "/data": 2, "/how": 2},
}
LIMIT = 30.0
"""Seconds after which an answer is given up."""
SAMPLED = 5.0
SETTLED = 0.3
"""Seconds after a load in which a page gets what follows it."""
PULSE = 0.5
TICK = os.sysconf("SC_CLK_TCK")
FILES = re.compile(r'(?:<link href=|rel="[^"]+" href=|<script defer src=|@import url\()"(/[^"]+)"')
MODULES = re.compile(r'"dompurify":"(/[^"]+)"')
PICTURES = re.compile(r'"src":"(/api/v1/[^"]+)"')
PAGE = re.compile(r"'client_id': '([^']+)', 'next_message_id': (\d+)")


@dataclass
class Found:
    """What became of it: delays by kind, errors by what they are, samples of the servers.

    Attributes
    ----------
    samples : seconds since the beginning, memory of the servers in MB, open sockets
    used : processor seconds of this process and of the servers
    """

    began: float
    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    samples: list[tuple[float, float, int]] = field(default_factory=list)
    sockets: int = 0
    used: tuple[float, float] = 0.0, 0.0

    async def timed(self, kind: str, due: float, asked: Any) -> None:
        """Wait for something; note how long it took since it was due, or what went wrong."""
        try:
            await asked
        except (OSError, aiohttp.ClientError, TimeoutError, AssertionError) as error:
            self.wrong[f"{kind}: {type(error).__name__} {str(error)[:150]}"] += 1
        else:
            self.delays[kind].append(time.perf_counter() - due)


@dataclass
class Browser:
    """What one reader's browser keeps between two loads of a page."""

    web: aiohttp.ClientSession
    base: str
    path: str
    query: dict[str, str]
    found: Found
    tab: str = field(default_factory=lambda: str(uuid.uuid4()))
    kept: dict[str, tuple[float, str]] = field(default_factory=dict)

    async def load(self) -> aiohttp.ClientWebSocketResponse:
        """Load the page as the one before is left; return its socket."""
        document = await self._get(f"{self.path}?{urlencode(self.query)}")
        said = PAGE.search(document)
        assert said is not None, "no page in the document"
        every = [each for kind in (FILES, MODULES, PICTURES) for each in kind.findall(document)]
        wanted = {unescape(each) for each in every}
        wanted |= {urljoin(each, "vega.js") for each in wanted if each.endswith("workbench.js")}
        socket, *_ = await asyncio.gather(
            self._connect(*said.groups()), *(self._file(each) for each in sorted(wanted))
        )
        return socket

    async def _get(self, address: str) -> str:
        async with self.web.get(self.base + address) as answer:
            content = await answer.read()
            assert answer.status == 200, f"{answer.status} {address}"
        self.found.received["documents"] += int(answer.headers.get("Content-Length", len(content)))
        return content.decode()

    async def _file(self, address: str) -> None:
        fresh_until, tag = self.kept.get(address, (0.0, ""))
        if time.perf_counter() < fresh_until:
            return
        headers = {"If-None-Match": tag} if tag else {}
        async with self.web.get(self.base + address, headers=headers) as answer:
            content = await answer.read()
            assert answer.status in (200, 304), f"{answer.status} {address}"
        self.found.received["files"] += int(answer.headers.get("Content-Length", len(content)))
        age = re.search(r"max-age=(\d+)", answer.headers.get("Cache-Control", ""))
        until = time.perf_counter() + (float(age[1]) if age else 0.0)
        self.kept[address] = (until, answer.headers.get("ETag", tag))

    async def _connect(self, page: str, message: str) -> aiohttp.ClientWebSocketResponse:
        asked = {
            **{"client_id": page, "next_message_id": message},
            **{"implicit_handshake": "true", "document_id": str(uuid.uuid4())},
            **{"tab_id": self.tab, "old_tab_id": "null", "EIO": "4", "transport": "websocket"},
        }
        address = f"{self.base}/_nicegui_ws/socket.io/?{urlencode(asked)}"
        socket = await self.web.ws_connect(address, max_msg_size=0)
        for sent, awaited in (("", "0"), ("40", "40")):
            if sent:
                await socket.send_str(sent)
            said = await socket.receive()
            told = f"{said.type.name} {str(said.data)[:60]} {socket.close_code}"
            assert said.type is aiohttp.WSMsgType.TEXT and said.data.startswith(awaited), told
        return socket


async def _held(socket: aiohttp.ClientWebSocketResponse, until: float, found: Found) -> None:
    """Keep a page open until the next load is due, then leave it as a browser does."""
    found.sockets += 1
    listening = asyncio.create_task(_listen(socket, found))
    await asyncio.wait([listening], timeout=max(0.0, until - time.perf_counter()))
    found.sockets -= 1
    if not listening.done():
        listening.cancel()
        await socket.send_str('42["left"]')
    await socket.close()


async def _listen(socket: aiohttp.ClientWebSocketResponse, found: Found) -> None:
    """Answer what a server says, as NiceGUI in the browser does, until it closes the socket."""
    while (said := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
        found.received["messages"] += len(said.data)
        if said.data == "2":
            await socket.send_str("3")
        elif "reload" in said.data[:200] or said.data.startswith('42["try_reconnect'):
            found.wrong["a page was told to load again"] += 1
    found.wrong[f"socket closed by the server: {said.type.name} {socket.close_code}"] += 1


# Kept wide: a reader, and when it does what.
async def _read(browser: Browser, first: float, every: float, ends: float) -> None:
    """Load one page again and again at its times."""
    running = set()
    due = first
    while due < ends:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        until = min(due + every, ends)
        task = asyncio.create_task(_visit(browser, due, until, due == first))
        running.add(task)
        task.add_done_callback(running.discard)
        due += every
    await asyncio.gather(*running)


async def _visit(browser: Browser, due: float, until: float, is_first: bool) -> None:
    opened: list[aiohttp.ClientWebSocketResponse] = []

    async def load() -> None:
        async with asyncio.timeout(LIMIT):
            opened.append(await browser.load())

    kind = "first load, empty cache" if is_first else f"page {browser.path}"
    await browser.found.timed(kind, due, load())
    if opened:
        await _held(opened[0], until, browser.found)


async def _rank(
    web: aiohttp.ClientSession, bases: list[str], asks: list[tuple[str, str, str]], found: Found,
    rate: float, ends: float,
) -> None:  # fmt: skip
    """Ask for rankings at random times."""
    draws, running, due = random.Random(2), set(), time.perf_counter()
    while rate and (due := due + draws.expovariate(rate)) < ends:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        study, industry, origin = draws.choice(asks)
        address = f"{draws.choice(bases)}/api/v1/plans/{study}/rankings"
        asked = _posted(web, address, {"industry": industry, "origin": origin})
        task = asyncio.create_task(found.timed(f"ranking {study}", due, asked))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)


async def _posted(web: aiohttp.ClientSession, address: str, body: dict[str, str]) -> None:
    async with asyncio.timeout(LIMIT), web.post(address, json=body) as answer:
        content = await answer.read()
        assert answer.status == 200, f"{answer.status} {content[:80].decode()}"


async def _beat(web: aiohttp.ClientSession, base: str, found: Found, ends: float) -> None:
    """Ask for next to nothing twice a second: how long a server is busy with others."""

    async def ask() -> None:
        async with asyncio.timeout(LIMIT), web.get(f"{base}/favicon.ico") as answer:
            await answer.read()

    while time.perf_counter() < ends:
        due = time.perf_counter()
        await found.timed("pulse", due, ask())
        await asyncio.sleep(max(0.0, due + PULSE - time.perf_counter()))


async def _sample(servers: list[int], found: Found, ends: float) -> None:
    due = found.began
    while due < ends:
        found.samples.append((due - found.began, sum(map(_memory, servers)), found.sockets))
        due += SAMPLED
        await asyncio.sleep(max(0.0, min(due, ends) - time.perf_counter()))
    found.used = time.process_time() - found.used[0], sum(map(_seconds, servers)) - found.used[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", action="append", help="default: china-provinces, china-zones")
    parser.add_argument("--pages", type=int, default=200, help="open at once")
    parser.add_argument("--every", type=float, default=30.0, help="seconds between two loads")
    parser.add_argument("--rankings", type=float, default=20.0, help="a second")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--servers", type=int, default=1, help="over one store")
    parser.add_argument("--only", help="readers of this page alone")
    parser.add_argument("--same", action="store_true", help="with --each, the same address again")
    parser.add_argument("--each", type=int, default=0, help="of each kind, one after another")
    parser.add_argument("--store", type=Path, help="kept for the next run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or Path(folder) / "store"
        ports = [PORT + i for i in range(asked.servers)]
        studies = asked.study or list(STUDIES)
        servers = [_started(store, port, studies) for port in ports]
        try:
            found = asyncio.run(_measured(servers, ports, store, studies, asked))
        finally:
            for server in servers:
                server.terminate()
            for server in servers:
                server.wait()
    if not asked.each:
        _say(found, asked.seconds)
    sys.exit(1 if found.wrong else 0)


def _started(store: Path, port: int, studies: list[str]) -> "subprocess.Popen[bytes]":
    jobs = "1" if port == PORT else "0"
    command = ["serve", *studies, "--port", str(port), "--store", str(store), "--jobs", jobs]
    return subprocess.Popen([sys.executable, "-m", "yanzhen", *command])


# Kept wide: servers and what is asked of them.
async def _measured(
    servers: "list[subprocess.Popen[bytes]]",
    ports: list[int],
    store: Path,
    studies: list[str],
    asked: Any,
) -> Found:
    """Let readers and enterprises come."""
    bases = [f"http://{HOST}:{port}" for port in ports]
    open_lines = aiohttp.TCPConnector(limit=0, keepalive_timeout=3.0)
    pids = [server.pid for server in servers]
    async with aiohttp.ClientSession(connector=open_lines) as web:
        for base, server in zip(bases, servers, strict=True):
            await _ready(web, base, server, studies)
        asks = _asks(store, studies)
        began = time.perf_counter()
        found, ends = Found(began), began + asked.seconds
        found.used = time.process_time(), sum(map(_seconds, pids))
        if asked.each:
            await _one_by_one(web, bases[0], pids, asks, asked)
            return found
        draws = random.Random(1)
        readers = []
        for i in range(asked.pages):
            path, query = _page(draws, asks, asked.only)
            browser = Browser(web, bases[i % len(bases)], path, query, found)
            first = began + asked.every * i / asked.pages
            readers.append(_read(browser, first, asked.every, ends))
        await asyncio.gather(
            *readers,
            _rank(web, bases, asks, found, asked.rankings, ends),
            _beat(web, bases[0], found, ends),
            _sample(pids, found, ends),
        )
        return found


async def _one_by_one(
    web: aiohttp.ClientSession, base: str, servers: list[int], asks: list[Any], asked: Any
) -> None:
    """Say what one load of each page and one ranking cost the servers, their cache once warm."""
    draws = random.Random(3)
    for study in sorted({each[0] for each in asks}):
        of_study = [each for each in asks if each[0] == study]
        for path in [asked.only] if asked.only else [*PAGES, "ranking"]:
            found = Found(time.perf_counter())
            before = 0.0
            browser = Browser(web, base, *_page(draws, of_study, path), found)
            for i in range(-2, asked.each):
                if i == 0:
                    before = sum(map(_seconds, servers))
                if path == "ranking":
                    _, industry, origin = draws.choice(of_study)
                    body = {"industry": industry, "origin": origin}
                    await _posted(web, f"{base}/api/v1/plans/{study}/rankings", body)
                    continue
                if not asked.same:
                    browser.query = _page(draws, of_study, path)[1]
                socket = await browser.load()
                await _held(socket, time.perf_counter() + SETTLED, found)
            used = (sum(map(_seconds, servers)) - before) / asked.each
            sizes = {
                kind: f"{size / asked.each / 1e3:.0f} kB" for kind, size in found.received.items()
            }
            memory = sum(map(_memory, servers))
            print(f"{study:16} {path:14} {used * 1e3:5.0f} ms, {memory:.0f} MB", sizes, flush=True)


async def _ready(
    web: aiohttp.ClientSession, base: str, server: "subprocess.Popen[bytes]", studies: list[str]
) -> None:
    """Wait until a server listens and has made what the pages show."""
    while True:
        try:
            async with web.get(f"{base}/api/v1/jobs") as answer:
                said = await answer.json()
            lacking = [s for s in studies if not await _has_plan(web, base, s)]
            if not lacking and all(job["state"] in ENDED for job in said["items"]):
                return
        except aiohttp.ClientError:
            if server.poll() is not None:
                sys.exit("the server has ended")
        await asyncio.sleep(1.0)


async def _has_plan(web: aiohttp.ClientSession, base: str, study: str) -> bool:
    async with web.get(f"{base}/api/v1/plans/{study}") as answer:
        return answer.status == 200


def _asks(store: Path, studies: list[str]) -> list[tuple[str, str, str]]:
    """Return study, industry and origin of each kind of enterprise that there is."""
    plans = Plans(store)
    found = []
    for study in studies:
        formulation, _ = plans.market(study)
        market = formulation.market
        blocks = formulation.blocks.filter(market.mass > 0).select("industry", "origin").unique()
        found += [(study, *row) for row in sorted(blocks.iter_rows())]
    return found


def _page(
    draws: random.Random, asks: list[tuple[str, str, str]], only: str | None
) -> tuple[str, dict[str, str]]:
    """Return a page with what is chosen on it."""
    path = only or draws.choices(list(PAGES), list(PAGES.values()))[0]
    study, industry, origin = draws.choice(asks)
    query = {"study": study, "lang": draws.choice(("zh", "en"))}
    if path == "/enterprise":
        query |= {"industry": industry, "origin": origin}
    elif path == "/region":
        query |= {"region": origin}
    return path, query


def _family(process: int) -> list[int]:
    """Return a process and all that it began."""
    try:
        tasks = list(Path(f"/proc/{process}/task").glob("*/children"))
        began = [int(each) for path in tasks for each in path.read_text("ascii").split()]
    except OSError:
        began = []
    return [process, *(one for each in began for one in _family(each))]


def _seconds(process: int) -> float:
    """Processor seconds of a process and all that it began."""
    used = 0
    for each in _family(process):
        try:
            stat = Path(f"/proc/{each}/stat").read_text(encoding="ascii")
        except OSError:
            continue
        after = stat.rpartition(")")[2].split()
        used += int(after[11]) + int(after[12])
    return used / TICK


def _memory(process: int) -> float:
    """Proportional set of a process and all that it began, MB."""
    found = 0.0
    for each in _family(process):
        try:
            said = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        share = re.search(r"^Pss:\s+(\d+) kB", said, re.MULTILINE)
        found += int(share[1]) / 1000 if share else 0.0
    return found


def _say(found: Found, seconds: float) -> None:
    pages = [
        each for kind, said in found.delays.items() if kind.startswith("page ") for each in said
    ]
    shown = {**found.delays, "pages, all": pages}
    for kind, delays in sorted(shown.items()):
        if len(delays) > 1:
            cuts = statistics.quantiles(delays, n=100)
            said = f"median {cuts[49]:.3f} s, p95 {cuts[94]:.3f} s, p99 {cuts[98]:.3f} s"
            print(f"{kind:28} {len(delays):6,}, {said}, longest {max(delays):.3f} s")
    client, server = found.used
    print(f"processor: servers {server / seconds:.2f} cores, client {client / seconds:.2f}")
    print("received, MB:", {kind: round(size / 1e6, 1) for kind, size in found.received.items()})
    print("seconds, memory in MB, open sockets:")
    print("  " + "; ".join(f"{at:.0f} {size:.0f} {count}" for at, size, count in found.samples))
    later = [size for at, size, _ in found.samples if at >= 60.0]
    if len(later) > 1:
        print(f"memory from the first minute to the end: {later[-1] / later[0] - 1:+.1%}")
    print(f"errors: {sum(found.wrong.values())}")
    for said, count in found.wrong.most_common(8):
        print(f"  {count} × {said}")


if __name__ == "__main__":
    main()
