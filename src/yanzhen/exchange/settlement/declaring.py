"""What parties of an agreement declared, in the store: added, replaced, read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, func, insert, select

from yanzhen.exchange.settlement.declared import (
    QUARTER,
    DeclaredTable,
    canonical,
    declarations_from,
)
from yanzhen.exchange.settlement.kept import KeptAgreement, kept_agreement
from yanzhen.exchange.settlement.refusals import SettlementError
from yanzhen.exchange.settlement.registering import require_not_declined
from yanzhen.store.audit.chain import Change, record_all
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import declared_rows
from yanzhen.store.people.viewer import Viewer

FILE = "declared"
"""How problems call the rows that are kept."""


@dataclass(frozen=True)
class DeclaredRow:
    """A row that was declared: its number, its cells, which row it replaces, and by whom."""

    number: int
    cells: Mapping[str, str]
    replaces: int | None
    replaced: bool
    made_by: str
    made_at: str


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
        require_not_declined(kept)
        added = canonical(pl.DataFrame([dict(row) for row in rows], infer_schema_length=None))
        before = _standing(_rows_of(connection, kept.id))
        places = {_place(row.cells): row.number for row in before}
        made = {"made_by": viewer.person, "made_at": now(), "agreement": kept.id}
        made["organisation"] = viewer.organisation
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
