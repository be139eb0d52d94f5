"""Tables for other programs: JSON, CSV, and an Excel workbook of one sheet."""

import csv
import io
import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yanzhen.report.document.workbook import Book, how_to_read, write_book
from yanzhen.report.tables.table import Cell, Table
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang, word
from yanzhen.study import new_study
from yanzhen.study.template import WORKBOOK

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What Excel takes for the beginning of a formula, or leaves out before one."""


def as_json(table: Table, begins: int, ends: int) -> dict[str, Any]:
    """Return rows of a table with its columns, and which of the cells are estimates.

    Shares are fractions, of the unit 1.

    Parameters
    ----------
    begins, ends : the first row, and the one behind the last
    """
    return {
        "key": table.key,
        "title": table.title,
        "note": table.note,
        "columns": [
            {
                "name": c.name,
                "head": c.head,
                "unit": "1" if c.kind == "share" else c.unit,
                "kind": c.kind,
            }
            for c in table.columns
        ],
        "rows": [list(row) for row in table.rows[begins:ends]],
        "estimated": sorted(
            [row - begins, column] for row, column in table.estimated if begins <= row < ends
        ),
        "total": len(table.rows),
    }


def as_csv(table: Table, synthetic: bool, lang: Lang) -> bytes:
    """Return a table as CSV with the mark that Excel needs; synthetic figures say so first.

    Shares are in per cent, as their heads say. A name that Excel would compute as a formula has a
    quotation mark before it.
    """
    said = io.StringIO()
    writer = csv.writer(said, lineterminator="\n")
    mark = f"{word(lang, 'synthetic_mark')} " if synthetic else ""
    heads = [f"{c.head} ({c.unit})" if c.unit else c.head for c in table.columns]
    writer.writerow([mark + heads[0], *heads[1:]] if heads else [])
    is_share = [column.kind == "share" for column in table.columns]
    writer.writerows(
        [_written(cell, share) for cell, share in zip(row, is_share, strict=True)]
        for row in table.rows
    )
    return said.getvalue().encode("utf-8-sig")


def _written(cell: Cell, share: bool) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    # By digits, not by floating point: 0.07 is 7, not 7.000000000000001.
    return float(Decimal(repr(cell)).scaleb(2)) if share else cell


def as_workbook(table: Table, result: Result, year: int, lang: Lang) -> bytes:
    """Return a table as an Excel workbook, units and estimates as in the report's."""
    synthetic = result.study.about.synthetic
    book = Book(table.title, synthetic, year, how_to_read(Reader(result.study, lang)), [], [table])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_book(book, path, lang)
        return path.read_bytes()


def file_name(table: Table, result: Result, suffix: str) -> str:
    """Return the name that a table is saved under."""
    return f"{'SYNTHETIC_' if result.study.about.synthetic else ''}{table.key}.{suffix}"


def attached(name: str) -> dict[str, str]:
    """Return the headers under which a browser saves an answer, whatever script its name is in."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


@cache
def empty_workbook() -> bytes:
    """Return the template that a study of one's own can be filled in."""
    with tempfile.TemporaryDirectory() as folder:
        new_study(Path(folder) / "study")
        return (Path(folder) / "study" / WORKBOOK).read_bytes()
