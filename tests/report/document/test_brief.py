"""One page of A4 stays one, whatever a study's names are."""

from dataclasses import replace
from datetime import date

import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.brief import brief_of
from yanzhen.report.document.brief import typeset
from yanzhen.report.findings.briefs import for_ministry, for_province
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

pytest.importorskip("typst")
ONE_PAGE = b"/Type/Pages/Count 1/"


def test_texts_half_as_long_again_are_one_page(plan: Plan, lang: Lang) -> None:
    reader = Reader(plan.study, lang)
    answer = for_province(plan, "340000", reader)
    page = brief_of(plan, answer, "key", date(2026, 1, 2), reader)
    longer = replace(
        page,
        verdict=page.verdict + page.verdict[: len(page.verdict) // 2],
        rests_on=[*page.rests_on, *page.rests_on[: len(page.rests_on) // 2]],
        figures=[(name + name, value) for name, value in page.figures],
    )
    assert ONE_PAGE in typeset(longer)


def test_it_bears_study_date_source_status_and_proof(plan: Plan, lang: Lang) -> None:
    reader = Reader(plan.study, lang)
    page = brief_of(plan, for_ministry(plan, reader), "abc" * 20, date(2026, 1, 2), reader)
    imprint = dict(page.imprint)
    assert imprint[reader.word("brief.study")] == reader.study_title
    assert "2026-01-02" in imprint[reader.word("brief.date")]
    assert str(plan.base_year) in imprint[reader.word("brief.date")]
    assert "SYNTHETIC" in imprint[reader.word("brief.status")]
    assert "abcabcabcabc" in imprint[reader.word("brief.proof")]
    assert len(imprint) == 5 and all(imprint.values())


def test_names_that_would_be_markup_are_text(harmful_plan: Plan) -> None:
    reader = Reader(harmful_plan.study, "en")
    region = harmful_plan.regions["region"][0]
    answer = for_province(harmful_plan, region, reader)
    page = brief_of(harmful_plan, answer, "key", date(2026, 1, 2), reader)
    marked = replace(page, verdict="#panic() $x *y_ <z> @q " + page.verdict)
    assert ONE_PAGE in typeset(marked)
