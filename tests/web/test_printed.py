"""What every page shows is on paper, as a picture or in its text; nothing is cut or too small."""

from typing import Any

import pytest

from tests.printed import missing_on_paper
from tests.study.small import REGIONS
from tests.web.conftest import Opened
from yanzhen.web.pages import every_page

CHARTS = "yz-chart svg.marks"
ALL_DRAWN = """async () => {
  const charts = [...document.querySelectorAll("yz-chart")];
  await Promise.all(charts.map((chart) => chart.show()));
  const undrawn = charts.filter((chart) => chart.dataset.state !== "drawn");
  return undrawn.map((chart) => chart.dataset.key);
}"""
FURTHER = {"cooperation": f"&home={REGIONS[0]}&host={REGIONS[2]}"}


def shown(opened: Opened, path: str) -> None:
    """Open a page with every picture drawn."""
    opened.go(path)
    assert opened.view.evaluate(ALL_DRAWN) == []


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.key)
def test_what_a_page_shows_is_on_paper(opened: Opened, page: Any) -> None:
    further = FURTHER.get(page.key, "")
    shown(opened, f"{page.path}?study={opened.served.study}&lang=zh{further}")
    assert missing_on_paper(opened.view, CHARTS) == []


FAULTS = {
    "hidden": ("yz-chart[data-key=macro_regions] { display: none }", "picture: macro_regions"),
    "cut": ("yz-chart[data-key=flows] svg { clip-path: inset(0 0 40% 0) }", "picture: flows"),
    "small": ("yz-chart[data-key=flows] svg { max-height: 90mm }", "too small to read: flows"),
    "text": (".findings li:nth-child(2) { display: none }", "text: "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_hidden_cut_or_small_on_paper_is_told(opened: Opened, fault: str) -> None:
    style, told = FAULTS[fault]
    shown(opened, f"/overview?study={opened.served.study}&lang=zh")
    opened.view.add_style_tag(content=f"@media print {{ {style.replace(' }', ' !important }')} }}")
    found = missing_on_paper(opened.view, CHARTS)
    assert len(found) == 1 and found[0].startswith(told)
