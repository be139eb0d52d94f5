"""Coalitions of a contract with a third party, and Shapley's division of what they are worth."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from tests.modes.cases import TERMS, small_case
from yanzhen.modes.coconstruction.contract.terms import Cap, Period, Split, Terms, TopUp
from yanzhen.modes.coconstruction.gains.coalitions import (
    coalition_worth,
    shapley_division,
    without_third_party,
)
from yanzhen.modes.coconstruction.gains.gains import gains

SHARED = replace(TERMS, third_party="province", periods=(Period(None, Split(40, 40, 20)),))
TOPPED_UP = replace(
    TERMS,
    third_party="centre",
    periods=(Period(1, Split(40, 60)),),
    cap=Cap(amount=5000),
    top_up=TopUp(share_of_shortfall=Fraction(1, 2)),
)


def test_without_both_home_and_host_nobody_has_a_contract() -> None:
    worth = coalition_worth(small_case(SHARED), gains(small_case(SHARED)))
    assert {worth[frozenset(pair)] for pair in (("home", "third"), ("host", "third"))} == {0.0}
    assert {worth[frozenset({party})] for party in ("home", "host", "third")} == {0.0}


def test_without_the_third_party_its_share_is_the_hosts() -> None:
    assert without_third_party(SHARED).periods[0].split == Split(40, 60)
    # Tax 0.7 x 3000, outlay 0.7 x 300, lost 0.5 x 1500, cost 0.7 x 100, without 0.2 x 2900.
    by_hand = 2100 - 210 - 750 - 70 - 580
    worth = coalition_worth(small_case(SHARED), gains(small_case(SHARED)))
    assert worth[frozenset({"home", "host"})] == pytest.approx(by_hand)


def test_a_share_for_the_third_party_divides_by_shapley_by_hand() -> None:
    # At one rate a transfer adds nothing: v(all) = v(home, host) = 490, the third party brings 0.
    found = shapley_division(small_case(SHARED), gains(small_case(SHARED)))
    assert found == pytest.approx({"home": 245, "host": 245, "third": 0})


def test_a_third_party_more_patient_than_the_others_brings_something() -> None:
    # It pays 0.7 x 2300 = 1610 in the second year, worth more to the home than it costs it.
    case = replace(small_case(TOPPED_UP, home_rate=0.0, host_rate=0.0), third_rate=0.25)
    worth = coalition_worth(case, gains(case))
    brought = worth[frozenset({"home", "host", "third"})] - worth[frozenset({"home", "host"})]
    assert brought == pytest.approx(1610 - 1610 / 1.25)
    found = shapley_division(case, gains(case))
    assert found["third"] == pytest.approx(brought / 3)
    assert found["home"] == found["host"]


def test_the_division_sums_to_what_all_gain_together() -> None:
    case = replace(small_case(TOPPED_UP), third_rate=0.1)
    whole = gains(case)
    assert sum(shapley_division(case, whole).values()) == pytest.approx(whole.joint + whole.third)


def test_a_contract_of_two_is_divided_by_halves() -> None:
    case = small_case(TERMS)
    whole = gains(case)
    half = whole.joint / 2
    assert shapley_division(case, whole) == pytest.approx({"home": half, "host": half})


def test_a_ratio_all_of_the_third_partys_leaves_the_host_all_without_it() -> None:
    terms: Terms = replace(SHARED, periods=(Period(None, Split(0, 0, 1)),))
    assert without_third_party(terms).periods[0].split == Split(0, 1)
    case = small_case(terms)
    assert np.isfinite([*shapley_division(case, gains(case)).values()]).all()
