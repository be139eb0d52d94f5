"""Reading a table from comma-separated values, whatever a spreadsheet program made of them."""

import csv
import io
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yanzhen.study.encoding import NotText, decoded, marked_as_text
from yanzhen.study.problem import Problem
from yanzhen.study.raw import (
    FIRST_ROW,
    HEADER_WITHIN,
    RawTable,
    header_below,
    header_position,
    headers,
    row_numbers,
    under_headers,
)
from yanzhen.study.words import words

_SEPARATORS = {";": "semicolons", "\t": "tabs", "，": "full_width_commas"}


@dataclass(frozen=True)
class _Body:
    """The lines of a file below its header, whose row is the one before `first`."""

    file: str
    table: str
    content: str
    separator: str
    names: list[str]
    first: int


def read_csv(
    path: Path, table: str = "", columns: Collection[str] = ()
) -> tuple[RawTable | None, list[Problem]]:
    """Read the cells of a CSV file as text, with all that is wrong with its form.

    Parameters
    ----------
    path : of the file
    table : what it holds, the file's own name where it is not said
    columns : names that a header may have, those of the declared table where they are not said
    """
    file, table = path.name, table or path.stem
    try:
        content = decoded(path.read_bytes())
    except NotText as error:
        return None, [error.problem(file, table)]
    if "\n" not in content:
        content = content.replace("\r", "\n")
    separator = _separator(content)
    body = _below_header(content, separator, file, table, columns)
    if body is None:
        return None, [Problem.of("empty_file", file, table, 1, "")]
    problems = header_below(body.first - FIRST_ROW, file, table)
    if separator != ",":
        named = words(f"separator.{_SEPARATORS[separator]}")
        problems.append(Problem.of("separated_by", file, table, 1, "", separator=named))
    tidy, repeated = headers(body.names, file, table)
    cells, ragged = _cells(body)
    problems += repeated + ragged + _unnamed(body, tidy, cells)
    framed = under_headers(cells, tidy)
    return RawTable(file, table, framed, row_numbers(framed.height, body.first)), problems


def _separator(content: str) -> str:
    """Return the comma, or what separates the columns of the first lines instead."""
    top = content[: _end_of_line(content, HEADER_WITHIN)]
    if "," in top:
        return ","
    return max((",", *_SEPARATORS), key=top.count)


def _below_header(
    content: str, separator: str, file: str, table: str, columns: Collection[str]
) -> _Body | None:
    """Find the header, which should stand in the first row, and what is below."""
    start = content[: _end_of_line(content, HEADER_WITHIN)]
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    top, ends = [], []
    with suppress(csv.Error):  # told where the rows are read
        for record in reader:
            top.append(record)
            ends.append(reader.line_num)
    header = header_position(top, table, columns)
    if header is None:
        return None
    below = content[_end_of_line(content, ends[header]) :]
    return _Body(file, table, below, separator, top[header], header + FIRST_ROW)


def _end_of_line(content: str, number: int) -> int:
    """Return where the line of a number ends, or the text before it."""
    end = 0
    for _ in range(number):
        end = content.find("\n", end) + 1
        if not end:
            return len(content)
    return end


def _cells(body: _Body) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the cells below the header, and the rows that have too many or too few."""
    if not body.content:
        return _frame([], len(body.names)), []
    if _is_rectangular(body):
        try:
            cells = pl.read_csv(
                marked_as_text(body.content),
                separator=body.separator,
                has_header=False,
                infer_schema=False,
            )
            if cells.width == len(body.names):
                return cells, []
        except pl.exceptions.PolarsError:
            pass  # Quotes out of place.
        # Read row by row below, which says where.
    return _row_by_row(body)


def _is_rectangular(body: _Body) -> bool:
    """Whether every line has as many cells as the header, seen without parsing."""
    if len(body.separator.encode()) > 1:
        return False
    lines = pl.Series(body.content.split("\n"))
    if '"' in body.content:
        lines = lines.str.replace_all('"[^"]*"', "")
    counts = lines.str.count_matches(body.separator, literal=True)
    filled = lines.str.strip_chars("\r") != ""
    even = counts.filter(filled) == len(body.names) - 1
    return filled.any() and even.all() and not lines.str.contains('"').any()


def _row_by_row(body: _Body) -> tuple[pl.DataFrame, list[Problem]]:
    """Read rows of uneven length one by one, filling short ones with empty cells."""
    width = len(body.names)
    problems = []
    kept: list[list[str | None]] = []
    records = csv.reader(io.StringIO(body.content, newline=""), delimiter=body.separator)
    try:
        for row, record in enumerate(records, start=body.first):
            extra = [cell for cell in record[width:] if cell.strip()]
            if record and (len(record) < width or extra):
                at = body.file, body.table, row, ""
                problems.append(Problem.of("ragged", *at, cells=len(record), width=width))
            cells: list[str | None] = [cell or None for cell in record[:width]]
            kept.append(cells + [None] * (width - len(cells)))
    except csv.Error as error:
        at = body.file, body.table, body.first + len(kept), ""
        problems.append(Problem.of("quotes_out_of_place", *at, error=error))
    return _frame(kept, width), problems


def _frame(rows: list[list[str | None]], width: int) -> pl.DataFrame:
    schema = {f"column_{position}": pl.String for position in range(1, width + 1)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _unnamed(body: _Body, tidy: list[str], cells: pl.DataFrame) -> list[Problem]:
    """Columns with cells and no header; empty ones beside the table are of no account."""
    return [
        Problem.of("unnamed_column", body.file, body.table, body.first - 1, f"({position})")
        for position, (header, name) in enumerate(zip(tidy, body.names, strict=True), start=1)
        if not header
        and not name.strip()
        and (cells.to_series(position - 1).str.strip_chars() != "").any()
    ]
