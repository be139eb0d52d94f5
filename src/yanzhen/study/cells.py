"""Reading the cells of a raw table by its declaration."""

from dataclasses import dataclass, replace

import polars as pl

from yanzhen.study.faults import ROW, faults
from yanzhen.study.problem import Problem, nearest
from yanzhen.study.raw import RawTable
from yanzhen.study.readers import read_columns
from yanzhen.study.tables import TABLES, meanings
from yanzhen.study.words import message, same, words


@dataclass(frozen=True)
class TypedTable:
    """A table with its declared columns and types; a cell that could not be read is null.

    Attributes
    ----------
    file, table : where it comes from
    frame : every declared column, all rows
    rows : row of each as the spreadsheet counts it
    absent : declared columns that the file does not have
    """

    file: str
    table: str
    frame: pl.DataFrame
    rows: pl.Series
    absent: frozenset[str]

    def numbered(self) -> pl.DataFrame:
        """Return the rows with the spreadsheet's row beside."""
        return self.frame.with_columns(self.rows.alias(ROW))


def read_cells(raw: RawTable) -> tuple[TypedTable, list[Problem]]:
    """Read every cell of a table by its declaration, with all cells that cannot be read."""
    problems = _column_problems(raw)
    raw, blank = without_blank_rows(raw)
    problems += blank
    said = meanings(raw.table)
    read, wrong = read_columns(
        raw, {name: said[name] for name in said if name in raw.cells.columns}
    )
    absent = frozenset(said).difference(raw.cells.columns)
    declared = TABLES[raw.table].columns()
    frame = pl.DataFrame(
        read[name]
        if name in read.columns
        else pl.Series(name, [None] * raw.cells.height, dtype=declared[name].dtype)
        for name in said
    )
    return TypedTable(raw.file, raw.table, frame, raw.rows, absent), problems + wrong


def _column_problems(raw: RawTable) -> list[Problem]:
    """Columns that are not declared, and required ones that are not there."""
    declared = meanings(raw.table)
    missing = [name for name in declared if name not in raw.cells.columns]
    problems = []
    for name in raw.cells.columns:
        if name in declared:
            continue
        close = nearest(name, missing) or nearest(name, declared)
        known = words("one_of_the_columns", listed=", ".join(declared))
        expected = same(close) if close else known
        found = words("unknown_column", name=name)
        problems.append(Problem.at(raw.file, raw.table, 1, name, found, expected))
    for name in missing:
        if declared[name].required:
            meaning = declared[name].en, declared[name].zh
            values = {"name": name, "meaning": meaning}
            problems.append(Problem.of("missing_column", raw.file, raw.table, 1, name, **values))
    return problems


def without_blank_rows(raw: RawTable) -> tuple[RawTable, list[Problem]]:
    """Leave out rows without any cell; between other rows they are a problem."""
    if not raw.cells.width:
        return raw, []
    filled = raw.cells.select(
        pl.any_horizontal(
            (pl.col(name).str.strip_chars() != "").fill_null(False)
            if dtype == pl.String
            else pl.col(name).is_not_null()
            for name, dtype in raw.cells.schema.items()
        )
    ).to_series()
    if filled.all():
        return raw, []
    below = pl.Series([raw.rows.filter(filled).max()], dtype=pl.Int64)
    inner = pl.DataFrame({ROW: raw.rows}).filter(~filled & (raw.rows < below))
    problems = faults(raw.file, raw.table, "", inner, lambda row: message("empty_row"))
    as_text = {name: mask.filter(filled) for name, mask in raw.stored_as_text.items()}
    cells, rows = raw.cells.filter(filled), raw.rows.filter(filled)
    return replace(raw, cells=cells, rows=rows, stored_as_text=as_text), problems
