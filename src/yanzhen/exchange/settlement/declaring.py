"""What parties of an agreement declared, in the store: added, replaced, withdrawn, read.

A row belongs to the organisation that declared it, which alone replaces or withdraws it. Several
may declare the same; where they differ nothing is settled before they don't.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection, insert, select

from yanzhen.exchange.settlement.declared import (
    QUARTER,
    DeclaredTable,
    canonical,
    declarations_from,
    lacking_columns,
)
from yanzhen.exchange.settlement.differences import (
    Cells,
    DeclaredRow,
    Difference,
    Saying,
    as_one,
    differences,
)
from yanzhen.exchange.settlement.kept import KeptAgreement, kept_agreement
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.refusals import NoSuchAgreement, NotAsItStands, SettlementError
from yanzhen.exchange.settlement.registering import require_not_declined
from yanzhen.exchange.settlement.rights import require_party
from yanzhen.exchange.settlement.words import PHRASES, problem
from yanzhen.modes.coconstruction.contract.consistency import require
from yanzhen.phrasebook import Words
from yanzhen.store.audit.chain import Change, record_all
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import declared_rows
from yanzhen.store.people.viewer import Viewer
from yanzhen.study import Problem

FILE = "declared"
"""How problems call the rows that are kept."""


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
    rows : cells by column, as text; a row of a project and period that one's own organisation
        declared already, with the same days, replaces it
    file : how problems call the rows

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    NotAsItStands
        A party declined the agreement.
    ContractError
        With everything that is wrong with the rows and with what they make of those before.
    """
    with database.writing() as connection:
        kept = kept_agreement(connection, viewer, agreement, to_change=True)
        require_not_declined(kept)
        added = canonical(pl.DataFrame([dict(row) for row in rows], infer_schema_length=None))
        before = rows_of(connection, kept.id)
        own, of_others = _by_whose(_standing(before), viewer)
        places = {_place(row.cells): row.number for row in own}
        new = [
            {name: said for name, said in row.items() if said is not None}
            for row in added.to_dicts()
        ]
        replaces = [places.get(_place(cells)) for cells in new]
        # The new rows first, so that what is wrong is told by the rows of their file; then one's
        # own, so that what others declared keeps nobody from declaring otherwise.
        left = [row for row in own if row.number not in replaces]
        whole = [
            *((viewer.organisation, cells) for cells in new),
            *((row.organisation, row.cells) for row in (*left, *of_others)),
        ]
        lacks = lacking_columns(added, file, kept.agreement.terms)
        declarations_from(added if lacks else _frame(as_one(whole)), file, kept.agreement)
        return _add(connection, viewer, kept, len(before), list(zip(new, replaces, strict=True)))


def withdraw_row(database: Database, viewer: Viewer, agreement: str, number: int) -> int:
    """Withdraw a row that one's own organisation declared; return the number of the withdrawal.

    Raises
    ------
    NoSuchAgreement
        There is no such agreement that the viewer sees, or no such row.
    NotYourParty
        Another party declared it; the attempt is recorded.
    NotAsItStands
        It was replaced or withdrawn already, or a party declined the agreement.
    """
    with database.reading() as connection:
        kept = kept_agreement(connection, viewer, agreement)
        row = _found(rows_of(connection, kept.id), number)
    parties = kept.parts_of_organisation(row.organisation)
    require_party(database, viewer, agreement, parties, f"withdraw row {number}")
    with database.writing() as connection:
        kept = kept_agreement(connection, viewer, agreement, to_change=True)
        require_not_declined(kept)
        before = rows_of(connection, kept.id)
        if not _found(before, number).holds:
            raise NotAsItStands("row_gone", number=number)
        (withdrawal,) = _add(connection, viewer, kept, len(before), [({}, number)])
        return withdrawal


def declared_of(database: Database, viewer: Viewer, agreement: str) -> tuple[DeclaredRow, ...]:
    """Return every row that was declared, those replaced and withdrawn among them.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    """
    with database.reading() as connection:
        return tuple(rows_of(connection, kept_agreement(connection, viewer, agreement).id))


def table_of(connection: Connection, kept: KeptAgreement, period: Period) -> DeclaredTable:
    """Return what is declared now, to be settled up to the end of a period.

    Raises
    ------
    SettlementError
        Nothing is declared.
    ContractError
        With everything in which the parties differ up to then.
    """
    rows = _standing(rows_of(connection, kept.id))
    if not rows:
        raise SettlementError("nothing_declared")
    require([_differs(kept, each) for each in differences(rows, period)])
    whole = as_one([(row.organisation, row.cells) for row in rows])
    return declarations_from(_frame(whole), FILE, kept.agreement)


def named_parties(kept: KeptAgreement, organisation: str) -> Words:
    """Return what an organisation is in an agreement, in both languages."""
    parts = kept.parts_of_organisation(organisation)
    english, chinese = zip(*(PHRASES.words(f"party.{key}") for key in parts), strict=True)
    return " / ".join(english), "、".join(chinese)


def rows_of(connection: Connection, agreement: str) -> list[DeclaredRow]:
    """Return every row of an agreement, in its order."""
    rows = connection.execute(
        select(declared_rows)
        .where(declared_rows.c.agreement == agreement)
        .order_by(declared_rows.c.number)
    ).all()
    gone = {row.replaces for row in rows}
    return [
        DeclaredRow(
            row.number,
            row.organisation,
            row.cells,
            row.replaces,
            row.number in gone,
            row.made_by,
            row.made_at,
        )
        for row in rows
    ]


# Kept wide: what is added to whose rows.
def _add(
    connection: Connection,
    viewer: Viewer,
    kept: KeptAgreement,
    last: int,
    rows: Sequence[tuple[Cells, int | None]],
) -> tuple[int, ...]:
    """Add rows, each with the number of the one that it replaces; return their numbers."""
    made = {"made_by": viewer.person, "made_at": now(), "organisation": viewer.organisation}
    new: list[dict[str, Any]] = [
        {**made, "agreement": kept.id, "number": number, "cells": cells, "replaces": replaces}
        for number, (cells, replaces) in enumerate(rows, start=last + 1)
    ]
    connection.execute(insert(declared_rows), new)
    changes = [
        Change(
            "make" if row["cells"] else "remove",
            "declaration",
            f"{kept.id}/{row['number']}",
            {"replaces": row["replaces"]},
        )
        for row in new
    ]
    record_all(connection, viewer.actor, changes)
    return tuple(row["number"] for row in new)


def _found(rows: Sequence[DeclaredRow], number: int) -> DeclaredRow:
    row = next((each for each in rows if each.number == number and each.cells), None)
    if row is None:
        raise NoSuchAgreement("no_row", number=number)
    return row


def _by_whose(
    rows: Sequence[DeclaredRow], viewer: Viewer
) -> tuple[list[DeclaredRow], list[DeclaredRow]]:
    own = [row for row in rows if row.organisation == viewer.organisation]
    return own, [row for row in rows if row.organisation != viewer.organisation]


def _standing(rows: Sequence[DeclaredRow]) -> list[DeclaredRow]:
    """The rows that hold, projects as they first came, each row in the place of what it replaces.

    The order of projects decides who gets an odd fen, and must not change with a correction.
    """
    first: dict[int, int] = {}
    project: dict[str, int] = {}
    for row in rows:
        first[row.number] = row.number if row.replaces is None else first[row.replaces]
        project.setdefault(row.cells.get("project", ""), row.number)
    holding = [row for row in rows if row.holds]
    return sorted(holding, key=lambda row: (project[row.cells["project"]], first[row.number]))


def _differs(kept: KeptAgreement, each: Difference) -> Problem:
    def said(saying: Saying) -> Words:
        english, chinese = named_parties(kept, saying.organisation)
        row = f"{saying.text} ({english}, row {saying.number})"
        return row, f"{saying.text}（{chinese}，第 {saying.number} 行）"

    (one, one_zh), (other, other_zh) = map(said, each.said)
    return problem(
        "differs",
        FILE,
        each.said[1].number,
        each.column,
        project=each.project,
        period=each.period,
        one=(one, one_zh),
        other=(other, other_zh),
    )


def _place(cells: Cells) -> tuple[str, ...]:
    """What a row is of: a row of the same of one's own replaces it."""
    return tuple(cells.get(name, "") for name in ("project", "year", QUARTER, "from", "to"))


def _frame(rows: Sequence[Cells]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for row in rows for name in row))
    amounts = {name: [row.get(name) for row in rows] for name in names}
    return canonical(pl.DataFrame(amounts, schema=dict.fromkeys(names, pl.String)))
