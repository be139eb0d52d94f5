"""Real-estate investment trusts of parks: units sold for the income of later years."""

from datetime import date
from decimal import Decimal

from yanzhen.finance.products.cash_flows import Transfer
from yanzhen.finance.products.schedule import EXACT, exact, part_of, payment_days, whole_fen
from yanzhen.finance.products.terms import Reit


def net_income(terms: Reit, amount: int, year: int) -> int:
    """Return the income of a year, counted from 1, before the manager's fee."""
    grown = EXACT.power(EXACT.add(Decimal(1), exact(terms.growth)), year - 1)
    first = EXACT.multiply(Decimal(amount), exact(terms.first_yield))
    return whole_fen(EXACT.multiply(first, grown))


def reit_transfers(terms: Reit, amount: int, start: date) -> list[Transfer]:
    """Return the payments as expected; the units that the park keeps pay nothing to others."""
    years = terms.tenor_months // 12
    first, *days = payment_days(start, range(0, 12 * years + 1, 12), terms.calendar)
    found = [
        Transfer(first, "issue", terms.provider, "park", _sold(terms, amount)),
        Transfer(first, "fee", "park", "manager", part_of(amount, terms.fee)),
    ]
    for year, day in enumerate(days, 1):
        income = net_income(terms, amount, year)
        managed = part_of(income, terms.management_fee)
        paid = _sold(terms, part_of(income - managed, terms.payout))
        found += [
            Transfer(day, "management_fee", "park", "manager", managed),
            Transfer(day, "distribution", "park", terms.provider, paid),
        ]
    if terms.exit_yield:
        income = net_income(terms, amount, years + 1)
        after_fee = Decimal(income - part_of(income, terms.management_fee))
        price = whole_fen(EXACT.divide(after_fee, exact(terms.exit_yield)))
        sale = Transfer(days[-1], "sale", "market", terms.provider, _sold(terms, price))
        found.append(sale)
    return found


def reit_exposure(terms: Reit, amount: int, start: date) -> list[tuple[date, int]]:
    """Return what is invested from each day on."""
    first, end = payment_days(start, [0, terms.tenor_months], terms.calendar)
    return [(first, _sold(terms, amount)), (end, 0)]


def reit_default(terms: Reit, owed: int, called: date, recovered: date) -> list[Transfer]:
    """Return what is paid when the income fails for good and the park is sold."""
    back = part_of(owed, terms.risk.recovery)
    return [Transfer(recovered, "recovery", "market", terms.provider, back)]


def _sold(terms: Reit, amount: int) -> int:
    return amount - part_of(amount, terms.retained)
