"""Days of payment and day counts, against published examples."""

from datetime import date

import pytest

from yanzhen.finance.products.schedule import (
    actual_days,
    days_30_360,
    exact,
    months_after,
    part_of,
    payment_days,
    year_fraction,
)
from yanzhen.finance.products.terms import Calendar

# The examples of ISDA's page on 30/360 day counts (22 December 2008), for the bond basis.
PUBLISHED = """2006-08-20 2007-02-20 180, 2007-02-20 2007-08-20 180, 2008-08-20 2009-02-20 180,
2006-08-31 2007-02-28 178, 2007-02-28 2007-08-31 183, 2007-08-31 2008-02-29 179,
2008-02-29 2008-08-31 182, 2008-08-31 2009-02-28 178, 2009-02-28 2009-08-31 183,
2006-01-31 2006-02-28 28, 2006-01-30 2006-02-28 28, 2006-02-28 2006-03-03 5,
2006-02-14 2006-02-28 14, 2006-09-30 2006-10-31 30, 2006-10-31 2006-11-28 28,
2007-08-31 2008-02-28 178, 2008-02-28 2008-08-28 180, 2008-02-28 2008-08-30 182,
2008-02-28 2008-08-31 183, 2007-02-26 2008-02-28 362, 2007-02-26 2008-02-29 363,
2008-02-29 2009-02-28 359, 2008-02-28 2008-03-30 32, 2008-02-28 2008-03-31 33"""


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("example", PUBLISHED.split(","))
def test_30_360_counts_as_isda_published(example: str) -> None:
    start, end, days = example.split()
    assert days_30_360(day(start), day(end)) == int(days)


def test_actual_days_are_over_360_or_365_in_leap_years_too() -> None:
    leap = day("2028-02-01"), day("2028-03-01")
    assert actual_days(*leap) == 29
    for day_count, year in (("ACT/360", 360), ("ACT/365F", 365)):
        assert float(year_fraction(day_count, *leap)) == pytest.approx(29 / year, rel=1e-15)


def test_a_day_lost_to_a_short_month_comes_back() -> None:
    assert [months_after(day("2026-01-30"), k) for k in (1, 2)] == [
        day("2026-02-28"), day("2026-03-30"),
    ]  # fmt: skip


def test_the_last_day_of_a_month_stays_the_last() -> None:
    months = [months_after(day("2028-02-29"), k) for k in (1, 12, 48)]
    assert months == [day("2028-03-31"), day("2029-02-28"), day("2032-02-29")]


@pytest.mark.parametrize(
    ("convention", "paid"),
    [
        # Saturday, 31 October 2026; the Monday after it is a day of rest here.
        ("unadjusted", "2026-10-31"),
        ("following", "2026-11-03"),
        ("modified_following", "2026-10-30"),
        ("preceding", "2026-10-30"),
    ],
)
def test_a_day_of_rest_moves_the_payment_by_its_convention(convention: str, paid: str) -> None:
    calendar = Calendar(convention=convention, holidays=(day("2026-11-02"),))
    assert payment_days(day("2026-09-30"), [1], calendar) == [day(paid)]


def test_shares_are_taken_as_written_and_halves_go_up() -> None:
    assert exact(0.1) * 3 == exact(0.3)
    assert (part_of(10, 0.05), part_of(30, 0.05), part_of(29, 0.05)) == (1, 2, 1)
