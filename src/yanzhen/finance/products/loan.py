"""Loans: level payments, equal parts of the principal or all of it at the end; to the fen."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from yanzhen.finance.products.terms import Loan


@dataclass(frozen=True)
class Amortisation:
    """What is due of a loan, in fen.

    Attributes
    ----------
    days : of payment, without the start
    interest, principal : due on each
    balance : owed after each
    """

    days: tuple[date, ...]
    interest: tuple[int, ...]
    principal: tuple[int, ...]
    balance: tuple[int, ...]


def growth(rate: float, days: Sequence[date], day_count: str) -> list[Decimal]:
    """Return 1 + rate · τ of each period between days, one fewer than there are days."""
    rates = exact(rate)
    return [
        EXACT.add(Decimal(1), EXACT.multiply(rates, year_fraction(day_count, begin, end)))
        for begin, end in pairwise(days)
    ]


def level_payment(amount: int, left: int, growths: Sequence[Decimal], in_advance: bool) -> int:
    """Return the payment of each period after which an amount is left at the end, in fen.

    With g_k the growth of period k and L the payment, at the end of each period or at its start,
    amount · Π g_k = left + L Σ_k Π_{j > k} g_j, or j ≥ k.
    """
    grown, paid = Decimal(1), Decimal(0)
    for each in reversed(growths):
        if in_advance:
            grown = EXACT.multiply(grown, each)
        paid = EXACT.add(paid, grown)
        if not in_advance:
            grown = EXACT.multiply(grown, each)
    owed = EXACT.subtract(EXACT.multiply(Decimal(amount), grown), Decimal(left))
    return whole_fen(EXACT.divide(owed, paid))


def amortisation(terms: Loan, amount: int, start: date) -> Amortisation:
    """Return what is due of a loan; what rounding leaves is paid last."""
    step = 12 // terms.payments_per_year
    months = range(0, terms.tenor_months + 1, step)
    days = payment_days(start, months, terms.calendar)
    growths = growth(terms.rate, days, terms.calendar.day_count)
    free = terms.grace_months // step
    repaying = len(growths) - free
    level = 0
    if terms.repayment == "annuity":
        level = level_payment(amount, 0, growths[free:], in_advance=False)
    interest, principal, balance, owed = [], [], [], amount
    for k, each in enumerate(growths, 1):
        due = whole_fen(EXACT.multiply(Decimal(owed), each - 1))
        if k == len(growths):
            repaid = owed
        elif terms.repayment == "equal_principal" and k > free:
            # What has been repaid by then, less what had been before.
            done = k - free
            repaid = _part(amount, done, repaying) - _part(amount, done - 1, repaying)
        elif terms.repayment == "annuity" and k > free:
            repaid = min(max(level - due, 0), owed)
        else:
            repaid = 0
        owed -= repaid
        interest.append(due)
        principal.append(repaid)
        balance.append(owed)
    return Amortisation(tuple(days[1:]), tuple(interest), tuple(principal), tuple(balance))


def loan_transfers(terms: Loan, amount: int, start: date) -> list[Transfer]:
    """Return the payments of a loan as agreed."""
    due = amortisation(terms, amount, start)
    first = payment_days(start, [0], terms.calendar)[0]
    found = [
        Transfer(first, "principal_paid_out", terms.provider, "enterprise", amount),
        Transfer(first, "fee", "enterprise", terms.provider, part_of(amount, terms.fee)),
    ]
    for day, interest, principal in zip(due.days, due.interest, due.principal, strict=True):
        subsidised = part_of(interest, terms.interest_subsidy)
        found += [
            Transfer(day, "interest_subsidy", "treasury", terms.provider, subsidised),
            Transfer(day, "interest", "enterprise", terms.provider, interest - subsidised),
            Transfer(day, "principal", "enterprise", terms.provider, principal),
        ]
    return found


def loan_exposure(terms: Loan, amount: int, start: date) -> list[tuple[date, int]]:
    """Return what is owed from each day on."""
    due = amortisation(terms, amount, start)
    first = payment_days(start, [0], terms.calendar)[0]
    return [(first, amount), *zip(due.days, due.balance, strict=True)]


def loan_default(terms: Loan, owed: int, called: date, recovered: date) -> list[Transfer]:
    """Return what is paid after a default."""
    back = part_of(owed, terms.risk.recovery)
    return [Transfer(recovered, "recovery", "enterprise", terms.provider, back)]


def _part(amount: int, done: int, of: int) -> int:
    return (2 * amount * done + of) // (2 * of)
