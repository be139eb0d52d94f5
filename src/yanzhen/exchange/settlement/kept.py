"""Agreements in the store, as they are read; seen by their parties alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.books import Books
from yanzhen.exchange.settlement.journal import Entry, Posting
from yanzhen.exchange.settlement.refusals import NoSuchAgreement
from yanzhen.exchange.settlement.statement import read_statement
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import (
    SIGNERS,
    agreement_answers,
    agreements,
    exit_notices,
    journal_entries,
    statements,
)
from yanzhen.store.database.tables import persons
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

AnswerKind = Literal["accept", "decline"]
Standing = Literal["registered", "accepted", "declined"]


@dataclass(frozen=True)
class Answer:
    """What a party said to an agreement as it was registered.

    Attributes
    ----------
    party : `home`, `host` or `third`
    answer : accept or decline
    name : of the person
    at : moment
    """

    party: str
    answer: AnswerKind
    name: str
    at: str


@dataclass(frozen=True)
class KeptAgreement:
    """An agreement of the store.

    Attributes
    ----------
    id : random
    agreement : as it is settled
    deal : identity of the deal whose signed terms it is on; None where it is of none
    reference : what the parties call it where it is of no deal, otherwise None
    parties : organisation of each of `home`, `host` and, where it signs, `third`
    answers : in their order; who registers accepts with it
    made_by, made_at : person and moment
    """

    id: str
    agreement: Agreement
    deal: str | None
    reference: str | None
    parties: Mapping[str, str]
    answers: tuple[Answer, ...]
    made_by: str
    made_at: str

    def parts_of(self, viewer: Viewer) -> tuple[str, ...]:
        """Return what the viewer's organisation is in it."""
        return self.parts_of_organisation(viewer.organisation)

    def parts_of_organisation(self, organisation: str) -> tuple[str, ...]:
        """Return what an organisation is in it."""
        return tuple(key for key, own in self.parties.items() if own == organisation)

    @property
    def silent(self) -> tuple[str, ...]:
        """The parties that have still to accept."""
        accepted = {each.party for each in self.answers if each.answer == "accept"}
        return tuple(key for key in self.parties if key not in accepted)

    @property
    def standing(self) -> Standing:
        """Whether every party accepted it, or one declined."""
        if any(each.answer == "decline" for each in self.answers):
            return "declined"
        return "registered" if self.silent else "accepted"

    @cached_property
    def sha256(self) -> str:
        """Hash of all that is accepted with it: terms, parties, names, first year, SYNTHETIC."""
        settled = self.agreement
        said = {
            **{"deal": self.deal, "reference": self.reference, "parties": dict(self.parties)},
            **{"home": settled.home, "host": settled.host, "start_year": settled.start_year},
            **{"synthetic": settled.synthetic, "terms_sha256": settled.terms_sha256},
        }
        return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def list_agreements(database: Database, viewer: Viewer) -> tuple[KeptAgreement, ...]:
    """Return the agreements of which the viewer's organisation is a party, the newest first."""
    asked = _asked().where(visible(agreements, viewer)).order_by(agreements.c.place.desc())
    with database.reading() as connection:
        return _kept(connection, connection.execute(asked).all())


def find_agreement(database: Database, viewer: Viewer, agreement: str) -> KeptAgreement:
    """Return an agreement.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    """
    with database.reading() as connection:
        return kept_agreement(connection, viewer, agreement)


def kept_agreement(
    connection: Connection, viewer: Viewer, agreement: str, to_change: bool = False
) -> KeptAgreement:
    """Return an agreement; nobody else adds to it meanwhile where it is to change.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    """
    if to_change and connection.dialect.name == "postgresql":
        lock = select(agreements.c.id).where(agreements.c.id == agreement).with_for_update()
        connection.execute(lock)
    asked = _asked().where(agreements.c.id == agreement, visible(agreements, viewer))
    found = _kept(connection, connection.execute(asked).all())
    if not found:
        raise NoSuchAgreement("no_agreement", agreement=agreement[:40])
    return found[0]


def _asked() -> Any:
    noticed = exit_notices.c.year.label("exit_notice")
    joined = agreements.outerjoin(exit_notices, exit_notices.c.agreement == agreements.c.id)
    return select(agreements, noticed).select_from(joined)


def _kept(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[KeptAgreement, ...]:
    answers: dict[str, list[Answer]] = {row.id: [] for row in rows}
    said = (
        select(agreement_answers, persons.c.name)
        .join(persons, persons.c.id == agreement_answers.c.made_by)
        .where(agreement_answers.c.agreement.in_(answers))
        .order_by(agreement_answers.c.made_at, agreement_answers.c.party)
    )
    for each in connection.execute(said):
        told = Answer(each.party, each.answer, each.name, each.made_at)
        answers[each.agreement].append(told)
    return tuple(_one(row, tuple(answers[row.id])) for row in rows)


def _one(row: Row[Any], answers: tuple[Answer, ...]) -> KeptAgreement:
    parties = {
        key: getattr(row, f"{key}_organisation")
        for key in SIGNERS
        if getattr(row, f"{key}_organisation") is not None
    }
    settled = Agreement(
        row.deal or row.reference,
        row.home,
        row.host,
        row.start_year,
        row.terms,
        row.exit_notice,
        row.synthetic,
        "third" in parties,
    )
    named = (row.deal, row.reference, parties, answers)
    return KeptAgreement(row.id, settled, *named, row.made_by, row.made_at)


def entries_of(database: Database, viewer: Viewer, agreement: str) -> tuple[Entry, ...]:
    """Return every entry of an agreement, in its order.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    """
    with database.reading() as connection:
        return tuple(_entries(connection, kept_agreement(connection, viewer, agreement)))


def books_of(connection: Connection, kept: KeptAgreement) -> Books:
    """Return the books of an agreement as they are kept."""
    texts = connection.scalars(
        select(statements.c.text)
        .where(statements.c.agreement == kept.id)
        .order_by(statements.c.number)
    )
    read = [read_statement(text) for text in texts]
    return Books(kept.agreement, _entries(connection, kept), read)


def _entries(connection: Connection, kept: KeptAgreement) -> list[Entry]:
    return [
        Entry(
            row.number,
            row.kind,
            row.period,
            row.project,
            tuple(Posting(*each) for each in row.postings),
            row.reverses,
            row.note,
            row.previous,
            row.hash,
        )
        for row in connection.execute(
            select(journal_entries)
            .where(journal_entries.c.agreement == kept.id)
            .order_by(journal_entries.c.number)
        )
    ]
