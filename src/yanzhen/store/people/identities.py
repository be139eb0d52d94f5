"""Identities of OpenID providers: to whom they belong, and logins on their way there and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import moment
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import identities, openid_logins, organisations, persons
from yanzhen.store.people.logging_in import begin_for
from yanzhen.store.people.persons import LOGIN, login_of
from yanzhen.store.people.random_secrets import hash_of_secret, new_id, new_secret
from yanzhen.store.people.refusals import NotThere, PeopleError
from yanzhen.store.people.viewer import LOCAL

KEPT = timedelta(minutes=15)


@dataclass(frozen=True)
class OpenidLogin:
    """A login on its way to a provider.

    Attributes
    ----------
    state, nonce, code_verifier : sent with it, to be found again in what comes back
    browser : kept in a cookie, so that only the browser that began can end it
    after : address to go to then
    """

    state: str
    nonce: str
    code_verifier: str
    browser: str
    after: str


@dataclass(frozen=True)
class Newcomers:
    """Where people whom nobody invited are let in.

    Attributes
    ----------
    organisation : its name
    role : that they get
    """

    organisation: str
    role: str


def begin_openid(database: Database, after: str, at: datetime | None = None) -> OpenidLogin:
    """Note a login that goes to a provider."""
    when = at or datetime.now(UTC)
    login = OpenidLogin(new_secret(), new_secret(), new_secret(), new_secret(), after[:2000])
    with database.writing() as connection:
        lost = openid_logins.c.made_at < moment(when - KEPT)
        connection.execute(delete(openid_logins).where(lost))
        connection.execute(
            insert(openid_logins).values(
                state_hash=hash_of_secret(login.state),
                browser_hash=hash_of_secret(login.browser),
                nonce=login.nonce,
                code_verifier=login.code_verifier,
                after=login.after,
                made_at=moment(when),
            )
        )
    return login


def end_openid(
    database: Database, state: str, browser: str, at: datetime | None = None
) -> OpenidLogin:
    """Return the login that comes back, which can come back once only.

    Raises
    ------
    PeopleError
        It is not known, took too long, or began in another browser, as where a cookie was lost.
    """
    when = at or datetime.now(UTC)
    same = (
        (openid_logins.c.state_hash == hash_of_secret(state))
        & (openid_logins.c.browser_hash == hash_of_secret(browser))
        & (openid_logins.c.made_at >= moment(when - KEPT))
    )
    with database.writing() as connection:
        row = connection.execute(select(openid_logins).where(same)).first()
        taken = connection.execute(delete(openid_logins).where(same)).rowcount
    if row is None or taken == 0:
        raise PeopleError("openid.lost")
    return OpenidLogin(state, row.nonce, row.code_verifier, browser, row.after)


def refused_by_provider(reason: str) -> PeopleError:
    """Return what is said where the provider let nobody in."""
    return PeopleError("openid.refused", reason=reason)


def provider_gone() -> PeopleError:
    """Return what is said where the provider does not answer."""
    return PeopleError("openid.unreachable")


def not_verified() -> PeopleError:
    """Return what is said where the provider's answer cannot be believed."""
    return PeopleError("openid.invalid")


def log_in_by_openid(
    database: Database,
    claims: Mapping[str, Any],
    newcomers: Newcomers | None,
    brought: str = "",
    at: datetime | None = None,
) -> str:
    """Begin the session of the person whom a provider vouches for; return its token.

    Let in are: whose identity is known; whom somebody invited, that is, whose login is an e-mail
    address which the provider says it has verified; and newcomers, where an organisation is named
    for them.

    Parameters
    ----------
    claims : of an ID token that was verified
    newcomers : None where only those known and invited are let in
    brought : token that the browser sent; its session ends

    Raises
    ------
    PeopleError
        The person is none of these, or disabled.
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    with database.writing() as connection:
        row = _known(connection, issuer, subject)
        if row is None:
            row = _invited(connection, claims) or _newcomer(connection, claims, newcomers)
            if row is None:
                raise PeopleError("openid.unknown")
            _link(connection, issuer, subject, row)
        if row.disabled_at is not None:
            raise PeopleError("openid.unknown")
        return begin_for(connection, row, {"by": issuer}, brought, at)


def _known(connection: Connection, issuer: str, subject: str) -> Any:
    asked = (
        select(persons)
        .join(identities, identities.c.person == persons.c.id)
        .where(identities.c.issuer == issuer, identities.c.subject == subject)
    )
    return connection.execute(asked).first()


def _invited(connection: Connection, claims: Mapping[str, Any]) -> Any:
    """Whose login is the address, and whom no other identity of the provider stands for."""
    if claims.get("email_verified") is not True or not claims.get("email"):
        return None
    linked = select(identities.c.person).where(identities.c.issuer == str(claims["iss"]))
    asked = select(persons).where(
        persons.c.login == login_of(str(claims["email"])),
        persons.c.id != LOCAL.person,
        persons.c.id.not_in(linked),
    )
    return connection.execute(asked).first()


def _newcomer(
    connection: Connection, claims: Mapping[str, Any], newcomers: Newcomers | None
) -> Any:
    if newcomers is None or claims.get("email_verified") is not True:
        return None
    login = login_of(str(claims.get("email", "")))
    named = select(organisations.c.id).where(
        organisations.c.name == newcomers.organisation, organisations.c.id != LOCAL.organisation
    )
    organisation = connection.execute(named).scalar()
    if organisation is None:
        raise NotThere("organisation.none", name=newcomers.organisation)
    taken = connection.execute(select(persons.c.id).where(persons.c.login == login)).first()
    if not LOGIN.fullmatch(login) or taken:
        return None
    identity, name = new_id(), str(claims.get("name") or login)[:200]
    connection.execute(
        insert(persons).values(
            id=identity,
            organisation=organisation,
            login=login,
            name=name,
            role=newcomers.role,
            made_at=moment(datetime.now(UTC)),
        )
    )
    change = {"login": login, "name": name, "role": newcomers.role, "organisation": organisation}
    record(connection, None, "make", "people", identity, change)
    return connection.execute(select(persons).where(persons.c.id == identity)).one()


def _link(connection: Connection, issuer: str, subject: str, row: Any) -> None:
    connection.execute(
        insert(identities).values(
            issuer=issuer, subject=subject, person=row.id, made_at=moment(datetime.now(UTC))
        )
    )
    by = (row.id, row.organisation)
    record(connection, by, "change", "people", row.id, {"identity": issuer})
