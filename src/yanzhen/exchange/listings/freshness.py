"""Since when a listing is stale: a question of days, answered the same wherever it is shown.

A listing is stale from the day after the last on which it holds, or once nobody has confirmed it
for `UNCONFIRMED` days. It is shown as such with the day, and after `GRACE` more days docking
passes it over.
"""

from datetime import UTC, date, datetime, timedelta

UNCONFIRMED = 180
GRACE = 30


def today() -> date:
    """Return the day, UTC."""
    return datetime.now(UTC).date()


def stale_day(expires_on: str, confirmed_at: str) -> date:
    """Return the first day on which a listing is stale, unless it is confirmed or renewed.

    Parameters
    ----------
    expires_on : last day on which it holds
    confirmed_at : moment at which it was published or confirmed
    """
    confirmed = date.fromisoformat(confirmed_at[:10])
    return min(date.fromisoformat(expires_on), confirmed + timedelta(UNCONFIRMED)) + timedelta(1)


def stale_since(expires_on: str, confirmed_at: str, on: date) -> str | None:
    """Return since when a listing is stale on a day, None where it is not."""
    first = stale_day(expires_on, confirmed_at)
    return first.isoformat() if first <= on else None


def is_docked(expires_on: str, confirmed_at: str, on: date) -> bool:
    """Whether docking takes a published listing on a day."""
    return on < stale_day(expires_on, confirmed_at) + timedelta(GRACE)
