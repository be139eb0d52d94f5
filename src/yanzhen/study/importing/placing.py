"""Where in the files the figures stand that a check of the whole study names.

A check names a row of the table that the files make, or a measure; a reader knows the files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.accepted import accepted_of
from yanzhen.study.cells import TypedTable
from yanzhen.study.importing.extraction import CELL_TABLES
from yanzhen.study.importing.grids import Grid
from yanzhen.study.importing.lists import Record
from yanzhen.study.importing.study_tables import Rows
from yanzhen.study.magnitudes import check_years_of_other_units, slips
from yanzhen.study.problem import Problem
from yanzhen.study.raw import row_numbers
from yanzhen.study.tables import TABLES

Tables = Mapping[str, pl.DataFrame]
Slipped = Mapping[tuple[str, str], int]
"""Year that a problem of a year in another unit is about, by its column and words."""


@dataclass(frozen=True)
class Place:
    """A cell of a file, row and column counted from 0, and whether a figure is known there."""

    grid: Grid
    row: int
    at: int
    is_known: bool


Origins = Mapping[str, Mapping[tuple[object, ...], Mapping[str, Place]]]
"""By table and key of a row: where the file has each of its columns."""


def origins_of(made: Iterable[Rows], records: Iterable[Record]) -> Origins:
    """Where every row comes from that files make."""
    origins: dict[str, dict[tuple[object, ...], dict[str, Place]]] = {}
    for rows in made:
        origins[rows.table] = {
            key: {
                name: Place(value.grid, value.row, value.at, value.figure.value is not None)
                for name, value in own.items()
            }
            for key, own in rows.origins.items()
        }
    for record in records:
        key = tuple(record.cells.get(name) for name in TABLES[record.table].primary_key())
        origins.setdefault(record.table, {})[key] = {
            name: Place(record.grid, record.row, at, record.cells.get(name) is not None)
            for name, at in record.columns.items()
        }
    return origins


def slipped_years(about: About, tables: Tables) -> Slipped:
    """Which years problems are about that say of a year that it is in another unit."""
    typed = {
        name: TypedTable(name, name, tables[name], row_numbers(tables[name].height), frozenset())
        for name in ("activity", "accepted")
    }
    accepted = accepted_of(typed)
    told = check_years_of_other_units(about, typed, accepted)
    return {
        (problem.column, problem.found): slip.year
        for slip, problem in zip(slips(typed, accepted), told, strict=True)
    }


def placed(problem: Problem, tables: Tables, origins: Origins, slipped: Slipped) -> Problem:
    """A problem of the study at the cells of a file that it is about, if it is about any.

    Parameters
    ----------
    tables : of the study with the files
    origins, slipped : as `origins_of` and `slipped_years`
    """
    if problem.table not in tables:
        return problem
    places = _places(problem, tables[problem.table], origins.get(problem.table, {}), slipped)
    if not places:
        return replace(problem, file=f"{problem.table}.csv")
    first = places[0]
    beside = [place for place in places if (place.grid, place.row) == (first.grid, first.row)]
    letters = dict.fromkeys(place.grid.letters(place.at) for place in beside)
    return replace(
        problem,
        file=first.grid.file,
        table=first.grid.sheet,
        row=first.row + 1,
        column=", ".join(letters),
    )


def _places(
    problem: Problem,
    table: pl.DataFrame,
    origins: Mapping[tuple[object, ...], Mapping[str, Place]],
    slipped: Slipped,
) -> Sequence[Place]:
    """Cells that a problem is about: of its row, or the first of each of its columns."""
    key = TABLES[problem.table].primary_key()
    columns = problem.column.split(", ")
    if problem.row is not None:
        if problem.row > table.height:
            return []
        cells = table.row(problem.row - 1, named=True)
        own = origins.get(tuple(cells[name] for name in key), {})
        return [own[name] for name in columns if name in own] or list(own.values())[:1]
    if problem.table not in CELL_TABLES:
        return []
    year = slipped.get((problem.column, problem.found))
    firsts: dict[str, Place] = {}
    for at, own in origins.items():
        if year is None or year == at[key.index("year")]:
            for name in columns:
                if name in own and own[name].is_known:
                    firsts.setdefault(name, own[name])
    return list(firsts.values())
