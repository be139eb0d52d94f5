"""Results show themselves: a few lines of text, a card that needs nothing, frames, pictures."""

import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl
import pytest

import yanzhen as yz
from tests.finance.fund.studies import small_fund
from tests.study.small import small
from yanzhen.notebook.plans import PlanResult
from yanzhen.notebook.result import ShownResult
from yanzhen.study import StudyError


@pytest.fixture(scope="module")
def results(plan: PlanResult) -> dict[str, ShownResult]:
    return {
        "plan": plan,
        "diagnosis": yz.diagnose(plan.study, lang="en"),
        "comparison": yz.compare(plan, "west_subsidy"),
        "chain": yz.chain(plan),
        "contract": yz.contract(plan, "Shanghai", "Anhui"),
        "effects": yz.effects(plan),
        "fund": yz.fund(small_fund(), lang="en", fund_draws=2, fund_least_amount=0.7),
        "docking": yz.docking(yz.examples.synthetic_docking(), inputs=1, suppliers=1, lang="en"),
    }


class Parts(HTMLParser):
    """Elements of a page, and every address that it names."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        if tag not in ("img", "br"):
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_result_says_itself_in_at_most_ten_lines(results: dict[str, ShownResult]) -> None:
    for name, result in results.items():
        for lang in ("en", "zh"):
            lines = repr(result.in_language(lang)).splitlines()
            assert 4 <= len(lines) <= 10, name
            assert max(map(len, lines)) < 160, name
        # What was found prints short too, for who takes it as the rooms make it.
        assert len(repr(result.found).splitlines()) <= 10, name


def test_a_study_says_itself_in_a_few_lines_in_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = yz.examples.synthetic_docking()
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert len(repr(study).splitlines()) <= 5
    assert repr(study).startswith("[SYNTHETIC DATA]")
    assert "SYNTHETIC DATA" in study._repr_html_()
    assert "<td" in study._repr_html_()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "基年 2017" in repr(study)


def test_a_card_asks_nothing_of_any_network_and_runs_no_script(plan: PlanResult) -> None:
    card = plan._repr_html_()
    parts = Parts()
    parts.feed(card)
    assert parts.open == []
    assert "script" not in parts.names
    assert [each[:26] for each in parts.addresses] == ["data:image/svg+xml;base64,"]
    assert "url(" not in card
    assert plan.study.about.title_en in card
    assert "Certificate: every check holds" in card
    for finding in plan.findings:
        assert finding.replace("'", "&#39;") in card


def test_a_card_leaves_the_colours_of_text_to_the_page_around(plan: PlanResult) -> None:
    """A page may be light or dark; only the picture stands on a ground of its own."""
    style = re.findall(r"<style>(.*?)</style>", plan._repr_html_(), re.DOTALL)[0]
    colours = re.findall(r"[{;]\s*(color|background): ([^;}]+)", style)
    assert set(colours) == {("color", "inherit"), ("background", "#fff"), ("background", "none")}


def test_synthetic_figures_are_marked_in_text_and_card(plan: PlanResult) -> None:
    made_up = yz.plan(small(), draws=0, lang="en")
    assert repr(made_up).startswith("[SYNTHETIC DATA]")
    assert '<p class="mark" role="note">SYNTHETIC DATA</p>' in made_up._repr_html_()
    assert "SYNTHETIC DATA" not in repr(plan)


def test_prices_that_do_not_clear_are_said_not_to(plan: PlanResult) -> None:
    certificate = replace(plan.certificate, relative_excess_demand=1.0)
    failed = replace(plan, found=replace(plan.found, certificate=certificate))
    assert not failed.passed
    assert "a check fails, and the result must not be used" in repr(failed)
    assert "every check holds" not in repr(failed)


def test_every_table_is_an_attribute_with_a_dictionary_of_its_columns(
    results: dict[str, ShownResult],
) -> None:
    for name, result in results.items():
        for lang in ("en", "zh"):
            told = result.in_language(lang)
            for table, frame in told.tables.items():
                assert getattr(told, table) is frame, (name, table)
                said = told.columns_of(table)
                assert said["column"].to_list() == frame.columns
                lacking = said.filter(pl.col("description") == "")
                assert lacking["column"].to_list() == [], (name, table, lang)


def test_the_units_of_columns_are_the_study_s(plan: PlanResult) -> None:
    units = dict(plan.columns_of("moves").select("column", "unit").iter_rows())
    assert units["output"] == plan.study.about.units.money
    assert units["jobs"] == plan.study.about.units.persons
    assert units["gain"] == "1"


def test_a_table_that_there_is_not_is_answered_with_the_nearest(plan: PlanResult) -> None:
    with pytest.raises(StudyError, match=r"found move; expected .*the nearest there is moves"):
        plan.columns_of("move")
    with pytest.raises(AttributeError):
        plan.move  # noqa: B018


def test_no_table_hides_behind_what_every_result_has(results: dict[str, ShownResult]) -> None:
    for name, result in results.items():
        assert set(result.tables) & set(dir(type(result))) == set(), name
        assert set(result.tables) <= set(dir(result)), name


def test_figures_are_altair_charts(results: dict[str, ShownResult]) -> None:
    for name, result in results.items():
        assert result.leading in result.figures, name
        chart: Any = result.figures[result.leading]
        assert isinstance(chart, alt.TopLevelMixin), name
        # What is drawn keeps its reading line.
        assert chart.to_dict(validate=False)["title"]["subtitle"], name


def test_a_result_tells_the_same_in_both_languages(plan: PlanResult) -> None:
    chinese = plan.in_language("zh")
    assert chinese.found is plan.found
    assert len(chinese.findings) == len(plan.findings)
    assert re.search(r"[\u4e00-\u9fff]", chinese.findings[0])
    assert not re.search(r"[\u4e00-\u9fff]", " ".join(plan.findings))


def test_a_report_is_written_as_its_ending_says(
    results: dict[str, ShownResult], tmp_path: Path
) -> None:
    result = results["contract"]
    page = result.to_html(tmp_path / "contract.html")
    assert result.findings[0] in page.read_text(encoding="utf-8")
    assert "xl/workbook.xml" in zipfile.ZipFile(result.to_excel(tmp_path / "a.xlsx")).namelist()
    with pytest.raises(StudyError, match=r"found the file name 'a\.xlsx'; expected .*\.html"):
        result.to_html(tmp_path / "a.xlsx")
    written = {each.name for each in result.to_folder(tmp_path / "all").iterdir()}
    assert written == {"contract.html", "contract.xlsx", "tables"}
