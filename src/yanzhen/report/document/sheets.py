"""What an Excel sheet and a Word table hold, and tables cut so that nothing is lost beyond.

A sheet has 1,048,576 rows and 16,384 columns, a cell 32,767 characters and the name of a sheet 31
(Microsoft: Excel specifications and limits). A table of Word has 63 columns and 32,767 rows
(Microsoft: Word operating parameter limitations). Beyond them files are written without an error
and without the rest.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from yanzhen.report.tables.table import Cell, Table
from yanzhen.report.text.words import Lang, word

CUT = "…"
_LONGEST_NAME = 31


@dataclass(frozen=True)
class Limits:
    """What one table of a format holds.

    Attributes
    ----------
    rows, columns : of the data, heads apart
    text : characters of a cell
    """

    rows: int
    columns: int
    text: int


# Five rows of a sheet are title, note, link, heads and units.
SHEET = Limits(rows=1_048_576 - 5, columns=16_384, text=32_767)
WORD_TABLE = Limits(rows=32_767 - 1, columns=63, text=32_767)


def parts_of(table: Table, limits: Limits, lang: Lang) -> list[Table]:
    """Cut a table into parts that each fit, saying in title and note which part each is.

    A part beyond the first columns begins with the table's first column again. A text that is too
    long ends with an ellipsis, and the note says so.
    """
    table = _with_short_texts(table, limits.text, lang)
    spans = [
        (first, min(first + limits.rows, len(table.rows)))
        for first in range(0, max(len(table.rows), 1), limits.rows)
    ]
    blocks = _blocks(len(table.columns), limits.columns)
    count = len(spans) * len(blocks)
    if count == 1:
        return [table]
    parts = [(rows, columns) for rows in spans for columns in blocks]
    return [
        replace(
            _part(table, rows, columns),
            title=word(lang, "workbook.part", title=table.title, part=number, parts=count),
            note=word(
                lang,
                "workbook.part_note",
                note=table.note,
                first=f"{rows[0] + 1:,}",
                last=f"{rows[1]:,}",
                all=f"{len(table.rows):,}",
                parts=count,
            ),
        )
        for number, (rows, columns) in enumerate(parts, start=1)
    ]


def sheet_names(titles: Iterable[tuple[str, str]], taken: str) -> list[str]:
    """Return names that Excel takes: short enough, of its signs, none twice, none reserved.

    Parameters
    ----------
    titles : title of each table, and its key where nothing of the title can be used
    taken : name of a sheet that is there already
    """
    # Excel keeps this name for its own.
    used = {taken.casefold(), "history"}
    names = []
    for title, key in titles:
        stem = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", title).strip() or key
        name, count = _cut(stem, _LONGEST_NAME - 3), 1
        while name.casefold() in used:
            count += 1
            again = f" {count}"
            name = _cut(stem, min(_LONGEST_NAME - 3, _LONGEST_NAME - len(again))) + again
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(title: str, most: int) -> str:
    """Return the beginning of a title, with no half of a word and no word that binds at its end."""
    if len(title) <= most:
        return title
    begun = title[:most]
    if title[most].isascii() and title[most].isalnum() and " " in begun:
        begun = begun.rpartition(" ")[0]
    whole = re.sub(r"(\s+(and|of|in|the|by|to|its|is|a|what))+$", "", begun.rstrip(" ,;("))
    return whole.rstrip(" ,;(")


def short(text: str, most: int) -> str:
    """Return a text that a cell holds."""
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def _blocks(width: int, most: int) -> list[list[int]]:
    """Return the columns of each part; all but the first part repeat the first column."""
    if width <= most:
        return [list(range(width))]
    blocks = [list(range(most))]
    step = max(most - 1, 1)
    blocks += [[0, *range(at, min(at + step, width))] for at in range(most, width, step)]
    return blocks


def _part(table: Table, rows: tuple[int, int], columns: list[int]) -> Table:
    first, last = rows
    place = {column: position for position, column in enumerate(columns)}
    return replace(
        table,
        columns=tuple(table.columns[j] for j in columns),
        rows=[tuple(cells[j] for j in columns) for cells in table.rows[first:last]],
        estimated=frozenset(
            (i - first, place[j]) for i, j in table.estimated if first <= i < last and j in place
        ),
    )


def _with_short_texts(table: Table, most: int, lang: Lang) -> Table:
    cut = len(
        [1 for cells in table.rows for cell in cells if isinstance(cell, str) and len(cell) > most]
    )
    note = short(table.note, most)
    if not cut:
        return table if note == table.note else replace(table, note=note)
    said = word(lang, "workbook.cut", note=table.note, count=f"{cut:,}", most=f"{most:,}")
    rows = [tuple(_short_cell(cell, most) for cell in cells) for cells in table.rows]
    return replace(table, rows=rows, note=short(said, most))


def _short_cell(cell: Cell, most: int) -> Cell:
    return short(cell, most) if isinstance(cell, str) else cell
