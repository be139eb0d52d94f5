"""Days of payment and the fractions of a year between them, by named conventions.

Months are counted from the start, so that a day lost to a short month comes back; a start on the
last day of a month keeps to last days (end-of-month rule). Accrual runs between the days on which
is paid, adjusted where the convention says so.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

import numpy as np

from yanzhen.finance.products.terms import Calendar

EXACT = Context(prec=40, rounding=ROUND_HALF_UP)
"""Forty digits: far more than any sum of money times a rate has."""
Roll = Literal["forward", "modifiedfollowing", "backward"]
CONVENTIONS: dict[str, Roll | None] = {
    "unadjusted": None,
    "following": "forward",
    "modified_following": "modifiedfollowing",
    "preceding": "backward",
}
"""Business-day conventions (2006 ISDA Definitions, 4.12), and how NumPy calls them."""


def days_30_360(start: date, end: date) -> int:
    """Return the days between two dates, each month of 30 (2006 ISDA Definitions, 4.16(f))."""
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def actual_days(start: date, end: date) -> int:
    """Return the days between two dates."""
    return (end - start).days


DAY_COUNTS: dict[str, tuple[Callable[[date, date], int], int]] = {
    "30/360": (days_30_360, 360),
    "ACT/360": (actual_days, 360),
    "ACT/365F": (actual_days, 365),
}
"""Day counts (2006 ISDA Definitions, 4.16(f), (e), (d)): the days, and those of a year."""


def year_fraction(day_count: str, start: date, end: date) -> Decimal:
    """Return the part of a year between two dates."""
    days, year = DAY_COUNTS[day_count]
    return EXACT.divide(Decimal(days(start, end)), Decimal(year))


def months_after(start: date, months: int) -> date:
    """Return the day so many months after, the last of its month where the start is one."""
    year, month = divmod(12 * start.year + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    is_last = start.day == monthrange(start.year, start.month)[1]
    return date(year, month + 1, last if is_last else min(start.day, last))


def payment_days(start: date, months: Sequence[int], calendar: Calendar) -> list[date]:
    """Return the days of payment so many months after a start."""
    days = [months_after(start, each) for each in months]
    roll = CONVENTIONS[calendar.convention]
    if roll is None:
        return days
    moved = np.busday_offset(
        np.array(days, dtype="datetime64[D]"),
        0,
        roll=roll,
        holidays=np.array(calendar.holidays, dtype="datetime64[D]"),
    )
    return [day.item() for day in moved]


def exact(share: float) -> Decimal:
    """Return a share as it is written: 0.1 is a tenth."""
    return Decimal(repr(float(share)))


def whole_fen(amount: Decimal) -> int:
    """Return an amount in whole fen, halves up."""
    return int(amount.quantize(Decimal(1), context=EXACT))


def part_of(amount: int, share: float) -> int:
    """Return a share of an amount, to the nearest fen."""
    return whole_fen(EXACT.multiply(Decimal(amount), exact(share)))
