"""Reading one column: codes, choices, figures, years, and what people type instead."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import polars as pl

from yanzhen.study.columns import CONTROL, FULL_WIDTH, LONGEST_TEXT, Meaning
from yanzhen.study.faults import ROW, faults, same
from yanzhen.study.figure_words import is_mark_of_missing, no_figure
from yanzhen.study.problem import Problem, Words, nearest
from yanzhen.study.raw import RawTable


class Column:
    """One raw column on its way to its declared type, with the cells refused so far."""

    def __init__(self, raw: RawTable, name: str, said: Meaning) -> None:
        self.raw = raw
        self.name = name
        self.said = said
        self.cells = raw.cells[name]
        self.problems: list[Problem] = []

    def refuse(
        self, wrong: pl.Series, shown: pl.Series, words: Callable[[str], tuple[Words, Words]]
    ) -> None:
        """Report the cells of a mask, each with what was found and what was expected."""
        if wrong.any():
            broken = pl.DataFrame({ROW: self.raw.rows, "cell": shown.cast(pl.String)}).filter(wrong)
            self.problems += faults(
                self.raw.file,
                self.raw.table,
                self.name,
                broken,
                lambda row: words(row["cell"]),
            )


def read_column(column: Column) -> pl.Series:
    """Read a raw column as its kind; a cell that is refused becomes null."""
    return _READERS[column.said.kind](column)


def _text(column: Column) -> pl.Series:
    """Read free text, without the space around it."""
    return _harmless(column, filled(as_text(column.cells)))


def _codes(column: Column) -> pl.Series:
    """Read a list of codes; the space around them and the width of the semicolon are no matter."""
    return _text(column).str.replace_all(r"\s*[;；]\s*", ";").str.strip_chars(";")


def _harmless(column: Column, shown: pl.Series) -> pl.Series:
    """Refuse texts too long for a workbook, and characters that cannot be seen."""
    long = shown.str.len_chars() > LONGEST_TEXT
    hidden = shown.str.contains(CONTROL) & ~long
    column.refuse(
        long,
        shown,
        lambda cell: (
            (f"a text of {len(cell):,} characters", f"{len(cell):,} 个字符的文字"),
            (
                f"at most {LONGEST_TEXT:,} characters, which a cell of Excel can hold",
                f"不超过 {LONGEST_TEXT:,} 个字符（Excel 单元格的上限）",
            ),
        ),
    )
    column.refuse(hidden, shown, _hidden_character)
    return pl.select(pl.when(~(long | hidden)).then(shown)).to_series()


def _hidden_character(cell: str) -> tuple[Words, Words]:
    found = re.search(CONTROL, cell)
    assert found is not None
    code, place = f"U+{ord(found.group()):04X}", found.start() + 1
    return (
        f"the control character {code} as character {place:,}",
        f"第 {place:,} 个字符为控制字符 {code}",
    ), ("text that can be seen, tabs and line breaks apart", "可见的文字（可含制表符和换行）")


def _date(column: Column) -> pl.Series:
    """Read days; a workbook's days come with a time of midnight."""
    return _text(column).str.replace(r"[ T]00:00:00$", "")


def _code(column: Column) -> pl.Series:
    """Read codes, refusing what a spreadsheet or a keyboard made of them."""
    shown = as_text(column.cells)
    tidy = _harmless(column, filled(shown))
    frame = pl.select(
        space=shown.str.strip_chars().is_not_null() & (shown != tidy) & tidy.is_not_null(),
        number=tidy.str.contains(r"^\d+\.0+$"),
        wide=tidy.str.contains(FULL_WIDTH),
        quoted=tidy.str.contains(r"^['’‘]"),
    )
    column.refuse(
        frame["space"],
        shown,
        lambda cell: (
            (f"{cell!r} with space around the code", f"代码前后有空格：“{cell}”"),
            same(repr(cell.strip())),
        ),
    )
    column.refuse(
        frame["number"],
        tidy,
        lambda cell: (
            (f"{cell}, a code turned into a number", f"{cell}，代码变成了数字"),
            same(cell.partition(".")[0]),
        ),
    )
    column.refuse(
        frame["wide"],
        tidy,
        lambda cell: (
            (f"{cell} in full-width characters", f"全角字符 {cell}"),
            same(unicodedata.normalize("NFKC", cell)),
        ),
    )
    column.refuse(
        frame["quoted"],
        tidy,
        lambda cell: (
            (f"{cell} with a quotation mark", f"带引号的 {cell}"),
            same(cell.strip("'’‘")),
        ),
    )
    return _plain_codes(tidy)


def _plain_codes(tidy: pl.Series) -> pl.Series:
    """Return codes as they were meant, so that one fault is not reported as two."""
    wide = tidy.str.contains(FULL_WIDTH)
    if wide.any():
        tidy = pl.select(pl.when(wide).then(tidy.str.normalize("NFKC")).otherwise(tidy)).to_series()
    return tidy.str.replace(r"^(\d+)\.0+$", "$1").str.strip_chars_start("'’‘")


def _choice(column: Column) -> pl.Series:
    """Read one of the declared values."""
    tidy = filled(as_text(column.cells))
    known = tidy.is_in(column.said.values)
    listed = ", ".join(column.said.values)

    def words(cell: str) -> tuple[Words, Words]:
        if is_mark_of_missing(cell):
            return no_figure(cell)
        close = nearest(cell, column.said.values)
        others = (f"one of {listed}", f"下列之一：{listed}")
        likely = (f"{close} (or another of {listed})", f"{close}（或另取其一：{listed}）")
        return same(cell), likely if close else others

    column.refuse(tidy.is_not_null() & ~known, tidy, words)
    return pl.select(pl.when(known).then(tidy)).to_series()


def _amount(column: Column) -> pl.Series:
    """Read figures as numbers; text that is no number is refused."""
    if column.cells.dtype.is_numeric():
        numbers, shown = column.cells.cast(pl.Float64), column.cells
    else:
        shown = filled(as_text(column.cells))
        numbers = shown.cast(pl.Float64, strict=False)
    share = column.said.unit == "share"
    finite = numbers.is_finite().fill_null(False)
    column.refuse(shown.is_not_null() & ~finite, shown, lambda cell: no_figure(cell, share))
    _refuse_stored_as_text(column, numbers)
    return pl.select(pl.when(finite).then(numbers)).to_series()


def _integer(column: Column) -> pl.Series:
    """Read whole numbers, written with a decimal point or not."""
    whole, numbers, shown = _whole(column)
    column.refuse(
        shown.is_not_null() & whole.is_null(),
        shown,
        lambda cell: no_figure(cell, whole=True),
    )
    _refuse_stored_as_text(column, numbers)
    return whole


def _year(column: Column) -> pl.Series:
    """Read years, refusing dates and whatever else is not four digits."""
    whole, numbers, shown = _whole(column)

    def words(cell: str) -> tuple[Words, Words]:
        if is_mark_of_missing(cell):
            return no_figure(cell)
        year = _year_meant(unicodedata.normalize("NFKC", cell))
        if year:
            return (f"{cell!r}, which is not a bare year", f"“{cell}”，不是单纯的年份"), (
                f"the year {year}",
                f"年份 {year}",
            )
        return (f"{cell!r}", f"“{cell}”"), ("a year of four digits", "四位数年份")

    column.refuse(shown.is_not_null() & whole.is_null(), shown, words)
    _refuse_stored_as_text(column, numbers)
    return whole


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


def _flag(column: Column) -> pl.Series:
    """Read true and false, or 1 and 0."""
    if column.cells.dtype == pl.Boolean:
        return column.cells
    tidy = filled(as_text(column.cells)).str.to_lowercase()
    known = tidy.is_in(("true", "false", "1", "0"))
    column.refuse(
        tidy.is_not_null() & ~known,
        tidy,
        lambda cell: (
            no_figure(cell)
            if is_mark_of_missing(cell)
            else (same(cell), ("true or false", "true 或 false"))
        ),
    )
    return pl.select(pl.when(known).then(tidy.is_in(("true", "1")))).to_series()


_READERS: dict[str, Callable[[Column], pl.Series]] = {
    "text": _text,
    "date": _date,
    "code": _code,
    "codes": _codes,
    "choice": _choice,
    "amount": _amount,
    "integer": _integer,
    "year": _year,
    "flag": _flag,
}


def as_text(cells: pl.Series) -> pl.Series:
    """Return cells as a spreadsheet shows them: whole numbers without a decimal point."""
    if cells.dtype == pl.String:
        return cells
    if cells.dtype.is_float():
        whole = (cells == cells.floor()) & (cells.abs() < 1e15)
        return pl.select(
            pl.when(whole)
            .then(pl.when(whole).then(cells).cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(cells.cast(pl.String))
        ).to_series()
    if cells.dtype == pl.Datetime:
        return cells.dt.strftime("%Y-%m-%d")
    if cells.dtype.is_nested() or cells.dtype in (pl.Binary, pl.Duration, pl.Object):
        # No table has such columns; they are only shown in the message that refuses them.
        return pl.Series(cells.name, [None if cell is None else str(cell) for cell in cells])
    return cells.cast(pl.String)


def filled(text: pl.Series) -> pl.Series:
    """Return text without the space around it; nothing but space is nothing."""
    tidy = text.str.strip_chars()
    return pl.select(pl.when(tidy.str.len_bytes() > 0).then(tidy)).to_series()


def _whole(column: Column) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return a column as whole numbers, as numbers, and as shown."""
    shown = filled(as_text(column.cells))
    whole = shown.str.replace(r"^([+-]?\d+)\.0+$", "$1").cast(pl.Int64, strict=False)
    return whole, shown.cast(pl.Float64, strict=False), shown


def _refuse_stored_as_text(column: Column, numbers: pl.Series) -> None:
    mask = column.raw.stored_as_text.get(column.name)
    if mask is None:
        return
    column.refuse(
        mask & numbers.is_not_null(),
        as_text(column.cells),
        lambda cell: (
            (f"the number {cell} stored as text", f"以文本存储的数字 {cell}"),
            (
                "a number (in Excel: mark the cells and choose Convert to Number)",
                "数字（在 Excel 中选中单元格，点“转换为数字”）",
            ),
        ),
    )
