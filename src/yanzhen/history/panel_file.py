"""One CSV, XLSX or Parquet file of a panel as a long frame: region, industry, year and an amount.

Cells are read as those of a study's tables are, so that the same faults are told in the same words,
all of them at once. Labels of regions and industries may be anything, numbers too.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from yanzhen.history.words import message, words
from yanzhen.phrasebook import Words
from yanzhen.study import Problem, StudyError
from yanzhen.study.cells import without_blank_rows
from yanzhen.study.columns import Kind, Meaning
from yanzhen.study.faults import ROW, faults
from yanzhen.study.raw import RawTable, row_numbers
from yanzhen.study.readers import read_columns
from yanzhen.study.table_file import TABLE_FORMS, read_table_file
from yanzhen.study.workbook import WORKBOOK_FORMS, is_study

AMOUNTS = ("output", "employment", "employment_share")
SIZE = "population"
KEYS: Mapping[str, Kind] = {"region": "text", "industry": "text", "year": "year"}
ROUNDING = 1e-6
"""Part of a population by which the rows of a region and year may differ."""
TABLE = "panel"


def is_panel_file(path: Path) -> bool:
    """Whether a path is a file of a table, and no workbook with the tables of a study."""
    if not path.is_file() or path.suffix.lower() not in TABLE_FORMS:
        return False
    return path.suffix.lower() not in WORKBOOK_FORMS or not is_study(path)


def read_panel_file(path: Path) -> tuple[pl.DataFrame, str]:
    """Read a panel, and which column its amounts are from.

    Parameters
    ----------
    path : a CSV, XLSX or Parquet file

    Returns
    -------
    region, industry, year, amount; a share of employment is multiplied by the region's population
    where the file has one, that of the nearest year where a year has none

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    raw, problems = read_table_file(path, TABLE, (*KEYS, *AMOUNTS, SIZE))
    if raw is None:
        raise StudyError(problems)
    if path.suffix.lower() == ".parquet":
        return panel_of_frame(raw.cells, path.name)
    raw, gaps = without_blank_rows(raw)
    return _long(raw, [*problems, *gaps])


def panel_of_frame(frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, str]:
    """Read a panel that is a frame already; `file` names it in what is wrong.

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    typed = frame.with_columns(
        pl.selectors.float().fill_nan(None),
        pl.selectors.temporal().dt.year(),
        pl.selectors.categorical().cast(pl.String),
    )
    return _long(RawTable(file, TABLE, typed, row_numbers(frame.height)), [])


def _long(raw: RawTable, problems: list[Problem]) -> tuple[pl.DataFrame, str]:
    measure = next((name for name in AMOUNTS if name in raw.cells.columns), None)
    problems = [*problems, *_absent(raw, measure)]
    if measure is None or not set(KEYS) <= set(raw.cells.columns):
        raise StudyError(problems)
    by_size = measure == "employment_share" and SIZE in raw.cells.columns
    kinds: dict[str, Kind] = dict(KEYS) | {measure: "amount"}
    if by_size:
        kinds[SIZE] = "amount"
    read, wrong = read_columns(raw, {name: _meaning(kind, name) for name, kind in kinds.items()})
    problems += wrong
    frame = read.with_columns(raw.rows.alias(ROW))
    problems += _wrong_rows(raw, frame, measure, by_size, problems)
    if problems:
        raise StudyError(problems)
    amount = pl.col(measure) * pl.col(SIZE) if by_size else pl.col(measure)
    if by_size:
        frame = frame.drop(SIZE).join(
            _sizes(frame), on=["region", "year"], how="left", maintain_order="left"
        )
    return frame.select(*KEYS, amount=amount), measure


def _meaning(kind: Kind, name: str) -> Meaning:
    return Meaning(kind, name, name, "none", (), (), (), kind != "amount", False)


def _absent(raw: RawTable, measure: str | None) -> list[Problem]:
    listed = ", ".join(raw.cells.columns)
    found = words("columns", listed=listed)
    wanted = {name: words("a_column", name=name) for name in KEYS}
    if measure is None:
        wanted[AMOUNTS[0]] = words("one_of", listed=(", ".join(AMOUNTS), "、".join(AMOUNTS)))
    return [
        Problem.at(raw.file, raw.table, 1, name, found, expected)
        for name, expected in wanted.items()
        if name not in raw.cells.columns
    ]


def _wrong_rows(
    raw: RawTable, frame: pl.DataFrame, measure: str, by_size: bool, before: list[Problem]
) -> list[Problem]:
    """Rows without a label, amounts below zero, rows twice and regions of two sizes."""
    found: list[Problem] = []

    def report(key: str, column: str, broken: pl.DataFrame, **values: object) -> None:
        def said(cells: Mapping[str, Any]) -> tuple[Words, Words]:
            return message(key, **{**cells, **values})

        found.extend(faults(raw.file, raw.table, column, broken, said))

    if frame.is_empty():
        return [Problem.at(raw.file, raw.table, None, "", *message("no_rows"))]
    unread = {(problem.row, problem.column) for problem in before}
    for name in KEYS:
        missing = frame.filter(pl.col(name).is_null())
        missing = missing.filter(~pl.col(ROW).is_in([row for row, at in unread if at == name]))
        report("blank_key", name, missing, name=name)
    for name in (measure, SIZE) if by_size else (measure,):
        report("below_zero", name, frame.filter(pl.col(name) < 0).with_columns(amount=name))
    keys = list(KEYS)
    again = frame.drop_nulls(keys).with_columns(first=pl.col(ROW).min().over(keys))
    report("row_again", "region, industry, year", again.filter(pl.col(ROW) > pl.col("first")))
    if by_size:
        sizes = frame.drop_nulls(["region", "year", SIZE]).with_columns(
            first=pl.col(SIZE).first().over("region", "year")
        )
        apart = (pl.col(SIZE) - pl.col("first")).abs() > ROUNDING * pl.col("first")
        report("two_sizes", SIZE, sizes.filter(apart))
        known = frame.filter(pl.col("region").is_not_null()).with_columns(
            there=pl.col(SIZE).is_not_null().any().over("region")
        )
        nowhere = known.filter(~pl.col("there")).unique("region", keep="first").sort(ROW)
        if not any(at == SIZE for _, at in unread):
            report("no_size", SIZE, nowhere)
    return found


def _sizes(frame: pl.DataFrame) -> pl.DataFrame:
    """Population of each region and year, that of its nearest year where it has none."""
    known = (
        frame.drop_nulls(SIZE)
        .group_by("region", "year", maintain_order=True)
        .agg(pl.col(SIZE).first())
    )
    asked = frame.select("region", "year").unique().sort("year")
    return asked.join_asof(
        known.sort("year"), on="year", by="region", strategy="nearest", check_sortedness=False
    )
