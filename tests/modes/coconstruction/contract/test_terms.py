"""Terms: contradictions refused with the reason, all at once, and TOML both ways."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.modes import random_contracts
from yanzhen.modes.coconstruction.contract.consistency import (
    ContractError,
    check_contracts,
    contradictions,
)
from yanzhen.modes.coconstruction.contract.terms import (
    Cap,
    Contract,
    Eligibility,
    Equity,
    Exit,
    Period,
    Recovery,
    Split,
    StatisticsSplit,
    Terms,
    TopUp,
)
from yanzhen.modes.coconstruction.contract.terms_toml import parse_terms, read_terms, write_terms

SOUND = Terms("对半", "halves", tax_kinds=("value_added_tax",), periods=(Period(3, Split(50, 50)),))
HALF = Fraction(1, 2)
CONTRADICTORY = {
    "tax_kinds": [replace(SOUND, tax_kinds=()), replace(SOUND, tax_kinds=("poll_tax",))],
    "base": [replace(SOUND, base="some")],
    "counted_from": [
        replace(SOUND, counted_from="recovery"),
        replace(SOUND, counted_from="production", cap=Cap(amount=5), extension_years=1),
    ],
    "periods": [
        replace(SOUND, periods=()),
        replace(SOUND, equity=Equity(Split(1, 1))),
    ],
    "periods.1.years": [
        replace(SOUND, periods=(Period(0, Split(1, 1)),)),
        replace(SOUND, periods=(Period(None, Split(1, 1)), Period(2, Split(1, 1)))),
    ],
    "periods.1.split": [
        replace(SOUND, periods=(Period(1, Split(0, 0)),)),
        replace(SOUND, periods=(Period(1, Split(-1, 2)),)),
    ],
    "third_party": [
        replace(SOUND, periods=(Period(1, Split(1, 1, 1)),)),
        replace(SOUND, third_party="centre"),
    ],
    "eligibility.conditions": [replace(SOUND, eligibility=Eligibility(conditions=("nice",)))],
    "eligibility.years_before": [replace(SOUND, eligibility=Eligibility(years_before=0))],
    "extension.years": [
        replace(SOUND, extension_years=2),
        replace(SOUND, periods=(Period(None, Split(1, 1)),), cap=Cap(amount=5), extension_years=2),
    ],
    "cap": [
        replace(SOUND, cap=Cap()),
        replace(SOUND, cap=Cap(amount=1, tax_before_years=3)),
    ],
    "cap.amount": [replace(SOUND, cap=Cap(amount=0))],
    "cap.tax_before_years": [replace(SOUND, cap=Cap(tax_before_years=3), recovery=Recovery())],
    "top_up": [
        replace(SOUND, top_up=TopUp(amount=1), third_party="centre"),
        replace(SOUND, cap=Cap(amount=1), top_up=TopUp(), third_party="centre"),
        replace(
            SOUND,
            periods=(Period(None, Split(1, 1)),),
            cap=Cap(amount=1),
            top_up=TopUp(amount=1),
            third_party="centre",
        ),
    ],
    "recovery.share": [replace(SOUND, recovery=Recovery(Fraction(0)))],
    "exit.outlay_repaid": [replace(SOUND, exit=Exit(outlay_repaid=Fraction(3, 2)))],
    "exit.earliest_year": [replace(SOUND, exit=Exit(earliest_year=4))],
    "sunset_years": [replace(SOUND, sunset_years=2)],
    "statistics.gdp": [replace(SOUND, statistics=StatisticsSplit(gdp=Split(1, 1, 1)))],
    "equity.payout": [Terms("", "", equity=Equity(Split(1, 1), Fraction(2)))],
    "most_parks": [replace(SOUND, most_parks=0)],
}


def test_sound_terms_have_no_contradiction() -> None:
    assert contradictions(SOUND, "c") == ()


@pytest.mark.parametrize(
    ("term", "terms"), [(term, each) for term, several in CONTRADICTORY.items() for each in several]
)
def test_contradictory_terms_are_refused_at_the_term(term: str, terms: Terms) -> None:
    assert term in [problem.column for problem in contradictions(terms, "c")]


def test_every_problem_is_said_in_both_languages() -> None:
    for several in CONTRADICTORY.values():
        for terms in several:
            for problem in contradictions(terms, "c"):
                assert all(mark < "\u4e00" or mark > "\u9fff" for mark in problem.text("en"))
                assert "应为" in problem.text("zh")


def test_all_problems_are_told_at_once() -> None:
    terms = replace(SOUND, base="some", tax_kinds=("poll_tax",), most_parks=0, extension_years=1)
    found = {problem.column for problem in contradictions(terms, "c")}
    assert found == {"base", "tax_kinds", "most_parks", "extension.years"}


def test_a_sunset_exactly_at_the_end_of_the_other_terms_is_sound() -> None:
    terms = replace(
        SOUND,
        cap=Cap(amount=1),
        extension_years=2,
        top_up=TopUp(share_of_shortfall=HALF),
        third_party="centre",
    )
    assert not contradictions(replace(terms, sunset_years=6), "c")
    assert contradictions(replace(terms, sunset_years=5), "c")


def test_notice_is_refused_before_its_year_and_without_an_exit() -> None:
    leaving = replace(SOUND, exit=Exit(earliest_year=2))
    assert check_contracts([Contract("c", "h", "g", 2020, SOUND, exit_notice=2022)])
    assert check_contracts([Contract("c", "h", "g", 2020, leaving, exit_notice=2020)])
    assert not check_contracts([Contract("c", "h", "g", 2020, leaving, exit_notice=2021)])


def test_one_home_may_not_have_more_parks_than_the_scheme_allows() -> None:
    terms = replace(SOUND, most_parks=5)
    parks = [Contract(f"park {k}", "h", "g", 2020, terms) for k in range(6)]
    assert not check_contracts(parks[:5])
    assert [problem.file for problem in check_contracts(parks)] == ["park 5"]


@settings(deadline=None, max_examples=100)
@given(random_contracts.terms)
def test_terms_written_as_toml_are_read_the_same(terms: Terms) -> None:
    if contradictions(terms, "c"):
        return
    assert parse_terms(write_terms(terms), "c") == terms


def test_a_ratio_may_be_in_thirds(tmp_path: Path) -> None:
    path = tmp_path / "terms.toml"
    path.write_text(write_terms(replace(SOUND, periods=(Period(3, Split(1, 2)),))), "utf-8")
    assert read_terms(path).periods[0].split == Split(1, 2)


def test_what_cannot_be_read_is_told_at_once_with_what_is_contradictory() -> None:
    content = """
    title_en = 3
    bass = "all"
    tax_kinds = ["value_added_tax"]
    [[periods]]
    years = "three"
    split = "60/40"
    [top_up]
    share_of_shortfall = "half"
    [exit]
    outlay_repaid = "150%"
    """
    with pytest.raises(ContractError) as caught:
        parse_terms(content, "terms.toml")
    columns = [problem.column for problem in caught.value.problems]
    assert columns == [
        "title_en",
        "periods.1.years",
        "periods.1.split",
        "top_up.share_of_shortfall",
        "bass",
        "exit.outlay_repaid",
        "third_party",
    ]


def test_text_that_is_not_toml_is_refused() -> None:
    with pytest.raises(ContractError, match="not TOML"):
        parse_terms("base = all", "terms.toml")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_terms_are_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    said = 'title_zh = "衢州与亳州共建园区"\ntax_kinds = ["value_added_tax"]\n'
    said += '[[periods]]\nsplit = "50:50"\n'
    path = tmp_path / "own.toml"
    path.write_bytes(said.encode(encoding))
    assert read_terms(path) == parse_terms(said, "own.toml")


def test_terms_of_an_encoding_that_cannot_be_told_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes('title_zh = "臺灣地區製造業轉移"'.encode("big5"))
    with pytest.raises(ContractError, match=r"own\.toml, table terms, row 1: found text of an enc"):
        read_terms(path)


@pytest.mark.parametrize(
    ("said", "path", "near"),
    [
        ('[[periods]]\nyear = 1\nsplit = "60:40"', "periods.1.year", "'years'"),
        ('[[periods]]\nsplit = "60:40"\n[cap]\namonut = 5', "cap.amonut", "'amount'"),
        ('[[periods]]\nsplit = "60:40"\n[[periods.more]]\na = 1', "periods.1.more", "one of"),
        ('[[period]]\nsplit = "60:40"', "period", "'periods'"),
        ('[equity]\nsplit = "1:1"\npay_out = "30%"', "equity.pay_out", "'payout'"),
    ],
)
def test_an_unknown_key_anywhere_is_refused_with_its_path_and_the_nearest(
    said: str, path: str, near: str
) -> None:
    with pytest.raises(ContractError) as caught:
        parse_terms(f'tax_kinds = ["value_added_tax"]\n{said}', "terms.toml")
    expected = [each.expected for each in caught.value.problems if each.column == path]
    assert expected and expected[0].startswith(near)
