"""Projects from a table: a row for every project and year, taxes as they are paid.

Columns are called in English or in Chinese, as `project_columns` lists them.

Columns
-------
project, year : which row it is; years before the project's move are those that cap and threshold
    look at
from, to : first and last day of a row that holds a part of a year only; the rows of a year then
    cover all of it
value_added_tax, enterprise_income_tax, business_tax, other_local_tax : yuan paid in the year, of
    which the local part is taken by `tax_split`; below zero what was refunded; a kind without a
    column is not paid
outlay, profit : yuan, zero without the column
gdp, output, energy, investment : whole units to be split
registration, move, production, exit : year or date of the project's own registration at the host,
    move, reaching of production and leaving; the same in all rows, as all of what follows
type, government_led, recommended_by_home, stock_home, stock_host : stocks in yuan a year
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from yanzhen.modes.coconstruction.contract.consistency import ContractError, require
from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.contract.terms import CONDITIONS, STATISTICS, TAX_KINDS
from yanzhen.modes.coconstruction.settlement.project_columns import (
    ALSO_CALLED,
    DATES,
    FIXED,
    MAY_BE_EMPTY,
    READ,
    YEAR,
)
from yanzhen.modes.coconstruction.settlement.projects import LAST_OF_ALL, Projects, check_projects
from yanzhen.modes.coconstruction.settlement.tax_split import FIRST_ROW, local_part
from yanzhen.study import Problem, StudyError
from yanzhen.study.problem import Words, nearest
from yanzhen.study.table_file import read_texts

ONE_ROW = (
    "one row a year, or rows with 'from' and 'to' that cover it once",
    "每年一行，或以 from、to 分段且恰好覆盖全年",
)


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
        frame = read_texts(Path(path), "projects", tuple({**READ, **ALSO_CALLED}))
    except StudyError as error:
        raise ContractError(error.problems) from None
    file = Path(path).name
    return projects_from(frame, file, start_year, table)


# Kept whole: each check reads what the one before found sound.
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
    frame = _named(frame, file)
    reader = _Reader(frame, file)
    reader.refuse_columns()
    cells = {name: reader.column(name) for name in frame.columns if name in READ}
    require(reader.problems)
    spans = reader.spans(cells)
    names = tuple(dict.fromkeys(cells["project"]))
    reader.refuse_gaps(cells, names, spans, start_year)
    fixed = reader.fixed(cells, names)
    reader.refuse_dates(fixed, names)
    require(reader.problems)
    times = _times(fixed, start_year)
    reader.refuse_late_start(names, times.arrival, min(cells["year"]), start_year)
    require(reader.problems)
    years = np.arange(min(cells["year"]), max(cells["year"]) + 1)
    paid = np.array([cells.get(kind, [0] * frame.height) for kind in TAX_KINDS], dtype=np.int64)
    local = local_part(paid, spans, table, file)
    of = np.array([names.index(name) for name in cells["project"]])
    column = np.array(cells["year"]) - years[0]

    def by_year(amounts: Any) -> Integers:
        """(N, T) sums of the rows of each project and year."""
        whole = np.zeros((len(names), years.size), dtype=np.int64)
        np.add.at(whole, (of, column), amounts)
        return whole

    def read(name: str) -> Integers:
        return by_year(cells.get(name, [0] * frame.height))

    taxes = np.stack([by_year(amounts) for amounts in local])
    settled = years >= start_year
    at_host = years[None, settled] >= times.arrival[:, None]
    projects = Projects(
        contract=np.zeros(len(names), dtype=np.int64),
        name=names,
        type=tuple(fixed["type"]),
        first_year=int(years[settled][0]),
        local_tax=taxes[:, :, settled] * at_host,
        tax_before=_before(taxes, years, times.departure),
        departure=times.departure,
        known_from=int(years[0]),
        stock_home=np.array(fixed["stock_home"], dtype=np.int64),
        stock_host=np.array(fixed["stock_host"], dtype=np.int64),
        outlay=read("outlay")[:, settled],
        production_year=times.production,
        arrival=times.arrival,
        exit=times.exit,
        conditions=np.array([fixed[name] for name in CONDITIONS], dtype=bool),
        profit=read("profit")[:, settled] * at_host,
        statistics=np.stack([read(name)[:, settled] * at_host for name in STATISTICS]),
    )
    require(check_projects(projects, 1))
    return projects


@dataclass(frozen=True)
class _Times:
    """(N,) years of each project.

    Attributes
    ----------
    departure : before which cap and threshold look
    arrival, exit : first and last at the host
    production : of reaching it, not before the arrival
    """

    departure: Integers
    arrival: Integers
    exit: Integers
    production: Integers


def _times(fixed: dict[str, list[Any]], start_year: int) -> _Times:
    """The years of each project, those that are not said from those that are.

    The move is in the year of registration where only that is said, otherwise in that of production
    where it is later than the contract's start, otherwise at the contract's start. The project is
    at the host from its registration on, from its move where none is said.
    """
    departure, arrival, leaving, production = [], [], [], []
    for registered, moved, produced, left in zip(*(fixed[name] for name in DATES), strict=True):
        move = moved or registered or max(produced or start_year, start_year)
        come = registered or move
        departure.append(min(move, come))
        arrival.append(come)
        leaving.append(left or LAST_OF_ALL)
        production.append(max(produced or come, come))
    return _Times(
        *(np.array(each, dtype=np.int64) for each in (departure, arrival, leaving, production))
    )


def _before(taxes: Integers, years: Integers, departure: Integers) -> Integers:
    """(K, N, B) the years before each project's own departure, latest last; zero where unknown."""
    width = max(0, int((departure - years[0]).max()))
    before = np.zeros((*taxes.shape[:2], width), dtype=np.int64)
    for i, left in enumerate(departure.tolist()):
        own = years < left
        before[:, i, years[own] - left + width] = taxes[:, i, own]
    return before


def _named(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    """The table with its columns called by their first names."""
    renamed = [ALSO_CALLED.get(name.strip(), name.strip()) for name in frame.columns]
    require(
        [
            Problem.at(
                file,
                "projects",
                1,
                frame.columns[k],
                (f"'{name}' again", f"“{name}”重复"),
                ("each column once", "各列一次"),
            )
            for k, name in enumerate(renamed)
            if name in renamed[:k]
        ]
    )
    return frame.rename(dict(zip(frame.columns, renamed, strict=True)))


class _Reader:
    """Reads cells one by one and keeps what is wrong with them."""

    def __init__(self, frame: pl.DataFrame, file: str) -> None:
        self.frame, self.file = frame, file
        self.problems: list[Problem] = []

    def refuse(self, row: int | None, column: str, found: Words, expected: Words) -> None:
        self.problems.append(Problem.at(self.file, "projects", row, column, found, expected))

    def refuse_columns(self) -> None:
        listed = ", ".join(READ)
        for name in self.frame.columns:
            if name not in READ:
                near = nearest(name, (*READ, *ALSO_CALLED))
                first = (f"'{near}', or ", f"“{near}”，或") if near else ("", "")
                expected = (f"{first[0]}one of: {listed}", f"{first[1]}下列之一：{listed}")
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
        read, where_empty = READ[name]
        values = []
        for row, cell in enumerate(self.frame[name], start=FIRST_ROW):
            value = where_empty if cell is None else read(cell.strip())
            if cell is None and name in MAY_BE_EMPTY:
                value = None
            elif isinstance(value, tuple):
                shown = ("nothing", "空白") if cell is None else (f"'{cell}'", f"“{cell}”")
                self.refuse(row, name, shown, value)
            values.append(value)
        return values

    def spans(self, cells: dict[str, list[Any]]) -> list[tuple[date, date]]:
        """First and last day of each row: those it names, otherwise of its year."""
        nothing = [None] * self.frame.height
        spans = []
        for row, (year, first, last) in enumerate(
            zip(cells["year"], cells.get("from", nothing), cells.get("to", nothing), strict=True),
            start=FIRST_ROW,
        ):
            span = (first or date(year, 1, 1), last or date(year, 12, 31))
            if not span[0] <= span[1] or {day.year for day in span} != {year}:
                shown = (f"{span[0]} to {span[1]} in {year}", f"{year} 年 {span[0]} 至 {span[1]}")
                expected = ("days of that year, in their order", "该年内先后相继的两日")
                self.refuse(row, "from", shown, expected)
            spans.append(span)
        return spans

    def refuse_gaps(
        self,
        cells: dict[str, list[Any]],
        names: tuple[str, ...],
        spans: list[tuple[date, date]],
        start: int,
    ) -> None:
        years = cells["year"]
        if max(years) < start:
            self.refuse(None, "year", ("no year of the contract", "无合同期年份"), YEAR)
            return
        rows: dict[tuple[str, int], list[tuple[date, date, int]]] = {}
        for row, key in enumerate(zip(cells["project"], years, strict=True), start=FIRST_ROW):
            rows.setdefault(key, []).append((*spans[row - FIRST_ROW], row))
        for name in names:
            for year in range(min(years), max(years) + 1):
                self._refuse_gaps_of_year(name, year, sorted(rows.get((name, year), [])))

    def _refuse_gaps_of_year(
        self, name: str, year: int, parts: list[tuple[date, date, int]]
    ) -> None:
        if not parts:
            missing = (f"no row of {name} for {year}", f"{name} 缺 {year} 年")
            self.refuse(None, "year", missing, ONE_ROW)
            return
        for (_, last, row), (first, _, later) in pairwise(parts):
            if first <= last:
                again = (f"row {row} again: {name}, {year}", f"与第 {row} 行重复")
                self.refuse(max(row, later), "year", again, ONE_ROW)
        days = sum((last - first).days + 1 for first, last, _ in parts)
        if days < (date(year, 12, 31) - date(year, 1, 1)).days + 1:
            missing = (f"{days} days of {year} for {name}", f"{name} {year} 年仅 {days} 天")
            self.refuse(parts[0][2], "from", missing, ONE_ROW)

    def refuse_late_start(
        self, names: tuple[str, ...], arrival: Integers, first: int, start: int
    ) -> None:
        """Refuse a table that begins when the contract holds and a project is there already."""
        for name, year in zip(names, np.maximum(arrival, start).tolist(), strict=True):
            if year < first:
                missing = (f"no row of {name} for {year}", f"{name} 缺 {year} 年")
                self.refuse(None, "year", missing, ONE_ROW)

    def refuse_dates(self, fixed: dict[str, list[Any]], names: tuple[str, ...]) -> None:
        """Refuse a project that leaves before it comes."""
        for name, *years in zip(names, *(fixed[each] for each in DATES), strict=True):
            *earlier, left = years
            for column, year in zip(DATES, earlier, strict=False):
                if left is not None and year is not None and left < year:
                    shown = (
                        f"{left} for {name}, before its {column} in {year}",
                        f"{name} 为 {left}，早于 {column} 的 {year}",
                    )
                    self.refuse(None, "exit", shown, ("a later year", "较晚的年份"))

    def fixed(self, cells: dict[str, list[Any]], names: tuple[str, ...]) -> dict[str, list[Any]]:
        otherwise = {"type": "", "stock_home": 0, "stock_host": 0, **dict.fromkeys(DATES)}
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
