"""What the calendar tells: listings that go stale, tasks that fall due. Told once each."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from yanzhen.exchange.deals.due import SOON, reminded
from yanzhen.exchange.listings.freshness import stale_day
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deal_tasks
from yanzhen.store.database.listing_tables import listings
from yanzhen.store.database.notice_tables import notices
from yanzhen.store.outbox.telling import Facts, tell

AHEAD = timedelta(days=14)
"""Before a listing goes stale."""
AT_ONCE = 500


class Due(NamedTuple):
    """What a day brings: a kind of notice, its subject, for whom, facts, and what is told once."""

    kind: str
    subject: str
    to: str
    facts: Facts
    once: str


def remind(database: Database, today: date) -> int:
    """Tell organisations what a day brings and they were not told yet; return how many notices.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        due = _untold(connection, [*_stale(connection, today), *_tasks(connection, today)])
    for each in due:
        with database.writing() as connection:
            tell(connection, each.kind, each.subject, [each.to], None, each.facts, each.once)
    return len(due)


def _untold(connection: Connection, due: list[Due]) -> list[Due]:
    told: set[tuple[str, str | None]] = set()
    for start in range(0, len(due), AT_ONCE):
        asked = [each.once for each in due[start : start + AT_ONCE]]
        rows = select(notices.c.organisation, notices.c.once).where(notices.c.once.in_(asked))
        told |= {(row.organisation, row.once) for row in connection.execute(rows)}
    return [each for each in due if (each.to, each.once) not in told]


def _stale(connection: Connection, today: date) -> Iterator[Due]:
    columns = (listings.c.id, listings.c.organisation, listings.c.expires_on)
    asked = select(*columns, listings.c.confirmed_at).where(listings.c.published.is_not(None))
    for row in connection.execute(asked.order_by(listings.c.number)):
        first = stale_day(row.expires_on, row.confirmed_at)
        if first - AHEAD > today:
            continue
        kind, fact = (
            ("listing_stale", "since") if first <= today else ("listing_going_stale", "from")
        )
        day = first.isoformat()
        yield Due(kind, row.id, row.organisation, {fact: day}, f"{kind} {row.id} {day}")


def _tasks(connection: Connection, today: date) -> Iterator[Due]:
    columns = (deal_tasks.c.id, deal_tasks.c.deal, deal_tasks.c.organisation, deal_tasks.c.due)
    open_soon = (deal_tasks.c.done_on.is_(None), deal_tasks.c.due <= (today + SOON).isoformat())
    for row in connection.execute(select(*columns).where(*open_soon).order_by(deal_tasks.c.number)):
        kind = "task_overdue" if reminded(row.due, today) == "overdue" else "task_due"
        once = f"{kind} {row.id} {row.due}"
        yield Due(kind, row.deal, row.organisation, {"due": row.due}, once)
