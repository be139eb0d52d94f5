"""The slider of a SYNTHETIC nation: only certified prices, and the map renewed by them."""

from pathlib import Path
from typing import Any

import numpy as np

from tests.made_store import made_store
from tests.web.conftest import Opened, Served, serving
from yanzhen.api.nation import TOLERANCE
from yanzhen.market.large.nation import write_nation
from yanzhen.market.large.synth import Marginals
from yanzhen.report.text.quantities import small
from yanzhen.web.words import word as web_word

LANG = "en"
FINAL = web_word(LANG, "moved_cap.certified", bound=small(TOLERANCE), passes=0).partition(",")[0]


def test_a_cap_moved_is_answered_by_certified_prices_on_map_and_table(
    browser: Any, served: Served, tmp_path: Path
) -> None:
    random = np.random.default_rng(2)
    marginals = Marginals(random.lognormal(size=(31, 3)), random.uniform(0.0, 10.0, (31, 2)))
    write_nation(tmp_path / "nation", 5000, 62, 5, marginals, "china-provinces")
    given = made_store(tmp_path)
    asked = ("--nation", str(tmp_path / "nation"))
    with serving(given.study, given.store, *asked) as (address, process):
        page = Opened(browser, Served(address, process, served.study))
        page.go(f"/planner?study={page.served.study}&lang={LANG}")
        card = page.view.locator("section.card", has_text=web_word(LANG, "moved_cap.title"))
        said = card.locator("[role=status]")
        said.filter(has_text="Certified: ").wait_for()
        assert "SYNTHETIC" in card.inner_text()
        page.settle()
        picture = card.locator("yz-chart").first
        before = picture.get_attribute("spec")
        priced = card.locator("td.q-td").all_inner_texts()
        track = card.locator(".q-slider__track-container[role=slider]")
        track.focus()
        page.view.keyboard.press("PageDown")
        page.view.keyboard.press("Tab")
        page.view.wait_for_function(
            "([chart, before]) => chart.getAttribute('spec') !== before",
            arg=[picture.element_handle(), before],
        )
        said.filter(has_text=FINAL).wait_for()
        page.settle()
        assert card.locator(".stale").count() == 0
        assert card.locator("td.q-td").all_inner_texts() != priced
        page.view.close()
        assert page.outside == []
        assert page.complaints == []
