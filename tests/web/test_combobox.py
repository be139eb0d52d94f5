"""Lists with a type box: what they say is what the page is about."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.study.small import small
from tests.web.conftest import Opened

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


def open_page(opened: Opened, path: str) -> None:
    opened.view.goto(opened.served.address + path)
    opened.view.wait_for_selector("h1")
    opened.view.wait_for_function("window.did_handshake")


def shown(opened: Opened, place: int) -> str:
    return str(opened.view.locator(BOX).nth(place).input_value())


def asked(opened: Opened) -> dict[str, Any]:
    query = parse_qs(urlsplit(opened.view.url).query)
    return {key: values[0] for key, values in query.items()}
