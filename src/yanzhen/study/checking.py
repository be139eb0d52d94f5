"""Checking a study: every problem of every table, at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable, read_cells
from yanzhen.study.limits import check_limits
from yanzhen.study.problem import Problem
from yanzhen.study.sources import read_raw
from yanzhen.study.tables import REQUIRED_TABLES, TABLES


@dataclass(frozen=True)
class Checked:
    """What could be read of a study, and everything that is wrong with it."""

    about: About | None
    frames: Mapping[str, pl.DataFrame]
    problems: tuple[Problem, ...]


def check_study(path_or_example: str | Path) -> tuple[Problem, ...]:
    """Return every problem of a study; none means that it can be read.

    Raises
    ------
    DatabaseSupportMissing
        The study is a DuckDB file and DuckDB is not installed.
    """
    return checked(path_or_example).problems


def checked(path_or_example: str | Path) -> Checked:
    """Read a study as far as it can be read, with every problem of it."""
    raw = read_raw(path_or_example)
    problems = list(raw.problems)
    tables: dict[str, TypedTable] = {}
    for name, found in raw.tables.items():
        tables[name], wrong = read_cells(found)
        problems += wrong
    for table in tables.values():
        problems += check_limits(table)
    frames = {
        name: tables[name].frame if name in tables else schema.create_empty()
        for name, schema in TABLES.items()
    }
    return Checked(raw.about, frames, _ordered(problems))


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Order problems by table and row; of several faults of one cell the first is kept."""
    first: dict[tuple[str, str, int, str], Problem] = {}
    others = []
    for problem in problems:
        if problem.row is None or not problem.column:
            others.append(problem)
        else:
            place = (problem.file, problem.table, problem.row, problem.column)
            first.setdefault(place, problem)
    order = {name: position for position, name in enumerate(TABLES)}
    return tuple(
        sorted(
            (*others, *first.values()),
            key=lambda problem: (order.get(problem.table, -1), problem.row or 0),
        )
    )
