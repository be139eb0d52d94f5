"""Figures that were looked at and found right, which no check of magnitude asks about again."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem, Words, nearest
from yanzhen.study.tables import TABLES, meanings
from yanzhen.study.words import same, words

Tables = Mapping[str, TypedTable]


@dataclass(frozen=True)
class Accepted:
    """Cells of the table `accepted`: table, key of the row or a year alone, and column."""

    cells: frozenset[tuple[str, str, str]]

    def year(self, table: str, year: int, column: str) -> bool:
        """Whether a column of a whole year was accepted."""
        return (table, str(year), column) in self.cells

    def without(self, table: str, column: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of which this column was not accepted."""
        own = [cell for name, cell, where in self.cells if (name, where) == (table, column)]
        return rows.filter(~cell_of(table).is_in(own)) if own else rows


def accepted_of(tables: Tables) -> Accepted:
    """What a study accepts."""
    if "accepted" not in tables:
        return Accepted(frozenset())
    rows = tables["accepted"].frame.select("table", "cell", "column").drop_nulls()
    return Accepted(
        frozenset((table, ";".join(_parts(cell)), column) for table, cell, column in rows.rows())
    )


def cell_of(table: str) -> pl.Expr:
    """Key of a row as the column `cell` of the table `accepted` names it: NX;GAS;2004."""
    key = TABLES[table].primary_key()
    return pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator=";")


def check_accepted(tables: Tables) -> list[Problem]:
    """Report rows of `accepted` that name no cell of the study."""
    if "accepted" not in tables:
        return []
    table = tables["accepted"]
    named = ["table", "cell", "column"]
    rows = table.numbered().drop_nulls(named).select(ROW, *named).iter_rows()
    return [
        Problem.at(table.file, "accepted", row, *fault)
        for row, *names in rows
        if (fault := _nowhere(tables, *names)) is not None
    ]


def _nowhere(tables: Tables, name: str, cell: str, column: str) -> tuple[str, Words, Words] | None:
    """Column, found and expected where a row names nothing that is there."""
    if name not in tables:
        return "table", same(name), same(nearest(name, tables) or ", ".join(tables))
    known = meanings(name)
    if column not in known:
        return "column", same(column), same(nearest(column, known) or ", ".join(known))
    if _is_there(tables[name], cell):
        return None
    key = ";".join(TABLES[name].primary_key())
    return "cell", same(cell), words("no_accepted_cell", name=name, key=key)


def _is_there(table: TypedTable, cell: str) -> bool:
    parts = _parts(cell)
    if len(parts) == 1 and "year" in table.frame.columns:
        return parts[0] in table.frame["year"].cast(pl.String)
    return bool(table.frame.select((cell_of(table.table) == ";".join(parts)).any()).item())


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.replace("；", ";").split(";")]
