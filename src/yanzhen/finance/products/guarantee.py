"""Guarantees of loans, and the re-guarantees behind them."""

from datetime import date

from yanzhen.finance.products.cash_flows import Transfer
from yanzhen.finance.products.loan import amortisation, loan_exposure, loan_transfers
from yanzhen.finance.products.schedule import part_of, payment_days
from yanzhen.finance.products.terms import Guarantee


def guarantee_transfers(terms: Guarantee, amount: int, start: date) -> list[Transfer]:
    """Return the payments of a guaranteed loan and of its guarantee as agreed."""
    found = loan_transfers(terms.loan, amount, start)
    for day, balance in guaranteed_balances(terms, amount, start):
        fee = part_of(part_of(balance, terms.cover), terms.guarantee_fee)
        subsidised = part_of(fee, terms.fee_subsidy)
        passed_on = part_of(fee, terms.reguarantee_fee)
        found += [
            Transfer(day, "guarantee_fee", "enterprise", terms.provider, fee - subsidised),
            Transfer(day, "fee_subsidy", "treasury", terms.provider, subsidised),
            Transfer(day, "reguarantee_fee", terms.provider, terms.reguarantor, passed_on),
        ]
    return found


def guaranteed_balances(terms: Guarantee, amount: int, start: date) -> list[tuple[date, int]]:
    """Return the start of each year and what is owed of the loan from then on."""
    months = range(0, terms.months, 12)
    days = payment_days(start, months, terms.calendar)
    due = amortisation(terms.loan, amount, start)
    per_year = terms.loan.payments_per_year
    owed = [amount, *(due.balance[k * per_year - 1] for k in range(1, len(days)))]
    return list(zip(days, owed, strict=True))


def guarantee_exposure(terms: Guarantee, amount: int, start: date) -> list[tuple[date, int]]:
    """Return what is owed of the loan from each day on."""
    return loan_exposure(terms.loan, amount, start)


def guarantee_default(terms: Guarantee, owed: int, called: date, recovered: date) -> list[Transfer]:
    """Return what is paid after a default: the call, its share of the reguarantor, recoveries.

    What comes in goes to lender and guarantor by the parts that they bear, and from the guarantor
    to the reguarantor likewise.
    """
    lender, guarantor = terms.loan.provider, terms.provider
    covered = part_of(owed, terms.cover)
    back = part_of(owed, terms.risk.recovery)
    of_cover = part_of(back, terms.cover)
    return [
        Transfer(called, "guarantee_call", guarantor, lender, covered),
        Transfer(
            called,
            "reguarantee_call",
            terms.reguarantor,
            guarantor,
            part_of(covered, terms.reguarantee_share),
        ),
        Transfer(recovered, "recovery", "enterprise", lender, back - of_cover),
        Transfer(recovered, "recovery_guarantee", "enterprise", guarantor, of_cover),
        Transfer(
            recovered,
            "recovery_reguarantee",
            guarantor,
            terms.reguarantor,
            part_of(of_cover, terms.reguarantee_share),
        ),
    ]
