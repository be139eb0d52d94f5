"""What a product costs those who fund it and is worth to whom it is offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import polars as pl

from yanzhen.finance.products.cash_flows import CASH_FLOWS
from yanzhen.finance.products.terms import Terms
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
    raise NotImplementedError
