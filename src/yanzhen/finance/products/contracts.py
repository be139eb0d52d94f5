"""The payments of a product of any kind: as agreed, what is owed meanwhile, after a default."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanzhen.finance.products.cash_flows import Transfer, without_nothing
from yanzhen.finance.products.equity import equity_default, equity_exposure, equity_transfers
from yanzhen.finance.products.guarantee import (
    guarantee_default,
    guarantee_exposure,
    guarantee_transfers,
)
from yanzhen.finance.products.leasing import lease_default, lease_exposure, lease_transfers
from yanzhen.finance.products.loan import loan_default, loan_exposure, loan_transfers
from yanzhen.finance.products.performance import (
    performance_default,
    performance_exposure,
    performance_transfers,
)
from yanzhen.finance.products.reit import reit_default, reit_exposure, reit_transfers
from yanzhen.finance.products.supply_chain import (
    supply_chain_default,
    supply_chain_exposure,
    supply_chain_transfers,
)
from yanzhen.finance.products.terms import (
    Equity,
    Guarantee,
    Lease,
    Loan,
    Performance,
    Reit,
    SupplyChain,
    Terms,
)


@dataclass(frozen=True)
class _Kind:
    """What is paid of a kind of product; each function is given its terms first."""

    transfers: Callable[[Any, int, date], list[Transfer]]
    exposure: Callable[[Any, int, date], list[tuple[date, int]]]
    default: Callable[[Any, int, date, date], list[Transfer]]


_KINDS: dict[type[Any], _Kind] = {
    Loan: _Kind(loan_transfers, loan_exposure, loan_default),
    Guarantee: _Kind(guarantee_transfers, guarantee_exposure, guarantee_default),
    SupplyChain: _Kind(supply_chain_transfers, supply_chain_exposure, supply_chain_default),
    Lease: _Kind(lease_transfers, lease_exposure, lease_default),
    Equity: _Kind(equity_transfers, equity_exposure, equity_default),
    Reit: _Kind(reit_transfers, reit_exposure, reit_default),
    Performance: _Kind(performance_transfers, performance_exposure, performance_default),
}


def agreed_transfers(terms: Terms, amount: int, start: date) -> tuple[Transfer, ...]:
    """Return the payments as agreed, if nobody defaults, in the order of their days."""
    return without_nothing(_KINDS[type(terms)].transfers(terms, amount, start))


def exposure(terms: Terms, amount: int, start: date) -> list[tuple[date, int]]:
    """Return days and what is owed to the provider from each on, in fen."""
    return _KINDS[type(terms)].exposure(terms, amount, start)


def default_transfers(
    terms: Terms, owed: int, called: date, recovered: date
) -> tuple[Transfer, ...]:
    """Return what is paid after a default.

    Parameters
    ----------
    owed : fen
    called : day on which guarantees and recourse are paid
    recovered : day on which recoveries come in
    """
    return without_nothing(_KINDS[type(terms)].default(terms, owed, called, recovered))
