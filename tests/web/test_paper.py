"""What a page shows is on paper too, whether its reader has scrolled there or not."""

import pytest

from tests.study.small import REGIONS
from tests.web.conftest import Opened
from yanzhen.web.words import word as web_word

# What the browser would print, at the moment when it is asked to.
PRINTED = """window.print = () => {
  window.printed = [...document.querySelectorAll("yz-chart")].map((chart) => chart.dataset.state);
};"""
PAIR = f"&home={REGIONS[0]}&host={REGIONS[2]}"
DRAWN = "[...document.querySelectorAll('yz-chart')].every(each => each.dataset.state === 'drawn')"
SIZES = """[...document.querySelectorAll("yz-chart")].map((chart) => {
  const { width, height } = chart.querySelector("svg").getBoundingClientRect();
  return [chart.dataset.key, Math.round(width), Math.round(height)];
})"""
BREADTH = 1000
"""Of A4 between the margins, in the pixels of a browser; charts are not broader."""


@pytest.mark.parametrize(
    "path", ["/overview?", f"/cooperation?{PAIR}"], ids=["overview", "cooperation"]
)
def test_the_button_prints_when_every_chart_is_drawn(opened: Opened, path: str) -> None:
    opened.begin_with(PRINTED)
    opened.view.goto(f"{opened.served.address}{path}&study={opened.served.study}&lang=en")
    opened.view.wait_for_function("window.did_handshake && window.yanzhen")
    opened.view.get_by_role("button", name=web_word("en", "print")).click()
    opened.view.wait_for_function("window.printed")
    printed = opened.view.evaluate("window.printed")
    assert len(printed) > 5 and set(printed) == {"drawn"}


def test_charts_out_of_sight_are_drawn_while_the_browser_rests(opened: Opened) -> None:
    opened.go(f"/overview?study={opened.served.study}&lang=zh")
    opened.view.wait_for_function(DRAWN)
    assert opened.view.evaluate("scrollY") == 0
    opened.view.emulate_media(media="print", color_scheme="dark")
    sizes = opened.view.evaluate(SIZES)
    assert len(sizes) > 5
    assert [each for each in sizes if min(each[1:]) < 40 or each[1] > BREADTH] == []
    # Paper is white, whatever the ground of the screen is.
    ink = "getComputedStyle(document.querySelector('.findings')).color"
    assert opened.view.evaluate(ink) == "rgb(31, 41, 51)"
