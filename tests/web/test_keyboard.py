"""The keyboard alone: one hears what one moves."""

import re

import pytest

from tests.study.small import REGIONS
from tests.web.conftest import Opened
from yanzhen.report.text.words import word

PAIR = f"home={REGIONS[0]}&host={REGIONS[2]}"
SLIDERS = """[...document.querySelectorAll("[role=slider]")].map((slider) => [
  slider.tabIndex, slider.getAttribute("aria-label"), slider.getAttribute("aria-valuetext"),
  slider.getAttribute("aria-valuenow"),
])"""


@pytest.mark.parametrize(
    ("path", "count"), [("/zone", 1), (f"/cooperation?{PAIR}", 7)], ids=["zone", "cooperation"]
)
def test_a_slider_says_its_name_and_its_value_in_words(
    opened: Opened, path: str, count: int
) -> None:
    joint = "&" if "?" in path else "?"
    opened.go(f"{path}{joint}study={opened.served.study}&lang=zh")
    opened.view.wait_for_function("window.did_handshake && document.querySelector('[role=slider]')")
    opened.view.wait_for_function("document.querySelector('[role=slider]').tabIndex === 0")
    sliders = opened.view.evaluate(SLIDERS)
    assert len(sliders) >= count
    for stop, name, said, number in sliders:
        assert stop == 0 and name and said and number is not None
        assert re.search(r"[%年月无期]", said), (name, said)


def test_a_slider_moved_by_the_keyboard_says_its_new_value(opened: Opened) -> None:
    opened.go(f"/zone?study={opened.served.study}&lang=en&offer=0.02")
    slider = opened.view.get_by_role("slider", name=word("en", "zone.column.offer"))
    assert slider.get_attribute("aria-valuetext") == "2.00%"
    slider.focus()
    opened.view.keyboard.press("ArrowRight")
    opened.view.locator("[role=slider][aria-valuetext='2.25%']").wait_for()
    opened.view.locator(".facts dd", has_text="2.25%").wait_for()
