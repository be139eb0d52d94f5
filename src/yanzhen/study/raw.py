"""A table as its file holds it, before its cells are read as codes, figures and years."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.problem import Problem
from yanzhen.study.settings import TABLE as SETTINGS
from yanzhen.study.settings import LineOf
from yanzhen.study.tables import TABLES

# A table stands below one header row, and spreadsheets count from one.
FIRST_ROW = 2
# Titles and empty rows above a header are looked through so far.
HEADER_WITHIN = 20


@dataclass(frozen=True)
class RawTable:
    """Cells of one table under the headers of its file.

    Attributes
    ----------
    file : name of the file
    table : name of the table, which may not be a declared one
    cells : one column a header; text, or typed where the source has types
    rows : row of each as the spreadsheet counts it
    stored_as_text : for a workbook's column of numbers, which cells hold text instead
    """

    file: str
    table: str
    cells: pl.DataFrame
    rows: pl.Series
    stored_as_text: Mapping[str, pl.Series] = field(default_factory=dict)


@dataclass(frozen=True)
class RawStudy:
    """Everything that a source holds, and what is wrong with its form.

    Attributes
    ----------
    source : path of the folder, workbook or database
    about : what the study says about itself, None where that is wrong
    settings_file : name of the file with the settings
    line_of : row of the settings file on which a setting stands
    tables : the declared tables that were found
    unreadable : declared tables of which nothing can be said
    problems : what is wrong so far
    warnings : what is worth a look, such as filled tables that lie where nobody reads them
    """

    source: str
    about: About | None
    settings_file: str
    line_of: LineOf
    tables: Mapping[str, RawTable]
    unreadable: frozenset[str]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


def table_named(name: str) -> str:
    """Return the table that the name of a file or sheet says, or the name itself."""
    tidy = name.strip()
    return tidy.casefold() if tidy.casefold() in (*TABLES, SETTINGS) else tidy


def row_numbers(height: int, first: int = FIRST_ROW) -> pl.Series:
    """Return the rows of a table without gaps below its header."""
    return pl.Series("row", range(first, first + height), dtype=pl.Int64)


def header_position(
    top: Iterable[Sequence[str | None]], table: str, columns: Collection[str] = ()
) -> int | None:
    """Return which of the top rows of a table most looks like its header, counted from 0.

    `columns` are the names that it may have, those of the declared table where they are not said.
    """
    known = set(columns or (TABLES[table].column_names() if table in TABLES else ()))
    best, most = None, -1
    for position, cells in enumerate(top):
        filled = [cell.strip() for cell in cells if cell and cell.strip()]
        matches = len(known.intersection(filled))
        if filled and matches > most:
            best, most = position, matches
    return best


def header_below(position: int, file: str, table: str) -> list[Problem]:
    """Report a header that does not stand in the first row."""
    if position == 0:
        return []
    row = position + 1
    return [Problem.of("header_below", file, table, row, "", row=row)]


def headers(names: list[str], file: str, table: str) -> tuple[list[str], list[Problem]]:
    """Tidy the headers of a table; a header that cannot be used becomes empty."""
    tidy: list[str] = []
    problems = []
    for position, name in enumerate(names, start=1):
        stripped = name.strip().removeprefix("\ufeff")
        if stripped and stripped in tidy:
            again = Problem.of("column_twice", file, table, 1, stripped, position=position)
            problems.append(again)
            stripped = ""
        tidy.append(stripped)
    return tidy, problems


def under_headers(cells: pl.DataFrame, tidy: list[str]) -> pl.DataFrame:
    """Return the columns whose header can be used, under that header."""
    return pl.DataFrame(
        [cells.to_series(position).alias(name) for position, name in enumerate(tidy) if name]
    )
