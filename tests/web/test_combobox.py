"""Every list with a type box, on every page: what it says is what the page is about."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.study.small import small
from tests.web.conftest import Opened
from yanzhen.web.pages import PAGES

BOX = "input[type=search][role=combobox]"
BOXES = {"region": 2, "enterprise": 4, "zone": 1, "chain": 4, "technology": 2, "cooperation": 4}
OPTIONS = """box => {
  const list = getElement(Number(box.id.slice(1)));
  return list.initialOptions.map(each => each.label);
}"""
FOCUSED = "box => document.activeElement === box"


def test_enter_takes_the_first_hit_tab_and_escape_take_none(opened: Opened) -> None:
    for page in PAGES:
        open_page(opened, f"{page.path}?study={opened.served.study}&lang=en")
        count = opened.view.locator(BOX).count()
        assert count == BOXES.get(page.key, 0), page.key
        # Backwards: the first box of a page may begin work that takes the others away.
        for place in reversed(range(count)):
            try_box(opened, place)


def try_box(opened: Opened, place: int) -> None:
    box, before, there = opened.view.locator(BOX).nth(place), opened.view.url, shown(opened, place)
    label = box.get_attribute("aria-label")
    wanted = [each for each in box.evaluate(OPTIONS) if each != there][-1]
    for key in ("Escape", "Tab"):
        box.fill(wanted)
        box.press(key)
        opened.view.wait_for_function(
            "([box, said]) => box.value === said", arg=[box.element_handle(), there]
        )
        assert (opened.view.url, box.evaluate(FOCUSED)) == (before, key == "Escape"), label
    box.fill(wanted)
    box.press("Enter")
    opened.view.wait_for_url(lambda url: url != before, wait_until="commit")
    opened.view.wait_for_selector("h1")
    opened.view.wait_for_function("window.did_handshake")
    code = codes().get(wanted)
    assert code is None or code in ",".join(asked(opened).values()).split(","), label
    again = opened.view.get_by_role("combobox", name=label, exact=True)
    if again.count():
        chips = again.first.evaluate("box => box.closest('.q-field').innerText")
        assert wanted in f"{again.first.input_value()}\n{chips}", label


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


def open_page(opened: Opened, path: str) -> None:
    opened.view.goto(opened.served.address + path)
    opened.view.wait_for_selector("h1")
    opened.view.wait_for_function("window.did_handshake")


def shown(opened: Opened, place: int) -> str:
    return str(opened.view.locator(BOX).nth(place).input_value())


def asked(opened: Opened) -> dict[str, Any]:
    query = parse_qs(urlsplit(opened.view.url).query)
    return {key: values[0] for key, values in query.items()}


def codes() -> dict[str, str]:
    """The codes of regions and industries by their names."""
    tables = small().tables
    return {
        **dict(tables["regions"].select("name_en", "region").iter_rows()),
        **dict(tables["industries"].select("name_en", "industry").iter_rows()),
    }
