"""Many readers at once: what they leave is not kept, what they see again is not made again."""

import json
import urllib.parse
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from nicegui import Client, ui
from starlette.requests import Request

from tests.made_store import MadeStore, made_store
from tests.waiting import SILENCE
from tests.web.conftest import Opened
from yanzhen.api.workbench import Workbench
from yanzhen.report.tables.table import Column, Table
from yanzhen.web import drawings
from yanzhen.web.address import Address
from yanzhen.web.combobox import combobox
from yanzhen.web.deferred import FIRST
from yanzhen.web.drawings import kept_drawing
from yanzhen.web.figure import MOST_PRINTED, shown_table
from yanzhen.web.view import View

QUERY = "window.socket.io.opts.query"
MANY = 3 * FIRST
NOBODY = {"type": "http", "headers": [], "path": "/", "query_string": b""}


@pytest.fixture
def view(tmp_path: Path) -> View:
    return View(Workbench(tmp_path, slots=0), Address("/enterprise", "en", "s", {"origin": "a"}))


def test_a_page_that_was_left_is_not_kept(opened: Opened) -> None:
    opened.go(f"/overview?study={opened.served.study}&lang=en")
    left = opened.view.evaluate(QUERY)
    opened.go(f"/how?study={opened.served.study}&lang=en")
    assert _comes_back(opened.served.address, left) is False
    # One that its reader still has takes a second socket.
    assert _comes_back(opened.served.address, opened.view.evaluate(QUERY)) is True


def _comes_back(address: str, page: dict[str, Any]) -> bool:
    """Whether a server still has a page for the browser that had it, asked as NiceGUI asks."""
    said = {**page, "document_id": "another", "EIO": 4, "transport": "polling"}
    said["implicit_handshake"] = "true"
    base = f"{address}/_nicegui_ws/socket.io/?{urllib.parse.urlencode(said)}"

    def ask(more: str, content: bytes | None = None) -> str:
        with urllib.request.urlopen(base + more, content, timeout=SILENCE) as answer:
            text: str = answer.read().decode()
        return text

    session = "&sid=" + json.loads(ask("")[1:])["sid"]
    ask(session, b"40")
    answer = ask(session)
    assert answer[:2] in ("40", "44"), answer
    return answer.startswith("40")


def test_rows_beyond_a_screen_come_when_the_table_is_turned_to(view: View) -> None:
    columns = (Column("n", "n", "", "text"),)
    rows = [(str(i),) for i in range(3 * MOST_PRINTED)]
    with Client(ui.page(""), request=Request(NOBODY)) as page:
        shown_table(view, Table("t", "t", "", columns, list(rows), frozenset()))
        table = next(each for each in page.elements.values() if isinstance(each, ui.table))
        assert len(table.rows) == MOST_PRINTED
        _turn_to(table, "pointerenter")
        assert [row["c0"] for row in table.rows] == [row[0] for row in rows]
    page.delete()


@pytest.mark.parametrize("event", ["pointerenter", "focus"])
def test_options_beyond_the_first_come_when_the_list_is_turned_to(
    event: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filtered: list[str] = []
    monkeypatch.setattr(ui, "run_javascript", filtered.append)
    options = {str(i): f"site {i}" for i in range(MANY)}
    with Client(ui.page("")) as page:
        chosen = str(MANY - 1)
        box = combobox(options, chosen, "where", lambda value: None)
        assert len(box.options) == FIRST + 1
        assert box.value == chosen
        _turn_to(box, event)
        assert box.options == options
        # What was typed by then picks from them.
        assert len(filtered) == 1
    page.delete()


def _turn_to(element: ui.element, event: str) -> None:
    for each in element._event_listeners.values():
        if each.type == event:
            element._handle_event({"listener_id": each.id, "args": []})


def test_a_picture_is_drawn_once_for_a_version_and_an_address(view: View, tmp_path: Path) -> None:
    made = []

    def draw() -> alt.Chart:
        made.append(len(made))
        return alt.Chart(alt.Data(values=[{"x": made[-1]}]), title="t").mark_point().encode(x="x:Q")

    drawings._KEPT.clear()
    first = kept_drawing(view, tmp_path / "1", "k", draw)
    assert kept_drawing(view, tmp_path / "1", "k", draw) is first
    elsewhere = replace(view, address=view.address.choosing(origin="b"))
    others = [
        kept_drawing(view, tmp_path / "2", "k", draw),
        kept_drawing(view, tmp_path / "1", "l", draw),
        kept_drawing(elsewhere, tmp_path / "1", "k", draw),
        kept_drawing(replace(view, address=view.address.speaking("zh")), tmp_path / "1", "k", draw),
    ]
    assert [f'"x": {i}' in each["json"] for i, each in enumerate([first, *others])] == [True] * 5
    assert made == [0, 1, 2, 3, 4]


def test_pictures_that_are_kept_have_a_bound(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw() -> alt.Chart:
        return alt.Chart(alt.Data(values=[]), title="t").mark_point()

    drawings._KEPT.clear()
    size = len(kept_drawing(view, tmp_path, "0", draw)["json"])
    monkeypatch.setattr(drawings, "MOST", 3 * size)
    for i in range(1, 6):
        kept_drawing(view, tmp_path, str(i), draw)
    assert [key for _, _, key in drawings._KEPT] == ["3", "4", "5"]


def test_a_table_of_an_analysis_is_made_once_for_a_version(tmp_path: Path) -> None:
    given: MadeStore = made_store(tmp_path)
    bench = Workbench(given.store, [str(given.study)], slots=0)
    study = bench.studies.named[0].key
    kept = bench.analyses["diagnosis"]
    key = next(iter(kept.analysis.work.tables))
    assert kept.table(study, key, "en") is kept.table(study, key, "en")
    assert kept.table(study, key, "zh") is not kept.table(study, key, "en")
    region = bench.studies.read(study).tables["regions"]["region"][1]
    narrowed = kept.table(study, key, "en", {"region": region})
    assert narrowed is kept.table(study, key, "en", {"region": region})
    assert narrowed is not kept.table(study, key, "en")
    bench.close()
