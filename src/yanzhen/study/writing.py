"""Writing a study: as a folder of CSV or Parquet files, a workbook or a database."""

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from yanzhen.study.about import About
from yanzhen.study.columns import Meaning
from yanzhen.study.database import is_installed, not_installed, write_tables
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.reading import Study
from yanzhen.study.replacing import replacing
from yanzhen.study.settings import TABLE
from yanzhen.study.sources import SETTINGS_FILE
from yanzhen.study.study_toml import flatten, write_toml
from yanzhen.study.table_file import TABLE_FORMS
from yanzhen.study.tables import REQUIRED_TABLES, TABLES, meanings

FileForm = Literal["csv", "parquet"]

# Excel's own number for the format of text, which keeps leading zeros.
TEXT_FORMAT = 49

# The rows of a sheet below its header (Microsoft: Excel specifications and limits).
ROWS_OF_A_SHEET = 1_048_576 - 1

# A workbook says when it was made; the same study must make the same bytes.
MADE = datetime(2022, 1, 1)


class _Exact(float):
    """A number that is written with all its digits; xlsxwriter asks for sixteen."""

    def __format__(self, specification: str) -> str:
        return repr(float(self))


def write_study(study: Study, path: str | Path, form: FileForm = "csv") -> None:
    """Write a study to a new or existing folder, or to an .xlsx or .duckdb file by suffix.

    Tables without rows are left out, save the three that must be there. Everything is written
    beside and then put in place all together, so that nothing is ever half written; a table of an
    existing folder that the study no longer has is removed.

    Raises
    ------
    dataframely.exc.ValidationError
        A table does not keep to its schema.
    StudyError
        The path is a .duckdb file and DuckDB is not installed, or an .xlsx file and a table has
        more rows than a sheet holds.
    """
    path = Path(path)
    suffix = path.suffix.casefold()
    if suffix == ".duckdb" and not is_installed():
        raise StudyError([not_installed(path)])
    frames = {
        name: schema.validate(study.tables[name])
        for name, schema in TABLES.items()
        if name in REQUIRED_TABLES or study.tables[name].height
    }
    if suffix not in (".xlsx", ".duckdb"):
        stale = (f"{name}{each}" for name in TABLES for each in TABLE_FORMS)
        with replacing(path, stale) as folder:
            _write_folder(study.about, frames, folder, form)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".yanzhen-") as beside:
        written = Path(beside) / path.name
        if suffix == ".xlsx":
            _require_room(frames, path.name)
            _write_workbook(study.about, frames, written)
        else:
            write_tables({**frames, TABLE: _settings_frame(study.about)}, written)
        os.replace(written, path)


def _write_folder(
    about: About, frames: Mapping[str, pl.DataFrame], folder: Path, form: FileForm
) -> None:
    (folder / SETTINGS_FILE).write_text(write_toml(about), encoding="utf-8")
    for name, frame in frames.items():
        if form == "csv":
            frame.write_csv(folder / f"{name}.csv")
        else:
            frame.write_parquet(folder / f"{name}.parquet")


def _require_room(
    frames: Mapping[str, pl.DataFrame], file: str, most: int = ROWS_OF_A_SHEET
) -> None:
    """Refuse tables of which a sheet would lose rows without a word.

    Raises
    ------
    StudyError
        With every such table.
    """
    problems = [
        Problem.of("too_many_rows", file, name, None, "", rows=frame.height, most=most)
        for name, frame in frames.items()
        if frame.height > most
    ]
    if problems:
        raise StudyError(problems)


def _settings_frame(about: About) -> pl.DataFrame:
    return pl.DataFrame(flatten(about), schema={"key": pl.String, "value": pl.String}, orient="row")


def _write_workbook(about: About, frames: Mapping[str, pl.DataFrame], path: Path) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        book.set_properties({"title": about.title_en, "created": MADE})
        text = book.add_format({"num_format": TEXT_FORMAT})
        settings = book.add_worksheet(TABLE)
        for row, pair in enumerate((("key", "value"), *flatten(about))):
            for column, cell in enumerate(pair):
                settings.write_string(row, column, cell, text)
        for name, frame in frames.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, (header, said) in enumerate(meanings(name).items()):
                sheet.write_string(0, column, header)
                _write_column(sheet, column, said, frame[header], text)


def _write_column(
    sheet: Worksheet, column: int, said: Meaning, cells: pl.Series, text: object
) -> None:
    for row, cell in enumerate(cells, start=1):
        if cell is None:
            continue
        if said.kind == "flag":
            sheet.write_boolean(row, column, cell)
        elif said.kind in ("amount", "integer", "year"):
            sheet.write_number(row, column, _Exact(cell))
        else:
            sheet.write_string(row, column, cell, text)
