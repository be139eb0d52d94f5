"""The second factor: codes that change with time (TOTP, RFC 6238), and recovery codes.

A code is taken once: of two within its half minute the second is refused, whoever sends it.
"""

import logging
import secrets
from datetime import UTC, datetime
from io import BytesIO

import pyotp
import segno
from sqlalchemy import Connection, delete, insert, or_, select, update

from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import moment
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import persons, recovery_codes
from yanzhen.store.people.attempts import attempt, succeeded
from yanzhen.store.people.random_secrets import hash_of_secret
from yanzhen.store.people.refusals import PeopleError
from yanzhen.store.people.sessions import begin, end, end_all
from yanzhen.store.people.viewer import Viewer

LOG = logging.getLogger(__name__)
PERIOD = 30
WINDOW = 1
"""Periods that a clock may be fast or slow."""
CODES = 10
ISSUER = "Yanzhen"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is mistaken for something else."""


def new_factor(database: Database, viewer: Viewer) -> str:
    """Return a new secret to be confirmed; before that it changes nothing.

    Raises
    ------
    PeopleError
        A second factor is in use already.
    """
    secret = pyotp.random_base32()
    with database.writing() as connection:
        free = (persons.c.id == viewer.person) & persons.c.totp_confirmed_at.is_(None)
        made = connection.execute(update(persons).where(free).values(totp_secret=secret))
        if made.rowcount == 0:
            raise PeopleError("second.there")
    return secret


def address_of(secret: str, login: str) -> str:
    """Return the address that authenticator programs read."""
    return pyotp.TOTP(secret, interval=PERIOD).provisioning_uri(name=login, issuer_name=ISSUER)


def picture_of(address: str) -> str:
    """Return the address as a QR code, an SVG element."""
    drawn = BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()


def confirm_factor(
    database: Database, viewer: Viewer, code: str, at: datetime | None = None
) -> tuple[str, list[str]]:
    """Put the new second factor to use.

    Every session of the person ends; a new one begins.

    Returns
    -------
    token of the new session, and the recovery codes, shown this once

    Raises
    ------
    PeopleError
        The code is wrong, or there is nothing to confirm.
    TooManyAttempts
        Too many codes were wrong.
    """
    when = at or datetime.now(UTC)
    attempt(database, "second", viewer.person, when)
    with database.writing() as connection:
        row = connection.execute(select(persons).where(persons.c.id == viewer.person)).one()
        if row.totp_secret is None or row.totp_confirmed_at is not None:
            raise PeopleError("second.nothing")
        step = _step_of(row.totp_secret, code, when)
        if step is None or not _take_step(connection, viewer.person, step):
            raise PeopleError("second.wrong", "code")
        of_person = persons.c.id == viewer.person
        confirmed = moment(when)
        connection.execute(update(persons).where(of_person).values(totp_confirmed_at=confirmed))
        codes = _new_codes(connection, viewer.person, when)
        end_all(connection, viewer.person)
        succeeded(connection, "second", viewer.person)
        record(
            connection, viewer.actor, "change", "people", viewer.person, {"second_factor": "set"}
        )
        return begin(connection, viewer.person, True, when), codes


def give_factor(
    database: Database, viewer: Viewer, code: str, brought: str, at: datetime | None = None
) -> str:
    """Take a code, or a recovery code, after a password; return the token of the new session.

    Parameters
    ----------
    code : as it was typed
    brought : token of the session that lacks it, which ends
    at : moment, now where none is given

    Raises
    ------
    PeopleError
        The code is wrong or was used before.
    TooManyAttempts
        Too many codes were wrong.
    """
    when = at or datetime.now(UTC)
    attempt(database, "second", viewer.person, when)
    with database.writing() as connection:
        by_code = _take(connection, viewer.person, code, when)
        way = {"second_factor": "code" if by_code else "recovery code"}
        record(connection, viewer.actor, "log in", "sessions", viewer.person, way)
        end(connection, brought)
        return begin(connection, viewer.person, True, when)


def drop_own_factor(
    database: Database, viewer: Viewer, code: str, at: datetime | None = None
) -> None:
    """Do without a second factor again; a code says that it is the person who asks.

    Raises
    ------
    PeopleError
        The code is wrong or was used before.
    TooManyAttempts
        Too many codes were wrong.
    """
    when = at or datetime.now(UTC)
    attempt(database, "second", viewer.person, when)
    with database.writing() as connection:
        _take(connection, viewer.person, code, when)
        forget_factor(connection, viewer.person)
        record(
            connection,
            viewer.actor,
            "change",
            "people",
            viewer.person,
            {"second_factor": "dropped"},
        )


def forget_factor(connection: Connection, person: str) -> None:
    """Remove the second factor of a person and its recovery codes."""
    nothing = {"totp_secret": None, "totp_confirmed_at": None, "totp_last_step": None}
    connection.execute(update(persons).where(persons.c.id == person).values(**nothing))
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person == person))


def _take(connection: Connection, person: str, code: str, when: datetime) -> bool:
    """Use a code up; return whether it was one of the clock's, not one for recovery."""
    row = connection.execute(select(persons).where(persons.c.id == person)).one()
    step = _step_of(row.totp_secret, code, when) if row.totp_confirmed_at else None
    by_code = step is not None and _take_step(connection, person, step)
    if not by_code and not _take_recovery(connection, person, code):
        LOG.info("second factor refused: wrong code of %s", person)
        raise PeopleError("second.wrong", "code")
    succeeded(connection, "second", person)
    return by_code


def _step_of(secret: str | None, code: str, when: datetime) -> int | None:
    """Return the period whose code this is, None where it is that of none at hand."""
    said = "".join(code.split())
    if secret is None or len(said) != 6 or not said.isdecimal():
        return None
    now, totp = int(when.timestamp()) // PERIOD, pyotp.TOTP(secret, interval=PERIOD)
    near = range(now - WINDOW, now + WINDOW + 1)
    return next((step for step in near if totp.verify(said, for_time=step * PERIOD)), None)


def _take_step(connection: Connection, person: str, step: int) -> bool:
    """Use a period up, with all before it; False where it was."""
    unused = or_(persons.c.totp_last_step.is_(None), persons.c.totp_last_step < step)
    used = update(persons).where(persons.c.id == person, unused).values(totp_last_step=step)
    return connection.execute(used).rowcount == 1


def _new_codes(connection: Connection, person: str, when: datetime) -> list[str]:
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(16)) for _ in range(CODES)]
    rows = [
        {"code_hash": _recovery_hash(person, code), "person": person, "made_at": moment(when)}
        for code in codes
    ]
    connection.execute(insert(recovery_codes), rows)
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def _take_recovery(connection: Connection, person: str, code: str) -> bool:
    said = "".join(each for each in code.casefold() if each.isalnum())
    own = recovery_codes.c.person == person
    known = recovery_codes.c.code_hash == _recovery_hash(person, said)
    return connection.execute(delete(recovery_codes).where(own, known)).rowcount == 1


def _recovery_hash(person: str, code: str) -> str:
    """Sixteen letters of 31 are 79 random bits: a plain hash cannot be turned back."""
    return hash_of_secret(f"{person}:{code}")
