"""Schedules and rates against numpy-financial, where both apply."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.finance.products.leasing import rents
from yanzhen.finance.products.loan import amortisation
from yanzhen.finance.products.terms import Lease, Loan
from yanzhen.finance.products.valuation import internal_rate, present_value

npf = pytest.importorskip("numpy_financial")

START = date(2026, 3, 31)


@given(
    rate=st.floats(0.001, 0.3).map(lambda rate: round(rate, 5)),
    years=st.integers(1, 10),
    per_year=st.sampled_from([1, 2, 4, 12]),
    amount=st.integers(10**6, 10**12),
)
def test_a_level_loan_is_that_of_numpy_financial(
    rate: float, years: int, per_year: int, amount: int
) -> None:
    terms = Loan(product="L", tenor_months=12 * years, rate=rate, payments_per_year=per_year)
    # Months of unequal length are equal under 30/360 on days that every month has.
    due = amortisation(terms, amount, date(2026, 3, 15))
    periods = np.arange(1, years * per_year + 1)
    interest = npf.ipmt(rate / per_year, periods, periods.size, -amount)
    principal = npf.ppmt(rate / per_year, periods, periods.size, -amount)
    assert sum(due.principal) == amount
    # Half a fen of each level payment adds up, with interest, to what the last one takes.
    carried = 1 + 0.5 * periods.size * (1 + rate / per_year) ** periods.size
    assert np.abs(np.array(due.interest) - interest).max() <= carried
    assert np.abs(np.array(due.principal)[:-1] - principal[:-1]).max(initial=0) <= carried
    paid = np.array(due.interest) + due.principal
    assert (
        np.abs(paid[:-1] - npf.pmt(rate / per_year, periods.size, -amount)).max(initial=0) <= 0.51
    )


def test_rents_in_advance_with_a_residual_are_those_of_numpy_financial() -> None:
    lease = Lease(product="E", tenor_months=48, rate=0.06, payments_per_year=4, residual=0.05)
    for when, in_advance in (("end", False), ("begin", True)):
        found = rents(replace(lease, rent_in_advance=in_advance), 10**9, date(2026, 3, 15))
        peer = npf.pmt(0.015, 16, -(10**9), 5 * 10**7, when)
        assert found[0][1] == pytest.approx(peer, abs=0.51)


def test_rates_and_values_are_those_of_numpy_financial() -> None:
    amounts = [-1000.0, 300.0, 420.0, 680.0]
    flows = {START + timedelta(365 * k): amount for k, amount in enumerate(amounts)}
    assert internal_rate(flows).value == pytest.approx(npf.irr(amounts), abs=1e-9)
    assert present_value(flows, 0.07, START) == pytest.approx(npf.npv(0.07, amounts), abs=1e-9)
