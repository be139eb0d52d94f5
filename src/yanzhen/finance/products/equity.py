"""Stakes held for a time: dividends, then bought back or sold."""

from datetime import date
from decimal import Decimal

from yanzhen.finance.products.cash_flows import Transfer
from yanzhen.finance.products.schedule import EXACT, exact, part_of, payment_days, whole_fen
from yanzhen.finance.products.terms import Equity


def exit_price(terms: Equity, amount: int) -> int:
    """Return what the holder receives on leaving, the part of the gain given up taken off."""
    if terms.exit == "buyback":
        years = EXACT.divide(Decimal(terms.tenor_months), Decimal(12))
        factor = EXACT.power(EXACT.add(Decimal(1), exact(terms.rate)), years)
        price = whole_fen(EXACT.multiply(Decimal(amount), factor))
    else:
        price = part_of(amount, terms.exit_multiple)
    return price - part_of(max(price - amount, 0), terms.concession)


def equity_transfers(terms: Equity, amount: int, start: date) -> list[Transfer]:
    """Return the payments as expected if the enterprise survives."""
    first, end = payment_days(start, [0, terms.tenor_months], terms.calendar)
    dividends = payment_days(start, range(12, terms.tenor_months + 1, 12), terms.calendar)
    dividend = part_of(amount, terms.dividend_rate)
    buyer = "enterprise" if terms.exit == "buyback" else "market"
    return [
        Transfer(first, "investment", terms.provider, "enterprise", amount),
        *(Transfer(day, "dividend", "enterprise", terms.provider, dividend) for day in dividends),
        Transfer(end, terms.exit, buyer, terms.provider, exit_price(terms, amount)),
    ]


def equity_exposure(terms: Equity, amount: int, start: date) -> list[tuple[date, int]]:
    """Return what is invested from each day on."""
    first, end = payment_days(start, [0, terms.tenor_months], terms.calendar)
    return [(first, amount), (end, 0)]


def equity_default(terms: Equity, owed: int, called: date, recovered: date) -> list[Transfer]:
    """Return what is paid after a failure."""
    back = part_of(owed, terms.risk.recovery)
    return [Transfer(recovered, "recovery", "enterprise", terms.provider, back)]
