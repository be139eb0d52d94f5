"""Terms as they are declared: each has its place, and its numbers are turned one by one."""

from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import pytest

from yanzhen.modes.coconstruction.contract.consistency import contradictions
from yanzhen.modes.coconstruction.contract.declarations import (
    TERM_VALUES,
    TERMS,
    term_values_of,
    turned,
)
from yanzhen.modes.coconstruction.contract.sections import SECTIONS
from yanzhen.modes.coconstruction.contract.term_values import ENDLESS
from yanzhen.modes.coconstruction.contract.terms import Cap, Exit, Period, Split, Terms, TopUp
from yanzhen.modes.coconstruction.settlement.presets import PRESETS, Given, preset
from yanzhen.web.words import word as web_word

GIVEN = Given(("value_added_tax",), Fraction(1, 2), Split(60, 40), Fraction(3, 10))
THIRDS = Terms(
    "合成",
    "SYNTHETIC",
    tax_kinds=("value_added_tax",),
    periods=(Period(3, Split(1, 2)), Period(5, Split(40, 50, 10)), Period(2, Split(0, 1))),
    third_party="province",
)


def test_every_field_of_the_terms_is_declared_once_and_no_other() -> None:
    held = {("", field.name) for field in fields(Terms) if field.name not in SECTIONS}
    for section, empty in SECTIONS.items():
        held |= {(section, field.name) for field in fields(empty)} if empty else set()
    declared = [(term.section if SECTIONS.get(term.section) else "", term.field) for term in TERMS]
    assert sorted(declared) == sorted(held)


def test_every_term_is_in_the_documentation() -> None:
    repository = Path(__file__).parents[4]
    page = (repository / "docs/en/explanation/contracts.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    for term in TERMS:
        section = f"[{term.section}]" if term.section else "`"
        assert any(section in row and f"`{term.name}`" in row for row in rows), term.key


@pytest.mark.parametrize("name", TERM_VALUES)
def test_every_number_is_named_on_the_page_in_both_languages(name: str) -> None:
    assert web_word("zh", f"cooperation.term.{name}") != web_word("en", f"cooperation.term.{name}")


@pytest.mark.parametrize("key", PRESETS)
def test_numbers_that_stand_still_leave_a_scheme_as_it_was(key: str) -> None:
    terms = preset(key).complete(GIVEN)
    assert turned(terms, term_values_of(terms)) == terms


@pytest.mark.parametrize("key", PRESETS)
def test_every_number_stands_where_it_was_turned(key: str) -> None:
    terms = preset(key).complete(GIVEN)
    for name, number in {"share": 35, "third": 20, "statistics": 30, "sunset": 25}.items():
        assert term_values_of(turned(terms, {name: number}))[name] == number, name


@pytest.mark.parametrize("name", TERM_VALUES)
def test_a_number_anywhere_in_its_range_stands_where_it_was_turned(name: str) -> None:
    value = TERM_VALUES[name]
    key = "equity_venture" if value.of == "equity" else "zibo"
    terms = replace(preset(key).complete(GIVEN), exit=Exit())
    two = turned(terms, {"years_after": 5}) if value.of != "equity" else terms
    for number in (1, value.most // 2, value.most - 1):
        assert value.read(turned(two, {name: number})) == number


def test_thirds_and_further_periods_outlast_other_turns() -> None:
    changed = turned(THIRDS, term_values_of(THIRDS) | {"years": 4})
    assert changed.periods == (Period(4, Split(1, 2)), *THIRDS.periods[1:])


def test_a_second_period_is_added_and_taken_away() -> None:
    terms = preset("liaoning").complete(GIVEN)
    two = turned(terms, {"years_after": ENDLESS, "share_after": 20})
    assert two.periods == (Period(10, Split(50, 50)), Period(None, Split(20, 80)))
    assert turned(two, {"years_after": 0}).periods == terms.periods


def test_a_third_party_is_named_while_it_shares_or_pays() -> None:
    terms = preset("liaoning").complete(GIVEN)
    sharing = turned(terms, {"third": 10})
    assert sharing.periods[0].split == Split(4500, 4500, 1000)
    assert sharing.third_party and not turned(sharing, {"third": 0}).third_party


def test_a_cap_goes_with_its_last_limit() -> None:
    terms = preset("beijing_tianjin_hebei_2015").complete(GIVEN)
    both = turned(terms, {"cap_amount": 100})
    assert both.cap == Cap(amount=100, tax_before_years=3)
    assert "cap" in [found.column for found in contradictions(both, "")]
    assert turned(both, {"cap_amount": 0, "cap_years": 0}).cap is None


def test_contradictions_made_by_turning_are_told() -> None:
    terms = preset("liaoning").complete(GIVEN)
    for numbers, column in (
        ({"years": 0}, "periods"),
        ({"top_up": 50}, "top_up"),
        ({"extension": 2}, "extension.years"),
        ({"years": ENDLESS, "years_after": 5}, "periods.1.years"),
        ({"sunset": 4}, "sunset_years"),
        ({"cap_years": 3, "recovery": 100}, "cap.tax_before_years"),
        ({"exit_from": 11}, "exit.earliest_year"),
    ):
        found = [problem.column for problem in contradictions(turned(terms, numbers), "")]
        assert column in found, numbers


def test_what_a_number_cannot_show_stays_until_it_is_turned() -> None:
    terms = replace(
        THIRDS, cap=Cap(amount=1000), top_up=TopUp(amount=7), periods=THIRDS.periods[:1]
    )
    assert turned(terms, term_values_of(terms)) == terms
    assert turned(terms, {"top_up": 25}).top_up == TopUp(share_of_shortfall=Fraction(1, 4))


@pytest.mark.parametrize("numbers", [{"weather": 1}, {"share": 101}, {"years": -1}])
def test_a_number_that_is_not_there_or_too_far_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"no number|goes from 0"):
        turned(THIRDS, numbers)


def test_numbers_of_tax_mean_nothing_for_a_joint_company() -> None:
    terms = preset("equity_venture").complete(GIVEN)
    assert term_values_of(terms) == {
        "share": 60, "third": 0, "sunset": 0, "exit_from": 0, "notice_years": 0,
        "statistics": 0, "payout": 30,
    }  # fmt: skip
    assert {value.of for value in TERM_VALUES.values()} == {"tax", "equity", "both"}
