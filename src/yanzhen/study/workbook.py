"""Reading the sheets of an Excel workbook as tables."""

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import fastexcel
import polars as pl
from xlsxwriter.utility import xl_col_to_name

from yanzhen.study.problem import Problem
from yanzhen.study.raw import (
    HEADER_WITHIN,
    RawTable,
    header_below,
    header_position,
    headers,
    table_named,
    under_headers,
)
from yanzhen.study.tables import TABLES, meanings
from yanzhen.study.unreadable import Unreadable, reading_file
from yanzhen.study.workbook_marks import Marks, marks

# A column without a single cell is nothing to warn of.
logging.getLogger("fastexcel.types.dtype").setLevel(logging.ERROR)

WORKBOOK_FORMS = (".xlsx", ".xlsm")
NOTE_SHEETS = ("README", "说明")

# The compound file (MS-CFB) of Excel 97-2003, and of every workbook locked by a password.
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_FILE = b"PK\x03\x04"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_NUMERIC_KINDS = ("amount", "integer", "year")


def read_sheets(path: Path) -> Iterator[tuple[str, RawTable | None, list[Problem]]]:
    """Read every sheet of a workbook but its notes; hidden ones only where they are tables.

    A sheet is the table that its name says, whatever the case of its letters.
    """
    try:
        with reading_file():
            yield from _sheets(path)
    except Unreadable as error:
        yield "", None, [_unreadable(path, "", error)]


def _sheets(path: Path) -> Iterator[tuple[str, RawTable | None, list[Problem]]]:
    book = _opened(path)
    if isinstance(book, Problem):
        yield "", None, [book]
        return
    for name in book.reader.sheet_names:
        table = table_named(name)
        if name in NOTE_SHEETS or (table not in TABLES and not book.is_visible(name)):
            continue
        raw, problems = _read_sheet(book, name, table, ())
        yield table, raw, problems


def read_one_sheet(
    path: Path, table: str, columns: Collection[str] = ()
) -> tuple[RawTable | None, list[Problem]]:
    """Read the one table of a workbook: the sheet of its name, or the only one that is filled.

    Parameters
    ----------
    path : of the workbook
    table : what it holds
    columns : names that its header may have, those of the declared table where they are not said
    """
    try:
        with reading_file():
            return _one_sheet(path, table, columns)
    except Unreadable as error:
        return None, [_unreadable(path, table, error)]


def _one_sheet(
    path: Path, table: str, columns: Collection[str]
) -> tuple[RawTable | None, list[Problem]]:
    book = _opened(path)
    if isinstance(book, Problem):
        return None, [replace(book, table=table)]
    names = [name for name in book.reader.sheet_names if table_named(name) == table]
    names = names or [
        name
        for name in book.reader.sheet_names
        if name not in NOTE_SHEETS and book.is_visible(name) and book.is_filled(name)
    ]
    if len(names) > 1:
        values = {"listed": ", ".join(names), "table": table}
        return None, [Problem.of("several_sheets", path.name, table, None, "", **values)]
    if not names:
        return None, [Problem.of("empty_sheet", path.name, table, 1, "")]
    return _read_sheet(book, names[0], table, columns)


def is_study(path: Path) -> bool:
    """Whether a workbook that can be read has a sheet for one of a study's tables."""
    book = _opened(path)
    if isinstance(book, Problem):
        return False
    return any(table_named(name) in TABLES for name in book.reader.sheet_names)


@dataclass(frozen=True)
class _Book:
    """An open workbook, with what its cells alone don't tell by the sheet's name."""

    file: str
    reader: fastexcel.ExcelReader
    marks: Mapping[str, Marks]

    def is_visible(self, name: str) -> bool:
        return self.reader.load_sheet(name, n_rows=0, header_row=None).visible == "visible"

    def is_filled(self, name: str) -> bool:
        return header_position(self.top(name).iter_rows(), name) is not None

    def top(self, name: str) -> pl.DataFrame:
        return self.reader.load_sheet(
            name, header_row=None, skip_rows=0, n_rows=HEADER_WITHIN, dtypes="string"
        ).to_polars()


def is_compound(path: Path) -> bool:
    """Whether a file is one of Excel 97-2003, or is locked."""
    with path.open("rb") as file:
        return file.read(len(COMPOUND_FILE)) == COMPOUND_FILE


def _opened(path: Path) -> _Book | Problem:
    """Open a workbook, or say why it cannot be opened."""
    if is_compound(path):
        fault = "locked_workbook" if _LOCKED in path.read_bytes() else "old_workbook"
        return Problem.of(fault, path.name, "", None, "")
    try:
        with reading_file():
            # First what is looked through part by part, so that nothing takes all memory.
            marked = marks(path)
            return _Book(path.name, fastexcel.read_excel(path), marked)
    except Unreadable as error:
        if isinstance(error.__cause__, KeyError | NotImplementedError | RuntimeError):
            return Problem.of("no_workbook", path.name, "", None, "")
        return _unreadable(path, "", error)


def _unreadable(path: Path, table: str, error: Unreadable) -> Problem:
    return Problem.of("unreadable_workbook", path.name, table, None, "", reason=error)


def _read_sheet(
    book: _Book, name: str, table: str, columns: Collection[str]
) -> tuple[RawTable | None, list[Problem]]:
    file, reader = book.file, book.reader
    top = book.top(name)
    header = header_position(top.iter_rows(), table, columns)
    if header is None:
        known = table in TABLES
        return None, [Problem.of("empty_sheet", file, table, 1, "")] if known else []
    problems = header_below(header, file, table)
    tidy, repeated = headers([cell or "" for cell in top.row(header)], file, table)
    sheet = reader.load_sheet(name, header_row=None, skip_rows=header + 1, schema_sample_rows=None)
    body = sheet.to_polars()
    width = min(body.width, len(tidy))
    cells = under_headers(body, tidy[:width])
    as_text = {}
    for column in _numeric_columns(table, cells):
        position = tidy.index(column)
        exact, is_text = _numbers_among_text(
            reader, name, header, body.columns[position], cells[column]
        )
        cells = cells.with_columns(exact.alias(column))
        as_text[column] = is_text
    rows = pl.Series("row", range(header + 2, header + 2 + cells.height), dtype=pl.Int64)
    named = {
        xl_col_to_name(place.absolute_index): column
        for place, column in zip(sheet.selected_columns, tidy, strict=False)
    }
    problems += repeated + book.marks.get(name, Marks()).problems(
        named, file, table, _figures(table)
    )
    return RawTable(file, table, cells, rows, as_text), problems


def _figures(table: str) -> list[str]:
    """Columns that are declared to be numbers."""
    if table not in TABLES:
        return []
    return [column for column, said in meanings(table).items() if said.kind in _NUMERIC_KINDS]


def _numeric_columns(table: str, cells: pl.DataFrame) -> list[str]:
    """Columns declared to be numbers in which some cells are text."""
    return [
        column
        for column in _figures(table)
        if column in cells.columns
        and cells[column].dtype == pl.String
        and cells[column].is_not_null().any()
    ]


def _numbers_among_text(
    reader: fastexcel.ExcelReader, name: str, header: int, position: str, text: pl.Series
) -> tuple[pl.Series, pl.Series]:
    """Return a column's cells as text with every digit, and which of them are stored as text."""

    def load(dtype: fastexcel.DType) -> pl.Series:
        loaded = reader.load_sheet(
            name,
            header_row=None,
            skip_rows=header + 1,
            use_columns=[position],
            dtypes={position: dtype},
        )
        return loaded.to_polars().to_series()

    # Read as booleans, numbers stay and text is lost; read as numbers, text becomes numbers too.
    is_number = load("boolean").is_not_null()
    numbers = load("float").cast(pl.String)
    exact = pl.select(pl.when(is_number).then(numbers).otherwise(text)).to_series()
    return exact, ~is_number & text.is_not_null()
