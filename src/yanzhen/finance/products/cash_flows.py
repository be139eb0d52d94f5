"""Dated payments from one party to another, and the ledger in which they sum to zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from yanzhen.study.result_columns import columns

CASH_FLOWS = columns("date product item party amount", amount="count")
"""Whole fen, a payment being two rows: less for who pays, more for who is paid."""


@dataclass(frozen=True)
class Transfer:
    """A payment.

    Attributes
    ----------
    on : day
    item : what it is for
    payer, payee : parties
    amount : fen, not negative
    """

    on: date
    item: str
    payer: str
    payee: str
    amount: int


def without_nothing(transfers: Iterable[Transfer]) -> tuple[Transfer, ...]:
    """Return payments of something, in the order of their days."""
    return tuple(sorted((each for each in transfers if each.amount), key=lambda each: each.on))


def cash_flows(product: str, transfers: Iterable[Transfer]) -> pl.DataFrame:
    """Return payments as a ledger of the columns `CASH_FLOWS`."""
    return CASH_FLOWS.frame(
        (each.on.isoformat(), product, each.item, party, amount)
        for each in transfers
        for party, amount in ((each.payer, -each.amount), (each.payee, each.amount))
    )


def unbalanced(ledger: pl.DataFrame) -> pl.DataFrame:
    """Return the days and items of a ledger whose rows don't sum to zero over the parties."""
    sums = ledger.group_by("date", "product", "item", maintain_order=True)
    return sums.agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)


def flows_of(parties: Iterable[str], transfers: Iterable[Transfer]) -> dict[date, int]:
    """Return what parties together receive less what they pay, by day, in fen."""
    own, net = frozenset(parties), dict[date, int]()
    for each in transfers:
        change = each.amount * ((each.payee in own) - (each.payer in own))
        if change:
            net[each.on] = net.get(each.on, 0) + change
    return dict(sorted(net.items()))
