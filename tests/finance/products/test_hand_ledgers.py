"""Every product against a ledger reckoned by hand, to the fen."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yanzhen.finance.products.cash_flows import cash_flows, unbalanced
from yanzhen.finance.products.contracts import agreed_transfers, default_transfers
from yanzhen.finance.products.leasing import rents
from yanzhen.finance.products.performance import repaid
from yanzhen.finance.products.terms import (
    Calendar,
    Equity,
    Guarantee,
    Lease,
    Loan,
    Performance,
    Reit,
    Risk,
    SupplyChain,
    Terms,
)

START = date(2025, 1, 1)
RISK = Risk(0.1, 0.4, 12)
LOAN = Loan(
    product="L", tenor_months=36, rate=0.1, payments_per_year=1, fee=0.01, interest_subsidy=0.5
)
# Level payment 100,000 × 0.1 / (1 − 1.1⁻³) = 40,211.48.
LOAN_BY_HAND = """
2025-01-01 principal_paid_out lender enterprise 100000
2025-01-01 fee enterprise lender 1000
2026-01-01 interest_subsidy treasury lender 5000
2026-01-01 interest enterprise lender 5000
2026-01-01 principal enterprise lender 30211
2027-01-01 interest_subsidy treasury lender 3490
2027-01-01 interest enterprise lender 3489
2027-01-01 principal enterprise lender 33232
2028-01-01 interest_subsidy treasury lender 1828
2028-01-01 interest enterprise lender 1828
2028-01-01 principal enterprise lender 36557
"""
BULLET = Loan(
    product="G", tenor_months=24, rate=0.05, payments_per_year=1, repayment="bullet", risk=RISK
)
GUARANTEE = Guarantee(
    product="G", tenor_months=24, loan=BULLET, guarantee_fee=0.01, cover=0.8, fee_subsidy=0.5,
    reguarantee_share=0.4, reguarantee_fee=0.3, risk=RISK,
)  # fmt: skip
GUARANTEE_BY_HAND = """
2025-01-01 principal_paid_out lender enterprise 100000
2025-01-01 guarantee_fee enterprise guarantor 400
2025-01-01 fee_subsidy treasury guarantor 400
2025-01-01 reguarantee_fee guarantor reguarantor 240
2026-01-01 interest enterprise lender 5000
2026-01-01 guarantee_fee enterprise guarantor 400
2026-01-01 fee_subsidy treasury guarantor 400
2026-01-01 reguarantee_fee guarantor reguarantor 240
2027-01-01 interest enterprise lender 5000
2027-01-01 principal enterprise lender 100000
"""
RECEIVABLES = SupplyChain(
    product="S", tenor_months=3, turns=2, rate=0.06, fee=0.005, recourse=0.25, risk=RISK,
    calendar=Calendar("ACT/360"),
)  # fmt: skip
# The face is 80,000 / 0.8; 90 days, then 91.
RECEIVABLES_BY_HAND = """
2025-01-01 advance lender enterprise 80000
2025-01-01 fee enterprise lender 500
2025-04-01 interest enterprise lender 1200
2025-04-01 receivable enterprise lender 80000
2025-04-01 advance lender enterprise 80000
2025-04-01 fee enterprise lender 500
2025-07-01 interest enterprise lender 1213
2025-07-01 receivable enterprise lender 80000
"""
LEASE = Lease(
    product="E", tenor_months=24, rate=0.1, payments_per_year=1, down_payment=0.2, deposit=0.05,
    residual=0.01, risk=RISK,
)  # fmt: skip
# (80,000 × 1.21 − 1,000) / (1 + 1.1) = 45,619.05.
LEASE_BY_HAND = """
2025-01-01 price lender enterprise 100000
2025-01-01 down_payment enterprise lender 20000
2025-01-01 deposit enterprise lender 5000
2026-01-01 rent enterprise lender 45619
2027-01-01 rent enterprise lender 45619
2027-01-01 purchase enterprise lender 1000
2027-01-01 deposit_returned lender enterprise 5000
"""
# (80,000 × 1.21 − 1,000) / (1.21 + 1.1) = 41,471.86.
IN_ADVANCE_BY_HAND = """
2025-01-01 price lender enterprise 100000
2025-01-01 down_payment enterprise lender 20000
2025-01-01 deposit enterprise lender 5000
2025-01-01 rent enterprise lender 41472
2026-01-01 rent enterprise lender 41472
2027-01-01 purchase enterprise lender 1000
2027-01-01 deposit_returned lender enterprise 5000
"""
EQUITY = Equity(
    product="Q", tenor_months=36, exit="buyback", rate=0.04, dividend_rate=0.01, concession=0.2,
    risk=RISK,
)  # fmt: skip
# 100,000 × 1.04³ = 112,486; a fifth of the gain of 12,486 is given up.
EQUITY_BY_HAND = """
2025-01-01 investment fund enterprise 100000
2026-01-01 dividend enterprise fund 1000
2027-01-01 dividend enterprise fund 1000
2028-01-01 dividend enterprise fund 1000
2028-01-01 buyback enterprise fund 109989
"""
REIT = Reit(
    product="R", tenor_months=24, first_yield=0.06, growth=0.05, management_fee=0.1, retained=0.2,
    exit_yield=0.06, fee=0.01, risk=RISK,
)  # fmt: skip
# Income 6,000, 6,300 and then 6,615; (6,615 − 662) / 0.06 = 99,217.
REIT_BY_HAND = """
2025-01-01 issue investor park 80000
2025-01-01 fee park manager 1000
2026-01-01 management_fee park manager 600
2026-01-01 distribution park investor 3888
2027-01-01 management_fee park manager 630
2027-01-01 distribution park investor 4082
2027-01-01 sale market investor 79374
"""
SUPPORT = Performance(
    product="P", tenor_months=36, measure="jobs", achieved=0.7, tolerance=0.1, rate=0.04, risk=RISK
)
SUPPORT_BY_HAND = """
2025-01-01 support treasury enterprise 100000
2028-01-01 clawback enterprise treasury 30000
2028-01-01 clawback_interest enterprise treasury 3600
"""
BY_HAND: list[tuple[Any, int, str]] = [
    (LOAN, 100000, LOAN_BY_HAND),
    (GUARANTEE, 100000, GUARANTEE_BY_HAND),
    (RECEIVABLES, 80000, RECEIVABLES_BY_HAND),
    (LEASE, 100000, LEASE_BY_HAND),
    (replace(LEASE, rent_in_advance=True), 100000, IN_ADVANCE_BY_HAND),
    (EQUITY, 100000, EQUITY_BY_HAND),
    (REIT, 100000, REIT_BY_HAND),
    (SUPPORT, 100000, SUPPORT_BY_HAND),
]
IDS = ["loan", "guarantee", "receivables", "lease", "in_advance", "equity", "reit", "support"]


def rows(transfers: Any) -> list[tuple[str, ...]]:
    return [
        (each.on.isoformat(), each.item, each.payer, each.payee, str(each.amount))
        for each in transfers
    ]


def by_hand(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split()) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("terms", "amount", "ledger"), BY_HAND, ids=IDS)
def test_what_is_agreed_is_the_ledger_made_by_hand(terms: Terms, amount: int, ledger: str) -> None:
    agreed = agreed_transfers(terms, amount, START)
    assert rows(agreed) == by_hand(ledger)
    booked = cash_flows(terms.product, agreed)
    assert booked.height == 2 * len(agreed) and unbalanced(booked).is_empty()


CALLED, LATER = date(2026, 1, 1), date(2027, 1, 1)
DEFAULTS: list[tuple[Any, int, str]] = [
    (
        GUARANTEE,
        100000,
        """2026-01-01 guarantee_call guarantor lender 80000
           2026-01-01 reguarantee_call reguarantor guarantor 32000
           2027-01-01 recovery enterprise lender 8000
           2027-01-01 recovery_guarantee enterprise guarantor 32000
           2027-01-01 recovery_reguarantee guarantor reguarantor 12800""",
    ),
    (
        RECEIVABLES,
        80000,
        """2026-01-01 recourse enterprise lender 20000
           2027-01-01 recovery market lender 24000""",
    ),
    (replace(LOAN, risk=RISK), 69789, "2027-01-01 recovery enterprise lender 27916"),
    (LEASE, 37381, "2027-01-01 recovery enterprise lender 14952"),
    (EQUITY, 100000, "2027-01-01 recovery enterprise fund 40000"),
    (REIT, 80000, "2027-01-01 recovery market investor 32000"),
    (SUPPORT, 100000, "2027-01-01 recovery enterprise treasury 40000"),
]


@pytest.mark.parametrize(("terms", "owed", "ledger"), DEFAULTS)
def test_what_follows_a_default_is_the_ledger_made_by_hand(
    terms: Terms, owed: int, ledger: str
) -> None:
    after = default_transfers(terms, owed, CALLED, LATER)
    assert rows(after) == by_hand(ledger)
    assert unbalanced(cash_flows(terms.product, after)).is_empty()


@pytest.mark.parametrize("in_advance", [False, True])
def test_rents_of_next_to_nothing_are_never_negative(in_advance: bool) -> None:
    # 99 fen over 36 months: 2.75 a month would be 3, and the last −6.
    tiny = Lease(product="E", tenor_months=36, rate=0.0, rent_in_advance=in_advance)
    paid = [rent for _, rent, _ in rents(tiny, 99, START)]
    assert sum(paid) == 99 and min(paid) == 0


def test_a_ledger_that_loses_a_fen_is_told() -> None:
    booked = cash_flows("L", agreed_transfers(LOAN, 100000, START))
    assert unbalanced(booked[1:])["amount"].to_list() == [100000]


@pytest.mark.parametrize(
    ("achieved", "back"), [(1.2, 0), (0.9, 0), (0.89, 11000), (0.5, 50000), (0.0, 100000)]
)
def test_the_whole_shortfall_counts_beyond_the_tolerance(achieved: float, back: int) -> None:
    assert repaid(SUPPORT, 100000, achieved) == back


def test_no_more_than_the_support_is_repaid() -> None:
    assert repaid(replace(SUPPORT, clawback=3.0), 100000, 0.5) == 100000
