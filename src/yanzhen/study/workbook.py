"""Reading the sheets of an Excel workbook as tables."""

import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import fastexcel
import polars as pl

from yanzhen.study.problem import Problem
from yanzhen.study.raw import (
    HEADER_WITHIN,
    RawTable,
    header_below,
    header_position,
    headers,
    under_headers,
)
from yanzhen.study.tables import TABLES, meanings

# A column without a single cell is nothing to warn of.
logging.getLogger("fastexcel.types.dtype").setLevel(logging.ERROR)

NOTE_SHEETS = ("README", "说明")

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NUMERIC_KINDS = ("amount", "integer", "year")


@dataclass(frozen=True)
class _Marks:
    """What a sheet holds that its cells alone don't tell: errors and merged ranges."""

    errors: tuple[tuple[str, int, str], ...] = ()
    merged: tuple[tuple[str, int], ...] = ()


def read_sheets(path: Path) -> Iterator[tuple[str, RawTable | None, list[Problem]]]:
    """Read every sheet of a workbook but its notes.

    Raises
    ------
    fastexcel.FastExcelError
        The file is not a workbook.
    """
    reader = fastexcel.read_excel(path)
    marks = _marks(path)
    for name in reader.sheet_names:
        if name not in NOTE_SHEETS:
            raw, problems = _read_sheet(reader, path.name, name, marks.get(name, _Marks()))
            yield name, raw, problems


def _read_sheet(
    reader: fastexcel.ExcelReader, file: str, name: str, marks: _Marks
) -> tuple[RawTable | None, list[Problem]]:
    top = reader.load_sheet(
        name, header_row=None, skip_rows=0, n_rows=HEADER_WITHIN, dtypes="string"
    ).to_polars()
    header = header_position(top.iter_rows(), name)
    if header is None and name not in TABLES:
        return None, []
    if header is None:
        return None, [
            Problem.at(
                file,
                name,
                1,
                "",
                ("an empty sheet", "空工作表"),
                ("a header row with the names of the columns", "第一行为列名"),
            )
        ]
    problems = header_below(header, file, name)
    tidy, repeated = headers([cell or "" for cell in top.row(header)], file, name)
    sheet = reader.load_sheet(name, header_row=None, skip_rows=header + 1, schema_sample_rows=None)
    body = sheet.to_polars()
    width = min(body.width, len(tidy))
    cells = under_headers(body, tidy[:width])
    as_text = {}
    for column in _numeric_columns(name, cells):
        position = tidy.index(column)
        exact, is_text = _numbers_among_text(
            reader, name, header, body.columns[position], cells[column]
        )
        cells = cells.with_columns(exact.alias(column))
        as_text[column] = is_text
    rows = pl.Series("row", range(header + 2, header + 2 + cells.height), dtype=pl.Int64)
    named = {
        _letters(place.absolute_index): column
        for place, column in zip(sheet.selected_columns, tidy, strict=False)
    }
    problems += repeated + _marked(marks, named, file, name)
    return RawTable(file, name, cells, rows, as_text), problems


def _numeric_columns(name: str, cells: pl.DataFrame) -> list[str]:
    """Columns declared to be numbers in which some cells are text."""
    if name not in TABLES:
        return []
    return [
        column
        for column, said in meanings(name).items()
        if said.kind in _NUMERIC_KINDS
        and column in cells.columns
        and cells[column].dtype == pl.String
        and cells[column].is_not_null().any()
    ]


def _numbers_among_text(
    reader: fastexcel.ExcelReader, name: str, header: int, position: str, text: pl.Series
) -> tuple[pl.Series, pl.Series]:
    """Return a column's cells as text with every digit, and which of them are stored as text."""

    def load(dtype: fastexcel.DType) -> pl.Series:
        loaded = reader.load_sheet(
            name,
            header_row=None,
            skip_rows=header + 1,
            use_columns=[position],
            dtypes={position: dtype},
        )
        return loaded.to_polars().to_series()

    # Read as booleans, numbers stay and text is lost; read as numbers, text becomes numbers too.
    is_number = load("boolean").is_not_null()
    numbers = load("float").cast(pl.String)
    exact = pl.select(pl.when(is_number).then(numbers).otherwise(text)).to_series()
    return exact, ~is_number & text.is_not_null()


def _marks(path: Path) -> dict[str, _Marks]:
    """Find error cells and merged ranges, which reading leaves empty without a word."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name, part in _sheet_parts(archive):
            content = archive.read(part).decode("utf-8")
            errors = re.findall(r'<c r="([A-Z]+)(\d+)"[^>]*t="e"[^>]*>.*?<v>([^<]*)</v>', content)
            merged = re.findall(r'<mergeCell ref="([A-Z]+)(\d+):', content)
            if errors or merged:
                found[name] = _Marks(
                    tuple((letters, int(row), shown) for letters, row, shown in errors),
                    tuple((letters, int(row)) for letters, row in merged),
                )
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    for sheet in workbook.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in archive.namelist():
            yield sheet.get("name", ""), part


def _marked(marks: _Marks, named: dict[str, str], file: str, table: str) -> list[Problem]:
    problems = [
        Problem.at(
            file,
            table,
            row,
            named.get(letters, letters),
            (f"the error {shown}", f"错误值 {shown}"),
            ("a value, or an empty cell where it is not known", "数值；未知则留空"),
        )
        for letters, row, shown in marks.errors
    ]
    problems += [
        Problem.at(
            file,
            table,
            row,
            named.get(letters, letters),
            ("merged cells", "合并单元格"),
            ("single cells, each with its own value", "不合并的单元格，各有其值"),
        )
        for letters, row in marks.merged
    ]
    return problems


def _letters(index: int) -> str:
    """Return the letters of a column counted from 0: A, B, …, Z, AA, …."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
