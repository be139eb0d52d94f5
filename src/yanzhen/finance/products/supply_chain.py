"""Supply-chain finance: receivables on a buyer, financed one after the other."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from yanzhen.finance.products.cash_flows import Transfer
from yanzhen.finance.products.schedule import (
    EXACT,
    exact,
    part_of,
    payment_days,
    whole_fen,
    year_fraction,
)
from yanzhen.finance.products.terms import SupplyChain


def supply_chain_transfers(terms: SupplyChain, amount: int, start: date) -> list[Transfer]:
    """Return the payments as agreed; what repays the lender is the buyer's payment."""
    days = _days(terms, start)
    face = whole_fen(EXACT.divide(Decimal(amount), exact(terms.advance_share)))
    fee = part_of(face, terms.fee)
    found: list[Transfer] = []
    for begin, end in pairwise(days):
        years = year_fraction(terms.calendar.day_count, begin, end)
        rate = EXACT.multiply(exact(terms.rate), years)
        interest = whole_fen(EXACT.multiply(Decimal(amount), rate))
        paid = begin if terms.interest_paid == "in_advance" else end
        found += [
            Transfer(begin, "advance", terms.provider, "enterprise", amount),
            Transfer(begin, "fee", "enterprise", terms.provider, fee),
            Transfer(paid, "interest", "enterprise", terms.provider, interest),
            Transfer(end, "receivable", "enterprise", terms.provider, amount),
        ]
    return found


def supply_chain_exposure(terms: SupplyChain, amount: int, start: date) -> list[tuple[date, int]]:
    """Return what is advanced from each day on."""
    days = _days(terms, start)
    return [*((day, amount) for day in days[:-1]), (days[-1], 0)]


def supply_chain_default(
    terms: SupplyChain, owed: int, called: date, recovered: date
) -> list[Transfer]:
    """Return what is paid after a buyer's default: by recourse, the rest as it is recovered."""
    by_recourse = part_of(owed, terms.recourse)
    back = part_of(owed - by_recourse, terms.risk.recovery)
    return [
        Transfer(called, "recourse", "enterprise", terms.provider, by_recourse),
        Transfer(recovered, "recovery", "market", terms.provider, back),
    ]


def _days(terms: SupplyChain, start: date) -> list[date]:
    months = range(0, terms.months + 1, terms.tenor_months)
    return payment_days(start, months, terms.calendar)
