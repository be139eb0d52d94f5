"""Reading one column: codes, choices, figures, years, and what people type instead."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from yanzhen.study.columns import CONTROL, FULL_WIDTH, LONGEST_TEXT, Meaning
from yanzhen.study.faults import ROW, faults
from yanzhen.study.figure_words import is_mark_of_missing, no_figure
from yanzhen.study.problem import Problem, Words, nearest
from yanzhen.study.raw import RawTable
from yanzhen.study.words import message, same, words


@dataclass(frozen=True)
class _Refusal:
    """Cells of a column that cannot be read.

    Attributes
    ----------
    wrong : which they are
    shown : what a message shows of each
    words : what was found and what was expected, by what is shown
    """

    wrong: pl.Expr
    shown: pl.Expr
    words: Callable[[str], tuple[Words, Words]]

    def of_row(self, row: Mapping[str, Any]) -> tuple[Words, Words]:
        return self.words(row["cell"])


@dataclass(frozen=True)
class _Reading:
    """A column as its declared type, null where a cell is refused, and what is refused."""

    value: pl.Expr
    refusals: tuple[_Refusal, ...]


class _Column:
    """One raw column on its way to its declared type: as it is, as text, and as tidy text."""

    def __init__(self, raw: RawTable, name: str, said: Meaning) -> None:
        self.said = said
        self.dtype = raw.cells.schema[name]
        self.stored_as_text = raw.stored_as_text.get(name)
        self.cells = pl.col(name)
        self.shown = pl.col(f"{name} shown")
        self.tidy = pl.col(f"{name} tidy")


def read_columns(raw: RawTable, said: Mapping[str, Meaning]) -> tuple[pl.DataFrame, list[Problem]]:
    """Read columns of a table, each as its kind; a cell that is refused becomes null.

    Parameters
    ----------
    said : what each column says; all are there
    """
    cells = raw.cells.select(*said)
    texts = (
        cells.lazy()
        .with_columns(as_text(column).alias(f"{column.name} shown") for column in cells)
        .with_columns(filled(pl.col(f"{name} shown")).alias(f"{name} tidy") for name in said)
    )
    readings = {name: _READERS[each.kind](_Column(raw, name, each)) for name, each in said.items()}
    refusals = [(name, each) for name, reading in readings.items() for each in reading.refusals]
    read = texts.select(
        *(reading.value.alias(name) for name, reading in readings.items()),
        *(each.wrong.alias(str(number)) for number, (_, each) in enumerate(refusals)),
    ).collect()
    problems = []
    for number, (name, each) in enumerate(refusals):
        wrong = read[str(number)]
        if wrong.any():
            broken = (
                texts.select(pl.lit(raw.rows).alias(ROW), cell=each.shown).collect().filter(wrong)
            )
            problems += faults(raw.file, raw.table, name, broken, each.of_row)
    return read.select(*said), problems


def _codes(column: _Column) -> _Reading:
    """Read a list of codes; the space around them and the width of the semicolon are no matter."""
    text = _harmless(column)
    listed = text.value.str.replace_all(r"\s*[;；]\s*", ";").str.strip_chars(";")
    return replace(text, value=listed)


def _date(column: _Column) -> _Reading:
    """Read days; a workbook's days come with a time of midnight."""
    text = _harmless(column)
    return replace(text, value=text.value.str.replace(r"[ T]00:00:00$", ""))


def _harmless(column: _Column) -> _Reading:
    """Read free text, refusing what is too long for a workbook and what cannot be seen."""
    tidy = column.tidy
    long = tidy.str.len_chars() > LONGEST_TEXT
    hidden = tidy.str.contains(CONTROL) & ~long
    return _Reading(
        pl.when(~(long | hidden)).then(tidy),
        (_Refusal(long, tidy, _too_long), _Refusal(hidden, tidy, _hidden_character)),
    )


def _too_long(cell: str) -> tuple[Words, Words]:
    return message("too_long", characters=len(cell), most=LONGEST_TEXT)


def _hidden_character(cell: str) -> tuple[Words, Words]:
    found = re.search(CONTROL, cell)
    assert found is not None
    code = f"U+{ord(found.group()):04X}"
    return message("hidden_character", code=code, place=found.start() + 1)


def _code(column: _Column) -> _Reading:
    """Read codes, refusing what a spreadsheet or a keyboard made of them."""
    text = _harmless(column)
    shown, tidy = column.shown, text.value
    space = shown.str.strip_chars().is_not_null() & (shown != tidy) & tidy.is_not_null()
    wide = tidy.str.contains(FULL_WIDTH)
    refusals = (
        _mistyped(space, shown, "space_around", str.strip),
        _mistyped(
            tidy.str.contains(r"^\d+\.0+$"),
            tidy,
            "code_as_number",
            lambda cell: cell.partition(".")[0],
        ),
        _mistyped(wide, tidy, "full_width_code", lambda cell: unicodedata.normalize("NFKC", cell)),
        _mistyped(
            tidy.str.contains(r"^['’‘]"), tidy, "quotation_mark", lambda cell: cell.strip("'’‘")
        ),
    )
    # Codes are read as they were meant, so that one fault is not reported as two.
    narrow = pl.coalesce(pl.when(wide).then(tidy).str.normalize("NFKC"), tidy)
    plain = narrow.str.replace(r"^(\d+)\.0+$", "$1").str.strip_chars_start("'’‘")
    return _Reading(plain, (*text.refusals, *refusals))


def _mistyped(wrong: pl.Expr, shown: pl.Expr, key: str, meant: Callable[[str], str]) -> _Refusal:
    """Codes of which a message says what they most likely were meant to be."""
    return _Refusal(wrong, shown, lambda cell: message(key, cell=cell, meant=meant(cell)))


def _choice(column: _Column) -> _Reading:
    """Read one of the declared values."""
    tidy, values = column.tidy, column.said.values
    known = tidy.is_in(values)
    listed = ", ".join(values)

    def said(cell: str) -> tuple[Words, Words]:
        if is_mark_of_missing(cell):
            return no_figure(cell)
        close = nearest(cell, values)
        key = "choice_like" if close else "one_of"
        return same(cell), words(key, close=close, listed=listed)

    return _Reading(pl.when(known).then(tidy), (_Refusal(tidy.is_not_null() & ~known, tidy, said),))


def _amount(column: _Column) -> _Reading:
    """Read figures as numbers; text that is no number is refused."""
    numeric = column.dtype.is_numeric()
    numbers = (column.cells if numeric else column.tidy).cast(pl.Float64, strict=False)
    shown = column.cells.cast(pl.String) if numeric else column.tidy
    share = column.said.unit == "share"
    finite = numbers.is_finite().fill_null(False)
    wrong = _Refusal(shown.is_not_null() & ~finite, shown, lambda cell: no_figure(cell, share))
    return _Reading(pl.when(finite).then(numbers), (wrong, *_stored_as_text(column, numbers)))


def _integer(column: _Column) -> _Reading:
    """Read whole numbers, written with a decimal point or not."""
    return _whole(column, lambda cell: no_figure(cell, whole=True))


def _year(column: _Column) -> _Reading:
    """Read years, refusing dates and whatever else is not four digits."""

    def said(cell: str) -> tuple[Words, Words]:
        if is_mark_of_missing(cell):
            return no_figure(cell)
        year = _year_meant(unicodedata.normalize("NFKC", cell))
        return message("not_a_year" if year else "no_year", cell=cell, year=year)

    return _whole(column, said)


def _year_meant(cell: str) -> int | None:
    """Return the year that a date or a year with a word stands for."""
    written = re.match(r"((?:19|20|21)\d\d)\s*(?:[-/.年]|$)", cell)
    if written is None:
        return None
    day = re.match(r"\d{4}-\d\d-\d\d", cell)
    if day:
        try:
            # Excel counts days from the end of 1899; a year formatted as a date falls in 1905.
            serial = (date.fromisoformat(day.group()) - date(1899, 12, 30)).days
        except ValueError:
            return int(written.group(1))
        if 1900 <= serial <= 2200:
            return serial
    return int(written.group(1))


def _flag(column: _Column) -> _Reading:
    """Read true and false, or 1 and 0."""
    if column.dtype == pl.Boolean:
        return _Reading(column.cells, ())
    tidy = column.tidy.str.to_lowercase()
    known = tidy.is_in(("true", "false", "1", "0"))

    def said(cell: str) -> tuple[Words, Words]:
        return no_figure(cell) if is_mark_of_missing(cell) else message("not_a_flag", cell=cell)

    return _Reading(
        pl.when(known).then(tidy.is_in(("true", "1"))),
        (_Refusal(tidy.is_not_null() & ~known, tidy, said),),
    )


_READERS: dict[str, Callable[[_Column], _Reading]] = {
    "text": _harmless,
    "date": _date,
    "code": _code,
    "codes": _codes,
    "choice": _choice,
    "amount": _amount,
    "integer": _integer,
    "year": _year,
    "flag": _flag,
}


def as_text(cells: pl.Series) -> pl.Expr:
    """Return the column of some cells as a spreadsheet shows it: whole numbers without a point."""
    column, dtype = pl.col(cells.name), cells.dtype
    if dtype == pl.String:
        return column
    if dtype.is_float():
        whole = (column == column.floor()) & (column.abs() < 1e15)
        return (
            pl.when(whole)
            .then(pl.when(whole).then(column).cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(column.cast(pl.String))
        )
    if dtype == pl.Datetime:
        return column.dt.strftime("%Y-%m-%d")
    if dtype.is_nested() or dtype in (pl.Binary, pl.Duration, pl.Object):
        # No table has such columns; they are only shown in the message that refuses them.
        return pl.lit(
            pl.Series([None if cell is None else str(cell) for cell in cells], dtype=pl.String)
        )
    return column.cast(pl.String)


def filled(text: pl.Expr) -> pl.Expr:
    """Return text without the space around it; nothing but space is nothing."""
    tidy = text.str.strip_chars()
    return pl.when(tidy.str.len_bytes() > 0).then(tidy)


def _whole(column: _Column, words: Callable[[str], tuple[Words, Words]]) -> _Reading:
    """Read whole numbers, and say in these words of a cell that it is none."""
    tidy = column.tidy
    whole = tidy.str.replace(r"^([+-]?\d+)\.0+$", "$1").cast(pl.Int64, strict=False)
    wrong = _Refusal(tidy.is_not_null() & whole.is_null(), tidy, words)
    numbers = tidy.cast(pl.Float64, strict=False)
    return _Reading(whole, (wrong, *_stored_as_text(column, numbers)))


def _stored_as_text(column: _Column, numbers: pl.Expr) -> tuple[_Refusal, ...]:
    """Refuse the numbers that a workbook holds as text."""
    if column.stored_as_text is None:
        return ()
    stored = pl.lit(column.stored_as_text) & numbers.is_not_null()
    return (_Refusal(stored, column.shown, lambda cell: message("stored_as_text", cell=cell)),)
