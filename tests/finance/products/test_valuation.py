"""Present values, rates of return or the reason for none, duration, break-even, default."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.finance.products.test_hand_ledgers import (
    BULLET,
    BY_HAND,
    EQUITY,
    GUARANTEE,
    LOAN,
    SUPPORT,
)
from yanzhen.finance.products.default import expected_flows, paths
from yanzhen.finance.products.terms import PARTIES, Equity, Loan, Risk, Terms, with_price
from yanzhen.finance.products.valuation import (
    break_even,
    duration,
    internal_rate,
    present_value,
)
from yanzhen.finance.products.value import DiscountRates, market_alternative, product_value

# No leap day lies in the three years from here on.
START = date(2025, 1, 1)
RATES = DiscountRates(dict.fromkeys(PARTIES, 0.05), 0.06, 0.12)


def yearly(*amounts: float) -> dict[date, float]:
    return {START + timedelta(365 * k): amount for k, amount in enumerate(amounts)}


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        ((), "no_payments"),
        ((100, 5), "one_sign"),
        ((-100, 230, -132), "several_changes"),
        ((-1, 1000), "out_of_range"),
    ],
)
def test_there_is_no_rate_of_return_without_one_change_of_sign(
    amounts: tuple[float, ...], reason: str
) -> None:
    found = internal_rate(yearly(*amounts))
    assert (found.value, found.reason) == (None, reason)


def test_the_rate_of_return_takes_the_value_away() -> None:
    flows = yearly(100, 10, 20, -150)
    rate = internal_rate(flows).value
    assert rate is not None and present_value(flows, rate, START) == pytest.approx(0, abs=1e-9)


def test_duration_of_a_par_bond_has_its_closed_form() -> None:
    # (1 + y) / y · (1 − (1 + y)⁻ⁿ) for coupons at the yield.
    found = duration(yearly(-100, 8, 8, 108), 0.08, START)
    assert found.macaulay == pytest.approx(1.08 / 0.08 * (1 - 1.08**-3))
    assert found.modified == pytest.approx((1 - 1.08**-3) / 0.08)


def test_a_sure_loan_breaks_even_at_the_lenders_own_rate() -> None:
    sure = replace(LOAN, fee=0.0, interest_subsidy=0.0)
    found = break_even(sure, 10**10, START, 0.05)
    assert found.value == pytest.approx(0.05, abs=1e-6)


def test_default_raises_the_break_even_to_its_closed_form() -> None:
    # One year: 1 + r on (1 − h), R of the principal on h: r = (1.05 − hR) / (1 − h) − 1.
    one = replace(BULLET, tenor_months=12, risk=Risk(0.1, 0.4, 0))
    found = break_even(one, 10**10, START, 0.05)
    assert found.value == pytest.approx((1.05 - 0.04) / 0.9 - 1, abs=1e-6)


@pytest.mark.parametrize(
    "terms", [terms for terms, *_ in BY_HAND if not isinstance(terms, type(SUPPORT))]
)
def test_at_the_break_even_the_provider_neither_gains_nor_loses(terms: Any) -> None:
    found = break_even(terms, 10**9, START, 0.05)
    assert found.value is not None
    outcomes = paths(with_price(terms, found.value), 10**9, START)
    value = present_value(expected_flows([terms.provider], outcomes), 0.05, START)
    assert abs(value) < 100


def test_what_has_no_price_has_no_break_even() -> None:
    sold = replace(EQUITY, exit="sale")
    for terms in (SUPPORT, sold):
        assert break_even(terms, 10**6, START, 0.05).reason == "no_price"
    free: Terms = replace(LOAN, fee=0.5, interest_subsidy=0.0)
    assert break_even(free, 10**6, START, 0.05).reason == "no_root"


@pytest.mark.parametrize(("terms", "amount", "ledger"), BY_HAND)
def test_the_paths_of_a_product_are_all_there_is(terms: Terms, amount: int, ledger: str) -> None:
    outcomes = paths(terms, amount, START)
    assert sum(path.probability for path in outcomes) == pytest.approx(1.0)
    everybody = expected_flows(PARTIES, outcomes)
    assert everybody == {}


def test_a_default_in_each_year_is_reckoned_by_hand() -> None:
    loan = replace(BULLET, provider="fund")
    first, second, none = paths(loan, 100000, START)
    assert [path.probability for path in (first, second, none)] == pytest.approx([0.1, 0.09, 0.81])
    assert (first.owed, first.settled, first.called) == (100000, 40000, date(2026, 1, 1))
    assert [each.on for each in second.transfers] == [START, date(2026, 1, 1), date(2028, 1, 1)]
    flows = expected_flows(["fund"], (first, second, none))
    assert flows == pytest.approx(
        {
            START: -100000,
            date(2026, 1, 1): 0.9 * 5000,
            date(2027, 1, 1): 0.81 * 105000 + 0.1 * 40000,
            date(2028, 1, 1): 0.09 * 40000,
        }
    )
    value = product_value(loan, 100000, START, RATES)
    cost = 100000 - 4500 / 1.05 - 89050 / 1.05**2 - 3600 / 1.05**3
    assert value.fund_cost == pytest.approx(cost)
    assert value.outlay.rows() == [
        (2025, 100000, 0, pytest.approx(100000), pytest.approx(0)),
        (2026, 0, 5000, pytest.approx(0), pytest.approx(4500)),
        (2027, 0, 105000, pytest.approx(0), pytest.approx(89050)),
        (2028, 0, 0, pytest.approx(0), pytest.approx(3600)),
    ]


def test_the_support_of_a_cheap_loan_is_what_it_saves() -> None:
    loan = Loan(product="L", tenor_months=24, rate=0.02, payments_per_year=1, repayment="bullet")
    value = product_value(loan, 10**7, START, RATES)
    saved = 0.04 * 10**7
    assert value.support == pytest.approx(saved / 1.06 + saved / 1.06**2)
    assert value.fund_cost == 0.0


def test_the_markets_own_terms_are_no_support() -> None:
    for terms in (LOAN, GUARANTEE):
        like = market_alternative(terms, 0.06)
        assert like is not None
        assert product_value(like, 10**7, START, RATES).support == pytest.approx(0.0)


def test_a_stake_at_what_the_market_expects_is_no_support() -> None:
    stake = Equity(product="Q", tenor_months=36, exit="buyback", rate=0.12)
    assert product_value(stake, 10**9, START, RATES).support == pytest.approx(0.0, abs=1)
    sold = replace(stake, exit="sale", exit_multiple=1.12**3)
    assert product_value(sold, 10**9, START, RATES).support == pytest.approx(0.0, abs=1)


def test_a_guarantee_behind_which_the_fund_stands_costs_it_the_calls() -> None:
    backed = replace(GUARANTEE, reguarantor="fund", fee_subsidy=0.0, reguarantee_fee=0.0)
    value = product_value(backed, 100000, START, RATES)
    # Called at the end of a year of default, less its part of the recovery a year later.
    cost = sum(
        p * (32000 / 1.05**year - 12800 / 1.05 ** (year + 1)) for year, p in ((1, 0.1), (2, 0.09))
    )
    assert value.fund_cost == pytest.approx(cost)
