"""The page in a real browser."""

from pathlib import Path
from typing import Any

import pytest

from tests.waiting import BROWSER_SILENCE
from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.folder import write_file
from yanzhen.report.text.reader import Reader

SETTLED = "[...document.querySelectorAll('.chart')].every(chart => chart.dataset.state)"


class Opened:
    """A page that has drawn its charts, and what happened meanwhile."""

    def __init__(self, browser: Any, path: Path, width: int = 1200) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.view = browser.new_page(viewport={"width": width, "height": 900})
        self.view.set_default_timeout(BROWSER_SILENCE)
        self.view.on("request", lambda request: self.requests.append(request.url))
        self.view.on("console", lambda message: self.complaints.append(message.text))
        self.view.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.view.goto(path.as_uri())
        self.view.wait_for_function(SETTLED)

    def all(self, script: str) -> list[Any]:
        """Evaluate an expression of `chart` for every chart."""
        found: list[Any] = self.view.evaluate(
            f"[...document.querySelectorAll('.chart')].map(chart => {script})"
        )
        return found


@pytest.fixture(scope="module")
def paths(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {lang: folder / f"{lang}.html" for lang in ("zh", "en")}
    for lang, path in made.items():
        write_file(plan_document(plan, Reader(plan.study, lang)), path)
    return made


@pytest.fixture(scope="module", params=["zh", "en"])
def opened(request: pytest.FixtureRequest, browser: Any, paths: dict[str, Path]) -> Opened:
    return Opened(browser, paths[request.param])


def test_the_page_asks_nothing_of_a_network(opened: Opened) -> None:
    allowed = ("file:", "data:", "blob:")
    assert [url for url in opened.requests if not url.startswith(allowed)] == []
    assert len([url for url in opened.requests if url.startswith("file:")]) == 1


def test_the_page_complains_of_nothing(opened: Opened) -> None:
    assert opened.complaints == []


def test_every_chart_has_drawn_marks(opened: Opened) -> None:
    assert set(opened.all("chart.dataset.state")) == {"drawn"}
    marks = "chart.querySelectorAll('svg .role-mark path, svg .role-mark text').length"
    assert all(count > 3 for count in opened.all(marks))


def test_every_chart_is_named_for_those_who_do_not_see_it(opened: Opened) -> None:
    named = "chart.closest('[role=img]').ariaLabel.length > 3"
    assert all(opened.all(named))


def test_chinese_is_drawn_in_a_font_that_has_it(browser: Any, paths: dict[str, Path]) -> None:
    view = Opened(browser, paths["zh"]).view
    session = view.context.new_cdp_session(view)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    for selector in ("h1", ".findings li", ".chart svg .role-axis-label text"):
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert fonts, selector
    # A glyph that no font has is drawn as the same box as an unassigned character.
    same_as_box = view.evaluate(
        """() => {
          const canvas = document.createElement("canvas");
          const context = canvas.getContext("2d", {willReadFrequently: true});
          const drawn = (character) => {
            context.clearRect(0, 0, 60, 60);
            context.font = "40px " + getComputedStyle(document.body).fontFamily;
            context.fillText(character, 5, 45);
            return context.getImageData(0, 0, 60, 60).data.join();
          };
          const box = drawn("\\u{10FFFD}");
          return [..."产业转移价格省"].map((character) => drawn(character) === box);
        }"""
    )
    assert same_as_box == [False] * 7


@pytest.mark.parametrize("width", [360, 768])
def test_the_page_fits_a_narrow_screen(browser: Any, paths: dict[str, Path], width: int) -> None:
    page = Opened(browser, paths["en"], width)
    assert page.view.evaluate("document.documentElement.scrollWidth") == width
    widths = page.all("[chart.clientWidth, chart.querySelector('svg').clientWidth]")
    assert all(drawn <= room + 1 for room, drawn in widths), widths


def test_names_of_a_study_stay_text(harmful_plan: Plan, browser: Any, tmp_path: Path) -> None:
    write_file(
        plan_document(harmful_plan, Reader(harmful_plan.study, "en")), tmp_path / "harmful.html"
    )
    page = Opened(browser, tmp_path / "harmful.html")
    assert "taken" not in page.view.title()
    assert set(page.all("chart.dataset.state")) == {"drawn"}
    assert page.complaints == []


def test_a_study_elsewhere_is_drawn_too(foreign_plan: Plan, browser: Any, tmp_path: Path) -> None:
    write_file(
        plan_document(foreign_plan, Reader(foreign_plan.study, "en")), tmp_path / "foreign.html"
    )
    page = Opened(browser, tmp_path / "foreign.html")
    assert set(page.all("chart.dataset.state")) == {"drawn"}
    assert page.complaints == []


def test_the_example_is_drawn(example_plan: Plan, browser: Any, tmp_path: Path) -> None:
    write_file(
        plan_document(example_plan, Reader(example_plan.study, "zh")), tmp_path / "example.html"
    )
    page = Opened(browser, tmp_path / "example.html")
    assert set(page.all("chart.dataset.state")) == {"drawn"}
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))] == []
