"""A workbench that runs as users run it, on the small SYNTHETIC study, and a browser."""

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CHROMIUM
from tests.made_once import made_once, stop_at_the_end
from tests.made_store import made_store
from tests.waiting import BROWSER_SILENCE, SILENCE, processor_ticks, wait_until

DRAWN = (
    "[...document.querySelectorAll('yz-chart')]"
    ".every(chart => !chart.seen || chart.dataset.state === 'drawn')"
)


class Served:
    """A workbench that answers.

    Attributes
    ----------
    address : without the slash at its end
    process : that answers
    study : key of the small study, which is there from the start
    store : its folder, of the workbench that all share
    """

    def __init__(self, address: str, process: int, study: str, store: Path | None = None) -> None:
        self.address = address
        self.store = store
        self.process = process
        self.study = study

    def json(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=SILENCE) as answer:
            return json.load(answer)

    def page(self, path: str) -> tuple[int, str]:
        """The status and the text that answer an address, without a browser."""
        asked = urllib.request.Request(self.address + path, headers={"accept": "text/html"})
        try:
            with urllib.request.urlopen(asked, timeout=SILENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def post(self, path: str, said: dict[str, Any]) -> Any:
        headers = {"content-type": "application/json"}
        content = json.dumps(said).encode()
        asked = urllib.request.Request(self.address + path, content, headers)
        with urllib.request.urlopen(asked, timeout=SILENCE) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def served() -> Served:
    """The workbench of every worker: started by the first that asks, stopped after the last."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    return Served(*made_once("served", _start_for_all))


def _start_for_all(folder: Path) -> tuple[str, int, str, Path]:
    given = made_store(folder)
    server, address = start(given.study, given.store)
    stop_at_the_end(server.pid)
    with urllib.request.urlopen(f"{address}/api/v1/studies", timeout=SILENCE) as answer:
        listed = json.load(answer)["items"]
    study = next(each["study"] for each in listed if each["origin"] == "path")
    return address, server.pid, study, given.store


@contextmanager
def serving(study: Path, store: Path, *more: str) -> Iterator[tuple[str, int]]:
    """Serve a study as users do; its address without a path, and the process that answers."""
    server, address = start(study, store, *more)
    try:
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=SILENCE)


def start(study: Path, store: Path, *more: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start serving a study as users do; the process that answers, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["serve", str(study), "--port", str(port), "--store", str(store), *more]
    # NiceGUI takes a server that runs under pytest for its own test of itself.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "NICEGUI_"))
    }
    # A pipe that nobody reads would fill, and the server wait for ever.
    told = store.parent / "stderr.txt"
    with told.open("wb") as stderr:
        server = subprocess.Popen(
            [sys.executable, "-m", "yanzhen", *command, "--lang", "zh"], env=kept, stderr=stderr
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address), lambda: _at_work(server, told))
    except BaseException:
        server.kill()
        raise
    return server, address


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/api/v1/studies", timeout=SILENCE).close()
    except urllib.error.HTTPError as error:
        # Where accounts are demanded.
        return error.code == 401
    except (urllib.error.URLError, OSError):
        return False
    return True


def _at_work(server: subprocess.Popen[bytes], told: Path) -> object:
    """What the server has used of the processor; fails once it has stopped."""
    assert server.poll() is None, told.read_text()
    return processor_ticks(server.pid)


class Opened:
    """A page, with all that it asked for and complained of since.

    Parameters
    ----------
    visits : the browser, or pages of it that keep what they fetched for one another
    view : the page where there is one already
    """

    def __init__(self, visits: Any, served: Served, view: Any = None) -> None:
        self.served = served
        self.view = view or visits.new_page()
        self.view.set_viewport_size({"width": 1280, "height": 900})
        self.view.set_default_timeout(BROWSER_SILENCE)
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.is_changed = False
        self._heard = {
            "console": lambda said: self._complain(said.type, said.text),
            "pageerror": lambda error: self.complaints.append(str(error)),
            "request": lambda request: self._note(request.url),
        }
        for event, hear in self._heard.items():
            self.view.on(event, hear)

    def go(self, path: str) -> None:
        """Open an address and wait until what is in sight is drawn."""
        # A page behind another draws nothing.
        self.view.bring_to_front()
        self.view.goto(self.served.address + path)
        self.view.wait_for_selector("h1")
        self.settle()

    def settle(self) -> None:
        """Wait until what is in sight is drawn, and what is pressed is heard."""
        self.view.wait_for_function(DRAWN)
        self.view.wait_for_function("window.did_handshake !== false")

    def said(self, selector: str) -> str:
        text: str = self.view.inner_text(selector)
        return text

    def speaks_through(self, pattern: str, handle: Any) -> None:
        """Let what the page and its server say pass through something; no other test gets it."""
        self.view.route_web_socket(pattern, handle)
        self.is_changed = True

    def begin_with(self, script: str) -> None:
        """Let a script run before those of each address; no other test gets the page."""
        self.view.add_init_script(script)
        self.is_changed = True

    def leave(self) -> None:
        """Make the page as a new one is, for the next test."""
        # What a test pressed last may still lead elsewhere: whoever evaluates then is cut off.
        self.view.wait_for_function("sessionStorage.clear() ?? true")
        self.view.goto("about:blank")
        for event, hear in self._heard.items():
            self.view.remove_listener(event, hear)
        self.view.mouse.move(-1, -1)
        unset = ("media", "color_scheme", "reduced_motion", "forced_colors")
        self.view.emulate_media(**dict.fromkeys(unset, "null"))

    def _note(self, url: str) -> None:
        if not url.startswith((self.served.address, "data:", "blob:")):
            self.outside.append(url)

    def _complain(self, kind: str, text: str) -> None:
        # A page that loads anew on its own loses what its reader had opened.
        if kind in ("error", "warning") or text.startswith("reloading"):
            self.complaints.append(text)


class Tab:
    """A page that goes from test to test: a new one starts a process and compiles every script."""

    def __init__(self) -> None:
        self.view: Any = None


@pytest.fixture(scope="session")
def tab() -> Tab:
    return Tab()


@pytest.fixture
def opened(browser: Any, visitor: Any, served: Served, tab: Tab) -> Iterator[Opened]:
    view, tab.view = tab.view, None
    page = Opened(visitor, served, view)
    forget(page)
    yield page
    if page.is_changed:
        page.view.close()
    else:
        page.leave()
        tab.view = page.view
    assert page.outside == []
    assert page.complaints == []


def forget(page: Opened) -> None:
    """Let a page know nothing of what others before it had chosen."""
    context = page.view.context
    context.clear_cookies()
    session = context.new_cdp_session(page.view)
    chosen = {"origin": page.served.address, "storageTypes": "local_storage"}
    session.send("Storage.clearDataForOrigin", chosen)
    session.detach()
