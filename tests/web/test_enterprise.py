"""An enterprise's own list, its needs, its page on paper."""

import re
from typing import Any

import pytest

from tests.study.small import INDUSTRIES, REGIONS, small
from tests.waiting import processor_ticks, wait_until
from tests.web.conftest import Opened
from yanzhen.report.text.words import Lang, word
from yanzhen.web.deferred import FIRST
from yanzhen.web.words import word as web_word


@pytest.mark.parametrize("lang", ["zh"])
def test_an_enterprise_brings_a_list_and_looks_at_one(
    opened: Opened, lang: Lang, tmp_path: Any
) -> None:
    study = opened.served.study
    head = "enterprise,industry,origin,count,output,jobs,name_zh,name_en,status"
    row = f"E1,{INDUSTRIES[0]},{REGIONS[0]},1,1,0.01,合成企业,SYNTHETIC works,synthetic"
    path = tmp_path / "list.csv"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    opened.go(f"/enterprise?study={study}&lang={lang}")
    opened.view.set_input_files("input[type=file]", path)
    opened.view.wait_for_url("**list=**")
    table = opened.view.locator(".card", has_text=word(lang, "enterprise.best_sites"))
    table.locator("tbody td.q-td", has_text="E1").wait_for()
    opened.view.get_by_label(web_word(lang, "enterprise.of_list"), exact=True).first.click()
    name = "合成企业" if lang == "zh" else "SYNTHETIC works"
    opened.view.get_by_role("option", name=name).click()
    opened.view.wait_for_url("**need_jobs=0.01**")
    opened.view.wait_for_selector(".facts")
    opened.settle()
    asked = {"industry": INDUSTRIES[0], "origin": REGIONS[0], "needs": {"jobs": 0.01}}
    best = opened.served.post(f"/api/v1/plans/{study}/rankings", asked)[0]["site"]
    place = small().tables["regions"].filter(region=best)[f"name_{lang}"][0]
    assert table.locator("tbody td.q-td", has_text=place).count() > 0

    path.write_text(f"{head}\n{row.replace(REGIONS[0], 'nowhere')}\n", encoding="utf-8")
    opened.view.set_input_files("input[type=file]", path)
    opened.view.locator("table.plain").wait_for()
    assert "nowhere" in opened.said("table.plain")


@pytest.mark.parametrize("lang", ["en"])
def test_needs_are_edited_and_change_the_answer(opened: Opened, lang: Lang) -> None:
    study = opened.served.study
    opened.go(f"/enterprise?study={study}&lang={lang}&industry={INDUSTRIES[0]}&origin={REGIONS[0]}")
    scarce = word(lang, "term.price")
    before = opened.said(".card.screen-only .q-table")
    field = opened.view.locator("input[aria-label*='/'], .q-field input[placeholder]").first
    field.fill("50")
    field.blur()
    opened.view.wait_for_url("**need_jobs=50**")
    opened.view.wait_for_selector(".card.screen-only .q-table td.q-td")
    opened.settle()
    assert opened.said(".card.screen-only .q-table") != before
    assert scarce in opened.said(".card.screen-only .q-table")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_enterprise_takes_one_page_along(opened: Opened, lang: Lang) -> None:
    asked = "output=5000&margin=6&workers_dismissed=30&severance=5&removal=40&new_plant=80"
    opened.go(f"/enterprise?study={opened.served.study}&lang={lang}&{asked}")
    opened.view.set_viewport_size({"width": 1280, "height": 2600})
    opened.settle()
    opened.view.wait_for_function("document.querySelectorAll('yz-chart svg').length === 2")
    paper = opened.view.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"]


def bring(opened: Opened, lang: Lang, folder: Any, count: int) -> None:
    head = "enterprise,industry,origin,count,output,jobs,name_zh,name_en,status"
    rows = [
        f"E{i:03d},{INDUSTRIES[0]},{REGIONS[0]},1,1,0.01,合成{i:03d},SYNTHETIC {i:03d},synthetic"
        for i in range(count)
    ]
    path = folder / "list.csv"
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    opened.go(f"/enterprise?study={opened.served.study}&lang={lang}")
    opened.view.set_input_files("input[type=file]", path)
    opened.view.wait_for_url("**list=**")


def test_a_long_list_follows_its_page_whole(opened: Opened, tmp_path: Any) -> None:
    count = 3 * FIRST
    bring(opened, "en", tmp_path, count)
    last = f"E{count - 1}"
    sent = opened.view.request.get(opened.view.url).text()
    assert "E000" in sent and last not in sent
    table = opened.view.locator(".card", has_text=word("en", "enterprise.best_sites"))
    first = table.locator("tbody td.q-td").first

    def last_is_first() -> bool:
        if first.inner_text() == last:
            return True
        # What follows may arrive between two clicks, and is then in the order of the list again.
        table.locator("thead th").first.click()
        opened.view.wait_for_timeout(300)
        return False

    wait_until(last_is_first, lambda: processor_ticks(opened.served.process))
    field = opened.view.get_by_label(web_word("en", "enterprise.of_list"), exact=True).first
    field.fill(f"SYNTHETIC {count - 1}")
    opened.view.get_by_role("option", name=f"SYNTHETIC {count - 1}").wait_for()
    with opened.view.expect_download() as download:
        table.get_by_label(web_word("en", "save", form="CSV"), exact=True).click()
    assert last in download.value.path().read_text(encoding="utf-8-sig")


LATE = """
window.WebSocket = class extends WebSocket {
  set onopen(then) { super.onopen = (event) => setTimeout(() => then(event), 2000); }
  set onmessage(then) { super.onmessage = (event) => setTimeout(() => then(event), 2000); }
};
"""


def test_what_is_typed_before_a_long_list_is_there_picks_from_it(
    opened: Opened, tmp_path: Any
) -> None:
    count = 3 * FIRST
    bring(opened, "zh", tmp_path, count)
    opened.begin_with(LATE)
    opened.view.reload()
    field = opened.view.get_by_label(web_word("zh", "enterprise.of_list"), exact=True).first
    field.fill(f"合成{count - 1}")
    assert not opened.view.evaluate("window.did_handshake")
    option = opened.view.get_by_role("option")
    option.get_by_text(f"合成{count - 1}").wait_for()
    assert option.count() == 1
    field.press("ArrowDown")
    field.press("Enter")
    opened.view.wait_for_url(f"**enterprise=E{count - 1}**")
