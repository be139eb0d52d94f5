"""Persons of two organisations, with passwords that are cheap to hash."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from yanzhen.store.database.connection import Database
from yanzhen.store.people.passwords import Passwords
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import Viewer

CHEAP = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "correct horse battery"
START = datetime(2026, 12, 1, 8, tzinfo=UTC)


def after(**span: float) -> datetime:
    return START + timedelta(**span)


@dataclass(frozen=True)
class People:
    """A store with two organisations: an administrator and an analyst in one, one in the other."""

    database: Database
    administrator: Viewer
    analyst: Viewer
    stranger: Viewer


def viewer(database: Database, organisation: str, login: str, role: Any) -> Viewer:
    identity = add_person(database, None, organisation, login, "", role, PASSWORD, passwords=CHEAP)
    return Viewer(identity, organisation, role)


@pytest.fixture
def people(database: Database) -> People:
    here, elsewhere = (add_organisation(database, name) for name in ("Here", "Elsewhere"))
    return People(
        database,
        viewer(database, here, "ada", "administrator"),
        viewer(database, here, "bo", "analyst"),
        viewer(database, elsewhere, "eve", "administrator"),
    )
