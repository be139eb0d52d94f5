"""Persons and organisations: made by operator and administrators, disabled, never removed."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, cast, get_args

from sqlalchemy import Connection, func, insert, select, update

from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import api_tokens, identities, organisations, persons
from yanzhen.store.people.passwords import STANDARD, Passwords
from yanzhen.store.people.random_secrets import new_id
from yanzhen.store.people.refusals import NotThere, PeopleError, Taken
from yanzhen.store.people.second_factor import forget_factor
from yanzhen.store.people.sessions import end_all
from yanzhen.store.people.viewer import LOCAL, Role, Viewer

ROLES: tuple[Role, ...] = get_args(Role)
LOGIN = re.compile(r"[\w.@+-]{2,200}")
LONGEST_NAME = 200


@dataclass(frozen=True)
class Organisation:
    """An organisation whose persons see the same."""

    id: str
    name: str
    made_at: str
    persons: int


@dataclass(frozen=True)
class Person:
    """A person with one role in one organisation.

    Attributes
    ----------
    id : identity
    organisation : identity of the organisation
    login, name : what is typed to log in, and what others read
    role : what the person may do
    has_password, has_second_factor : what the person logs in with
    made_at, disabled_at : moments; None where the person may log in
    """

    id: str
    organisation: str
    login: str
    name: str
    role: Role
    has_password: bool
    has_second_factor: bool
    made_at: str
    disabled_at: str | None


def add_organisation(database: Database, name: str) -> str:
    """Make an organisation; return its identity. The operator alone can.

    Raises
    ------
    PeopleError
        The name is empty, too long, or taken.
    """
    tidy = _tidy(name)
    if not tidy or len(tidy) > LONGEST_NAME:
        raise PeopleError("organisation.name", "name")
    identity = new_id()
    with database.writing() as connection:
        if _organisation_named(connection, tidy) is not None:
            raise PeopleError("organisation.taken", "name", name=tidy)
        connection.execute(insert(organisations).values(id=identity, name=tidy, made_at=now()))
        record(connection, None, "make", "organisations", identity, {"name": tidy})
    return identity


def every_organisation(database: Database) -> list[Organisation]:
    """Return the organisations by name, but for that of the one local user."""
    counted = (
        select(organisations, func.count(persons.c.id).label("persons"))
        .outerjoin(persons, persons.c.organisation == organisations.c.id)
        .where(organisations.c.id != LOCAL.organisation)
        .group_by(organisations.c.id, organisations.c.name, organisations.c.made_at)
        .order_by(organisations.c.name)
    )
    with database.reading() as connection:
        return [
            Organisation(row.id, row.name, row.made_at, row.persons)
            for row in connection.execute(counted)
        ]


def organisation_named(database: Database, name: str) -> str:
    """Return the identity of an organisation.

    Raises
    ------
    NotThere
        There is none of that name.
    """
    with database.reading() as connection:
        identity = _organisation_named(connection, _tidy(name))
    if identity is None:
        raise NotThere("organisation.none", "organisation", name=name)
    return identity


# Kept wide: a person is what an administrator enters, one value a field.
def add_person(
    database: Database,
    by: Viewer | None,
    organisation: str,
    login: str,
    name: str,
    role: str,
    password: str | None = None,
    passwords: Passwords = STANDARD,
) -> str:
    """Make a person; return the identity.

    Parameters
    ----------
    by : the administrator; None for the operator of the machine
    organisation : identity
    login : letters, digits and . @ + - _, unlike any other's whatever their case
    role : one of `ROLES`
    password : None for a person who logs in by OpenID Connect alone
    passwords : that hash it

    Raises
    ------
    PeopleError
        Something that was entered cannot be taken.
    """
    said, called = login_of(login), _tidy(name) or login_of(login)
    if not LOGIN.fullmatch(said) or said == LOCAL.person:
        raise PeopleError("login.form", "login")
    if len(called) > LONGEST_NAME:
        raise PeopleError("name.long", "name", most=LONGEST_NAME)
    if role not in ROLES:
        raise PeopleError("role", "role", role=role, roles=", ".join(ROLES))
    kept = None if password is None else passwords.hashed(password, said)
    identity = new_id()
    with database.writing() as connection:
        there = select(organisations.c.id).where(organisations.c.id == organisation)
        if connection.execute(there).first() is None:
            raise NotThere("organisation.none", "organisation", name=organisation)
        if connection.execute(select(persons.c.id).where(persons.c.login == said)).first():
            raise Taken("login.taken", "login", login=said)
        connection.execute(
            insert(persons).values(
                id=identity,
                organisation=organisation,
                login=said,
                name=called,
                role=role,
                password_hash=kept,
                made_at=now(),
            )
        )
        change = {"login": said, "name": called, "role": role, "organisation": organisation}
        record(connection, _by(by), "make", "people", identity, change)
    return identity


def persons_of(
    database: Database,
    organisation: str | None = None,
    after: str = "",
    most: int | None = None,
) -> list[Person]:
    """Return the persons of an organisation, or of all, by login; never the one local user.

    Parameters
    ----------
    organisation : identity
    after : login behind which they begin
    most : persons; all without a number
    """
    asked = select(persons).where(persons.c.id != LOCAL.person, persons.c.login > after)
    if organisation is not None:
        asked = asked.where(persons.c.organisation == organisation)
    with database.asking() as connection:
        ordered = asked.order_by(persons.c.login).limit(most)
        return [_person(row) for row in connection.execute(ordered)]


def person_of(database: Database, by: Viewer | None, identity: str) -> Person:
    """Return a person whom somebody may look at: one of the same organisation.

    Raises
    ------
    NotThere
        There is none, or it is another organisation's.
    """
    with database.reading() as connection:
        return _person(_seen(connection, by, identity))


def person_with_login(database: Database, login: str) -> Person:
    """Return a person by login; for the operator.

    Raises
    ------
    NotThere
        There is none.
    """
    asked = select(persons).where(persons.c.login == login_of(login), persons.c.id != LOCAL.person)
    with database.reading() as connection:
        row = connection.execute(asked).first()
    if row is None:
        raise NotThere("person.none", "login", login=login)
    return _person(row)


def viewer_with_login(database: Database, login: str) -> Viewer:
    """Return a person by login as somebody who asks; for the operator.

    Raises
    ------
    NotThere
        There is none.
    """
    found = person_with_login(database, login)
    return Viewer(found.id, found.organisation, found.role)


def change_role(database: Database, by: Viewer | None, identity: str, role: str) -> None:
    """Give a person another role; the sessions end, so that it holds at once everywhere.

    Raises
    ------
    NotThere
        There is no such person in the organisation.
    PeopleError
        There is no such role, or no administrator would be left.
    """
    if role not in ROLES:
        raise PeopleError("role", "role", role=role, roles=", ".join(ROLES))
    with database.writing() as connection:
        row = _seen(connection, by, identity)
        if role != "administrator":
            _leave_an_administrator(connection, by, row)
        connection.execute(update(persons).where(persons.c.id == identity).values(role=role))
        end_all(connection, identity)
        record(connection, _by(by), "change", "people", identity, {"role": role})


def disable_person(database: Database, by: Viewer | None, identity: str) -> None:
    """Let a person log in no more: sessions end and tokens are revoked at once.

    Raises
    ------
    NotThere
        There is no such person in the organisation.
    PeopleError
        No administrator would be left.
    """
    with database.writing() as connection:
        _leave_an_administrator(connection, by, _seen(connection, by, identity))
        connection.execute(
            update(persons).where(persons.c.id == identity).values(disabled_at=now())
        )
        end_all(connection, identity)
        live = (api_tokens.c.person == identity) & api_tokens.c.revoked_at.is_(None)
        connection.execute(update(api_tokens).where(live).values(revoked_at=now()))
        record(connection, _by(by), "remove", "people", identity, {"disabled": True})


def enable_person(database: Database, by: Viewer | None, identity: str) -> None:
    """Let a person log in again, with the same password; tokens stay revoked.

    Raises
    ------
    NotThere
        There is no such person in the organisation.
    """
    with database.writing() as connection:
        _seen(connection, by, identity)
        connection.execute(update(persons).where(persons.c.id == identity).values(disabled_at=None))
        record(connection, _by(by), "change", "people", identity, {"disabled": False})


def set_password(
    database: Database,
    by: Viewer | None,
    identity: str,
    password: str,
    passwords: Passwords = STANDARD,
) -> None:
    """Give a person another password; every session of the person ends.

    Raises
    ------
    NotThere
        There is no such person in the organisation.
    PeopleError
        The password is not fit for use.
    """
    with database.reading() as connection:
        login = _seen(connection, by, identity).login
    kept = passwords.hashed(password, login)
    with database.writing() as connection:
        _seen(connection, by, identity)
        of_person = persons.c.id == identity
        connection.execute(update(persons).where(of_person).values(password_hash=kept))
        end_all(connection, identity)
        record(connection, _by(by), "change", "people", identity, {"password": "set"})


def drop_second_factor(database: Database, by: Viewer | None, identity: str) -> None:
    """Take a second factor off a person who has lost it.

    Raises
    ------
    NotThere
        There is no such person in the organisation.
    """
    with database.writing() as connection:
        _seen(connection, by, identity)
        forget_factor(connection, identity)
        end_all(connection, identity)
        record(connection, _by(by), "change", "people", identity, {"second_factor": "dropped"})


def somebody_can_log_in(database: Database, by_openid: bool = False) -> bool:
    """Whether anybody could log in: by a password, or by OpenID Connect where it is set up."""
    with_password = persons.c.password_hash.is_not(None)
    known = persons.c.id.in_(select(identities.c.person)) | persons.c.login.contains("@")
    way = with_password | known if by_openid else with_password
    asked = select(persons.c.id).where(
        persons.c.id != LOCAL.person, persons.c.disabled_at.is_(None), way
    )
    with database.reading() as connection:
        return connection.execute(asked.limit(1)).first() is not None


def login_of(said: str) -> str:
    """Return a login as it is kept: those that look alike are the same, whatever typed them."""
    return unicodedata.normalize("NFKC", said).strip().casefold()


def _tidy(said: str) -> str:
    return " ".join(said.split())


def _by(viewer: Viewer | None) -> tuple[str, str] | None:
    return None if viewer is None else viewer.actor


def _organisation_named(connection: Connection, name: str) -> str | None:
    asked = select(organisations.c.id).where(
        organisations.c.name == name, organisations.c.id != LOCAL.organisation
    )
    return connection.execute(asked).scalar()


def _seen(connection: Connection, by: Viewer | None, identity: str) -> Any:
    asked = select(persons).where(persons.c.id == identity, persons.c.id != LOCAL.person)
    if by is not None:
        asked = asked.where(persons.c.organisation == by.organisation)
    row = connection.execute(asked).first()
    if row is None:
        raise NotThere("person.none_here")
    return row


def _leave_an_administrator(connection: Connection, by: Viewer | None, row: Any) -> None:
    """Let no administrator shut the organisation out; the operator may."""
    if by is None or row.role != "administrator" or row.disabled_at is not None:
        return
    # Two who take the role off each other at once take turns.
    of_both = select(organisations.c.id).where(organisations.c.id == row.organisation)
    connection.execute(of_both.with_for_update())
    others = select(persons.c.id).where(
        persons.c.organisation == row.organisation,
        persons.c.role == "administrator",
        persons.c.disabled_at.is_(None),
        persons.c.id != row.id,
    )
    if connection.execute(others.limit(1)).first() is None:
        raise PeopleError("person.last_administrator")


def _person(row: Any) -> Person:
    return Person(
        row.id,
        row.organisation,
        row.login,
        row.name,
        cast(Role, row.role),
        row.password_hash is not None,
        row.totp_confirmed_at is not None,
        row.made_at,
        row.disabled_at,
    )
