"""Answers to requests with an idempotency key: what is asked twice is done once.

The first request reserves its key; what it was answered is kept for a day, and given to every
later request with the same key and the same content.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from yanzhen.store.database.clock import moment
from yanzhen.store.database.connection import Database
from yanzhen.store.database.inserting import insert_if_new
from yanzhen.store.database.tables import answers

KEPT = timedelta(hours=24)
AT_WORK = timedelta(minutes=15)
"""After this a request that reserved a key and never answered counts as lost."""


@dataclass(frozen=True)
class Kept:
    """What a request was answered."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Reserved:
    """A key that is this request's own until it is answered.

    Attributes
    ----------
    person, key : whose key, and which
    made_at : when it was reserved, by which a later reservation of the same key is told apart
    """

    person: str
    key: str
    made_at: str


class AtWork(Exception):
    """The first request with this key has not been answered yet."""


class UsedForAnother(Exception):
    """The key was used for a request of another content."""


def reserve(
    database: Database, person: str, key: str, request_hash: str, at: datetime | None = None
) -> Kept | Reserved:
    """Reserve a key, or return what the first request with it was answered.

    Parameters
    ----------
    request_hash : of everything that the request asks
    at : moment, now where none is given

    Raises
    ------
    AtWork
        The first request with the key has not been answered yet.
    UsedForAnother
        The first request with the key had another content.
    Unavailable
        The database does not answer.
    """
    when = at or datetime.now(UTC)
    row = {"person": person, "idempotency_key": key, "request_hash": request_hash}
    with database.writing() as connection:
        connection.execute(delete(answers).where(_of(person, key), _is_over(when)))
        if insert_if_new(connection, answers, {**row, "made_at": moment(when)}):
            return Reserved(person, key, moment(when))
        found = connection.execute(select(answers).where(_of(person, key))).first()
    if found is None:
        # It was released between the two statements: the next attempt will have it.
        raise AtWork
    if found.request_hash != request_hash:
        raise UsedForAnother
    if found.status is None:
        raise AtWork
    return Kept(found.status, found.media_type or "", found.body or b"")


def keep_answer(database: Database, reserved: Reserved, answer: Kept) -> None:
    """Keep what a request with a reserved key was answered.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    said = {"status": answer.status, "media_type": answer.media_type, "body": answer.body}
    with database.writing() as connection:
        connection.execute(update(answers).where(_reservation(reserved)).values(**said))


def release(database: Database, reserved: Reserved) -> None:
    """Give a key back, so that the request can be made again.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        connection.execute(delete(answers).where(_reservation(reserved)))


def forget_old(database: Database, at: datetime | None = None) -> int:
    """Forget the answers that are kept no longer; return how many.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    is_old = answers.c.made_at < moment((at or datetime.now(UTC)) - KEPT)
    with database.writing() as connection:
        return connection.execute(delete(answers).where(is_old)).rowcount


def _of(person: str, key: str) -> ColumnElement[bool]:
    return (answers.c.person == person) & (answers.c.idempotency_key == key)


def _reservation(reserved: Reserved) -> ColumnElement[bool]:
    return _of(reserved.person, reserved.key) & (answers.c.made_at == reserved.made_at)


def _is_over(when: datetime) -> ColumnElement[bool]:
    """Whether a row says nothing any more: it is old, or its request was lost."""
    old = answers.c.made_at < moment(when - KEPT)
    lost = answers.c.status.is_(None) & (answers.c.made_at < moment(when - AT_WORK))
    return old | lost
