"""How far the cells of a sheet lie apart: readers hold the whole rectangle around them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_CELLS = 5_000_000
"""Cells of rectangles around filled ones that are read whatever is in them."""
MOST_EMPTY = 20
"""Larger ones may have so many cells for each that is filled."""
MOST_AT_ALL = 100_000_000
_ADDRESS = re.compile(
    rb"""\br\s*=\s*["']([A-Za-z]{1,7})(\d{1,12})["']"""
    rb"""(?:(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(/)>)?"""
)
"""Of a cell, and whether it is empty."""
_ROW = re.compile(rb"""\br\s*=\s*["'](\d{1,12})["']""")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s>/]")


class TooFar(ValueError):
    """Cells of a workbook that lie too far apart."""


@dataclass
class Extent:
    """The rectangle around some cells, and how many they are."""

    top: int = 0
    left: int = 0
    bottom: int = -1
    right: int = -1
    filled: int = 0

    def add(self, row: int, column: int) -> None:
        """Take one more cell in."""
        if not self.filled:
            self.top = self.bottom = row
            self.left = self.right = column
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)
        self.filled += 1

    @property
    def cells(self) -> int:
        """All cells of the rectangle."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def extent_of(sheet: bytes) -> Extent:
    """Return how far the filled cells of a sheet of an .xlsx file reach.

    Cells may be without addresses; each then follows the one before it, in rows that may have
    numbers.
    """
    found = Extent()
    text = sheet if b"\0" not in sheet else sheet.replace(b"\0", b"")
    column_of: dict[bytes, int] = {}
    addresses = 0
    for letters, digits, empty in _ADDRESS.findall(text):
        addresses += 1
        if not empty:
            if letters not in column_of:
                column_of[letters] = _column(letters)
            found.add(int(digits), column_of[letters])
    if len(_CELL.findall(text)) > addresses:
        rows = [len(_CELL.findall(row)) for row in text.split(b"row")]
        for at, several in enumerate(rows):
            for _ in range(several):
                found.add(at, 0)
        found.add(0, max(rows))
        for digits in _ROW.findall(text):
            found.add(int(digits), 0)
    return found


def require_modest_extents(extents: Iterable[Extent]) -> None:
    """Refuse a workbook whose sheets would be held as very large and empty rectangles.

    Raises
    ------
    TooFar
    """
    several = [each for each in extents if each.filled]
    cells, filled = sum(each.cells for each in several), sum(each.filled for each in several)
    if cells > MOST_AT_ALL or cells > max(MOST_CELLS, MOST_EMPTY * filled):
        raise TooFar(f"{filled:,} cells within rectangles of {cells:,}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1
