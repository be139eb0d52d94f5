"""Every term that is set is in the agreement's text with its number, and none that is not."""

import io
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from tests.exchange.settlement.example import AGREEMENT
from tests.modes.random_contracts import sound_contracts
from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.agreement_files import docx_of, markdown_of
from yanzhen.exchange.settlement.clauses import (
    CLAUSES,
    agreement_text,
    clause_of,
    is_said,
    sentence,
    standing,
)
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.modes.coconstruction import PRESETS, Given, preset
from yanzhen.modes.coconstruction.contract.declarations import TERMS, stated
from yanzhen.modes.coconstruction.contract.terms import Contract, Split, Terms
from yanzhen.modes.coconstruction.contract.terms_toml import write_terms

NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


def of(terms: Terms) -> Agreement:
    return Agreement("deal", "上海", "合肥", 2025, write_terms(terms))


def numbers(text: str) -> list[Fraction]:
    return [Fraction(each.replace(",", "")) for each in NUMBER.findall(text) if each.strip(",")]


def wanted(key: str, value: Any) -> list[Fraction]:
    """The numbers that a sentence of a term has to say."""
    if isinstance(value, Split):
        return [Fraction(part) for part in str(value).split(":")]
    if key in ("cap.amount", "top_up.amount", "eligibility.least_average_tax"):
        return [Fraction(value, 100)]
    if isinstance(value, Fraction):
        exact = 100 % (100 * value).denominator == 0
        return [value * 100] if exact else [Fraction(value.numerator), Fraction(value.denominator)]
    return [Fraction(value)] if isinstance(value, int) else []


def test_every_declared_term_has_a_clause_and_a_sentence_in_both_languages() -> None:
    for term in TERMS:
        assert clause_of(term) in CLAUSES
        keys = [key for key in PHRASES.phrases if f"{key}.".startswith(f"term.{term.key}.")]
        assert keys or term.key in ("title_zh", "title_en", "periods.years"), term.key


@settings(max_examples=40)
@given(sound_contracts)
def test_every_term_set_is_said_with_its_numbers(contract: Contract) -> None:
    agreement = of(contract.terms)
    for lang in ("zh", "en"):
        text = agreement_text(agreement, lang)  # type: ignore[arg-type]
        said = [each for clause in text.clauses for each in clause.sentences]
        expected = []
        for path, term, value in stated(contract.terms):
            if not is_said(contract.terms, path, term, value):
                continue
            own = sentence(path, term, value, agreement, lang)  # type: ignore[arg-type]
            expected.append(own)
            found = numbers(own)
            for number in wanted(term.key, value):
                assert number in found, (own, number)
            if term.key == "periods.split":
                place = int(path.split(".")[1])
                years = contract.terms.periods[place - 1].years
                assert years is None or found[:2] == [place, years]
        # Nothing is said but what is set, and what holds of every agreement.
        others = [each for every in standing(agreement, lang).values() for each in every]  # type: ignore[arg-type]
        assert sorted(said) == sorted(expected + others)


@pytest.mark.parametrize("key", PRESETS)
def test_the_schemes_in_use_are_said(key: str) -> None:
    open_terms = preset(key)
    given_terms = Given(
        tax_kinds=("value_added_tax",),
        top_up_share=Fraction(1, 2),
        equity_split=Split(60, 40),
        payout=Fraction(3, 10),
    )
    terms = open_terms.complete(given_terms)
    text = markdown_of(of(terms), "zh")
    assert terms.title_zh in text
    if terms.cap is not None and terms.cap.tax_before_years is not None:
        assert f"迁移前{terms.cap.tax_before_years}年缴纳" in text
    assert ("股权与分红" in text) == (terms.equity is not None)
    assert ("优先收回" in text.replace("含优先收回", "")) == (terms.recovery is not None)
    assert ("补足" in text) == (terms.top_up is not None)


def test_the_clauses_stand_in_their_order_with_the_parties() -> None:
    text = markdown_of(AGREEMENT, "zh")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == [
        "第一条　当事各方",
        "第二条　合作项目范围",
        "第三条　税收分享口径与期限",
        "第四条　优先收回",
        "第五条　封顶与延长",
        "第六条　统计指标划分",
        "第七条　结算与争议",
        "第八条　生效、期限与退出",
    ]
    assert "甲方（迁出地）：上海市" in text and "丙方（第三方）：省级财政" in text
    assert "人民币9,000,000.00元" in text and AGREEMENT.terms_sha256 in text
    assert "SYNTHETIC" in text
    assert "SYNTHETIC" not in markdown_of(replace(AGREEMENT, synthetic=False), "zh").replace(
        AGREEMENT.terms.title_en, ""
    )


def test_the_document_for_word_says_the_same_and_is_the_same_twice() -> None:
    docx = pytest.importorskip("docx")
    content = docx_of(AGREEMENT, "zh")
    assert content == docx_of(AGREEMENT, "zh")
    paragraphs = [each.text for each in docx.Document(io.BytesIO(content)).paragraphs]
    for clause in agreement_text(AGREEMENT, "zh").clauses:
        for each in clause.sentences:
            assert any(each in paragraph for paragraph in paragraphs), each
