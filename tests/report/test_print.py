"""The report on paper: A4, no chapter above two pages, and nothing missing that a screen shows."""

from pathlib import Path
from typing import Any

import pytest

from tests.printed import missing_on_paper
from tests.report.test_browser import SETTLED
from yanzhen.pipeline import PlanRun
from yanzhen.pipeline.analyses import analysis_chapters
from yanzhen.pipeline.chains import chapters
from yanzhen.pipeline.cooperation import cooperation_chapters
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.folder import write_file
from yanzhen.report.text.reader import Reader

# A4 between its margins, in the pixels of a browser.
BREADTH, HEIGHT = 718, 1039
MEGABYTE = 1_000_000
CHAPTERS = """[...document.querySelectorAll("main > section")].map(
  (each) => [each.id, each.getBoundingClientRect().height])"""
BROADER = """[...document.querySelectorAll("body *")].filter(
  (each) => each.getBoundingClientRect().right > %d).map((each) => each.outerHTML.slice(0, 80))"""
SHOWN = """() => {
  const there = (each) => each.getClientRects().length > 0;
  const count = (name) => [...document.querySelectorAll(name)].filter(there).length;
  return {
    text: [...document.querySelectorAll("main h2, main h3, main p, main li, main td, main dd")]
      .filter(there).map((each) => each.innerText.replace(/\\s+/g, "")),
    // Axes have fewer labels where there is less room; what they measure stays.
    marks: [...document.querySelectorAll(".chart svg")].map(
      (chart) => chart.querySelectorAll(".role-mark > *").length),
    rows: count("tbody tr"),
    stamps: count(".stamp"),
    pictures: count("figure"),
  };
}"""
SHAPES = """[...document.querySelectorAll(".chart svg")].map((each) => {
  const { width, height } = each.getBoundingClientRect();
  return [width, height, each.viewBox.baseVal.width / each.viewBox.baseVal.height];
})"""


@pytest.fixture(scope="module")
def path(example_run: PlanRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # English, which is the longer.
    reader = Reader(example_run.plan.study, "en")
    assert example_run.chains and example_run.cooperation
    further = [
        *chapters(example_run.chains, reader),
        *cooperation_chapters(example_run.cooperation, reader),
        *analysis_chapters(example_run.analyses, reader),
    ]
    assert [each.key for each in further] == ["chain", "cooperation", "effects", "goals"]
    made = tmp_path_factory.mktemp("print") / "report.html"
    write_file(plan_document(example_run.plan, reader, further), made)
    return made


@pytest.fixture(scope="module")
def view(browser: Any, path: Path) -> Any:
    """The page as it was on screen before somebody prints it."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(path.as_uri())
    page.wait_for_function(SETTLED)
    return page


@pytest.fixture(scope="module")
def on_screen(view: Any) -> dict[str, Any]:
    shown: dict[str, Any] = view.evaluate(SHOWN)
    return shown


@pytest.fixture(scope="module")
def printed(view: Any, on_screen: dict[str, Any]) -> Any:
    view.emulate_media(media="print")
    view.set_viewport_size({"width": BREADTH, "height": HEIGHT})
    return view


def test_the_whole_report_can_be_sent_by_mail(path: Path) -> None:
    assert path.stat().st_size < MEGABYTE


def test_no_chapter_is_longer_than_two_pages(printed: Any) -> None:
    heights = dict(printed.evaluate(CHAPTERS))
    assert len(heights) > 12
    assert {key: height for key, height in heights.items() if height > 2 * HEIGHT} == {}
    assert heights["first"] <= HEIGHT


def test_nothing_is_broader_than_the_paper(printed: Any) -> None:
    assert printed.evaluate(BROADER % (BREADTH + 1)) == []


def test_nothing_is_missing_on_paper(on_screen: dict[str, Any], printed: Any) -> None:
    assert len(on_screen["marks"]) > 12 and min(on_screen["marks"]) > 5
    assert printed.evaluate(SHOWN) == on_screen


def test_pictures_and_texts_are_on_the_printed_sheets(browser: Any, path: Path) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(path.as_uri())
    page.wait_for_function(SETTLED)
    # The map of the first page shares its sheet with what it shows.
    assert missing_on_paper(page, ".chart svg", BREADTH, readable=0.5) == []
    page.close()


def test_pictures_keep_their_shape(printed: Any) -> None:
    for width, height, ratio in printed.evaluate(SHAPES):
        assert 150 < width <= BREADTH and height > 60
        assert width / height == pytest.approx(ratio, rel=0.02)


def test_every_picture_and_table_bears_its_stamp(on_screen: dict[str, Any]) -> None:
    assert on_screen["stamps"] == on_screen["pictures"] > 20


def test_the_print_is_of_some_twenty_pages(printed: Any) -> None:
    sheets = printed.pdf(format="A4", prefer_css_page_size=True)
    assert 14 <= sheets.count(b"/Type /Page\n") <= 26
