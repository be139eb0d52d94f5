"""What the makers of office files share: places, marks of missing, cells as they are printed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter

Cell = object
Merged = tuple[int, int, int, int]

CITIES = {"370100": "济南市", "370200": "青岛市", "370300": "淄博市", "370600": "烟台市"}
INDUSTRIES = {"C14": "食品制造业", "C17": "纺织业", "C27": "医药制造业"}
MARKS = ("…", "—", "-", "...", "x", ":", "", "……", "空白")
"""Ways in which yearbooks say that a figure is not known."""


@dataclass(frozen=True)
class OfficeFile:
    """A file, and what an import must make of it.

    Attributes
    ----------
    path : of the file or folder
    tables : by table, the columns and rows that must come back, the key first
    """

    path: Path
    tables: Mapping[str, pl.DataFrame]


def activity(rows: Sequence[tuple[object, ...]], *measures: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["region", "industry", "year", *measures], orient="row")


def as_printed(figure: int, draw: random.Random) -> Cell:
    """A figure as a number, or as yearbooks print it."""
    return draw.choice(
        (figure, f"{figure:,}", full_width(figure), f"{figure}①", f" {figure} ", f"{figure:,}*")
    )


def full_width(figure: int) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in str(figure))


def spaced(name: str) -> str:
    """A name of places with ideographic spaces between, as printed in columns of equal width."""
    return "\u3000".join(name)


def workbook(path: Path, sheets: Mapping[str, tuple[list[list[Cell]], list[Merged]]]) -> Path:
    """A workbook with merged cells, which hold their value in the first of them."""
    with xlsxwriter.Workbook(path) as book:
        for name, (rows, merged) in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell not in ("", None):
                        sheet.write(row, column, cell)
            for top, left, bottom, right in merged:
                row = rows[top]
                sheet.merge_range(top, left, bottom, right, row[left] if left < len(row) else "")
    return path
