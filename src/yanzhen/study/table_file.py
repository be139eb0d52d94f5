"""Reading one table from one file: CSV, an Excel workbook or Parquet, told by its content."""

from collections.abc import Collection
from pathlib import Path

import polars as pl

from yanzhen.study.cells import without_blank_rows
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.raw import RawTable, row_numbers
from yanzhen.study.readers import as_text, filled
from yanzhen.study.separated import read_csv
from yanzhen.study.unreadable import Unreadable, reading_file
from yanzhen.study.workbook import COMPOUND_FILE, WORKBOOK_FORMS, ZIP_FILE, read_one_sheet

TABLE_FORMS = (".csv", *WORKBOOK_FORMS, ".parquet")
_PARQUET_FILE = b"PAR1"
_LONGEST_START = 8
# Excel shows this many digits of a number; what follows is left by its binary form.
_DIGITS = 15


def read_table_file(
    path: Path, table: str, columns: Collection[str] = ()
) -> tuple[RawTable | None, list[Problem]]:
    """Read the cells of a table, with all that is wrong with the form of its file.

    Parameters
    ----------
    path : of the file; what is in it says what it is, whatever its name ends with
    table : what it holds
    columns : names that its header may have, those of the declared table where they are not said
    """
    with path.open("rb") as file:
        form = form_of(file.read(_LONGEST_START))
    if form == ".xlsx":
        return read_one_sheet(path, table, columns)
    if ".parquet" in (form, path.suffix.casefold()):
        return _parquet(path, table)
    return read_csv(path, table, columns)


def form_of(content: bytes) -> str:
    """Return the suffix of the form that a file's content, or its start, is in."""
    if content.startswith((ZIP_FILE, COMPOUND_FILE)):
        return ".xlsx"
    return ".parquet" if content.startswith(_PARQUET_FILE) else ".csv"


def read_texts(path: Path, table: str, columns: Collection[str] = ()) -> pl.DataFrame:
    """Read a table as text, its first row being row 2 of the file; an empty cell is null.

    Parameters
    ----------
    path, table, columns : as for `read_table_file`

    Raises
    ------
    StudyError
        With everything that is wrong with the form of the file.
    OSError
        There is no such file, or it cannot be opened.
    """
    raw, problems = read_table_file(path, table, columns)
    if raw is not None:
        raw, gaps = without_blank_rows(raw)
        problems = [*problems, *gaps]
    if problems or raw is None:
        raise StudyError(problems)
    # Numbers as Excel shows them, without what is left of their binary form.
    rounded = raw.cells.with_columns(pl.selectors.float().round_sig_figs(_DIGITS))
    return pl.DataFrame([_text_of(cells) for cells in rounded])


def _text_of(cells: pl.Series) -> pl.Series:
    """Cells as text, by a name of their own: Polars would take one such as `*` for a pattern."""
    named = cells.alias("cells")
    text = named.to_frame().select(filled(as_text(named)).alias("cells")).to_series()
    return text.alias(cells.name)


def _parquet(path: Path, table: str) -> tuple[RawTable | None, list[Problem]]:
    try:
        with reading_file():
            cells = pl.read_parquet(path)
    except (Unreadable, OSError) as error:
        return None, [damaged(path, table, "Parquet", error)]
    return RawTable(path.name, table, cells, row_numbers(cells.height)), []


def damaged(path: Path, table: str, form: str, error: Exception) -> Problem:
    """Report a file that its library cannot read, with the first line of what it says."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return Problem.of("damaged", path.name, table, None, "", form=form, reason=reason)
