"""Organisations and persons of the SYNTHETIC exchange, one of each role with a login."""

from collections.abc import Mapping
from dataclasses import dataclass

from yanzhen.exchange.demonstration.wording import PHRASES
from yanzhen.phrasebook import Language
from yanzhen.store.database.connection import Database
from yanzhen.store.people.passwords import new_password
from yanzhen.store.people.persons import ROLES, add_organisation, add_person
from yanzhen.store.people.viewer import Role, Viewer

WORKS_FOR: Mapping[Role, str] = {
    "administrator": "enterprise",
    "enterprise": "enterprise",
    "zone": "zone",
    "planner": "office",
    "analyst": "office",
    "auditor": "office",
    "fund": "fund",
}
"""The organisation of each role's person; the enterprise's administrator publishes its listings."""


@dataclass(frozen=True)
class Login:
    """A person who can log in.

    Attributes
    ----------
    login : what is typed: the role of the person
    organisation : name
    password : drawn at random, kept nowhere else
    """

    login: Role
    organisation: str
    password: str


@dataclass(frozen=True)
class Member:
    """An organisation with the person who acts for it.

    Attributes
    ----------
    name : of the organisation
    viewer : its administrator
    """

    name: str
    viewer: Viewer

    @property
    def organisation(self) -> str:
        """Its identity."""
        return self.viewer.organisation


def add_member(database: Database, lang: Language, name: str, login: str) -> Member:
    """Add an organisation with an administrator who cannot log in.

    Parameters
    ----------
    name : of the organisation
    login : unlike any other's
    """
    organisation = add_organisation(database, name)
    called = PHRASES.word(lang, "person.administrator")
    person = add_person(database, None, organisation, login, called, "administrator")
    return Member(name, Viewer(person, organisation, "administrator"))


def add_logins(
    database: Database, lang: Language, works_at: Mapping[str, Member]
) -> tuple[Login, ...]:
    """Add a person of each role, with a password drawn at random.

    Parameters
    ----------
    works_at : the organisations of `WORKS_FOR`
    """
    logins = []
    for role in ROLES:
        member, password = works_at[WORKS_FOR[role]], new_password()
        called = PHRASES.word(lang, f"person.{role}")
        entered = (member.organisation, role, called, role, password)
        add_person(database, None, *entered)
        logins.append(Login(role, member.name, password))
    return tuple(logins)
