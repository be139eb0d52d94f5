"""What a product costs those who fund it, and what it is worth to those whom it is offered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import polars as pl

from yanzhen.finance.products.cash_flows import CASH_FLOWS, cash_flows, flows_of
from yanzhen.finance.products.contracts import agreed_transfers
from yanzhen.finance.products.default import Path, expected_flows, paths
from yanzhen.finance.products.terms import (
    PUBLIC,
    Equity,
    Guarantee,
    Lease,
    Loan,
    Reit,
    SupplyChain,
    Terms,
)
from yanzhen.finance.products.valuation import present_value
from yanzhen.study.result_columns import columns

OUTLAY = columns(
    "year paid received expected_paid expected_received",
    paid="count", received="count", expected_paid="number", expected_received="number",
)  # fmt: skip
"""Fen by calendar year: as agreed, and expected over default and recovery."""


@dataclass(frozen=True)
class DiscountRates:
    """Effective rates a year.

    Attributes
    ----------
    by_party : of each of `PARTIES`
    market_loan : what the market asks of an enterprise without support for a loan or a lease
    market_equity : what it expects of a stake
    """

    by_party: Mapping[str, float]
    market_loan: float
    market_equity: float


@dataclass(frozen=True)
class ProductValue:
    """What a product costs and is worth, all amounts in fen.

    Attributes
    ----------
    product : code
    amount : offered at the start
    start : day of the first payment
    flows : as agreed, if nobody defaults, of all parties
    fund_cost : expected net present value of what fund and treasury pay less what they get back,
        each at its own rate, over default and recovery
    support : worth to the enterprise (the park, of a REIT) over the market's terms for the like:
        the difference of the net present values as agreed, at the market's rate
    outlay : of fund and treasury together, by year
    """

    product: str
    amount: int
    start: date
    flows: Annotated[pl.DataFrame, CASH_FLOWS]
    fund_cost: float
    support: float
    outlay: Annotated[pl.DataFrame, OUTLAY]


def product_value(terms: Terms, amount: int, start: date, rates: DiscountRates) -> ProductValue:
    """Value a product.

    Parameters
    ----------
    terms : of any kind, with `provider="fund"` where the fund's own money or promise it is
    amount : fen: of a loan or stake, a lease's price, a REIT's issue, what is advanced on each
        receivable
    start : day of the first payment
    rates : of each party and of the market
    """
    outcomes = paths(terms, amount, start)
    agreed = outcomes[-1].transfers
    return ProductValue(
        terms.product,
        amount,
        start,
        cash_flows(terms.product, agreed),
        0.0
        - sum(
            present_value(expected_flows([party], outcomes), rates.by_party[party], start)
            for party in PUBLIC
        ),
        support(terms, amount, start, rates),
        _outlay(outcomes),
    )


def support(terms: Terms, amount: int, start: date, rates: DiscountRates) -> float:
    """Return what a product is worth over the market's terms for the like, in fen.

    Both are discounted at the market's rate, as agreed. Whoever buys a stake at the end pays for
    what its former owner gave away, and counts on that side. A stake or a REIT at what the market
    expects, and no support, are worth nothing.
    """
    market = market_rate(terms, rates)

    def worth(product: Terms) -> float:
        side = ("park" if isinstance(product, Reit) else "enterprise", "market")
        flows = flows_of(side, agreed_transfers(product, amount, start))
        return present_value(flows, market, start)

    like = market_alternative(terms, market)
    return worth(terms) - (0.0 if like is None else worth(like))


def market_rate(terms: Terms, rates: DiscountRates) -> float:
    """Return what the market asks a year for the like."""
    usual = rates.market_equity if isinstance(terms, Equity | Reit) else rates.market_loan
    return usual if terms.market_rate is None else terms.market_rate


def market_alternative(terms: Terms, rate: float) -> Terms | None:
    """Return the like at a market's rate, without subsidies, guarantees and fees; None for none."""
    match terms:
        case Guarantee():
            return market_alternative(terms.loan, rate)
        case Loan():
            return replace(terms, rate=rate, fee=0.0, interest_subsidy=0.0)
        case SupplyChain() | Lease():
            return replace(terms, rate=rate, fee=0.0)
        case _:
            return None


def _outlay(outcomes: tuple[Path, ...]) -> pl.DataFrame:
    """Outlay and receipts of public money by year; what one public party pays another is none."""
    years: dict[int, list[float]] = {}
    for path in outcomes:
        agreed = float(path.year is None)
        for each in path.transfers:
            pays, receives = each.payer in PUBLIC, each.payee in PUBLIC
            if pays != receives:
                row = years.setdefault(each.on.year, [0.0] * 4)
                row[not pays] += agreed * each.amount
                row[2 + (not pays)] += path.probability * each.amount
    return OUTLAY.frame(
        (year, round(paid), round(received), *expected)
        for year, (paid, received, *expected) in sorted(years.items())
    )
