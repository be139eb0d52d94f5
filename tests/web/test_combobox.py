"""Lists with a type box: what they say is what the page is about."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.study.small import small
from tests.web.conftest import Opened
from yanzhen.web.pages import PAGES, Page

playwright = pytest.importorskip("playwright.sync_api")
BOX = "input[type=search][role=combobox]"


def test_a_part_of_a_name_and_enter_take_the_first_that_holds_it(opened: Opened) -> None:
    regions = small().tables["regions"].filter(parent="100000")
    code, name = regions.select("region", "name_en").row(0)
    open_page(opened, f"/region?study={opened.served.study}&lang=en&region={regions['region'][3]}")
    figures = opened.said(".facts")
    box = opened.view.locator(BOX).first
    box.click()
    opened.view.keyboard.type("region")
    opened.view.keyboard.press("Enter")
    opened.view.wait_for_url(f"**region={code}**")
    opened.view.wait_for_selector(".facts")
    assert shown(opened, 0) == name
    assert opened.said(".facts") != figures
    # A text that nothing holds chooses nothing.
    opened.view.locator(BOX).first.fill("nowhere")
    opened.view.locator(BOX).first.press("Enter")
    opened.view.wait_for_function(f"document.querySelector({BOX!r}).value === {name!r}")
    assert asked(opened)["region"] == code


OTHERS = """boxes => boxes.map(box => {
  const { initialOptions, $refs: { qRef } } = getElement(Number(box.id.slice(1)));
  const shown = qRef.multiple ? null : qRef.modelValue;
  const other = initialOptions.findLast(each => each.label !== shown?.label);
  return qRef.multiple || !other ? null : { label: other.label, at: box.value };
})"""
"""Of each list with one choice, what else can be chosen, and what it says now."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_every_list_of_every_page_says_what_enter_took(opened: Opened, page: Page) -> None:
    path = f"{page.path}?study={opened.served.study}&lang=en"
    open_page(opened, path)
    others = opened.view.locator(BOX).evaluate_all(OTHERS)
    for place, other in enumerate(others):
        if other is None:
            continue
        open_page(opened, path)
        before = opened.view.url
        box = opened.view.locator(BOX).nth(place)
        # Escape leaves the choice as it was, in the box and on the page.
        box.click()
        box.fill(other["label"])
        box.press("Escape")
        opened.view.wait_for_function(SAYS, arg=[place, other["at"]])
        assert opened.view.url == before
        box.fill(other["label"])
        box.press("Enter")
        opened.view.wait_for_function(SAYS, arg=[place, other["label"]])
        # Where the choice is another address, the page that is loaded says it too.
        opened.view.wait_for_timeout(500)
        opened.view.wait_for_load_state()
        opened.view.wait_for_function("window.did_handshake")
        opened.view.wait_for_function(SAYS, arg=[place, other["label"]])


SAYS = f"([place, said]) => document.querySelectorAll({BOX!r})[place]?.value === said"


def open_page(opened: Opened, path: str) -> None:
    try:
        opened.view.goto(opened.served.address + path)
    except playwright.Error:
        # The page that was chosen before was still on its way.
        opened.view.goto(opened.served.address + path)
    opened.view.wait_for_selector("h1")
    opened.view.wait_for_function("window.did_handshake")


def shown(opened: Opened, place: int) -> str:
    return str(opened.view.locator(BOX).nth(place).input_value())


def asked(opened: Opened) -> dict[str, Any]:
    query = parse_qs(urlsplit(opened.view.url).query)
    return {key: values[0] for key, values in query.items()}


LISTS = {
    "one with a type box": f".choices {BOX}",
    "several with a type box": f".card:has(.yz-table) {BOX}",
    "one to pick from": ".study-choice input",
}
STATE = """box => ({
  url: location.href, value: box.value, chips: box.closest(".q-field").innerText,
  open: document.querySelectorAll(".q-menu").length, here: document.activeElement === box,
})"""
CLOSED = "document.querySelectorAll('.q-menu').length === 0"


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("key", ["Tab", "Escape"])
def test_tab_and_escape_take_nothing_from_a_list(opened: Opened, kind: str, key: str) -> None:
    open_page(opened, f"/enterprise?study={opened.served.study}&lang=en")
    box = opened.view.locator(LISTS[kind]).last
    box.focus()
    before = box.evaluate(STATE)
    assert before["here"] and not before["open"]
    box.press("ArrowDown")
    opened.view.locator(".q-menu [role=option]").first.wait_for()
    # What the arrows lead to is not chosen yet.
    box.press("ArrowDown")
    box.press(key)
    opened.view.wait_for_function(CLOSED)
    assert box.evaluate(STATE) == {**before, "here": key == "Escape"}
