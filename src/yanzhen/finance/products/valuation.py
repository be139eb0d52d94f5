"""Net present value first; rates of return only where there is one; duration; break-even.

Flows are discounted by an effective rate a year over days / 365 (ACT/365F) from the first of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from yanzhen.finance.products.default import expected_flows, paths
from yanzhen.finance.products.terms import PRICES, Terms, with_price

HIGHEST_RETURN = 10.0
"""A thousand per cent a year: beyond it a rate of return says nothing."""
LOWEST_RETURN = -0.99
REASONS = ("no_payments", "one_sign", "several_changes", "out_of_range", "no_price", "no_root")


def present_value(flows: Mapping[date, float], rate: float, start: date) -> float:
    """Return the net present value of dated flows."""
    if not flows:
        return 0.0
    amounts = np.fromiter(flows.values(), dtype=np.float64, count=len(flows))
    return float(amounts @ (1.0 + rate) ** -_years(flows, start))


@dataclass(frozen=True)
class Rate:
    """A rate, or the reason why there is none, of `REASONS`."""

    value: float | None
    reason: str = ""


def internal_rate(flows: Mapping[date, float]) -> Rate:
    """Return the internal rate of return of flows that change sign once, by a bracketed root."""
    signs = [amount > 0 for _, amount in sorted(flows.items()) if amount]
    if not signs:
        return Rate(None, "no_payments")
    changes = sum(one != other for one, other in pairwise(signs))
    if changes != 1:
        return Rate(None, "several_changes" if changes else "one_sign")
    start = min(flows)

    def value(rate: float) -> float:
        return present_value(flows, rate, start)

    if value(LOWEST_RETURN) * value(HIGHEST_RETURN) > 0:
        return Rate(None, "out_of_range")
    return Rate(float(brentq(value, LOWEST_RETURN, HIGHEST_RETURN, xtol=1e-12)))


@dataclass(frozen=True)
class Duration:
    """Years: Macaulay's, the mean time of what comes in weighted by its present value; modified."""

    macaulay: float | None
    modified: float | None


def duration(flows: Mapping[date, float], rate: float, start: date) -> Duration:
    """Return the durations of the receipts among flows."""
    receipts = {day: amount for day, amount in flows.items() if amount > 0}
    if not receipts:
        return Duration(None, None)
    years = _years(receipts, start)
    amounts = np.fromiter(receipts.values(), dtype=np.float64, count=len(receipts))
    weights = amounts * (1.0 + rate) ** -years
    macaulay = float(weights @ years / weights.sum())
    return Duration(macaulay, macaulay / (1.0 + rate))


def break_even(terms: Terms, amount: int, start: date, rate: float) -> Rate:
    """Return the price at which the provider neither gains nor loses, default counted.

    Parameters
    ----------
    rate : at which the provider discounts
    """
    if type(terms) not in PRICES or getattr(terms, "exit", "buyback") == "sale":
        return Rate(None, "no_price")

    def value(price: float) -> float:
        outcomes = paths(with_price(terms, price), amount, start)
        return present_value(expected_flows([terms.provider], outcomes), rate, start)

    if value(0.0) > 0 or value(1.0) < 0:
        return Rate(None, "no_root")
    # A millionth of a per cent: less than a fen makes of it.
    return Rate(float(brentq(value, 0.0, 1.0, xtol=1e-8)))


def _years(flows: Mapping[date, float], start: date) -> NDArray[np.float64]:
    days = [(day - start).days for day in flows]
    return np.array(days, dtype=np.float64) / 365.0
