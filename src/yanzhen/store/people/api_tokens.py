"""Tokens of programs: shown once, kept as hashes, for a part of what a person may do."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, insert, literal, or_, select, tuple_, update

from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import moment, time_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import api_tokens, persons
from yanzhen.store.people.random_secrets import hash_of_secret, new_id, new_secret
from yanzhen.store.people.refusals import NotThere, NoUse, PeopleError
from yanzhen.store.people.viewer import EVERYTHING, LOCAL, Role, Viewer

PREFIX = "yz_"
"""By which a token is known where one lies about."""
LONGEST = timedelta(days=366)
USUAL_DAYS = 90
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class ApiToken:
    """What is told of a token.

    Attributes
    ----------
    id, name : by which the person knows it
    scopes : read, write, administer
    made_at, expires_at, used_at, revoked_at : moments; None where there is none
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    made_at: str
    expires_at: str | None
    used_at: str | None
    revoked_at: str | None


# Kept wide: a token is what a person enters, one value a field.
def make_token(
    database: Database,
    viewer: Viewer,
    name: str,
    scopes: Iterable[str],
    days: int = USUAL_DAYS,
    at: datetime | None = None,
    by_operator: bool = False,
) -> str:
    """Make a token for oneself; return what is shown this once.

    Parameters
    ----------
    viewer : whose it is; who comes by a token gives no scope beyond its own
    name : by which the person knows it
    scopes : read, write, administer
    days : that it is valid
    at : moment, now where none is given
    by_operator : whether the operator of the machine makes it for the person

    Raises
    ------
    NoUse
        The person is the one local user.
    PeopleError
        It has no name, no scope, one that is not known or not to be given, or too many days.
    """
    when, wanted = at or datetime.now(UTC), frozenset(scopes)
    if viewer.person == LOCAL.person:
        raise NoUse("token.local")
    if not name.strip() or len(name) > 200:
        raise PeopleError("token.name", "name")
    if not wanted or not wanted <= EVERYTHING:
        raise PeopleError("token.scopes", "scopes")
    if not wanted <= viewer.scopes:
        lacking = ", ".join(sorted(wanted - viewer.scopes))
        raise PeopleError("token.beyond", "scopes", lacking=lacking)
    if not 1 <= days <= LONGEST.days:
        raise PeopleError("token.days", "days", most=LONGEST.days)
    token, identity = new_secret(PREFIX), new_id()
    with database.writing() as connection:
        connection.execute(
            insert(api_tokens).values(
                id=identity,
                person=viewer.person,
                name=name.strip(),
                token_hash=hash_of_secret(token),
                scopes=sorted(wanted),
                made_at=moment(when),
                expires_at=moment(when + timedelta(days=days)),
            )
        )
        change = {"scopes": sorted(wanted), "person": viewer.person}
        record(connection, _by(viewer, by_operator), "make", "tokens", identity, change)
    return token


def viewer_of_token(database: Database, token: str, at: datetime | None = None) -> Viewer | None:
    """Return who a token speaks for; None where it is not valid, or the person is disabled."""
    when = at or datetime.now(UTC)
    told = select(
        *(api_tokens.c.id, api_tokens.c.scopes, api_tokens.c.used_at, api_tokens.c.person),
        *(persons.c.organisation, persons.c.role),
    )
    asked = _valid(told.where(api_tokens.c.token_hash == hash_of_secret(token)), when)
    with database.asking() as connection:
        row = connection.execute(asked).first()
    if row is None:
        return None
    if row.used_at is None or time_of(row.used_at) < when - USED_EVERY:
        with database.writing() as connection:
            of_token = api_tokens.c.id == row.id
            connection.execute(update(api_tokens).where(of_token).values(used_at=moment(when)))
    return Viewer(row.person, row.organisation, cast(Role, row.role), frozenset(row.scopes))


def somebody_has_a_token(database: Database, at: datetime | None = None) -> bool:
    """Whether a program of anybody could come in."""
    asked = _valid(select(api_tokens.c.id), at or datetime.now(UTC)).limit(1)
    with database.reading() as connection:
        return connection.execute(asked).first() is not None


def tokens_of(
    database: Database,
    person: str,
    before: tuple[str, str] | None = None,
    most: int | None = None,
) -> list[ApiToken]:
    """Return the tokens of a person, the newest first.

    Parameters
    ----------
    before : moment and identity of a token that all come behind
    most : tokens; all without a number
    """
    order = (api_tokens.c.made_at, api_tokens.c.id)
    asked = select(api_tokens).where(api_tokens.c.person == person)
    if before is not None:
        asked = asked.where(tuple_(*order) < tuple_(*map(literal, before)))
    newest_first = asked.order_by(*(each.desc() for each in order)).limit(most)
    with database.asking() as connection:
        return [_told(row) for row in connection.execute(newest_first)]


def told_of(database: Database, token: str) -> ApiToken:
    """Return what is told of a token by the token itself.

    Raises
    ------
    NotThere
        There is no such token.
    """
    asked = select(api_tokens).where(api_tokens.c.token_hash == hash_of_secret(token))
    with database.asking() as connection:
        row = connection.execute(asked).first()
    if row is None:
        raise NotThere("token.none")
    return _told(row)


def revoke_token(
    database: Database,
    viewer: Viewer,
    token: str,
    at: datetime | None = None,
    by_operator: bool = False,
) -> None:
    """Revoke a token of one's own, by its identity.

    Raises
    ------
    NotThere
        One has no such token.
    """
    if not token.isalnum():
        # A server's database takes no text with a zero in it.
        raise NotThere("token.none")
    when = moment(at or datetime.now(UTC))
    own = (api_tokens.c.id == token) & (api_tokens.c.person == viewer.person)
    with database.writing() as connection:
        if connection.execute(select(api_tokens.c.id).where(own)).first() is None:
            raise NotThere("token.none")
        live = own & api_tokens.c.revoked_at.is_(None)
        connection.execute(update(api_tokens).where(live).values(revoked_at=when))
        record(connection, _by(viewer, by_operator), "remove", "tokens", token, {})


def _by(viewer: Viewer, by_operator: bool) -> tuple[str, str] | None:
    return None if by_operator else viewer.actor


def _told(row: Any) -> ApiToken:
    values = {each.name: getattr(row, each.name) for each in fields(ApiToken)}
    return ApiToken(**{**values, "scopes": tuple(row.scopes)})


def _valid(asked: Select[Any], when: datetime) -> Select[Any]:
    """Narrow tokens to those that let somebody in, with the persons whose they are."""
    return asked.join(persons, persons.c.id == api_tokens.c.person).where(
        api_tokens.c.revoked_at.is_(None),
        or_(api_tokens.c.expires_at.is_(None), api_tokens.c.expires_at >= moment(when)),
        persons.c.disabled_at.is_(None),
    )
