"""Logging in by password, and changing one's own."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from yanzhen.store.audit.chain import record
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import persons
from yanzhen.store.people.attempts import attempt, succeeded, take_back
from yanzhen.store.people.passwords import STANDARD, Passwords
from yanzhen.store.people.persons import login_of
from yanzhen.store.people.refusals import PeopleError
from yanzhen.store.people.sessions import begin, end, end_all, forget_ended
from yanzhen.store.people.viewer import LOCAL, Viewer

LOG = logging.getLogger(__name__)


# Kept wide: what a form sends, what the browser brought, and what tests put in place.
def log_in(
    database: Database,
    login: str,
    password: str,
    address: str,
    brought: str = "",
    passwords: Passwords = STANDARD,
    at: datetime | None = None,
) -> str:
    """Begin a session by login and password; return its token.

    A person with a second factor has to give it before the session counts.

    Parameters
    ----------
    address : of the network, from which attempts are counted too
    brought : token that the browser sent; its session ends
    passwords : that hashed them
    at : moment, now where none is given

    Raises
    ------
    PeopleError
        The login or the password is wrong; which, is not said.
    TooManyAttempts
        Too many attempts failed.
    """
    said = login_of(login)
    attempt(database, "address", address, at)
    attempt(database, "login", said, at)
    with database.reading() as connection:
        asked = select(persons).where(persons.c.login == said, persons.c.id != LOCAL.person)
        row = connection.execute(asked).first()
    may = row is not None and row.disabled_at is None
    right, newer = passwords.verified(password, row.password_hash if row and may else None)
    if not right or row is None:
        known = "nobody" if row is None else row.id
        LOG.info("login refused: wrong password of %s from %r", known, address)
        raise PeopleError("wrong_password", "password")
    with database.writing() as connection:
        if newer is not None:
            # Unless it was changed in the meantime.
            same = (persons.c.id == row.id) & (persons.c.password_hash == row.password_hash)
            connection.execute(update(persons).where(same).values(password_hash=newer))
        succeeded(connection, "login", said)
        take_back(connection, "address", address)
        return begin_for(connection, row, {"by": "password"}, brought, at)


def begin_for(
    connection: Connection,
    row: Any,
    how: Mapping[str, str],
    brought: str = "",
    at: datetime | None = None,
) -> str:
    """Begin the session of somebody who has shown who it is; return its token.

    Parameters
    ----------
    row : of the person
    how : told in the audit
    brought : token that the browser sent; its session ends
    """
    when = at or datetime.now(UTC)
    forget_ended(connection, when)
    if brought:
        end(connection, brought)
    record(connection, (row.id, row.organisation), "log in", "sessions", row.id, how)
    return begin(connection, row.id, False, when)


def log_out(database: Database, viewer: Viewer, token: str) -> None:
    """End the session of a token."""
    with database.writing() as connection:
        end(connection, token)
        record(connection, viewer.actor, "log out", "sessions", viewer.person, {})


def log_out_everywhere(database: Database, viewer: Viewer) -> None:
    """End every session of a person."""
    with database.writing() as connection:
        end_all(connection, viewer.person)
        record(connection, viewer.actor, "log out", "sessions", viewer.person, {"everywhere": True})


def change_password(
    database: Database,
    viewer: Viewer,
    now_used: str,
    wanted: str,
    passwords: Passwords = STANDARD,
    at: datetime | None = None,
) -> str:
    """Change one's own password; every session ends, and a new one begins: return its token.

    Raises
    ------
    PeopleError
        The password now used is wrong, or the one wanted is not fit for use.
    TooManyAttempts
        The password now used was wrong too often.
    """
    with database.reading() as connection:
        row = connection.execute(select(persons).where(persons.c.id == viewer.person)).one()
    attempt(database, "login", row.login, at)
    right, _ = passwords.verified(now_used, row.password_hash)
    if not right:
        LOG.info("change of password refused: wrong password of %s", row.id)
        raise PeopleError("password.now_wrong", "now")
    kept = passwords.hashed(wanted, row.login)
    with database.writing() as connection:
        of_person = persons.c.id == viewer.person
        connection.execute(update(persons).where(of_person).values(password_hash=kept))
        succeeded(connection, "login", row.login)
        end_all(connection, viewer.person)
        record(connection, viewer.actor, "change", "people", viewer.person, {"password": "own"})
        return begin(connection, viewer.person, row.totp_confirmed_at is not None, at)
