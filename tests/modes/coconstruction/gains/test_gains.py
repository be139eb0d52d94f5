"""Gains against the counterfactual, by hand and by property."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modes.cases import TERMS, small_case
from tests.modes.random_contracts import projects, sound_contracts
from yanzhen.modes.coconstruction.contract.term_values import with_home_share
from yanzhen.modes.coconstruction.contract.terms import Cap, Contract, Period, Split
from yanzhen.modes.coconstruction.gains.gains import Case, break_even, gains, sensitivity
from yanzhen.modes.coconstruction.gains.share_curve import gain_curve, gain_interval
from yanzhen.modes.coconstruction.settlement.projects import Projects


def test_gains_are_those_of_the_formula_by_hand() -> None:
    found = gains(small_case())
    # Home: 0.7 · (3 · 400 − 300) − 0.5 · 1,500. Host: 0.7 · (1,800 − 100) − 0.2 · (3,000 − 100).
    assert found.home == pytest.approx(630 - 750)
    assert found.host == pytest.approx(1190 - 580)
    assert found.joint == pytest.approx(490)


def test_each_party_discounts_at_its_own_rate() -> None:
    found = gains(small_case(home_rate=1.0, host_rate=3.0))
    home, host = 1 + 1 / 2 + 1 / 4, 1 + 1 / 4 + 1 / 16
    assert found.home == pytest.approx(0.7 * (400 * home - 300) - 0.5 * 500 * home)
    assert found.host == pytest.approx(0.7 * (600 * host - 100) - 0.2 * (1000 * host - 100))


def test_a_contract_that_changes_nothing_gains_nobody_anything() -> None:
    terms = replace(TERMS, periods=(Period(None, Split(0, 1)),))
    case = small_case(terms)
    nothing = replace(case.projects, outlay=np.zeros((1, 3), dtype=np.int64))
    same = replace(case, probability_with=case.probability_without, projects=nothing)
    assert (gains(same).home, gains(same).host) == pytest.approx((0, 0))


@settings(deadline=None, max_examples=50)
@given(sound_contracts, projects(), st.floats(0, 1), st.floats(0, 1))
def test_parts_and_years_add_up_to_the_gains(
    contract: Contract, rows: Projects, without: float, with_it: float
) -> None:
    count = len(rows.name)
    case = Case(
        contract,
        rows,
        np.full(count, without),
        np.full(count, with_it),
        rows.local_tax[0],
        rows.outlay,
        0.05,
        0.08,
    )
    found = gains(case)
    largest = float(np.abs(rows.local_tax).sum() + np.abs(rows.outlay).sum()) + 1
    for party in ("home", "host"):
        whole = getattr(found, party)
        parts = found.parts.filter(party=party)["amount"].sum()
        assert parts == pytest.approx(whole, abs=1e-9 * largest)
        assert found.yearly[party].sum() == pytest.approx(whole, abs=1e-9 * largest)


def test_with_equal_rates_the_joint_gain_does_not_depend_on_the_share() -> None:
    curve = gain_curve(small_case(home_rate=0.1, host_rate=0.1), "period 1")
    assert np.ptp(curve["joint"].to_numpy()) < 1e-9


def test_the_interval_is_where_both_gains_of_the_formula_are_zero() -> None:
    found = gain_interval(small_case(), "period 1")
    # Home: 0.7 · (3,000 s − 300) = 750. Host: 0.7 · (3,000 (1 − s) − 100) = 580.
    # To the fen of a yearly 1,000: the home needs 457.2 a year, the host can give 690.4 of it.
    assert found.method == "bisection"
    ((low, high),) = found.intervals
    assert low == pytest.approx((750 / 0.7 + 300) / 3000, abs=1e-3)
    assert high == pytest.approx(1 - (580 / 0.7 + 100) / 3000, abs=1e-3)


def test_the_interval_is_empty_where_together_they_lose() -> None:
    case = replace(small_case(), tax_lost=np.full((1, 3), 1200))
    assert gain_interval(case, "period 1").intervals == ()


@settings(deadline=None, max_examples=12)
@given(st.integers(1, 3000), st.floats(0.0, 0.3), st.floats(0.0, 1.0))
def test_bisection_agrees_with_trying_every_share(cap: int, rate: float, p1: float) -> None:
    terms = replace(
        TERMS, periods=(Period(2, Split(1, 1)),), cap=Cap(amount=cap), extension_years=1
    )
    case = replace(small_case(terms, rate, 0.1), probability_with=np.array([p1]))
    found = gain_interval(case, "period 1")
    curve = gain_curve(case, "period 1", 200)
    both = ((curve["home"] >= 0) & (curve["host"] >= 0)).to_numpy()
    inside = [any(low <= s <= high for low, high in found.intervals) for s in curve["share"]]
    assert both.tolist() == inside


def test_with_probabilities_that_depend_on_the_share_every_share_is_tried() -> None:
    def probability(share: float) -> np.ndarray:
        return np.array([0.9 if share < 0.3 or share > 0.6 else 0.2])

    case = replace(
        small_case(),
        tax_lost=np.zeros((1, 3), dtype=np.int64),
        host_cost=np.zeros((1, 3), dtype=np.int64),
    )
    found = gain_interval(case, "period 1", probability)
    assert found.method == "scan"
    assert len(found.intervals) == 2


def test_a_third_partys_part_is_kept_when_the_homes_share_changes() -> None:
    terms = replace(TERMS, periods=(Period(1, Split(50, 30, 20)),), third_party="province")
    changed = with_home_share(terms, "all periods", 1, 4).periods[0].split
    whole = changed.home + changed.host + changed.third
    assert (changed.home / whole, changed.host / whole, changed.third / whole) == (0.2, 0.6, 0.2)


def test_shares_are_sought_however_large_the_numbers_of_a_ratio_are() -> None:
    def interval(split: Split) -> tuple[tuple[float, float], ...]:
        terms = replace(TERMS, periods=(Period(None, split),), third_party="province")
        lost = np.full((1, 3), 300)
        return gain_interval(replace(small_case(terms), tax_lost=lost), "period 1").intervals

    small = interval(Split(45, 45, 10))
    assert small and interval(Split(4_500_000, 4_500_000, 1_000_000)) == small


def test_a_share_that_the_terms_do_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="they have: period 1, all periods"):
        with_home_share(TERMS, "equity", 1, 2)


def test_break_even_is_the_year_from_which_on_the_cumulated_gain_is_not_negative() -> None:
    years = (2020, 2021, 2022, 2023)
    assert break_even(np.array([-3.0, 1.0, 2.0, 1.0]), years) == 2022
    assert break_even(np.array([1.0, -2.0, 2.0, 1.0]), years) == 2022
    assert break_even(np.array([-3.0, 1.0, 1.0, 0.0]), years) is None
    assert break_even(np.array([1.0, 0.0, 0.0, 0.0]), years) == 2020


def test_sensitivity_puts_the_largest_swing_first() -> None:
    table = sensitivity(small_case(), {"home_rate": (0.0, 0.001), "probability_with": (0.5, 0.9)})
    assert table["assumption"].to_list() == ["probability_with", "home_rate"]
    # 0.5 and 0.9 of 900, less 0.3 and 0.7 of 1,500.
    assert table["home_low"][0] == pytest.approx(450 - 450)
    assert table["home_high"][0] == pytest.approx(810 - 1050)


def test_an_assumption_of_no_such_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no assumption"):
        sensitivity(small_case(), {"weather": (0, 1)})


def test_a_cost_of_nothing_is_zero_and_not_minus_zero() -> None:
    case = replace(small_case(), host_cost=np.zeros((1, 3), dtype=np.int64))
    amounts = gains(case).parts["amount"].to_numpy()
    assert not np.signbit(amounts[amounts == 0]).any()
