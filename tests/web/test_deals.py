"""Deals in a browser: entered, moved on by the keyboard, with terms, tasks and comments."""

import re
from typing import Any

import pytest

from tests.web.conftest import Opened
from yanzhen.report.text.words import Lang
from yanzhen.web.words import word as web_word

PNG = b"\x89PNG\r\n\x1a\n SYNTHETIC"
TERMS = """title_zh = "合成"
title_en = "SYNTHETIC"
tax_kinds = ["value_added_tax"]

[[periods]]
years = 5
split = "50:50"
"""


def by_label(opened: Opened, key: str, lang: Lang) -> Any:
    return opened.view.get_by_label(web_word(lang, key), exact=True)


@pytest.mark.parametrize("lang", ["en"])
def test_a_deal_is_entered_moved_by_the_keyboard_and_filled(
    opened: Opened, lang: Lang, tmp_path: Any
) -> None:
    title = f"SYNTHETIC <b>deal</b> {lang}"
    opened.go(f"/deals?study={opened.served.study}&lang={lang}")
    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_text(web_word(lang, "deals.make"), exact=True).first.click()
    said = {"title": title, "industry": "C38", "origin": "310000", "destination": "340000"}
    for key, value in said.items():
        by_label(opened, f"deals.{key}", lang).fill(value)
    by_label(opened, "deals.since_day", lang).fill("2026-01-05")
    by_label(opened, "deals.mode", lang).click()
    ways = web_word(lang, "deals.modes.coconstruction")
    opened.view.get_by_role("option", name=ways).click()
    opened.view.get_by_role("button", name=web_word(lang, "deals.make_it"), exact=True).click()
    opened.view.wait_for_url("**deal=**")
    assert title in opened.said("h2.part")
    deal = opened.view.url

    # Back on the board a button asks for the day; Enter alone moves the deal.
    opened.go(f"/deals?study={opened.served.study}&lang={lang}")
    opened.view.wait_for_function("window.did_handshake")
    talks = web_word(lang, "deals.state.talks")
    move = web_word(lang, "deals.move_to", deal=title, state=talks)
    button = opened.view.get_by_role("button", name=move, exact=True).first
    button.focus()
    opened.view.keyboard.press("Enter")
    day = opened.view.locator("[role=dialog] input[type=date]")
    day.fill("2026-01-05")
    day.press("Enter")
    opened.view.locator("[role=dialog] table").wait_for()
    assert "2026-01-05" in opened.said("[role=dialog] table")
    day.fill("2026-02-01")
    day.press("Enter")
    head = opened.view.get_by_text(re.compile(rf"^{talks} · [1-9]"))
    moved = opened.view.locator(".board .column", has=head)
    moved.get_by_text(title).first.wait_for()

    opened.view.goto(deal)
    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_text(web_word(lang, "deals.propose"), exact=True).first.click()
    by_label(opened, "deals.terms_toml", lang).fill(TERMS)
    button = opened.view.get_by_role("button", name=web_word(lang, "deals.propose_it"), exact=True)
    button.last.click()
    versions = web_word(lang, "deals.versions")
    opened.view.get_by_role("region", name=versions).wait_for()
    by_label(opened, "deals.comment", lang).fill("<script>1</script> SYNTHETIC")
    opened.view.get_by_role("button", name=web_word(lang, "deals.say"), exact=True).click()
    opened.view.locator(".said", has_text="<script>1</script> SYNTHETIC").wait_for()
    (tmp_path / "plan.png").write_bytes(PNG)
    opened.view.set_input_files("[data-target$='/documents']", tmp_path / "plan.png")
    opened.view.locator(".hits a", has_text="plan.png").wait_for()
    opened.view.wait_for_function("window.did_handshake")
    calendar = web_word(lang, "deals.new_calendar")
    opened.view.get_by_role("button", name=calendar, exact=True).click()
    address = opened.view.locator("code.secret")
    address.wait_for()
    status, told = opened.served.page(address.inner_text().removeprefix(opened.served.address))
    assert status == 200 and told.startswith("BEGIN:VCALENDAR")
