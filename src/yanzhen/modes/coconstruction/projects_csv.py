"""Projects from a table: a row for every project and year, taxes as they are paid.

Columns
-------
project, year : which row it is; years before the contract's first are the years before the move
value_added_tax, enterprise_income_tax, business_tax, other_local_tax : yuan paid in the year, of
    which the local part is taken by `tax_split`; a kind without a column is not paid
outlay, profit : yuan, zero without the column
gdp, output, energy, investment : whole units to be split
type, production_year, government_led, recommended_by_home, stock_home, stock_host : the same in all
    rows of a project; stocks in yuan a year
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from yanzhen.modes.coconstruction.contradictions import ContractError, require
from yanzhen.modes.coconstruction.projects import Projects, check_projects
from yanzhen.modes.coconstruction.rounding import LARGEST, Integers
from yanzhen.modes.coconstruction.tax_split import local_part
from yanzhen.modes.coconstruction.terms import CONDITIONS, STATISTICS, TAX_KINDS
from yanzhen.study import Problem, StudyError
from yanzhen.study.problem import Words
from yanzhen.study.table_file import read_texts

YUAN = ("yuan with at most two decimals", "元，至多两位小数")
WHOLE = ("a whole number, not negative", "非负整数")
YEAR = ("a year such as 2025", "年份，如 2025")
TRUTH = ("true or false", "true 或 false")
FIXED = {"type", "production_year", *CONDITIONS, "stock_home", "stock_host"}


def read_projects(path: str | Path, start_year: int, table: pl.DataFrame) -> Projects:
    """Read the projects of one contract.

    Parameters
    ----------
    path : a table in any form of `yanzhen.study.table_file`: CSV, XLSX, Parquet
    start_year : first year of the contract
    table : central-local split, as `tax_split_table`

    Raises
    ------
    ContractError
        With every problem of the file: file, row, column, found, expected.
    """
    try:
        frame = read_texts(Path(path), "projects", tuple(_READ))
    except StudyError as error:
        raise ContractError(error.problems) from None
    file = Path(path).name
    return projects_from(frame, file, start_year, table)


def projects_from(frame: pl.DataFrame, file: str, start_year: int, table: pl.DataFrame) -> Projects:
    """Make projects of a table of texts with the columns of such a file.

    Parameters
    ----------
    frame : all columns are text
    file : how problems call it
    start_year, table : as in `read_projects`

    Raises
    ------
    ContractError
        As `read_projects`.
    """
    reader = _Reader(frame, file)
    reader.refuse_columns()
    cells = {name: reader.column(name) for name in frame.columns if name in _READ}
    require(reader.problems)
    years = sorted(set(cells["year"]))
    first = [year for year in years if year >= start_year]
    names = tuple(dict.fromkeys(cells["project"]))
    reader.refuse_gaps(cells, names, years, start_year)
    fixed = reader.fixed(cells, names)
    require(reader.problems)
    count, before = len(names), [year for year in years if year < start_year]

    def spread(name: str, over: list[int]) -> Integers:
        values = np.zeros((count, len(over)), dtype=np.int64)
        for project, year, value in zip(
            cells["project"], cells["year"], cells.get(name, [0] * frame.height), strict=True
        ):
            if year in over:
                values[names.index(project), over.index(year)] = value
        return values

    def local(over: list[int]) -> Integers:
        taxes = np.stack([spread(kind, over) for kind in TAX_KINDS])
        return local_part(taxes, over[0], table) if over else taxes

    projects = Projects(
        contract=np.zeros(count, dtype=np.int64),
        name=names,
        type=tuple(fixed["type"]),
        first_year=start_year,
        local_tax=local(first),
        tax_before=local(before),
        stock_home=np.array(fixed["stock_home"], dtype=np.int64),
        stock_host=np.array(fixed["stock_host"], dtype=np.int64),
        outlay=spread("outlay", first),
        production_year=np.array(
            [year or start_year for year in fixed["production_year"]], dtype=np.int64
        ),
        conditions=np.array([fixed[name] for name in CONDITIONS], dtype=bool),
        profit=spread("profit", first),
        statistics=np.stack([spread(name, first) for name in STATISTICS]),
    )
    require(check_projects(projects, 1))
    return projects


class _Reader:
    """Reads cells one by one and keeps what is wrong with them."""

    def __init__(self, frame: pl.DataFrame, file: str) -> None:
        self.frame, self.file = frame, file
        self.problems: list[Problem] = []

    def refuse(self, row: int | None, column: str, found: Words, expected: Words) -> None:
        self.problems.append(Problem.at(self.file, "projects", row, column, found, expected))

    def refuse_columns(self) -> None:
        listed = ", ".join(_READ)
        for name in self.frame.columns:
            if name not in _READ:
                expected = (f"one of: {listed}", f"下列之一：{listed}")
                self.refuse(1, name, (f"'{name}'", f"“{name}”"), expected)
        for name in ("project", "year"):
            if name not in self.frame.columns:
                self.refuse(1, name, ("no such column", "无此列"), ("this column", "此列"))
        if not any(name in self.frame.columns for name in (*TAX_KINDS, "profit")):
            kinds = ", ".join(TAX_KINDS)
            expected = (f"a tax ({kinds}) or profit", f"税种（{kinds}）或 profit")
            self.refuse(1, "", ("neither tax nor profit", "既无税收也无利润"), expected)
        if self.frame.is_empty():
            self.refuse(None, "", ("no rows", "无数据行"), ("projects", "项目"))

    def column(self, name: str) -> list[Any]:
        read, expected = _READ[name]
        found = []
        for row, cell in enumerate(self.frame[name], start=2):
            value = None if cell is None else read(cell.strip())
            if value is None and not (cell is None and name in FIXED):
                shown = ("nothing", "空白") if cell is None else (f"'{cell}'", f"“{cell}”")
                self.refuse(row, name, shown, expected)
            found.append(value)
        return found

    def refuse_gaps(
        self, cells: dict[str, list[Any]], names: tuple[str, ...], years: list[int], start: int
    ) -> None:
        if not years or years[-1] < start:
            self.refuse(None, "year", ("no year of the contract", "无合同期年份"), YEAR)
            return
        rows: dict[tuple[str, int], int] = {}
        for row, key in enumerate(zip(cells["project"], cells["year"], strict=True), start=2):
            if key in rows:
                again = (f"row {rows[key]} again: {key[0]}, {key[1]}", f"与第 {rows[key]} 行重复")
                self.refuse(row, "year", again, ("one row a year", "每年一行"))
            rows[key] = row
        for name in names:
            for year in range(years[0], years[-1] + 1):
                if (name, year) not in rows:
                    missing = (f"no row of {name} for {year}", f"{name} 缺 {year} 年")
                    self.refuse(None, "year", missing, ("one row a year", "每年一行"))

    def fixed(self, cells: dict[str, list[Any]], names: tuple[str, ...]) -> dict[str, list[Any]]:
        otherwise = {"type": "", "stock_home": 0, "stock_host": 0, "production_year": None}
        found = {}
        for column in sorted(FIXED):
            values: dict[str, Any] = {}
            for row, (name, value) in enumerate(
                zip(cells["project"], cells.get(column, []), strict=False), start=2
            ):
                if value is not None and values.setdefault(name, value) != value:
                    shown = (
                        f"'{value}', after '{values[name]}'",
                        f"“{value}”，前为“{values[name]}”",
                    )
                    expected = ("the same in all rows of a project", "同一项目各行相同")
                    self.refuse(row, column, shown, expected)
            found[column] = [values.get(name, otherwise.get(column, False)) for name in names]
        return found


def _text(cell: str) -> str | None:
    return cell or None


def _fen(cell: str) -> int | None:
    """Yuan as fen, not negative."""
    fen = _signed_fen(cell)
    return fen if fen is not None and fen >= 0 else None


def _signed_fen(cell: str) -> int | None:
    try:
        fen = Decimal(cell) * 100
    except InvalidOperation:
        return None
    if not fen.is_finite() or abs(fen) > LARGEST or fen != fen.to_integral_value():
        return None
    return int(fen)


def _count(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() and int(cell) <= LARGEST else None


def _year(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() and 1900 <= int(cell) <= 2200 else None


def _truth(cell: str) -> bool | None:
    return {"true": True, "false": False, "1": True, "0": False}.get(cell.lower())


_READ: dict[str, tuple[Callable[[str], Any], Words]] = {
    "project": (_text, ("a name", "名称")),
    "year": (_year, YEAR),
    **{kind: (_fen, YUAN) for kind in TAX_KINDS},
    "outlay": (_fen, YUAN),
    "profit": (_signed_fen, YUAN),
    **{name: (_count, WHOLE) for name in STATISTICS},
    "type": (_text, ("a name", "名称")),
    "production_year": (_year, YEAR),
    **{name: (_truth, TRUTH) for name in CONDITIONS},
    "stock_home": (_fen, YUAN),
    "stock_host": (_fen, YUAN),
}
