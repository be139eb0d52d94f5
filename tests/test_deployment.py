"""What `deploy` holds: proxies that are really started, units and commands that are really read."""

import os
import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import anyio.to_thread
import httpx
import pytest
import uvicorn
import yaml
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import StreamingResponse
from typer.main import get_command
from websockets.sync.client import connect

from tests.waiting import SILENCE, processor_ticks, wait_until
from yanzhen.api.proxies import BehindProxies
from yanzhen.cli.app import app as commands

DEPLOY = Path(__file__).parents[1] / "deploy"
SOME_MEGABYTES = b"x" * 3_000_000
pytestmark = pytest.mark.skipif(not DEPLOY.is_dir(), reason="there is no folder deploy")


def workbench(go_on: Event) -> FastAPI:
    """What pages need of a proxy: addresses, uploads, progress, a WebSocket."""
    app = FastAPI()

    @app.api_route("/said", methods=["GET", "POST"])
    async def said(request: Request) -> dict[str, Any]:
        client = request.client.host if request.client else ""
        length = len(await request.body())
        return {"url": str(request.url), "client": client, "length": length}

    @app.get("/progress")
    async def progress() -> StreamingResponse:
        async def told() -> AsyncIterator[bytes]:
            yield b"data: first\n\n"
            await anyio.to_thread.run_sync(go_on.wait)
            yield b"data: second\n\n"

        return StreamingResponse(told(), media_type="text/event-stream")

    @app.websocket("/socket")
    async def socket_(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()

    return app


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def go_on() -> Event:
    return Event()


@pytest.fixture(scope="module")
def upstream(go_on: Event, request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of a server that believes a proxy on this machine, with a root path or none."""
    app = BehindProxies(workbench(go_on), request.param, ["127.0.0.1"], ["127.0.0.1"])
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="warning", proxy_headers=False, lifespan="off")
    )
    thread = Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, thread.is_alive)
    yield port
    go_on.set()
    server.should_exit = True
    thread.join()


@contextmanager
def started(command: list[str], port: int, **environment: str) -> Iterator[str]:
    """A proxy that runs; the address that readers see."""
    proxy = subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), lambda: (proxy.poll(), processor_ticks(proxy.pid)))
        yield f"http://127.0.0.1:{port}"
    finally:
        proxy.terminate()
        proxy.wait()


@contextmanager
def nginx(upstream: int, folder: Path) -> Iterator[str]:
    port, site = free_port(), (DEPLOY / "nginx.conf").read_text()
    site = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", site)
    site = re.sub(r" *ssl_certificate.*\n", "", site).replace(":8765;", f":{upstream};")
    kept = "".join(
        f"{each}_temp_path {folder};"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    # The tests' folder is open to nobody else.
    user = "user root;" if os.getuid() == 0 else ""
    whole.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/errors;"
        f"events {{}} http {{ access_log off; {kept}\n{site}\n}}"
    )
    with started(["nginx", "-e", f"{folder}/errors", "-c", str(whole)], port) as address:
        yield address


@contextmanager
def caddy(upstream: int, folder: Path) -> Iterator[str]:
    port, whole = free_port(), folder / "Caddyfile"
    whole.write_text("{\n\tadmin off\n}\n" + (DEPLOY / "Caddyfile").read_text())
    said = {
        **{"SITE": f"http://127.0.0.1:{port}", "UPSTREAM": f"127.0.0.1:{upstream}"},
        **{"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
    }
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(whole)]
    with started(command, port, **said) as address:
        yield address


# Among the containers Caddy alone says what the path is.
@pytest.mark.parametrize(
    ("proxy", "upstream"),
    [(nginx, "/yanzhen"), (caddy, "/yanzhen"), (caddy, "")],
    ids=["nginx", "caddy", "caddy-prefix"],
    indirect=["upstream"],
)
def test_what_pages_need_passes_a_proxy(
    proxy: Any, upstream: int, go_on: Event, tmp_path: Path
) -> None:
    if shutil.which(proxy.__name__) is None:
        pytest.skip(f"{proxy.__name__} is not installed")
    go_on.clear()
    with proxy(upstream, tmp_path) as address, httpx.Client(timeout=SILENCE) as reader:
        first = reader.get(address)
        assert first.status_code == 302 and first.headers["location"].endswith("/yanzhen/")
        forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}
        said = reader.get(f"{address}/yanzhen/said", headers=forged).json()
        assert said == {"url": f"{address}/yanzhen/said", "client": "127.0.0.1", "length": 0}
        brought = reader.post(f"{address}/yanzhen/said", content=SOME_MEGABYTES).json()
        assert brought["length"] == len(SOME_MEGABYTES)
        with reader.stream("GET", f"{address}/yanzhen/progress") as progress:
            told = progress.iter_text()
            assert next(told) == "data: first\n\n"
            go_on.set()
            assert next(told) == "data: second\n\n"
        with connect(address.replace("http", "ws") + "/yanzhen/socket") as page:
            page.send("pressed")
            assert page.recv() == "pressed"


def composed() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"])


def commands_named() -> dict[str, list[str]]:
    """Every command of ours in the folder, by the place where it stands."""
    named = {
        f"compose.yaml, {name}": service["command"]
        for name, service in composed().items()
        if service["image"] == "yanzhen"
    }
    for unit in DEPLOY.glob("*.service"):
        (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
        named[unit.name] = shlex.split(line)[1:]
    container = (DEPLOY / "Containerfile").read_text()
    (line,) = re.findall(r"^CMD \[(.*)\]$", container, re.MULTILINE)
    named["Containerfile"] = [each.strip().strip('"') for each in line.split(",")]
    page = (DEPLOY.parent / "docs/en/how-to/deployment.md").read_text()
    for line in re.findall(r"(?:--rm web|bin/yanzhen) (people .*)$", page, re.MULTILINE):
        named[line] = shlex.split(line)
    return named


@pytest.mark.parametrize("place", commands_named() if DEPLOY.is_dir() else [])
def test_commands_are_understood(place: str) -> None:
    arguments = commands_named()[place]
    command: Any = get_command(commands)
    parent = None
    while hasattr(command, "commands"):
        parent = command.make_context(None, list(arguments), parent=parent, resilient_parsing=True)
        name, command, arguments = command.resolve_command(parent, list(arguments))
        assert command is not None, name
    command.make_context(None, list(arguments), parent=parent)


def test_the_proxy_of_the_containers_is_the_one_believed() -> None:
    whole = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    (inside,) = whole["networks"]["inside"]["ipam"]["config"]
    asked = whole["services"]["web"]["command"]
    assert asked[asked.index("--proxy") + 1] == inside["subnet"]
    outside = [name for name, each in whole["services"].items() if "ports" in each]
    assert outside == ["proxy"]
    upstream = whole["services"]["proxy"]["environment"]["UPSTREAM"]
    assert f"EXPOSE {upstream.partition(':')[2]}" in (DEPLOY / "Containerfile").read_text()


def test_extras_of_the_container_are_extras() -> None:
    import tomllib

    declared = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())
    (named,) = re.findall(r"\[([a-z,]+)\]\"", (DEPLOY / "Containerfile").read_text())
    assert set(named.split(",")) <= declared["project"]["optional-dependencies"].keys()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("unit", sorted(each.name for each in DEPLOY.glob("yanzhen*")))
def test_units_are_sound(unit: str, tmp_path: Path) -> None:
    # The only thing that may be missing here is what the units start.
    for each in DEPLOY.glob("yanzhen*"):
        there = each.read_text().replace("/opt/yanzhen/bin/yanzhen", shutil.which("true") or "")
        (tmp_path / each.name).write_text(there)
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
