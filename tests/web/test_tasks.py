"""The four tasks, from the start page to an answer, by keyboard alone and in few actions."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.study.small import REGIONS, small
from tests.web.conftest import Opened
from yanzhen.report.text.words import Lang
from yanzhen.web.words import word as web_word

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
WIDTHS = (1440, 1024, 720, 390)
"""Of a desk, a small screen, the desk's at 200 %, and a telephone, in pixels."""
SEEN = ("/", "/role", "/enterprise?output=100", "/zone", "/planner")


class Keyboard:
    """A reader without a mouse, whose actions are counted: a press, or a field filled."""

    def __init__(self, opened: Opened, lang: Lang) -> None:
        self.view, self.lang, self.opened = opened.view, lang, opened
        self.actions = 0
        opened.go(f"/?study={opened.served.study}&lang={lang}")
        self.view.wait_for_function("window.did_handshake")

    def word(self, key: str, **values: object) -> str:
        return web_word(self.lang, key, **values)

    def press(self, place: Any, key: str = "Enter") -> None:
        """Press a key on what the keyboard reaches."""
        place.focus()
        reached = place.evaluate("it => it === document.activeElement && it.tabIndex >= 0")
        assert reached, place
        self.view.keyboard.press(key)
        self.actions += 1

    def fill(self, label: str, typed: str) -> None:
        """Type into a field and press Enter."""
        field = self.view.get_by_label(label, exact=True).first
        field.focus()
        self.view.keyboard.press("Control+A")
        self.view.keyboard.type(typed)
        self.view.wait_for_timeout(150)
        self.view.keyboard.press("Enter")
        self.actions += 1

    def follow(self, name: str, path: str, within: str = ".yz-page") -> None:
        """Press a link and wait for its page."""
        self.press(self.view.locator(within).get_by_role("link", name=name).first)
        self.view.wait_for_url(f"**{path}?**")
        self.view.wait_for_selector("h1")
        self.view.wait_for_function("window.did_handshake")


def of_role(keyboard: Keyboard, role: str) -> None:
    keyboard.follow(keyboard.word(f"role.{role}.name"), "/role", ".roles")
    assert keyboard.view.locator(".verdict").inner_text()
    assert keyboard.view.locator(".key-figures > div").count() == 3


@pytest.mark.parametrize("lang", ["zh"])
def test_an_enterprise_finds_where_to_go_in_money(opened: Opened, lang: Lang) -> None:
    keyboard = Keyboard(opened, lang)
    of_role(keyboard, "enterprise")
    keyboard.follow(keyboard.word("role.enterprise.next"), "/enterprise")
    label = opened.view.get_by_label(re.compile(re.escape(keyboard.word("enterprise.output"))))
    keyboard.fill(label.first.get_attribute("aria-label"), "1000")
    opened.view.wait_for_url("**output=1000**")
    shortlist = opened.view.locator(".shortlist tbody td.q-td")
    shortlist.first.wait_for()
    assert shortlist.nth(0).inner_text() == "1"
    assert re.search(r"\d", shortlist.nth(2).inner_text())
    assert opened.view.locator(".changes .findings li").count() > 1
    assert keyboard.actions <= 6


@pytest.mark.parametrize("lang", ["en"])
def test_a_zone_finds_the_offer_that_fills_its_room(opened: Opened, lang: Lang) -> None:
    keyboard = Keyboard(opened, lang)
    of_role(keyboard, "zone")
    name = small().tables["regions"].filter(region=REGIONS[3])[f"name_{lang}"][0]
    keyboard.fill(keyboard.word("role.zone.site"), name)
    opened.view.wait_for_url(f"**site={REGIONS[3]}**")
    opened.view.wait_for_function("window.did_handshake")
    keyboard.follow(keyboard.word("role.zone.next"), "/zone")
    track = opened.view.locator(".q-slider__track-container[role=slider]")
    track.wait_for()
    keyboard.press(track, "ArrowRight")
    opened.view.wait_for_url("**offer=0.0125**")
    told = opened.view.locator(".facts dd").all_inner_texts()
    assert told[0] == "1.25%" and float(told[5].rstrip("%")) <= 100
    assert opened.view.locator(".yz-table td.q-td").count() > 5
    assert keyboard.actions <= 5


@pytest.mark.parametrize("lang", ["zh"])
def test_a_planner_caps_a_province_and_sees_the_difference(opened: Opened, lang: Lang) -> None:
    keyboard = Keyboard(opened, lang)
    planner = web_word(lang, "page.planner.name")
    keyboard.press(opened.view.locator("nav").get_by_role("link", name=planner, exact=True))
    opened.view.wait_for_url("**/planner?**")
    opened.view.wait_for_function("window.did_handshake")
    kind = opened.view.get_by_label(keyboard.word("planner.kind"), exact=True).first
    keyboard.press(kind, "ArrowDown")
    option = opened.view.get_by_role("option", name=keyboard.word("instrument.cap"), exact=True)
    option.wait_for()
    # Letters go to the option that begins with them.
    for _ in range(20):
        if opened.view.locator(
            ".q-item.q-manual-focusable--focused", has_text=keyboard.word("instrument.cap")
        ).count():
            break
        opened.view.keyboard.press("ArrowDown")
    opened.view.keyboard.press("Enter")
    keyboard.actions += 1
    option.wait_for(state="hidden")
    opened.view.get_by_label(keyboard.word("planner.resource"), exact=True).first.wait_for()
    name = small().tables["regions"].filter(region=REGIONS[2])[f"name_{lang}"][0]
    keyboard.fill(keyboard.word("planner.where"), name)
    opened.view.locator(".preview", has_text=name).wait_for()
    # The list stays open for further places, until it is left.
    opened.view.keyboard.press("Tab")
    opened.view.locator(".q-menu").wait_for(state="hidden")
    keyboard.fill(keyboard.word("planner.value"), "7")
    preview = opened.view.locator(".preview", has_text=re.compile(f"{re.escape(name)}.*7"))
    preview.wait_for()
    keyboard.press(opened.view.get_by_role("button", name=keyboard.word("planner.suppose")))
    opened.view.wait_for_url("**scenarios=own-**")
    opened.view.wait_for_function("window.did_handshake")
    compare = opened.view.get_by_role("button", name=keyboard.word("planner.compare"), exact=True)
    keyboard.press(compare)
    heading = opened.view.get_by_role(
        "heading", name=keyboard.word("planner.comparison"), exact=True
    )
    heading.wait_for()
    assert name in opened.view.locator(".findings li").first.inner_text()
    opened.view.locator("yz-chart[data-key^='difference-']").wait_for(state="attached")
    assert keyboard.actions <= 8
    # What was added is deleted, and comes back.
    drop = opened.view.get_by_role("button", name=re.compile(re.escape(name))).first
    drop.press("Enter")
    opened.view.get_by_role("heading", name=keyboard.word("planner.deleted")).wait_for()
    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_role("button", name=f"{keyboard.word('planner.undo')}: ").first.press(
        "Enter"
    )
    opened.view.wait_for_url("**scenarios=own-**")
    opened.view.get_by_role("button", name=re.compile(re.escape(name))).first.wait_for()
    # Its own alone: another test may have supposed something beside it.
    (own,) = parse_qs(urlsplit(opened.view.url).query)["scenarios"]
    root = f"{opened.served.address}/api/v1/scenarios/{opened.served.study}"
    assert opened.view.request.delete(f"{root}/{own}").ok


@pytest.mark.parametrize("lang", ["en"])
def test_a_ministry_reads_the_verdict_and_opens_a_province(opened: Opened, lang: Lang) -> None:
    keyboard = Keyboard(opened, lang)
    of_role(keyboard, "ministry")
    opened.settle()
    assert opened.view.locator(".card li").count() >= 4
    keyboard.follow(keyboard.word("role.province.name"), "/role", ".role-tabs")
    opened.view.wait_for_url("**role=province**")
    assert keyboard.actions <= 3


def test_a_region_pressed_on_the_map_is_chosen(opened: Opened) -> None:
    opened.go(f"/role?study={opened.served.study}&lang=en&role=ministry")
    mark = opened.view.locator("yz-chart .mark-symbol path").first
    mark.click(force=True)
    opened.view.wait_for_url("**region=**")
    assert "role=province" in opened.view.url
    opened.view.wait_for_selector(".verdict")


@pytest.mark.parametrize("path", SEEN)
def test_what_tasks_pass_through_fits_every_screen_and_reads_in_forced_colours(
    opened: Opened, path: str
) -> None:
    joint = "&" if "?" in path else "?"
    opened.go(f"{path}{joint}study={opened.served.study}&lang=en")
    opened.view.emulate_media(forced_colors="active", reduced_motion="reduce")
    for width in WIDTHS:
        opened.view.set_viewport_size({"width": width, "height": 900})
        opened.settle()
        opened.view.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    found = axe.Axe().run(opened.view, options={"resultTypes": ["violations"]})
    assert [
        (each["id"], each["nodes"][0]["html"][:200]) for each in found.response["violations"]
    ] == []
