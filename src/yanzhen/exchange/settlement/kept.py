"""Agreements in the store: registered, declared for, read; seen by their parties alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, func, insert, select

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.books import Books
from yanzhen.exchange.settlement.declared import (
    QUARTER,
    DeclaredTable,
    canonical,
    declarations_from,
)
from yanzhen.exchange.settlement.journal import Entry, Posting
from yanzhen.exchange.settlement.refusals import NoSuchAgreement, SettlementError
from yanzhen.exchange.settlement.statement import read_statement
from yanzhen.modes.coconstruction.contract.consistency import check_contracts, require
from yanzhen.store.audit.chain import Change, record_all
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import (
    SIGNERS,
    agreements,
    declared_rows,
    exit_notices,
    journal_entries,
    statements,
)
from yanzhen.store.database.tables import organisations
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

FILE = "declared"
"""How problems call the rows that are kept."""
MOST_TERMS = 100_000
"""Characters of the terms of an agreement."""


@dataclass(frozen=True)
class NewAgreement:
    """An agreement as it is registered.

    Attributes
    ----------
    deal : its identity where it was signed
    home, host : names of the regions
    home_organisation, host_organisation, third_organisation : identities of organisations; the
        third None where the terms name none, or one that is not on this server
    start_year : first year
    terms : the signed terms as TOML
    synthetic : whether the figures are made up
    """

    deal: str
    home: str
    host: str
    home_organisation: str
    host_organisation: str
    third_organisation: str | None
    start_year: int
    terms: str
    synthetic: bool = False


@dataclass(frozen=True)
class KeptAgreement:
    """An agreement of the store.

    Attributes
    ----------
    id : random
    agreement : as it is settled
    parties : organisation of each of `home`, `host` and, where it signs, `third`
    made_by, made_at : person and moment
    """

    id: str
    agreement: Agreement
    deal: str
    parties: Mapping[str, str]
    made_by: str
    made_at: str

    def parts_of(self, viewer: Viewer) -> tuple[str, ...]:
        """Return what the viewer's organisation is in it."""
        return tuple(key for key, own in self.parties.items() if own == viewer.organisation)


@dataclass(frozen=True)
class DeclaredRow:
    """A row that was declared: its number, its cells, which row it replaces, and by whom."""

    number: int
    cells: Mapping[str, str]
    replaces: int | None
    replaced: bool
    made_by: str
    made_at: str


def register_agreement(database: Database, viewer: Viewer, new: NewAgreement) -> KeptAgreement:
    """Register an agreement of which the viewer's organisation is a party.

    Raises
    ------
    ContractError
        With everything that is wrong with its terms.
    SettlementError
        It names an organisation that there is not, or not the viewer's.
    """
    named = {key: getattr(new, f"{key}_organisation") for key in SIGNERS}
    if len(new.terms) > MOST_TERMS:
        raise SettlementError("terms_too_long", most=MOST_TERMS)
    for text in (new.deal, new.home, new.host):
        if not text.strip() or len(text) > 200:
            raise SettlementError("name", said=text[:50])
    agreement = Agreement("", new.home, new.host, new.start_year, new.terms)
    require(check_contracts([agreement.contract]))
    if named["third"] is not None and not agreement.terms.third_party:
        raise SettlementError("no_third")
    if viewer.organisation not in named.values():
        raise SettlementError("not_a_party")
    made = {"made_by": viewer.person, "made_at": now()}
    row = {**vars(new), "id": token_hex(16), "terms_sha256": agreement.terms_sha256, **made}
    with database.writing() as connection:
        asked = {each for each in named.values() if each is not None}
        there = select(organisations.c.id).where(organisations.c.id.in_(asked))
        if set(connection.scalars(there)) != asked:
            raise SettlementError("no_organisation")
        connection.execute(insert(agreements).values(**row))
        told = {key: row[key] for key in ("deal", *named_columns(), "terms_sha256")}
        by = (viewer.person, viewer.organisation)
        record_all(connection, by, [Change("make", "agreement", str(row["id"]), told)])
        return kept_agreement(connection, viewer, str(row["id"]))


def named_columns() -> tuple[str, ...]:
    """Return the columns that name the parties."""
    return tuple(f"{key}_organisation" for key in SIGNERS)


def list_agreements(database: Database, viewer: Viewer) -> tuple[KeptAgreement, ...]:
    """Return the agreements of which the viewer's organisation is a party, the newest first."""
    asked = _asked().where(visible(agreements, viewer)).order_by(agreements.c.place.desc())
    with database.reading() as connection:
        return tuple(_kept(row) for row in connection.execute(asked))


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
    """Return an agreement; nobody else adds to it meanwhile where it is to change."""
    if to_change and connection.dialect.name == "postgresql":
        lock = select(agreements.c.id).where(agreements.c.id == agreement).with_for_update()
        connection.execute(lock)
    asked = _asked().where(agreements.c.id == agreement, visible(agreements, viewer))
    row = connection.execute(asked).first()
    if row is None:
        raise NoSuchAgreement("no_agreement", agreement=agreement[:40])
    return _kept(row)


def _asked() -> Any:
    noticed = exit_notices.c.year.label("exit_notice")
    joined = agreements.outerjoin(exit_notices, exit_notices.c.agreement == agreements.c.id)
    return select(agreements, noticed).select_from(joined)


def _kept(row: Row[Any]) -> KeptAgreement:
    parties = {
        key: getattr(row, f"{key}_organisation")
        for key in SIGNERS
        if getattr(row, f"{key}_organisation") is not None
    }
    settled = Agreement(
        row.deal,
        row.home,
        row.host,
        row.start_year,
        row.terms,
        row.exit_notice,
        row.synthetic,
        "third" in parties,
    )
    return KeptAgreement(row.id, settled, row.deal, parties, row.made_by, row.made_at)


def declare(
    database: Database,
    viewer: Viewer,
    agreement: str,
    rows: Sequence[Mapping[str, str | None]],
    file: str = FILE,
) -> tuple[int, ...]:
    """Add what was paid and counted, all rows or none; return their numbers.

    Parameters
    ----------
    rows : cells by column, as text; a row of a project and period that is there already, with the
        same days, replaces it
    file : how problems call the rows

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    ContractError
        With everything that is wrong with the rows and with what they make of those before.
    """
    with database.writing() as connection:
        kept = kept_agreement(connection, viewer, agreement, to_change=True)
        added = canonical(pl.DataFrame([dict(row) for row in rows], infer_schema_length=None))
        before = _standing(_rows_of(connection, kept.id))
        places = {_place(row.cells): row.number for row in before}
        made = {"made_by": viewer.person, "made_at": now(), "agreement": kept.id}
        first = connection.scalar(
            select(func.coalesce(func.max(declared_rows.c.number), 0)).where(
                declared_rows.c.agreement == kept.id
            )
        )
        new: list[dict[str, Any]] = [
            {
                **made,
                "number": int(first or 0) + k,
                "cells": (cells := {name: said for name, said in row.items() if said is not None}),
                "replaces": places.get(_place(cells)),
            }
            for k, row in enumerate(added.to_dicts(), start=1)
        ]
        gone = {row["replaces"] for row in new}
        texts = [row.cells for row in before if row.number not in gone]
        # The new rows first, so that what is wrong is told by the rows of their file.
        whole = _frame([*(row["cells"] for row in new), *texts])
        declarations_from(whole, file, kept.agreement.start_year)
        connection.execute(insert(declared_rows), new)
        changes = [
            Change(
                "make", "declaration", f"{kept.id}/{row['number']}", {"replaces": row["replaces"]}
            )
            for row in new
        ]
        record_all(connection, (viewer.person, viewer.organisation), changes)
        return tuple(row["number"] for row in new)


def declared_of(database: Database, viewer: Viewer, agreement: str) -> tuple[DeclaredRow, ...]:
    """Return every row that was declared, those that were replaced among them."""
    with database.reading() as connection:
        return tuple(_rows_of(connection, kept_agreement(connection, viewer, agreement).id))


def table_of(connection: Connection, kept: KeptAgreement) -> DeclaredTable:
    """Return what is declared now."""
    rows = [row.cells for row in _standing(_rows_of(connection, kept.id))]
    if not rows:
        raise SettlementError("nothing_declared")
    return declarations_from(_frame(rows), FILE, kept.agreement.start_year)


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


def _rows_of(connection: Connection, agreement: str) -> list[DeclaredRow]:
    rows = connection.execute(
        select(declared_rows)
        .where(declared_rows.c.agreement == agreement)
        .order_by(declared_rows.c.number)
    ).all()
    gone = {row.replaces for row in rows}
    return [
        DeclaredRow(
            row.number, row.cells, row.replaces, row.number in gone, row.made_by, row.made_at
        )
        for row in rows
    ]


def _standing(rows: Sequence[DeclaredRow]) -> list[DeclaredRow]:
    """The rows that hold, each in the place of the first that it replaces.

    The order of projects decides who gets an odd fen, and must not change with a correction.
    """
    first: dict[int, int] = {}
    for row in rows:
        first[row.number] = row.number if row.replaces is None else first[row.replaces]
    standing = [row for row in rows if not row.replaced]
    return sorted(standing, key=lambda row: first[row.number])


def _place(cells: Mapping[str, str]) -> tuple[str, ...]:
    """What a row is of: a row of the same replaces it."""
    return tuple(cells.get(name, "") for name in ("project", "year", QUARTER, "from", "to"))


def _frame(rows: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for row in rows for name in row))
    amounts = {name: [row.get(name) for row in rows] for name in names}
    return canonical(pl.DataFrame(amounts, schema=dict.fromkeys(names, pl.String)))
