"""A reader stays where they are: after a choice, and after browser or server was busy."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.made_store import made_store
from tests.study.small import REGIONS, small
from tests.web.conftest import Opened, Served, serving
from yanzhen.report.text.words import Lang
from yanzhen.web.words import word as web_word

FOCUSED = "document.activeElement.getAttribute('aria-label')"
TOP = "document.activeElement.getBoundingClientRect().top"
# Longer than NiceGUI usually waits before it takes a connection for lost.
BUSY_SECONDS = 8
BUSY = f"const end = Date.now() + {BUSY_SECONDS}000; while (Date.now() < end);"


@pytest.mark.parametrize("lang", ["en"])
def test_a_number_given_far_down_leaves_the_reader_there(opened: Opened, lang: Lang) -> None:
    pair = f"home={REGIONS[0]}&host={REGIONS[2]}"
    opened.go(f"/cooperation?study={opened.served.study}&lang={lang}&{pair}")
    said = web_word(lang, "cooperation.given.supplement")
    box = opened.view.get_by_label(said)
    box.scroll_into_view_if_needed()
    opened.settle()
    box.fill("50")
    before = opened.view.evaluate(TOP)
    box.press("Enter")
    opened.view.wait_for_url("**supplement=50**")
    opened.view.wait_for_function(f"{FOCUSED} === {said!r}")
    opened.settle()
    assert opened.view.evaluate("scrollY") > 500
    assert opened.view.evaluate(TOP) == pytest.approx(before, abs=40)
    # Typing goes on in the same field.
    opened.view.keyboard.press("Control+A")
    opened.view.keyboard.type("60")
    opened.view.keyboard.press("Enter")
    opened.view.wait_for_url("**supplement=60**")


def test_a_chosen_region_leaves_the_keyboard_at_the_choice(opened: Opened) -> None:
    opened.go(f"/region?study={opened.served.study}&lang=en")
    said = web_word("en", "region.region")
    field = opened.view.get_by_label(said, exact=True).first
    field.fill(small().tables["regions"].filter(region=REGIONS[3])["name_en"][0])
    opened.view.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    opened.view.wait_for_url(f"**region={REGIONS[3]}**")
    opened.view.wait_for_function(f"{FOCUSED} === {said!r}")
    # Another page begins at its beginning.
    opened.view.click("nav a[href^='/how']")
    opened.view.wait_for_url("**/how?**")
    opened.view.wait_for_selector("h1")
    assert opened.view.evaluate("document.activeElement === document.body && scrollY === 0")


def test_a_browser_that_was_busy_keeps_what_was_opened(opened: Opened) -> None:
    opened.go(f"/overview?study={opened.served.study}&lang=en")
    first = opened.view.locator(".figure").first
    first.locator(".opened .q-item").click()
    first.locator(".q-table tbody td.q-td").first.wait_for()
    opened.view.evaluate(BUSY)
    opened.view.wait_for_timeout(1500)
    assert first.locator(".q-table tbody td.q-td").first.is_visible()
    first.get_by_role("button", name=web_word("en", "explain")).click()
    opened.view.locator("[role=dialog] h2").wait_for()


def test_a_server_that_was_busy_answers_what_was_pressed_meanwhile(
    browser: Any, served: Served, tmp_path: Path
) -> None:
    # Its own server: the one of every worker's tests must not halt.
    given = made_store(tmp_path)
    with serving(given.study, given.store) as (address, process):
        page = Opened(browser, Served(address, process, served.study))
        page.go(f"/overview?study={page.served.study}&lang=en")
        page.view.wait_for_function("window.did_handshake")
        first = page.view.locator(".figure").first
        os.kill(process, signal.SIGSTOP)
        try:
            first.locator(".opened .q-item").click()
            time.sleep(BUSY_SECONDS)
        finally:
            os.kill(process, signal.SIGCONT)
        first.locator(".q-table tbody td.q-td").first.wait_for()
        page.view.close()
        assert page.outside == []
        assert page.complaints == []
