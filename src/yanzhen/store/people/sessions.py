"""Sessions: a random token in a cookie, its hash in the store, an end when idle and an end anyway.

The token is changed on logging in, on gaining the second factor, and now and then. A session keeps
its CSRF token where only the time has come, so that a form that is open can still be sent; it also
names the session among the rows of its tokens.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from yanzhen.store.database.clock import moment, time_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import persons, sessions
from yanzhen.store.people.random_secrets import hash_of_secret, new_secret
from yanzhen.store.people.viewer import Role, Viewer

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
ROTATED_AFTER = timedelta(minutes=15)
OVERLAP = timedelta(seconds=30)
"""How long an old token lives on: what was asked for at the same moment still carries it."""
SLACK = timedelta(minutes=1)
"""How far the clocks of machines that share a store may be apart."""
SEEN_EVERY = timedelta(minutes=1)
TO_COMPLETE = timedelta(minutes=10)
"""How long the second factor is waited for."""


@dataclass(frozen=True)
class Session:
    """A browser in which somebody has begun to log in.

    Attributes
    ----------
    viewer : who
    name, login : of the person
    csrf : what forms and requests of this session carry beside the cookie
    is_complete : whether all that the person's account asks for has been given
    made_at : when this token was made
    """

    viewer: Viewer
    name: str
    login: str
    csrf: str
    is_complete: bool
    made_at: datetime


def begin(
    connection: Connection, person: str, second_factor: bool = False, at: datetime | None = None
) -> str:
    """Begin a session, in the transaction that says why; return its token.

    The token that the browser brought, if any, is ended by the caller: a session that somebody
    else began in this browser is never gone on with.
    """
    when = at or datetime.now(UTC)
    token = new_secret()
    connection.execute(
        insert(sessions).values(
            token_hash=hash_of_secret(token),
            person=person,
            csrf=new_secret(),
            second_factor=second_factor,
            made_at=moment(when),
            seen_at=moment(when),
            expires_at=moment(when + ABSOLUTE),
        )
    )
    return token


def find(
    database: Database, token: str, at: datetime | None = None, acts: bool = True
) -> Session | None:
    """Return the session of a token; None where it has ended, or the person is disabled.

    Parameters
    ----------
    acts : whether the person does something, which keeps an idle session alive
    """
    when = at or datetime.now(UTC)
    with database.asking() as connection:
        row = _row(connection, sessions.c.token_hash == hash_of_secret(token), when)
    if row is None or _waited_too_long(row, when):
        return None
    if acts:
        _see(database, row, when)
    return _session(row)


def lives(
    database: Database, session: Session, at: datetime | None = None, acts: bool = True
) -> bool:
    """Whether a session that was found goes on, whatever its token is by now.

    Parameters
    ----------
    acts : whether the person does something, which keeps an idle session alive
    """
    when = at or datetime.now(UTC)
    with database.asking() as connection:
        row = _row(connection, sessions.c.csrf == session.csrf, when)
    if row is None or _session(row).viewer != session.viewer:
        return False
    if acts:
        _see(database, row, when)
    return _session(row).is_complete


def rotated(database: Database, token: str, at: datetime | None = None) -> str | None:
    """Return a new token of the same session where it is time, None otherwise."""
    when, old = at or datetime.now(UTC), hash_of_secret(token)
    with database.writing() as connection:
        row = _row(connection, sessions.c.token_hash == old, when)
        is_due = row is not None and time_of(row.made_at) < when - ROTATED_AFTER
        # A token that is about to end has been changed already.
        if row is None or not is_due or time_of(row.expires_at) <= when + OVERLAP:
            return None
        new = new_secret()
        kept = {name: getattr(row, name) for name in ("person", "csrf", "second_factor")}
        connection.execute(
            insert(sessions).values(
                token_hash=hash_of_secret(new),
                made_at=moment(when),
                seen_at=moment(when),
                expires_at=row.expires_at,
                **kept,
            )
        )
        end = moment(when + OVERLAP)
        of_old = sessions.c.token_hash == old
        connection.execute(update(sessions).where(of_old).values(expires_at=end))
        return new


def end(connection: Connection, token: str) -> None:
    """End the session of a token, all its tokens with it."""
    same = select(sessions.c.csrf).where(sessions.c.token_hash == hash_of_secret(token))
    connection.execute(delete(sessions).where(sessions.c.csrf.in_(same)))


def end_all(connection: Connection, person: str) -> None:
    """End every session of a person."""
    connection.execute(delete(sessions).where(sessions.c.person == person))


def forget_ended(connection: Connection, at: datetime | None = None) -> None:
    """Remove what has expired."""
    when = at or datetime.now(UTC)
    ended = (sessions.c.expires_at < moment(when)) | (sessions.c.seen_at < moment(when - IDLE))
    connection.execute(delete(sessions).where(ended))


def sessions_of(
    database: Database, person: str, at: datetime | None = None
) -> list[tuple[str, str]]:
    """Return when each session of a person began and was last used, the newest first."""
    when = at or datetime.now(UTC)
    columns = select(sessions.c.csrf, sessions.c.made_at, sessions.c.seen_at)
    open_now = (sessions.c.expires_at >= moment(when)) & (sessions.c.seen_at >= moment(when - IDLE))
    with database.reading() as connection:
        rows = connection.execute(columns.where(sessions.c.person == person, open_now)).all()
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        made, seen = found.get(row.csrf, (row.made_at, row.seen_at))
        found[row.csrf] = (min(made, row.made_at), max(seen, row.seen_at))
    return sorted(found.values(), reverse=True)


def _row(connection: Connection, which: ColumnElement[bool], when: datetime) -> Any:
    asked = (
        select(
            sessions,
            persons.c.organisation,
            persons.c.role,
            persons.c.name,
            persons.c.login,
            persons.c.totp_confirmed_at,
        )
        .join(persons, persons.c.id == sessions.c.person)
        .where(
            which,
            persons.c.disabled_at.is_(None),
            sessions.c.expires_at >= moment(when),
            # One that would last longer than a new one is of a time before the clock was set back.
            sessions.c.expires_at <= moment(when + ABSOLUTE + SLACK),
            sessions.c.seen_at >= moment(when - IDLE),
        )
        .limit(1)
    )
    return connection.execute(asked).first()


def _see(database: Database, row: Any, when: datetime) -> None:
    """Note that somebody was there, now and then."""
    if time_of(row.seen_at) >= when - SEEN_EVERY:
        return
    with database.writing() as connection:
        of_session = sessions.c.csrf == row.csrf
        connection.execute(update(sessions).where(of_session).values(seen_at=moment(when)))


def _waited_too_long(row: Any, when: datetime) -> bool:
    lacks = not row.second_factor and row.totp_confirmed_at is not None
    return lacks and time_of(row.made_at) < when - TO_COMPLETE


def _session(row: Any) -> Session:
    return Session(
        Viewer(row.person, row.organisation, cast(Role, row.role)),
        row.name,
        row.login,
        row.csrf,
        bool(row.second_factor) or row.totp_confirmed_at is None,
        time_of(row.made_at),
    )
