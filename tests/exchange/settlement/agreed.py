"""A SYNTHETIC agreement of two organisations of a store, a third organisation beside them."""

from sqlalchemy import insert

from tests.exchange.settlement.example import HEAD, ROWS, TERMS
from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.exchange.settlement.declaring import declare
from yanzhen.exchange.settlement.kept import find_agreement
from yanzhen.exchange.settlement.registering import (
    NewAgreement,
    answer_agreement,
    register_agreement,
)
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.people.viewer import Viewer

STRANGER = Viewer("cy", "strangers", "planner")
NEW = NewAgreement("deal-0001", "上海市", "合肥市", "ours", "others", None, 2024, TERMS, True)


def cells(rows: list[str] = ROWS) -> list[dict[str, str | None]]:
    """Rows of text as cells by column."""
    names = HEAD.split(",")
    return [dict(zip(names, row.split(","), strict=True)) for row in rows]


def add_parties(database: Database) -> None:
    """Add the organisations."""
    add_organisations(database)
    with database.writing() as connection:
        row = {"id": "strangers", "name": "strangers", "made_at": now()}
        connection.execute(insert(organisations).values(**row))
        named = {"id": "cy", "login": "cy", "name": "cy", "role": "planner"}
        connection.execute(insert(persons).values(organisation="strangers", made_at=now(), **named))


def accepted(database: Database, new: NewAgreement = NEW) -> str:
    """Register an agreement as its home, and accept it as its host; return its identity."""
    key = register_agreement(database, OURS, new).id
    read = find_agreement(database, OTHERS, key).sha256
    answer_agreement(database, OTHERS, key, "host", "accept", read)
    return key


def add_agreement(database: Database) -> str:
    """Add the organisations and the agreement, which both accept; return its identity."""
    add_parties(database)
    return accepted(database)


def add_declared_agreement(database: Database) -> str:
    """Add the agreement with two years of quarters."""
    key = add_agreement(database)
    declare(database, OTHERS, key, cells())
    return key
