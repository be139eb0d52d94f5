"""Files imported in a browser: what was understood is shown, what is unclear asked, then made."""

from pathlib import Path

import pytest

from tests.study.importing.layouts import write_text
from tests.web.conftest import Opened
from yanzhen.report.text.words import Lang
from yanzhen.web.words import word

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

ROWS = [
    ["各市分行业工业总产值（亿元）SYNTHETIC"],
    ["城市", "行业", "2016年", "2017年"],
    ["济南市", "纺织业", "100", "120"],
    ["济南市", "食品制造业", "80", "90"],
    ["菏则市", "纺织业", "70", "71"],
    ["菏则市", "食品制造业", "50", "…"],
]


@pytest.mark.parametrize("lang", ["en"])
def test_files_are_imported_in_the_browser(opened: Opened, lang: Lang, tmp_path: Path) -> None:
    view = opened.view
    path = write_text(tmp_path / f"年鉴{lang}.csv", ROWS, "gb18030")
    opened.go(f"/data?study={opened.served.study}&lang={lang}")
    view.set_input_files("input[multiple]", path)
    view.wait_for_url("**import=**")
    view.wait_for_selector(".notice.bad")
    problem = view.locator("table.plain tbody tr").first.locator("td").all_inner_texts()
    assert problem[2:4] == ["5", "A"]
    assert "371700 菏泽市" in problem[4]
    view.set_viewport_size({"width": 390, "height": 900})
    view.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    found = axe.Axe().run(view).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []

    view.locator(".q-select.wide-choice").click()
    view.get_by_role("option", name="371700 菏泽市").click()
    view.get_by_role("button", name=word(lang, "import.answer")).click()
    view.wait_for_selector(".notice.good")
    assert "SYNTHETIC" in opened.said("main, .yz-page")
    view.get_by_role("button", name=word(lang, "import.write")).click()
    view.wait_for_url(lambda url: "import=" not in url and opened.served.study not in url)
    with view.expect_download() as download:
        view.get_by_text(word(lang, "data.download")).click()
    assert download.value.suggested_filename.endswith(".zip")
