"""Every page at 200 %: a browser's zoom, and letters alone twice as large."""

from typing import Any

import pytest

from tests.web.conftest import Opened
from yanzhen.web.pages import PAGES

DESK = {"width": 1440, "height": 900}
ZOOMED = {"width": 720, "height": 450, "deviceScaleFactor": 2, "mobile": False}
"""What a page knows of a desk's window at 200 %."""
FAULTS = """() => {
  const texts = [], said = [];
  const walk = document.createTreeWalker(document.querySelector(".yz-page"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walk.nextNode()) {
    const node = walk.currentNode, held = node.parentElement;
    // Pictures keep their size; heads of tables lie over the rows that scroll under them.
    if (!node.data.trim() || held.closest("svg, th, script, style, i.q-icon")) continue;
    if (!held.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((each) => each.width > 2 && each.height > 2);
    let scrolls = false;
    for (let part = held; part && !scrolls; part = part.parentElement) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(part);
      scrolls = /auto|scroll/.test(overflowX + overflowY);
      const cuts = /hidden|clip/.test(overflowX + overflowY) && textOverflow !== "ellipsis";
      if (scrolls || !cuts) continue;
      const box = part.getBoundingClientRect();
      if (box.width < 3 || box.height < 3) { rects.length = 0; break; }
      if (rects.some((each) => each.right > box.right + 2 || each.bottom > box.bottom + 4)) {
        said.push(`cut: ${node.data.trim().slice(0, 60)}`);
        break;
      }
    }
    if (!scrolls) for (const rect of rects) texts.push({ rect, text: node.data.trim(), node });
  }
  texts.sort((a, b) => a.rect.top - b.rect.top);
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].rect.top < texts[i].rect.bottom; j++) {
      const a = texts[i].rect, b = texts[j].rect;
      if (texts[i].node === texts[j].node) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const least = Math.min(a.height, b.height);
      if (wide <= 4 || high <= 0.4 * least) continue;
      said.push(`over: ${texts[i].text.slice(0, 40)} / ${texts[j].text.slice(0, 40)}`);
    }
  }
  return said;
}"""


def faults(opened: Opened) -> list[str]:
    opened.settle()
    wide = opened.view.evaluate("document.documentElement.scrollWidth - innerWidth")
    told: list[str] = opened.view.evaluate(FAULTS)
    return [*told, *([f"{wide} pixels too broad"] if wide > 0 else [])]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_page_at_200_percent_cuts_and_covers_nothing(opened: Opened, page: Any) -> None:
    # English is the longer.
    opened.view.set_viewport_size(DESK)
    opened.go(f"{page.path}?study={opened.served.study}&lang=en")
    assert faults(opened) == []
    opened.view.add_style_tag(content="html { font-size: 200% }")
    assert opened.view.evaluate("getComputedStyle(document.body).fontSize") == "32px"
    letters = faults(opened)
    opened.view.add_style_tag(content="html { font-size: 100% }")
    session = opened.view.context.new_cdp_session(opened.view)
    session.send("Emulation.setDeviceMetricsOverride", ZOOMED)
    assert opened.view.evaluate("[innerWidth, devicePixelRatio]") == [720, 2]
    zoomed = faults(opened)
    session.send("Emulation.clearDeviceMetricsOverride")
    session.detach()
    assert (letters, zoomed) == ([], [])


BROKEN = {
    "cut: ": ".lead { height: 9px; overflow: hidden }",
    "over: ": ".lead { margin-top: -2.4rem }",
    "pixels too broad": ".lead { width: 3000px }",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_cut_covered_or_too_broad_is_told(opened: Opened, fault: str) -> None:
    opened.go(f"/how?study={opened.served.study}&lang=en")
    opened.view.add_style_tag(content=BROKEN[fault])
    assert any(fault in each for each in faults(opened))
