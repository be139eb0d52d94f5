"""Organisations of a deal, and their people."""

from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select

from yanzhen.exchange.deals.changing import add_transitions, make_deal
from yanzhen.exchange.deals.deal import NewDeal, NewParty
from yanzhen.exchange.deals.following import Happened
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit, organisations, persons
from yanzhen.store.people.viewer import Role, Viewer

FIRM = Viewer("fay", "firm", "enterprise")
HOST = Viewer("hu", "host", "zone")
HOME = Viewer("mo", "home", "planner")
THIRD = Viewer("tom", "third", "administrator")
EVERYBODY = (FIRM, HOST, HOME, THIRD)
PARTIES = (NewParty("firm", "enterprise"), NewParty("host", "host"), NewParty("home", "home"))
CONTACT = Happened("contact", "2026-01-05")
BATTERIES = NewDeal(
    "SYNTHETIC 电池厂", "direct", "C384", "310000", "340100", PARTIES, (CONTACT,), 150_000_000_00
)
TERMS = """title_zh = "合成条款"
title_en = "SYNTHETIC terms"
tax_kinds = ["value_added_tax"]

[[periods]]
years = 5
split = "50:50"
"""


def add_everybody(database: Database) -> None:
    """Add organisations, each with a person."""
    with database.writing() as connection:
        for viewer in EVERYBODY:
            named = {"id": viewer.organisation, "name": f"Org {viewer.organisation}"}
            connection.execute(insert(organisations).values(**named, made_at=now()))
    for viewer in EVERYBODY:
        add_colleague(database, viewer, viewer.person, viewer.role)


def add_colleague(database: Database, of: Viewer, person: str, role: Role) -> Viewer:
    """Add another person to an organisation."""
    row = {"id": person, "login": person, "name": f"Name of {person}", "role": role}
    with database.writing() as connection:
        belongs = {"organisation": of.organisation, "made_at": now()}
        connection.execute(insert(persons).values(**row, **belongs))
    return replace(of, person=person, role=role)


def batteries(database: Database, **changed: Any) -> str:
    """Make a deal of firm, host and home."""
    return make_deal(database, FIRM, replace(BATTERIES, **changed))


def to_agreed(database: Database, deal: str) -> None:
    """Bring a deal from contact to agreed terms."""
    happened = [Happened("talks", "2026-02-01"), Happened("terms_agreed", "2026-03-01")]
    add_transitions(database, HOST, deal, happened)


def recorded(database: Database) -> list[tuple[str, str, str]]:
    """Who did what to what, in the order of the record."""
    with database.reading() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.sequence)).all()
    return [(row.person, row.action, row.resource) for row in rows]
