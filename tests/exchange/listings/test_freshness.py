"""A stale listing says since when, and leaves docking after the days of grace."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yanzhen.exchange.listings.freshness import GRACE, UNCONFIRMED, is_docked, stale_since

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def test_it_is_stale_after_its_last_day_or_without_a_word() -> None:
    confirmed = "2026-01-01T00:00:00.000000Z"
    assert stale_since("2026-03-01", confirmed, date(2026, 3, 1)) is None
    assert stale_since("2026-03-01", confirmed, date(2026, 3, 2)) == "2026-03-02"
    silent = date(2026, 1, 1) + timedelta(UNCONFIRMED + 1)
    assert stale_since("2999-01-01", confirmed, silent) == silent.isoformat()


@given(expires=DAYS, confirmed=DAYS, on=DAYS)
def test_what_is_fresh_is_docked_and_grace_ends(expires: date, confirmed: date, on: date) -> None:
    said = expires.isoformat(), f"{confirmed}T00:00:00.000000Z"
    since = stale_since(*said, on)
    docked = is_docked(*said, on)
    assert (
        docked if since is None else docked == (on < date.fromisoformat(since) + timedelta(GRACE))
    )
