"""The workbench in a real browser: each page in both languages, each role's task."""

import zipfile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.study.small import REGIONS, small, small_study
from tests.web.conftest import Opened, Served
from tests.web.keyboard import rest, walked
from yanzhen.report.text.words import Lang, size_words, word
from yanzhen.study import write_study
from yanzhen.web.pages import PAGES
from yanzhen.web.words import word as web_word

axe = pytest.importorskip("axe_playwright_python.sync_playwright")


DRAWN = "[...document.querySelectorAll('yz-chart')].every(each => each.dataset.state === 'drawn')"
MARKS = """[...document.querySelectorAll("yz-chart svg")].map(
  (chart) => chart.querySelectorAll(".role-mark > *").length)"""
VIOLATIONS = {"resultTypes": ["violations"]}
A4 = {"width": 718, "height": 1039}
"""Between its margins, in the pixels of a browser."""


def on_screen(view: Any) -> list[int]:
    """The marks of each chart."""
    view.wait_for_function(DRAWN)
    marks: list[int] = view.evaluate(MARKS)
    return marks


def on_paper(view: Any) -> list[int]:
    """The marks of each chart where the page is printed, which is no broader than the paper."""
    size = view.viewport_size
    view.emulate_media(media="print")
    view.set_viewport_size(A4)
    marks = on_screen(view)
    view.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    view.emulate_media(media="screen")
    view.set_viewport_size(size)
    return marks


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_page_is_readable_by_everyone_and_fits_a_telephone(opened: Opened, page: Any) -> None:
    address = f"{page.path}?study={opened.served.study}"
    # Its English words are the longest: what can be seen is looked at in them.
    opened.go(f"{address}&lang=en")
    assert opened.said("h1") == web_word("en", f"page.{page.key}.title")
    assert opened.view.get_attribute("html", "lang") == "en"
    assert "SYNTHETIC" in opened.said(".notice.synthetic")
    offered = opened.view.locator(".reports").first.locator("a")
    assert offered.all_inner_texts() == ["HTML", "Excel", "Word"]
    # What stands around the content is the same on every page.
    if page.path != "/":
        opened.view.focus("#content")
    stops, unseen = walked(opened.view)
    assert stops > (0 if page.path != "/" else 15)
    assert unseen == []
    rest(opened.view)
    # Without motion no colour is caught while it fades.
    opened.view.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert faults(axe.Axe().run(opened.view, options=VIOLATIONS).response) == []
    # The dark ground changes colours and nothing else.
    opened.view.emulate_media(color_scheme="dark", reduced_motion="reduce")
    opened.settle()
    opened.view.wait_for_timeout(200)
    contrast = {**VIOLATIONS, "runOnly": ["color-contrast"]}
    assert faults(opened.view.evaluate("asked => axe.run(asked)", contrast)) == []
    assert on_paper(opened.view) == on_screen(opened.view)
    # A telephone turned or a narrow window gets no page of its own.
    opened.view.set_viewport_size({"width": 375, "height": 900})
    opened.settle()
    opened.view.wait_for_function("document.documentElement.scrollWidth <= innerWidth")


def faults(found: Any) -> list[tuple[str, str]]:
    """The rule that is broken, and where, of each fault that axe finds."""
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_page_is_there_in_chinese(served: Served, page: Any) -> None:
    status, text = served.page(f"{page.path}?study={served.study}&lang=zh")
    assert status == 200
    assert "documentElement.lang='zh-CN'" in text
    assert web_word("zh", f"page.{page.key}.title") in text
    assert "SYNTHETIC" in text


def test_the_keyboard_reaches_content_and_pages(opened: Opened) -> None:
    opened.go(f"/overview?study={opened.served.study}&lang=en")
    opened.view.wait_for_selector(".skip", state="attached")
    opened.view.focus(".skip")
    opened.view.keyboard.press("Enter")
    assert opened.view.evaluate("location.hash") == "#content"
    opened.view.focus("nav a[href^='/how']")
    opened.view.keyboard.press("Enter")
    opened.view.wait_for_url("**/how?**")


def test_language_and_ground_are_changed_where_one_stands(opened: Opened) -> None:
    opened.go(f"/region?study={opened.served.study}&lang=en&region={REGIONS[2]}")
    opened.view.click("a[hreflang=zh-CN]")
    opened.view.wait_for_url(f"**/region?study={opened.served.study}&lang=zh&region={REGIONS[2]}")
    opened.view.click(f"[aria-label='{web_word('zh', 'ground')}']")
    opened.view.wait_for_selector("body.body--dark")
    opened.view.reload()
    opened.view.wait_for_selector("body.body--dark")


@pytest.mark.parametrize("lang", ["en"])
def test_the_overview_shows_findings_map_table_and_files(opened: Opened, lang: Lang) -> None:
    opened.go(f"/overview?study={opened.served.study}&lang={lang}")
    said = opened.served.json(f"/api/v1/plans/{opened.served.study}/findings?lang={lang}")
    items = opened.view.locator(".findings li").all_inner_texts()
    assert items == said
    first = opened.view.locator(".figure").first
    assert first.locator("yz-chart svg path").count() > 5
    first.locator(".opened .q-item").click()
    first.locator(".q-table tbody td.q-td").first.wait_for()
    moves = opened.served.json(f"/api/v1/plans/{opened.served.study}/tables/moves?lang={lang}")
    assert first.locator(".q-table tbody td.q-td").first.inner_text() == str(moves["rows"][0][1])
    for form in ("CSV", "XLSX", "PNG", "SVG"):
        with opened.view.expect_download() as download:
            first.get_by_label(web_word(lang, "save", form=form), exact=True).click()
        assert download.value.suggested_filename.endswith(f".{form.lower()}")
    first.get_by_role("button", name=web_word(lang, "explain")).click()
    opened.view.locator("[role=dialog] h2").wait_for()


@pytest.mark.parametrize("lang", ["zh"])
def test_a_region_is_chosen_and_its_address_says_so(opened: Opened, lang: Lang) -> None:
    opened.go(f"/region?study={opened.served.study}&lang={lang}")
    opened.view.get_by_label(web_word(lang, "region.region"), exact=True).first.click()
    name = small().tables["regions"].filter(region=REGIONS[3])[f"name_{lang}"][0]
    opened.view.get_by_role("option", name=name).click()
    opened.view.wait_for_url(f"**region={REGIONS[3]}**")
    opened.view.wait_for_selector(".facts")
    opened.settle()
    assert opened.view.locator(".facts dd").count() == 5


@pytest.mark.parametrize("lang", ["zh"])
def test_a_study_with_problems_shows_each_beside_its_cell(
    opened: Opened, lang: Lang, tmp_path: Any
) -> None:
    write_study(small(), tmp_path / "broken.xlsx")
    opened.go(f"/data?study={opened.served.study}&lang={lang}")
    opened.view.set_input_files("[data-target='/api/v1/studies']", tmp_path / "broken.xlsx")
    opened.view.wait_for_url("**/data?study=broken**")
    assert web_word(lang, "data.sound") in opened.said(".notice.good")

    folder = small_study(tmp_path / "small")
    lines = (folder / "regions.csv").read_text(encoding="utf-8").splitlines()
    (folder / "regions.csv").write_text("\n".join([*lines, lines[-1]]), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    opened.view.set_input_files("[data-target='/api/v1/studies']", tmp_path / "twice.zip")
    opened.view.wait_for_url("**/data?study=twice**")
    key = parse_qs(urlsplit(opened.view.url).query)["study"][0]
    problems = opened.served.json(f"/api/v1/studies/{key}/problems")
    rows = opened.view.locator("table.plain tbody tr")
    assert rows.count() == len(problems) > 0
    said = problems[0]["expected_zh" if lang == "zh" else "expected"]
    assert rows.first.locator("td").last.inner_text() == said
    assert str(problems[0]["row"]) in rows.first.locator("td").all_inner_texts()

    (tmp_path / "wrong.txt").write_text("not a study")
    opened.view.set_input_files("[data-target='/api/v1/studies']", tmp_path / "wrong.txt")
    opened.view.locator(".sent.bad").wait_for()
    # The browser itself reports the refusal that the page answers.
    opened.complaints[:] = [said for said in opened.complaints if "415" not in said]


@pytest.mark.parametrize("lang", ["zh"])
def test_an_enterprise_sees_where_to_go_and_when_a_move_pays(opened: Opened, lang: Lang) -> None:
    study = opened.served.study
    opened.go(f"/enterprise?study={study}&lang={lang}")
    assert opened.view.locator(".q-table tbody tr").count() > 2
    assert web_word(lang, "enterprise.form_empty") in opened.said(".card .notice")
    output = opened.view.get_by_label(web_word(lang, "enterprise.output"))
    output.fill("1000")
    output.press("Enter")
    output.blur()
    # What is typed is taken at the key and again where the field is left: two addresses in a row.
    opened.view.wait_for_function("location.search.includes('output=1000')")
    opened.view.wait_for_selector(".facts")
    opened.settle()
    # Typed as fast as a keyboard allows: nothing is lost on the way through the fields.
    opened.view.get_by_label(web_word(lang, "enterprise.severance")).click()
    for typed in ("7", "Tab", "1", "Tab", "100000", "Tab", "5"):
        opened.view.keyboard.press("Tab") if typed == "Tab" else opened.view.keyboard.type(typed)
    assert "severance" not in opened.view.url
    opened.view.keyboard.press("Enter")
    opened.view.wait_for_url("**removal=100000**")
    for key, value in (("output", 1000), ("severance", 7), ("downtime", 1), ("new_plant", 5)):
        assert f"{key}={value}" in opened.view.url
    opened.view.locator(".facts dd", has_text=web_word(lang, "enterprise.never")).wait_for()


@pytest.mark.parametrize("lang", ["en"])
def test_headings_of_a_table_stand_on_one_line(opened: Opened, lang: Lang) -> None:
    opened.go(f"/zone?study={opened.served.study}&lang={lang}")
    opened.view.wait_for_selector(".yz-table td.q-td")
    ends = opened.view.evaluate(
        """[...document.querySelectorAll('.yz-table thead tr')].map(row =>
            [...row.cells].map(cell => {
                const said = document.createRange();
                said.selectNodeContents([...cell.childNodes].find(node => node.nodeType === 3));
                return Math.round(said.getBoundingClientRect().bottom);
            }))"""
    )
    assert ends and max(map(len, ends)) > 4
    assert [row for row in ends if max(row) - min(row) > 1] == []


@pytest.mark.parametrize("lang", ["en"])
def test_a_zone_designs_an_offer_and_takes_its_leads_along(opened: Opened, lang: Lang) -> None:
    opened.go(f"/zone?study={opened.served.study}&lang={lang}&offer=0.02")
    told = opened.view.locator(".facts dd")
    assert told.nth(0).inner_text() == "2.00%"
    before = told.nth(3).inner_text()
    slider = opened.view.locator(".q-slider")
    wide = slider.bounding_box()["width"]
    slider.click(position={"x": wide - 2, "y": 8})
    opened.view.locator(".facts dd", has_text="10.00%").wait_for()
    assert told.nth(3).inner_text() != before
    # No offer brings more than there is room for.
    assert float(told.nth(5).inner_text().rstrip("%")) <= 100
    opened.view.wait_for_url("**offer=0.1**")
    opened.settle()
    leads = opened.view.locator(
        ".card", has_text=word(lang, "zone.leads", **size_words("output", lang))
    ).last
    with opened.view.expect_download() as download:
        leads.get_by_label(web_word(lang, "save", form="CSV")).click()
    assert "SYNTHETIC" in download.value.path().read_text(encoding="utf-8-sig")
