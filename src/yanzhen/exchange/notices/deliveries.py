"""Deliveries: taken up by a worker, tried again after a while, and recorded as they ended.

Who takes a delivery up first moves on the moment at which it is due again. Where he is killed it
falls due at that moment, and another takes it up: nothing is lost, and what was sent but not
recorded is sent a second time, under the same identity.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, select, update

from yanzhen.exchange.notices.outcomes import Outcome
from yanzhen.store.database.clock import later, moment, moment_of, time_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.notice_tables import notice_deliveries

Way = Literal["mail", "webhook"]
LEASE = 300.0
"""Seconds that whoever takes a delivery up has for it."""
RESTS = (10.0, 60.0, 300.0, 1800.0, 7200.0, 21600.0, 43200.0)
"""Seconds before the second attempt, the third …; after the last one a delivery has failed."""
ATTEMPTS = len(RESTS) + 1
AT_ONCE = 20
LONGEST_ERROR = 500
KEPT = timedelta(days=90)
"""How long one can see what became of a delivery."""


@dataclass(frozen=True)
class Delivery:
    """A notice on its way, taken up by who has this.

    Attributes
    ----------
    id : the same for every attempt
    notice : that is delivered
    person, webhook : to whom; one of the two is None
    attempt : which one this is, from 1
    """

    id: str
    notice: str
    person: str | None
    webhook: str | None
    attempt: int


def take_up(database: Database, ways: frozenset[Way]) -> tuple[Delivery, ...]:
    """Take up deliveries that are due, the first due first.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        due = _due(ways, moment_of(connection))
        if (
            connection.execute(select(notice_deliveries.c.number).where(due).limit(1)).first()
            is None
        ):
            return ()
    with database.writing() as connection:
        at = moment_of(connection)
        asked = select(notice_deliveries).where(_due(ways, at))
        ordered = asked.order_by(notice_deliveries.c.next_at, notice_deliveries.c.number)
        rows = connection.execute(ordered.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
        taken = tuple(
            Delivery(row.id, row.notice, row.person, row.webhook, row.attempt + 1) for row in rows
        )
        these = notice_deliveries.c.id.in_([each.id for each in taken])
        held = {"attempt": notice_deliveries.c.attempt + 1, "next_at": later(at, LEASE)}
        connection.execute(update(notice_deliveries).where(these).values(**held))
    return taken


def finish(connection: Connection, delivery: Delivery, outcome: Outcome) -> bool:
    """Record how an attempt ended; whether it was the last, and was held until now.

    What was not taken is due again after a while, unless that is of no use or has been tried
    `ATTEMPTS` times.
    """
    at = moment_of(connection)
    is_last = outcome.arrived or outcome.final or delivery.attempt >= ATTEMPTS
    values = {"error": outcome.error[:LONGEST_ERROR]}
    if is_last:
        state = "sent" if outcome.arrived else "failed"
        values |= {"state": state, "ended_at": at}
    else:
        values["next_at"] = later(at, RESTS[delivery.attempt - 1])
    held = (
        notice_deliveries.c.id == delivery.id,
        notice_deliveries.c.attempt == delivery.attempt,
        notice_deliveries.c.state == "queued",
    )
    changed = connection.execute(update(notice_deliveries).where(*held).values(**values))
    return is_last and bool(changed.rowcount)


def hand_back(database: Database, taken: Collection[Delivery]) -> None:
    """Let deliveries that were not tried be taken up at once; this attempt does not count.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    if not taken:
        return
    these = notice_deliveries.c.id.in_([each.id for each in taken])
    with database.writing() as connection:
        values = {
            "attempt": notice_deliveries.c.attempt - 1,
            "next_at": moment_of(connection),
        }
        connection.execute(update(notice_deliveries).where(these).values(**values))


def forget_old(database: Database) -> None:
    """Remove deliveries that ended long ago; their notices stay.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        before = moment(time_of(moment_of(connection)) - KEPT)
        old = notice_deliveries.c.ended_at < before
        connection.execute(delete(notice_deliveries).where(old))


def _due(ways: frozenset[Way], at: str) -> ColumnElement[bool]:
    due = (notice_deliveries.c.state == "queued") & (notice_deliveries.c.next_at <= at)
    if "mail" not in ways:
        due &= notice_deliveries.c.person.is_(None)
    if "webhook" not in ways:
        due &= notice_deliveries.c.webhook.is_(None)
    return due
