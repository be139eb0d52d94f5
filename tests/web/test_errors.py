"""What is not there, and what fails, is said in the reader's language, with a way back."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pytest

from tests.made_store import made_store
from tests.study.small import REGIONS
from tests.waiting import BROWSER_SILENCE, SILENCE, processor_ticks, wait_until
from tests.web.conftest import Opened, Served
from yanzhen.report.text.words import Lang
from yanzhen.web.words import word as web_word

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
NOWHERE = "no-such-thing"
PAIR = f"home={REGIONS[0]}&host={REGIONS[2]}"
UNKNOWN = (
    "/?study=no-such-thing",
    "/role?role=no-such-thing",
    "/role?role=province&region=no-such-thing",
    "/region?region=no-such-thing",
    "/region?industry=no-such-thing",
    "/compare?places=no-such-thing",
    "/enterprise?industry=no-such-thing",
    "/enterprise?origin=no-such-thing",
    "/enterprise?to=no-such-thing&output=1",
    f"/enterprise?sites={REGIONS[0]},no-such-thing",
    "/zone?site=no-such-thing",
    "/planner?scenarios=west_ban,no-such-thing",
    "/chain?industry=no-such-thing",
    "/chain?region=no-such-thing",
    "/chain?buyers_region=no-such-thing",
    "/technology?partner=no-such-thing",
    "/technology?region=no-such-thing",
    "/technology?pair=no-such-thing",
    f"/cooperation?{PAIR}&scheme=no-such-thing",
)


@pytest.mark.parametrize("address", UNKNOWN)
def test_an_unknown_choice_is_named_and_nothing_else_shown(served: Served, address: str) -> None:
    if "study=" not in address:
        address += f"&study={served.study}"
    status, page = served.page(f"{address}&lang=zh")
    assert status == 404
    assert f"“{NOWHERE}”" in page
    assert quote(web_word("zh", "back.home")) in quote(page)
    assert "yz-chart" not in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_address_without_a_page_is_answered_by_the_workbench(opened: Opened, lang: Lang) -> None:
    opened.go(f"/no/such/page?study={opened.served.study}&lang={lang}")
    assert opened.said("h1") == web_word(lang, "lost.title")
    assert web_word(lang, "lost.said") in opened.said(".notice.bad")
    # Without motion no colour is caught while it fades.
    opened.view.emulate_media(reduced_motion="reduce")
    opened.view.wait_for_timeout(200)
    assert axe.Axe().run(opened.view).response["violations"] == []
    opened.view.get_by_role("link", name=web_word(lang, "back.home")).click()
    opened.view.wait_for_selector(".roles")
    # The browser itself reports what the page says.
    opened.complaints[:] = [said for said in opened.complaints if "404" not in said]


@pytest.mark.parametrize(("margin", "limit"), [("600", "100"), ("-1", "100"), ("x", "100")])
def test_a_margin_beyond_all_output_is_refused(served: Served, margin: str, limit: str) -> None:
    _, page = served.page(f"/enterprise?study={served.study}&lang=en&output=1000&margin={margin}")
    assert web_word("en", "number.between", most=limit) in page
    assert 'data-key=\\"relocation' not in page and '"data-key":"relocation"' not in page


def test_a_margin_beyond_all_output_cannot_be_given(opened: Opened) -> None:
    opened.go(f"/enterprise?study={opened.served.study}&lang=en&output=1000")
    before = opened.view.url
    field = opened.view.get_by_label(web_word("en", "enterprise.margin"))
    field.fill("600")
    field.press("Enter")
    opened.view.get_by_text(web_word("en", "number.between", most="100")).first.wait_for()
    assert opened.view.url == before
    field.fill("6")
    field.press("Enter")
    opened.view.wait_for_url("**margin=6**")


# Run where NiceGUI does not take it for a test of its own.
FAULTS = """
import asyncio, json, sys
from dataclasses import replace
from pathlib import Path
from httpx import ASGITransport, AsyncClient
from yanzhen.api.workbench import Workbench
from yanzhen.web import server
from yanzhen.web.pages import PAGES

def fail(*_):
    raise ZeroDivisionError("a Python message")

pages = tuple(replace(page, show=fail) if page.key == "how" else page for page in PAGES)
server.every_page = lambda: pages
store, study = sys.argv[1:]
bench = Workbench(Path(store), [study])
app = server.make_server(bench, "zh", "127.0.0.1")

async def reader():
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        said = {}
        for path in ("/how", "/api/v1/no/such/thing"):
            said[path] = await client.get(path)
        bench.plans.place = bench.studies.all = fail
        for path in ("/zone", f"/api/v1/plans/{Path(study).name}"):
            said[path] = await client.get(path)
        kind = "content-type"
        said = [(each.status_code, each.headers[kind], each.text) for each in said.values()]
        print(json.dumps(said))

asyncio.run(reader())
bench.close()
"""


FAULTY = """
import sys
from dataclasses import replace
from pathlib import Path
import uvicorn
from yanzhen.api.workbench import Workbench
from yanzhen.web import server
from yanzhen.web.pages import PAGES

def fail(*_):
    raise ZeroDivisionError("a Python message")

pages = tuple(replace(page, show=fail) if page.key == "how" else page for page in PAGES)
server.every_page = lambda: pages
view = server._view
server._view = lambda request, bench, path, lang: (
    fail() if path == "/zone" else view(request, bench, path, lang)
)
store, study, port = sys.argv[1:]
app = server.make_server(Workbench(Path(store), [study]), "zh", "127.0.0.1")
uvicorn.run(app, port=int(port), log_level="error")
"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A workbench whose page of how it works fails within its frame, that of zones around it."""
    given = made_store(tmp_path_factory.mktemp("faulty"))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NICEGUI_"))}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = given.store.parent / "faulty.txt"
    with told.open("wb") as stderr:
        command = [sys.executable, "-c", FAULTY, str(given.store), str(given.study), str(port)]
        server = subprocess.Popen(command, env=kept, stderr=stderr)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _listens(address), lambda: _working(server, told))
        yield address
    finally:
        server.terminate()
        server.wait(timeout=SILENCE)


def _listens(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/api/v1/studies", timeout=SILENCE).close()
    except OSError:
        return False
    return True


def _working(server: subprocess.Popen[bytes], told: Path) -> object:
    assert server.poll() is None, told.read_text()
    return processor_ticks(server.pid)


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["/how", "/zone"])
def test_a_page_of_a_fault_is_readable_by_everyone(
    browser: Any, faulty: str, path: str, lang: Lang, ground: Literal["light", "dark"]
) -> None:
    view = browser.new_page(color_scheme=ground, reduced_motion="reduce")
    view.set_default_timeout(BROWSER_SILENCE)
    answer = view.goto(f"{faulty}{path}?lang={lang}")
    assert answer.status == 500
    view.locator(f".notice.bad:lang({lang})").wait_for()
    # The frame takes its ground from the browser once it is mounted, the bare page at once.
    if path == "/how":
        view.wait_for_function(f"document.body.classList.contains('body--{ground}')")
    page = view.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    body = view.evaluate("getComputedStyle(document.body).backgroundColor")
    shown = body if body != "rgba(0, 0, 0, 0)" else page
    assert (sum(map(int, re.findall(r"\d+", shown)[:3])) < 384) == (ground == "dark")
    assert axe.Axe().run(view).response["violations"] == []
    view.get_by_role("link", name=web_word(lang, "back.home")).wait_for()
    view.close()


def test_a_fault_says_nothing_of_itself_and_leads_back(tmp_path: Path) -> None:
    given = made_store(tmp_path)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NICEGUI_"))}
    command = [sys.executable, "-c", FAULTS, str(given.store), str(given.study)]
    done = subprocess.run(command, env=kept, capture_output=True, text=True, timeout=SILENCE)
    assert done.returncode == 0, done.stderr[-2000:]
    page, missing, bare, answer = json.loads(done.stdout.splitlines()[-1])
    failed = "服务器处理时出错"
    assert page[0] == bare[0] == answer[0] == 500
    assert missing[0] == 404
    assert all("Python message" not in each[2] for each in (page, missing, bare, answer))
    assert all(failed in each[2] for each in (page, bare, answer))
    assert all(web_word("zh", "back.home") in each[2] for each in (page, bare))
    assert missing[1] == answer[1] == "application/problem+json"
    # What went wrong is for those who run the server.
    assert "a Python message" in done.stderr
