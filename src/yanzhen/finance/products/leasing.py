"""Equipment leases: rents in arrears or in advance, deposit, purchase at the end."""

from datetime import date
from decimal import Decimal
from itertools import accumulate

from yanzhen.finance.products.cash_flows import Transfer
from yanzhen.finance.products.loan import growth, level_payment
from yanzhen.finance.products.schedule import EXACT, part_of, payment_days, whole_fen
from yanzhen.finance.products.terms import Lease


def rents(terms: Lease, price: int, start: date) -> list[tuple[date, int, int]]:
    """Return day of payment, rent and what is owed after it; the last rent takes the rounding."""
    step = 12 // terms.payments_per_year
    days = payment_days(start, range(0, terms.tenor_months + 1, step), terms.calendar)
    growths = growth(terms.rate, days, terms.calendar.day_count)
    owed = price - part_of(price, terms.down_payment)
    left = part_of(price, terms.residual)
    level = level_payment(owed, left, growths, terms.rent_in_advance)
    # What the purchase at the end is worth before each period, and after the last.
    growing = accumulate(reversed(growths), EXACT.divide, initial=Decimal(left))
    worth = [whole_fen(each) for each in growing][::-1]
    found = []
    for k, each in enumerate(growths, 1):
        if not terms.rent_in_advance:
            owed = whole_fen(EXACT.multiply(Decimal(owed), each))
        paid = k - 1 if terms.rent_in_advance else k
        most = max(owed - worth[paid], 0)
        rent = most if k == len(growths) else min(level, most)
        owed -= rent
        found.append((days[paid], rent, owed))
        if terms.rent_in_advance:
            owed = whole_fen(EXACT.multiply(Decimal(owed), each))
    return found


def lease_transfers(terms: Lease, amount: int, start: date) -> list[Transfer]:
    """Return the payments as agreed; the amount is the price of the equipment."""
    lessor = terms.provider
    first, end = payment_days(start, [0, terms.tenor_months], terms.calendar)
    deposit = part_of(amount, terms.deposit)
    return [
        Transfer(first, "price", lessor, "enterprise", amount),
        Transfer(first, "down_payment", "enterprise", lessor, part_of(amount, terms.down_payment)),
        Transfer(first, "deposit", "enterprise", lessor, deposit),
        Transfer(first, "fee", "enterprise", lessor, part_of(amount, terms.fee)),
        *(
            Transfer(day, "rent", "enterprise", lessor, rent)
            for day, rent, _ in rents(terms, amount, start)
        ),
        Transfer(end, "purchase", "enterprise", lessor, part_of(amount, terms.residual)),
        Transfer(end, "deposit_returned", lessor, "enterprise", deposit),
    ]


def lease_exposure(terms: Lease, amount: int, start: date) -> list[tuple[date, int]]:
    """Return what is owed from each day on, less the deposit."""
    first, end = payment_days(start, [0, terms.tenor_months], terms.calendar)
    deposit = part_of(amount, terms.deposit)
    owed = [(first, amount - part_of(amount, terms.down_payment))]
    owed += [(day, after) for day, _, after in rents(terms, amount, start)]
    return [*((day, max(after - deposit, 0)) for day, after in owed), (end, 0)]


def lease_default(terms: Lease, owed: int, called: date, recovered: date) -> list[Transfer]:
    """Return what is paid after a default; the deposit stays with the lessor."""
    back = part_of(owed, terms.risk.recovery)
    return [Transfer(recovered, "recovery", "enterprise", terms.provider, back)]
