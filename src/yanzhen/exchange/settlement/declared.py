"""What projects declared: tax paid in, outlay, profit and statistics, by year or quarter.

The table is that of `modes.coconstruction.settlement.projects_csv` with one more column, `quarter`
(季度), 1 to 4; a row without one is of the whole year.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.period import QUARTERS, Period
from yanzhen.exchange.settlement.refusals import SettlementError
from yanzhen.exchange.settlement.words import problem
from yanzhen.modes.coconstruction.contract.consistency import ContractError, require
from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.contract.terms import STATISTICS, TAX_KINDS, Terms
from yanzhen.modes.coconstruction.settlement.project_columns import ALSO_CALLED, READ
from yanzhen.modes.coconstruction.settlement.projects import AXES, Projects
from yanzhen.modes.coconstruction.settlement.projects_csv import projects_from
from yanzhen.modes.coconstruction.settlement.tax_split import tax_split_table
from yanzhen.study import Problem, StudyError
from yanzhen.study.table_file import read_texts

QUARTER, QUARTER_ZH = "quarter", "季度"
AMOUNTS = (*TAX_KINDS, "outlay", "profit", *STATISTICS)
TABLE = "payments"
MOST_ROWS = 5000
"""Rows that are declared at once."""
_UNFIT = re.compile(r"[^\w.-]")
_LAST_DAYS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


@dataclass(frozen=True)
class Declared:
    """What is known of an agreement's projects up to the end of a period.

    Attributes
    ----------
    projects : with the local part of taxes
    paid : (K, N, T) taxes as they were paid, by `TAX_KINDS`, in the same years
    """

    projects: Projects
    paid: Integers


class Declarations(Protocol):
    """What was declared, to be asked up to the end of any period."""

    def until(self, period: Period) -> Declared:
        """Return what is known up to the end of a period.

        Raises
        ------
        StudyError
            When something is missing for it.
        """


@dataclass(frozen=True)
class DeclaredTable:
    """Declarations as a table of texts.

    Attributes
    ----------
    rows : columns by their first names, all text
    file : how problems call it
    start_year : first year of the agreement
    """

    rows: pl.DataFrame
    file: str
    start_year: int

    def until(self, period: Period) -> Declared:
        """Return what is known up to the end of a period; as `Declarations`."""
        require(self._missing(period))
        year, quarter = pl.col("year").cast(pl.Int64), pl.col(QUARTER).cast(pl.Int64)
        known = year <= period.year
        if period.quarter is not None:
            known = (year < period.year) | ((year == period.year) & (quarter <= period.quarter))
        return _declared(self.rows.filter(known), self.file, self.start_year, period)

    def _missing(self, period: Period) -> list[Problem]:
        of_year = self.rows.filter(pl.col("year") == str(period.year))
        if of_year.is_empty():
            return [problem("no_rows", self.file, None, "year", period=str(period))]
        if period.quarter is None:
            return []
        if of_year[QUARTER].null_count():
            return [problem("whole_year", self.file, None, QUARTER, period=str(period))]
        if str(period.quarter) not in of_year[QUARTER].to_list():
            return [problem("no_rows", self.file, None, QUARTER, period=str(period))]
        return []


def columns_of_money(terms: Terms) -> tuple[str, ...]:
    """Return the columns without which nobody knows what terms come to.

    The taxes that they share, outlay where it is repaid, profit where dividends are paid, and
    investment where it says which projects are covered.
    """
    repaid = terms.recovery is not None or terms.counted_from == "recovery"
    repaid |= terms.exit is not None and terms.exit.outlay_repaid > 0
    return (
        *terms.tax_kinds,
        *(("outlay",) if repaid else ()),
        *(("profit",) if terms.equity is not None else ()),
        *(("investment",) if terms.eligibility.least_investment is not None else ()),
    )


def read_declarations(path: str | Path, agreement: Agreement) -> DeclaredTable:
    """Read what was declared from a table in any form: CSV, XLSX, Parquet.

    Parameters
    ----------
    agreement : that it is declared for

    Raises
    ------
    ContractError
        With every problem of the file: row, column, found, expected.
    """
    path = Path(path)
    columns = (*READ, *ALSO_CALLED, QUARTER, QUARTER_ZH)
    try:
        frame = read_texts(path, TABLE, columns)
    except StudyError as error:
        raise ContractError(error.problems) from None
    return declarations_from(frame, path.name, agreement)


def rows_of_file(content: bytes, name: str) -> list[dict[str, str | None]]:
    """Return the rows of a table that was sent, cells by column as text.

    Parameters
    ----------
    content : of a file in any form
    name : of the file, whose ending says the form

    Raises
    ------
    StudyError
        With everything that is wrong with the form of the file.
    SettlementError
        It has no rows, or more than `MOST_ROWS`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (_UNFIT.sub("_", name)[-100:].lstrip(".") or "file.csv")
        path.write_bytes(content)
        frame = read_texts(path, TABLE, (*READ, *ALSO_CALLED, QUARTER, QUARTER_ZH))
    if not 0 < frame.height <= MOST_ROWS:
        raise SettlementError("rows", most=MOST_ROWS, count=frame.height)
    return frame.to_dicts()


def declarations_from(frame: pl.DataFrame, file: str, agreement: Agreement) -> DeclaredTable:
    """Make declarations of a table of texts; as `read_declarations`."""
    frame = canonical(frame)
    declared = DeclaredTable(frame, file, agreement.start_year)
    lacking = lacking_columns(frame, file, agreement.terms)
    quarters = [
        problem("quarter", file, row, QUARTER, said=said)
        for row, said in enumerate(frame[QUARTER].to_list(), start=2)
        if said is not None and said not in map(str, QUARTERS)
    ]
    if not lacking and not quarters:
        _declared(frame, file, agreement.start_year, latest(declared))
        return declared
    # What else is wrong is told with it, but for what follows from it.
    sound = frame.with_columns(pl.lit(None, pl.String).alias(QUARTER)) if quarters else frame
    newest = None if quarters else latest(declared)
    follows = {*({"year"} if quarters else ()), *({""} if lacking else ())}
    wrong = [*lacking, *quarters]
    try:
        _declared(sound, file, agreement.start_year, newest)
    except StudyError as error:
        wrong += [each for each in error.problems if each.column not in follows]
    raise ContractError(wrong)


def lacking_columns(frame: pl.DataFrame, file: str, terms: Terms) -> list[Problem]:
    """Return one problem that names every column that is lacking: none is read as zero."""
    wanted = columns_of_money(terms)
    lacking = [name for name in wanted if name not in frame.columns]
    if not lacking or frame.is_empty():
        return []
    said = {"lacking": ", ".join(lacking), "wanted": ", ".join(wanted)}
    return [problem("lacking", file, 1, ", ".join(lacking), **said)]


def canonical(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table of texts with its columns by their first names, `quarter` among them.

    Projects and periods are written without blanks around them, years in four digits.
    """
    names = {name: name.strip() for name in frame.columns}
    called = {
        name: QUARTER if said == QUARTER_ZH else ALSO_CALLED.get(said, said)
        for name, said in names.items()
    }
    # What is twice there is refused by its reader.
    if len(set(called.values())) == len(called):
        frame = frame.rename(called)
    if QUARTER not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.String).alias(QUARTER))
    named = [name for name in ("project", "year", QUARTER) if name in frame.columns]
    frame = frame.with_columns(pl.col(named).cast(pl.String).str.strip_chars())
    if "year" not in frame.columns:
        return frame
    years = [(said, year_of(said)) for said in frame["year"]]
    written = [said if year is None else str(year) for said, year in years]
    return frame.with_columns(pl.Series("year", written, pl.String))


def year_of(said: str | None) -> int | None:
    """Return the year that a cell says, None where it says none."""
    year = None if said is None else READ["year"][0](said.strip())
    return year if isinstance(year, int) else None


def latest(declared: DeclaredTable) -> Period | None:
    """Return the newest period that was declared; None where no row says a year."""
    periods = [each for each in _periods(declared.rows) if each is not None]
    return max(periods, key=lambda period: period.place, default=None)


def declared_periods(declared: DeclaredTable, quarterly: bool) -> list[Period]:
    """Return the periods that can be settled one after another, from the first year on.

    Parameters
    ----------
    quarterly : whether quarters, where they were declared, are settled before their year
    """
    there = sorted(
        {each for each in _periods(declared.rows) if each is not None}, key=lambda p: p.place
    )
    found: list[Period] = []
    for year in sorted({period.year for period in there if period.year >= declared.start_year}):
        quarters = [p for p in there if p.year == year and p.quarter is not None]
        if quarterly:
            found += quarters
        if len(quarters) in (0, len(QUARTERS)) or Period(year) in there:
            found.append(Period(year))
    return found


def _periods(rows: pl.DataFrame) -> Iterator[Period | None]:
    if "year" not in rows.columns:
        return
    for said, quarter in rows.select("year", QUARTER).iter_rows():
        year = year_of(said)
        yield None if year is None else Period(year, None if quarter is None else int(quarter))


def _declared(
    frame: pl.DataFrame, file: str, start_year: int, period: Period | None = None
) -> Declared:
    """Declared with taxes as paid: read once by the split with the centre, once without one."""
    whole = _with_late_projects(_with_days(frame, period).drop(QUARTER), start_year)
    split = tax_split_table()
    projects = projects_from(whole, file, start_year, split)
    undivided = split.with_columns(
        central=pl.lit(0, dtype=pl.Int64), local=pl.lit(100, dtype=pl.Int64)
    )
    return Declared(projects, projects_from(whole, file, start_year, undivided).local_tax)


def _with_days(frame: pl.DataFrame, period: Period | None) -> pl.DataFrame:
    """The rows with the days of their quarters, and rows of nothing for quarters still to come.

    A quarter before the project's first row has nothing either.
    """
    if frame[QUARTER].null_count() == frame.height or not {"project", "year"} <= {*frame.columns}:
        return frame
    for name in ("from", "to"):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
    rows = frame.to_dicts()
    there: dict[tuple[str, str], set[int]] = {}
    first: dict[str, tuple[int, int]] = {}
    for row in rows:
        project, year, quarter = row["project"], row["year"], row[QUARTER]
        if quarter is None or project is None or year_of(year) is None:
            continue
        there.setdefault((project, year), set()).add(int(quarter))
        begun = (int(year), int(quarter))
        first[project] = min(first.get(project, begun), begun)
        if row["from"] is None and row["to"] is None:
            row["from"], row["to"] = days_of_quarter(int(year), int(quarter))
    end = (9999, 4) if period is None else (period.year, period.quarter or 4)
    amounts = dict.fromkeys((name for name in AMOUNTS if name in frame.columns), "0")
    for (project, year), quarters in there.items():
        for quarter in set(QUARTERS) - quarters:
            place = (int(year), quarter)
            if place > end or place < first[project]:
                days = dict(zip(("from", "to"), days_of_quarter(*place), strict=True))
                rows.append({"project": project, "year": year, **amounts, **days})
    return pl.DataFrame(rows, schema=frame.schema)


def _with_late_projects(frame: pl.DataFrame, start_year: int) -> pl.DataFrame:
    """The rows with rows of nothing for years of the agreement before a project's first."""
    if not {"project", "year"} <= set(frame.columns):
        return frame
    first: dict[str, int] = {}
    for project, year in frame.select("project", "year").iter_rows():
        if project is not None and year_of(year) is not None:
            first[project] = min(first.get(project, int(year)), int(year))
    begun = max(min(first.values(), default=start_year), start_year)
    amounts = dict.fromkeys((name for name in AMOUNTS if name in frame.columns), "0")
    rows = [
        {"project": project, "year": str(year), **amounts}
        for project, own in first.items()
        for year in range(begun, own)
    ]
    return pl.concat([frame, pl.DataFrame(rows, schema=frame.schema)]) if rows else frame


def days_of_quarter(year: int, quarter: int) -> tuple[str, str]:
    """Return the first and the last day of a quarter, YYYY-MM-DD."""
    last = date(year, *_LAST_DAYS[quarter])
    return date(year, 3 * quarter - 2, 1).isoformat(), last.isoformat()


def through(declared: Declared, year: int) -> Declared:
    """Return the same without the years after one."""
    rows = declared.projects
    count = year - rows.first_year + 1
    cut: dict[str, Any] = {
        name: getattr(rows, name)[..., :count] for name, axes in AXES.items() if axes[-1] == "T"
    }
    return Declared(replace(rows, **cut), declared.paid[..., :count])


def joined(several: list[Declared]) -> Declared:
    """Declared of several agreements one after another, over the years of all of them."""
    first = min(each.projects.first_year for each in several)
    last = max(each.projects.years[-1] for each in several)
    width = max(each.projects.tax_before.shape[2] for each in several)
    arrays: dict[str, list[Any]] = {name: [] for name in (*AXES, "paid")}
    for number, each in enumerate(several):
        rows = each.projects
        years = (rows.first_year - first, last - rows.years[-1])
        before = (width - rows.tax_before.shape[2], 0)
        for name, axes in (*AXES.items(), ("paid", "KNT")):
            array = each.paid if name == "paid" else getattr(rows, name)
            if name == "contract":
                array = np.full(len(rows.name), number)
            pads = [{"T": years, "B": before}.get(axis, (0, 0)) for axis in axes]
            arrays[name].append(np.pad(array, pads) if any(map(any, pads)) else array)
    whole: dict[str, Any] = {
        name: np.concatenate(arrays[name], axis=axes.index("N")) for name, axes in AXES.items()
    }
    projects = Projects(
        name=tuple(name for each in several for name in each.projects.name),
        type=tuple(kind for each in several for kind in each.projects.type),
        first_year=first,
        known_from=min(each.projects.known_from for each in several),
        **whole,
    )
    return Declared(projects, np.concatenate(arrays["paid"], axis=1))
