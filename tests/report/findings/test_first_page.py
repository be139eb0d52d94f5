"""The first page of a plan's report says what one must know, and is one page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.document import Definitions, Drawing
from yanzhen.report.document.html import page
from yanzhen.report.document.official import numbered
from yanzhen.report.findings.first_page import figures, rests_on, verdict
from yanzhen.report.findings.plan import flagged
from yanzhen.report.text.quantities import amount
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang, word

# A4 between margins of 10 mm, in the pixels of a browser.
BREADTH, HEIGHT = 718, 1047
LAID_OUT = """() => {
  const { bottom, height } = document.querySelector("#first").getBoundingClientRect();
  const map = document.querySelector("#first .chart svg").getBoundingClientRect();
  return [bottom + scrollY, height, map.width, map.height];
}"""


def test_the_verdict_and_five_figures_are_those_of_the_plan(plan: Plan, lang: Lang) -> None:
    reader = Reader(plan.study, lang)
    moved = amount(float(plan.leaving["output"].sum()), reader.money)
    assert moved in verdict(plan, reader)
    shown = figures(plan, reader)
    assert len(shown) == 5
    assert shown[0][1] == moved
    ranked = plan.macro_regions.sort("net")
    for (label, value), row in zip(shown[1:3], ranked[[0, -1]].iter_rows(named=True), strict=True):
        assert reader.names.macro_region(row["macro_region"]) in label
        assert value.startswith(amount(row["net"], reader.money))
        assert amount(row["net_low"], reader.money) in value


def test_assumptions_are_counted_and_the_period_called_an_illustration(
    plan: Plan, lang: Lang
) -> None:
    reader = Reader(plan.study, lang)
    kept = pl.concat([plan.parameters] * 3).with_columns(
        source=pl.Series(["assumption", "assumption", "a paper"])
    )
    said = rests_on(replace(plan, parameters=kept), reader)
    first, last = plan.period
    assert said[0] == word(
        lang, "first_page.illustration", first=first, last=last, base=plan.base_year
    )
    assert said[1] == word(lang, "first_page.assumed", assumed=2, count=3)
    assert flagged(plan, reader) and set(flagged(plan, reader)) <= set(said)


def test_a_plan_that_is_not_proved_says_so_first(plan: Plan) -> None:
    broken = replace(plan.certificate, duality_gap=1.0)
    said = verdict(replace(plan, certificate=broken), Reader(plan.study, "en"))
    assert word("en", "first_page.certificate_failed") in said


def test_it_opens_the_report_with_the_map(plan: Plan) -> None:
    opening = plan_document(plan, Reader(plan.study, "en")).opening
    assert opening is not None
    assert [part.key for part in opening.parts if isinstance(part, Drawing)] == ["flows"]
    assert sum(isinstance(part, Definitions) for part in opening.parts) == 1


def test_it_is_one_page_of_a4(browser: Any, plan: Plan, lang: Lang, tmp_path: Any) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(plan_document(plan, Reader(plan.study, lang))), encoding="utf-8")
    view = browser.new_page(viewport={"width": BREADTH, "height": HEIGHT})
    view.emulate_media(media="print")
    view.goto(path.as_uri())
    view.locator("#first .chart[data-state=drawn]").wait_for()
    bottom, height, map_width, map_height = view.evaluate(LAID_OUT)
    view.close()
    assert height > HEIGHT / 2
    assert bottom <= HEIGHT
    assert min(map_width, map_height) > 250


def test_a_word_document_opens_with_it(plan: Plan, plan_for_word: Path) -> None:
    docx = pytest.importorskip("docx")
    texts = [each.text for each in docx.Document(str(plan_for_word)).paragraphs]
    said = verdict(plan, Reader(plan.study, "zh"))
    assert texts.index(said) < texts.index(numbered("zh", 1, word("zh", "page.findings")))
