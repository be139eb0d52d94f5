"""Cooperation: terms turned in the browser, what they come to, and why some are refused."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.study.small import REGIONS
from tests.web.conftest import Opened
from yanzhen.report.text.words import Lang
from yanzhen.web.words import word as web_word

PAIR = f"home={REGIONS[0]}&host={REGIONS[2]}"


def open_pair(opened: Opened, lang: Lang, more: str = "") -> None:
    opened.go(f"/cooperation?study={opened.served.study}&lang={lang}&{PAIR}{more}")
    opened.view.wait_for_selector(".facts")
    opened.settle()


def turn(opened: Opened, lang: Lang, term: str, part: float) -> None:
    """Press a slider at a part of its length."""
    slider = opened.view.locator(f"[data-dial={term}]")
    box = slider.bounding_box()
    slider.click(position={"x": 1 + (box["width"] - 2) * part, "y": box["height"] / 2})


def asked(opened: Opened) -> dict[str, str]:
    query = parse_qs(urlsplit(opened.view.url).query)
    return {key: values[0] for key, values in query.items()}


def appraisal(opened: Opened, lang: Lang) -> Any:
    given = {key: value for key, value in asked(opened).items() if key not in ("study", "lang")}
    query = "&".join(f"{key}={value}" for key, value in given.items())
    return opened.served.json(
        f"/api/v1/contracts/{opened.served.study}/appraisal?lang={lang}&{query}"
    )


@pytest.mark.parametrize("lang", ["en"])
def test_a_turned_term_changes_figures_pictures_and_address(opened: Opened, lang: Lang) -> None:
    open_pair(opened, lang)
    chart = opened.view.locator("yz-chart[data-key=gain_curve]")
    line = chart.locator(".mark-line path").first.get_attribute("d")
    before = opened.view.locator(".facts dd").first.inner_text()
    turn(opened, lang, "share", 0.8)
    opened.view.wait_for_url("**share=80**")
    chart.locator("xpath=self::*[@data-renewed]").wait_for()
    assert opened.view.locator(".facts dd").first.inner_text() != before
    said = appraisal(opened, lang)
    assert said["home_gain"] > said["host_gain"]
    # Another horizon of sharing changes the lines themselves.
    turn(opened, lang, "years", 0.1)
    opened.view.wait_for_url("**years=3**")
    opened.view.wait_for_function(
        "before => document.querySelector('yz-chart[data-key=gain_curve] .mark-line path')"
        ".getAttribute('d') !== before",
        arg=line,
    )
    findings = appraisal(opened, lang)["findings"]
    opened.view.locator(".findings li", has_text=findings[0]).wait_for()


@pytest.mark.parametrize("lang", ["zh"])
def test_contradictory_terms_are_refused_with_the_reason(opened: Opened, lang: Lang) -> None:
    open_pair(opened, lang)
    turn(opened, lang, "top_up", 0.5)
    table = opened.view.get_by_role("region", name=web_word(lang, "cooperation.reasons"))
    table.wait_for()
    assert "top_up" in table.inner_text()
    assert opened.view.locator(".facts").count() == 1
    turn(opened, lang, "cap_years", 0.2)
    table.wait_for(state="detached")


def test_an_address_with_contradictory_terms_can_be_put_right(opened: Opened) -> None:
    opened.go(f"/cooperation?study={opened.served.study}&lang=en&{PAIR}&extension=2")
    opened.view.locator(".notice.bad").wait_for()
    turn(opened, "en", "extension", 0.0)
    opened.view.wait_for_selector(".facts")


def test_files_and_language_follow_the_terms_as_they_stand(opened: Opened) -> None:
    open_pair(opened, "en")
    turn(opened, "en", "share", 0.2)
    opened.view.wait_for_url("**share=20**")
    figure = opened.view.locator(".figure", has=opened.view.locator("[data-key=ledger_tax]"))
    with opened.view.expect_download() as download:
        figure.get_by_label(web_word("en", "save", form="CSV"), exact=True).click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "SYNTHETIC" in text
    ledger = appraisal(opened, "en")["ledger"]
    first = [float(cell or 0) for cell in text.splitlines()[1].split(",")]
    assert first[2] / first[1] == pytest.approx(0.2, abs=1e-6)
    assert ledger[0]["tax_home"] / ledger[0]["tax_paid"] == pytest.approx(0.2, abs=1e-6)
    opened.view.click("a[hreflang=zh-CN]")
    opened.view.wait_for_url("**lang=zh**")
    assert asked(opened)["share"] == "20"


@pytest.mark.parametrize("lang", ["en"])
def test_what_a_source_leaves_open_is_given_and_the_scheme_stands_beside(
    opened: Opened, lang: Lang
) -> None:
    open_pair(opened, lang)
    chart = opened.view.locator("yz-chart[data-key=scheme_gains]")
    chart.scroll_into_view_if_needed()
    opened.settle()
    box = opened.view.get_by_label(web_word(lang, "cooperation.given.supplement"))
    box.fill("50")
    box.blur()
    opened.view.wait_for_url("**supplement=50**")
    opened.view.wait_for_selector(".facts")
    figure = opened.view.locator(".figure", has=opened.view.locator("[data-key=scheme_gains]"))
    figure.locator(".opened .q-item").click()
    rows = figure.locator(".q-table tbody tr:has(td.q-td)")
    rows.first.wait_for()
    assert rows.count() == 7
    title = "京津冀2015" if lang == "zh" else "Beijing-Tianjin-Hebei 2015"
    cells = rows.filter(has_text=title).first.locator("td").all_inner_texts()
    assert "—" not in cells[1:5]


def test_the_sensitivity_is_reckoned_when_it_is_asked_for(opened: Opened) -> None:
    open_pair(opened, "en")
    opened.view.get_by_role("button", name=web_word("en", "cooperation.reckon")).click()
    opened.view.locator("yz-chart[data-key=gain_sensitivity]").wait_for()
    opened.settle()
