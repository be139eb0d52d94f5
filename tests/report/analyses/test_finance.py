"""The report on products and parks: tables, pictures and findings in both languages."""

from dataclasses import replace

import pytest

from tests.study.small_finance import small_finance
from yanzhen.finance.study_finance import Finance
from yanzhen.report.analyses.analysis import NotThere
from yanzhen.report.analyses.finance import (
    FIGURES,
    finance_document,
    finance_json,
    run_finance,
)
from yanzhen.report.document.html import page
from yanzhen.report.findings.finance import finance_findings
from yanzhen.report.tables.finance import KEYS, WORDED, finance_table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang


def run(**asked: object) -> Finance:
    return run_finance(small_finance(), asked, lambda share, line: None)


@pytest.fixture(scope="module")
def finance() -> Finance:
    return run()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_is_said_in_words(finance: Finance, lang: Lang) -> None:
    reader = Reader(finance.study, lang)
    for key in KEYS:
        frame = getattr(finance, key)
        shown = finance_table(key, reader, frame)
        assert shown.title and shown.note and len(shown.rows) == frame.height
        codes = {
            code for name in WORDED if name in frame.columns for code in frame[name].drop_nulls()
        }
        said = {cell for row in shown.rows for cell in row if isinstance(cell, str)}
        assert not said & codes, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_name_worth_cost_break_even_and_cover(finance: Finance, lang: Lang) -> None:
    found = finance_findings(finance, Reader(finance.study, lang))
    told = "\n".join(found)
    assert len(found) == 8
    for figure in ("5.40%", "0.99", "2032", "80.0%"):
        assert figure in told


def test_a_park_that_misses_payments_and_lacks_money_is_said_to(finance: Finance) -> None:
    study = small_finance()
    poor = study.tables["park_finance"].filter(
        ~study.tables["park_finance"]["item"].is_in(["kept", "capital"])
    )
    found = run_finance(
        replace(study, tables={**study.tables, "park_finance": poor}), {}, lambda share, line: None
    )
    told = "\n".join(finance_findings(found, Reader(study, "en")))
    assert "fails to meet debt service in 2026" in told and "financing gap of" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_is_drawn_also_of_nothing(finance: Finance, lang: Lang) -> None:
    reader = Reader(finance.study, lang)
    nothing = replace(finance, **{key: getattr(finance, key).clear() for key in KEYS})
    for figure in FIGURES.values():
        for found in (finance, nothing):
            assert "SYNTHETIC" in str(figure(found, {}, reader).to_dict()["title"])


def test_pictures_follow_what_is_asked_for(finance: Finance) -> None:
    reader = Reader(finance.study, "en")
    drawn = FIGURES["flows"](finance, {"project": "B", "product": "P"}, reader).to_dict()
    assert "SYNTHETIC support to project B" in str(drawn["title"]["text"])


def test_the_page_has_every_section_and_the_workbook_every_table(finance: Finance) -> None:
    reader = Reader(finance.study, "en")
    document = finance_document(finance, reader, {})
    assert [section.key for section in document.sections] == [
        "finance_offers", "finance_flows", "finance_parks", "basis",
    ]  # fmt: skip
    assert {f"finance_{key}" for key in KEYS} <= {table.key for table in document.tables}
    written = page(document)
    assert "SYNTHETIC transfer loan" in written and "Debt-service cover" in written


def test_the_values_for_programs_are_narrowed_to_what_is_asked_for(finance: Finance) -> None:
    values = finance_json(finance, {"project": "B", "site": "Z"})
    assert [row["product"] for row in values["tables"]["offers"]] == ["L", "P"]
    assert values["synthetic"] and len(values["tables"]["park_years"]) == 20
    assert set(values["tables"]) == {*KEYS, "parameters"}


@pytest.mark.parametrize("asked", [{"project": "X"}, {"product": "X"}, {"site": "X"}])
def test_what_is_not_there_is_told_with_what_is(asked: dict[str, str]) -> None:
    with pytest.raises(NotThere, match="There is no X") as refused:
        run(**asked)
    known = {"project": "A, B, Z-park", "product": "E, G, L, P, Q, R, S", "site": "Z"}
    assert all(known[name] in said for name in asked for said in refused.value.words)
