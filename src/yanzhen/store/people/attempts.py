"""Limits on attempts: the more have failed, the longer the next one waits.

Kept in the store, so that several processes count together. An attempt counts from before it is
judged; one that succeeds takes its count back.
"""

import logging
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select, text, update

from yanzhen.store.database.clock import moment, time_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import attempts
from yanzhen.store.people.refusals import TooManyAttempts

LOG = logging.getLogger(__name__)
COUNTED = timedelta(hours=1)
LONGEST_WAIT = 900
FREE = {"login": 5, "address": 30, "second": 5}
"""Attempts without waiting, by what they are counted for."""


def attempt(database: Database, kind: str, whom: str, at: datetime | None = None) -> None:
    """Count an attempt before it is judged.

    Parameters
    ----------
    kind : login, address or second (factor)
    whom : login, network address, or person

    Raises
    ------
    TooManyAttempts
        So many have failed that this one has to wait.
    """
    when, subject = at or datetime.now(UTC), _subject(kind, whom)
    with database.writing() as connection:
        _wait_for_turn(connection, subject)
        old = attempts.c.at < moment(when - COUNTED)
        own = attempts.c.subject == subject
        connection.execute(delete(attempts).where(own, old))
        # The clock was set back since: they count from now, and nobody waits for it to catch up.
        ahead = attempts.c.at > moment(when)
        connection.execute(update(attempts).where(own, ahead).values(at=moment(when)))
        counted = select(func.count(), func.max(attempts.c.at)).where(own)
        failed, last = connection.execute(counted).one()
        wait, left = waiting_time(failed - FREE[kind]), 0.0
        if last is not None and wait:
            left = (time_of(last) + timedelta(seconds=wait) - when).total_seconds()
        if left <= 0:
            connection.execute(insert(attempts).values(subject=subject, at=moment(when)))
    if left > 0:
        LOG.info("attempt refused: %s has to wait", kind)
        raise TooManyAttempts(int(left) + 1)


def succeeded(connection: Connection, kind: str, whom: str) -> None:
    """Forget what failed before an attempt that succeeded, in the transaction of its outcome."""
    connection.execute(delete(attempts).where(attempts.c.subject == _subject(kind, whom)))


def take_back(connection: Connection, kind: str, whom: str) -> None:
    """Take an attempt that succeeded out of the count, and none that failed.

    Who has one account would otherwise clear an address by it, and go on with those of others.
    """
    own = attempts.c.subject == _subject(kind, whom)
    newest = select(func.max(attempts.c.id)).where(own).scalar_subquery()
    connection.execute(delete(attempts).where(attempts.c.id == newest))


def waiting_time(beyond: int) -> int:
    """Return the seconds to wait after so many failures beyond those that are free."""
    return 0 if beyond < 0 else min(2 ** min(beyond, 30), LONGEST_WAIT)


def _subject(kind: str, whom: str) -> str:
    # What somebody typed as a login may be of any length, and may be a password.
    return f"{kind}:{sha256(whom.casefold().encode()).hexdigest()}"


def _wait_for_turn(connection: Connection, subject: str) -> None:
    """Let no two attempts of a subject be counted at once; SQLite has one writer as it is."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))")
        connection.execute(lock, {"subject": subject})
