"""Support linked to performance: repaid as far as jobs or output fall short."""

from datetime import date
from decimal import Decimal

from yanzhen.finance.products.cash_flows import Transfer
from yanzhen.finance.products.schedule import (
    EXACT,
    exact,
    part_of,
    payment_days,
    whole_fen,
    year_fraction,
)
from yanzhen.finance.products.terms import Performance


def repaid(terms: Performance, amount: int, achieved: float) -> int:
    """Return what is repaid where a share of the target is achieved, without interest.

    Nothing within the tolerance; beyond it the whole shortfall counts.
    """
    shortfall = max(EXACT.subtract(Decimal(1), exact(achieved)), Decimal(0))
    if shortfall <= exact(terms.tolerance):
        return 0
    due = EXACT.multiply(Decimal(amount), EXACT.multiply(shortfall, exact(terms.clawback)))
    return min(whole_fen(due), amount)


def performance_transfers(terms: Performance, amount: int, start: date) -> list[Transfer]:
    """Return the support, and what is repaid at what is expected to be achieved."""
    first, end = payment_days(start, [0, terms.tenor_months], terms.calendar)
    back = repaid(terms, amount, terms.achieved)
    years = year_fraction(terms.calendar.day_count, first, end)
    interest = EXACT.multiply(Decimal(back), EXACT.multiply(exact(terms.rate), years))
    return [
        Transfer(first, "support", terms.provider, "enterprise", amount),
        Transfer(end, "clawback", "enterprise", terms.provider, back),
        Transfer(end, "clawback_interest", "enterprise", terms.provider, whole_fen(interest)),
    ]


def performance_exposure(terms: Performance, amount: int, start: date) -> list[tuple[date, int]]:
    """Return what would be repaid of an enterprise that is gone, from each day on."""
    first, end = payment_days(start, [0, terms.tenor_months], terms.calendar)
    return [(first, repaid(terms, amount, 0.0)), (end, 0)]


def performance_default(
    terms: Performance, owed: int, called: date, recovered: date
) -> list[Transfer]:
    """Return what is paid after a default, in which nothing is achieved."""
    back = part_of(owed, terms.risk.recovery)
    return [Transfer(recovered, "recovery", "enterprise", terms.provider, back)]
