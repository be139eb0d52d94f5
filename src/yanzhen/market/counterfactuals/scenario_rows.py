"""Rows that a scenario adds to tables of the study, read and checked as the study's own rows are.

The same readers, limits, conditions and policies as in `yanzhen.study.checking`: what `check`
refuses in a table it refuses in a scenario, at the line of the scenario's file.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import polars as pl

from yanzhen.study import TABLES, Problem, Study
from yanzhen.study.cells import TypedTable, read_cells
from yanzhen.study.governing import check_conditions, check_policies
from yanzhen.study.limits import check_limits
from yanzhen.study.problem import Words, nearest
from yanzhen.study.raw import RawTable, row_numbers
from yanzhen.study.relations import unknown_codes

ROWS = ("policies", "rules", "catalogue")
"""Tables to which a scenario may add rows."""
Rows = Sequence[Mapping[str, object]]


def lines_of(text: str) -> Mapping[str, tuple[int, ...]]:
    """Lines of a TOML text on which rows of tables begin, by table."""
    found: dict[str, list[int]] = {table: [] for table in ROWS}
    for number, line in enumerate(text.splitlines(), start=1):
        heading = re.match(r"\s*\[\[\s*(\w+)\s*\]\]", line)
        if heading and heading[1] in found:
            found[heading[1]].append(number)
    return MappingProxyType({table: tuple(lines) for table, lines in found.items()})


def table_rows(table: str, rows: Rows) -> pl.DataFrame:
    """Rows of a table of the study; columns that a row does not name are null."""
    return read_cells(_raw("", table, rows, ()))[0].frame


def row_problems(file: str, table: str, rows: Rows, lines: tuple[int, ...]) -> list[Problem]:
    """Report everything that is wrong with rows whatever the study."""
    typed, problems = read_cells(_raw(file, table, rows, lines))
    names = {name: None for row in rows for name in row}
    problems += [
        _no_column(file, table, name)
        for name in names
        if name not in TABLES[table].columns() and (table, name) != ("policies", "macro_region")
    ]
    nothing = ("a row without anything in it", "没有内容的行")
    expected = (f"a row of {table}", f"{table} 表的一行")
    problems += [
        Problem.at(file, table, int(line), "", nothing, expected)
        for line in _row_lines(rows, lines)
        if line not in typed.rows
    ]
    problems += check_limits(typed)
    if table == "rules":
        problems += check_conditions({table: typed})
    if table == "policies":
        problems += check_policies({table: typed})
        problems += _two_places(file, rows, lines)
    return _first_of_each_cell(problems)


def problems_in_study(
    file: str,
    study: Study,
    kept: Mapping[str, pl.DataFrame],
    added: Mapping[str, Rows],
    lines: Mapping[str, tuple[int, ...]],
) -> list[Problem]:
    """Report what the rows of a scenario name and the study has not, and policies without needs.

    Parameters
    ----------
    kept : rows of `ROWS` of the study that stay in force
    added : rows of the scenario
    """
    tables = {
        name: TypedTable(file, name, frame, row_numbers(frame.height), frozenset())
        for name, frame in study.tables.items()
        if frame.height
    }
    own = {
        name: read_cells(_raw(file, name, rows, lines.get(name, ())))[0]
        for name, rows in added.items()
    }
    for name, typed in own.items():
        both = pl.concat([kept[name], typed.frame])
        of_study = pl.zeros(kept[name].height, pl.Int64, eager=True)
        rows = pl.concat([of_study, typed.rows.cast(pl.Int64)])
        tables[name] = TypedTable(file, name, both, rows, frozenset())
    problems = [problem for name in own for problem in unknown_codes(tables[name], tables)]
    problems += [*check_conditions(tables), *check_policies(tables)]
    problems += [problem for typed in own.values() for problem in check_limits(typed)]
    return _first_of_each_cell([problem for problem in problems if problem.row != 0])


def _raw(file: str, table: str, rows: Rows, lines: tuple[int, ...]) -> RawTable:
    """Rows as a raw table with every declared column, each cell as a spreadsheet would show it."""
    columns = {
        name: [_cell(row.get(name)) for row in rows] for name in TABLES[table].column_names()
    }
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return RawTable(file, table, cells, _row_lines(rows, lines))


def _row_lines(rows: Rows, lines: tuple[int, ...]) -> pl.Series:
    """Line of each row, or its number among the rows where they are written otherwise."""
    if len(lines) == len(rows):
        return pl.Series("row", lines, dtype=pl.Int64)
    return row_numbers(len(rows), first=1)


def _cell(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _two_places(file: str, rows: Rows, lines: tuple[int, ...]) -> list[Problem]:
    found = ("a place and a macro_region", "同时给出 place 与 macro_region")
    return [
        Problem.at(file, "policies", int(line), "macro_region", found, ("one of them", "二者之一"))
        for row, line in zip(rows, _row_lines(rows, lines), strict=True)
        if "macro_region" in row and "place" in row
    ]


def _no_column(file: str, table: str, name: str) -> Problem:
    columns = [*TABLES[table].column_names()]
    if table == "policies":
        columns.append("macro_region")
    return no_such(file, table, name, columns)


def no_such(file: str, table: str, name: str, known: Sequence[str]) -> Problem:
    """Refuse a name that is not known, with the known one that is most like it."""
    near = nearest(name, known)
    expected: Words = ("one of " + ", ".join(known), "、".join(known) + " 之一")
    if near:
        expected = (f"'{near}'", f"“{near}”")
    return Problem.at(file, table, None, name, (f"'{name}'", f"“{name}”"), expected)


def _first_of_each_cell(problems: list[Problem]) -> list[Problem]:
    """Of several faults of one cell the first is the more telling."""
    first: dict[tuple[str, int | None, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.table, problem.row, problem.column), problem)
    return list(first.values())
