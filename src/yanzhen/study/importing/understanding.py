"""What files say, understood whole and before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from yanzhen.study.about import About, with_size
from yanzhen.study.importing.additions import additions, assumed_sectors, combined
from yanzhen.study.importing.axes import Axis, axis_of
from yanzhen.study.importing.extraction import CELL_TABLES, Extracted, Value, extracted
from yanzhen.study.importing.grids import Grid, read_grids, says_synthetic
from yanzhen.study.importing.layout import Layout, Names, layout_of
from yanzhen.study.importing.lists import Listed, listed
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.placing import origins_of
from yanzhen.study.importing.published import published_for
from yanzhen.study.importing.rescaled import rescaled
from yanzhen.study.importing.sheet_table import table_of
from yanzhen.study.importing.study_tables import Rows, Target, rows_of_cells
from yanzhen.study.importing.systems import System, flows_of, is_system, read_system
from yanzhen.study.importing.total_checks import TotalCheck
from yanzhen.study.importing.whole_study import (
    Existing,
    existing_study,
    in_currency,
    problems_of,
)
from yanzhen.study.problem import Problem, StudyError, Words
from yanzhen.study.words import words
from yanzhen.study.years import with_base_year


@dataclass(frozen=True)
class Sheet:
    """A sheet or text file as it was understood.

    Attributes
    ----------
    table : that it goes to, None where it holds none
    layout : None where it holds no table
    cells, records : what was read of it, the one or the other
    why_not : why it is left out
    """

    grid: Grid
    table: str | None
    layout: Layout | None = None
    cells: Extracted | None = None
    records: Listed | None = None
    why_not: Words | None = None


@dataclass(frozen=True)
class Understanding:
    """All that files say, and what they would make of a study.

    Attributes
    ----------
    into : the study's folder
    about : settings of the study with the files, made for a new one
    base_year_before : 0 where the study is new
    is_new : whether the study is not there yet
    sheets : what was read
    regions, industries : what each label stands for
    totals : totals that were held against their parts and left out
    tables : every table of the study as it would be
    new_rows, changed : by table, rows added and figures that differ from those there
    problems : why it cannot be written
    notes : what is worth knowing
    mapped : decisions that the next files of the kind need
    """

    into: Path
    about: About
    base_year_before: int
    is_new: bool
    sheets: tuple[Sheet, ...]
    regions: Axis
    industries: Axis
    totals: tuple[TotalCheck, ...]
    tables: Mapping[str, pl.DataFrame]
    new_rows: Mapping[str, int]
    changed: Mapping[str, int]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    mapped: Mapped


# Kept whole: the steps in which files are understood, each resting on those before.
def understood(
    paths: Sequence[Path], into: Path, mapped: Mapped, table: str | None = None
) -> Understanding:
    """Read files for a study and say all that they mean, writing nothing.

    Parameters
    ----------
    paths : files, of any kind
    into : folder of the study, which may not be there yet
    mapped : what was decided of such files before
    table : that all of them are for; None where their headings tell

    Raises
    ------
    StudyError
        A file cannot be read at all, or the study's own settings cannot.
    """
    mapped = replace(mapped, table=table or mapped.table)
    grids, systems = _read_files(paths, mapped)
    existing, sheets = _sheets(grids, existing_study(into), mapped)
    target = Target(existing.about.units, existing.about.currency)
    values = {name: _values(sheets, name) for name in CELL_TABLES}
    records = [record for sheet in sheets if sheet.records for record in sheet.records.records]
    regions = axis_of(
        "regions", [*values["activity"], *values["indicators"]], records, existing, mapped
    )
    industries = axis_of("industries", values["activity"], records, existing, mapped)
    published = published_for(sheet.layout for sheet in sheets if sheet.table)
    if published is not None:
        industries = published.named(industries)
    made = [
        rows_of_cells(name, values[name], regions.code_of, industries.code_of, mapped, target)
        for name in CELL_TABLES
        if values[name]
    ]
    made += [flows_of(system, regions.code_of, industries.code_of, target) for system in systems]
    about, frames = additions(existing, made, records, regions, industries, mapped, published)
    tables, new_rows, changed = combined(existing.tables, frames)
    if existing.is_new:
        about = with_size(about, tables["activity"])
    about = with_base_year(about, tables)
    if any(map(says_synthetic, grids)):
        about = replace(about, synthetic=True)
    origins = origins_of(made, records)
    problems = _problems_of_files(paths, sheets, (regions, industries), made)
    problems += rescaled(existing.tables, frames, origins)
    notes: list[Problem] = []
    if not problems:
        problems, notes = problems_of(existing, about, tables, origins)
        notes += assumed_sectors(frames, industries, mapped, published)
    return Understanding(
        into,
        about,
        existing.about.base_year,
        existing.is_new,
        tuple(sheets),
        regions,
        industries,
        (*regions.totals, *industries.totals),
        tables,
        new_rows,
        changed,
        tuple(problems),
        tuple(notes),
        mapped,
    )


def _sheets(
    grids: Iterable[Grid], existing: Existing, mapped: Mapped
) -> tuple[Existing, list[Sheet]]:
    """Every sheet as it is understood; a new study is in the currency that they name."""
    sheets = [_read(grid, existing, mapped) for grid in grids]
    existing = in_currency(existing, (value for sheet in sheets for value in _cells(sheet)))
    target = Target(existing.about.units, existing.about.currency)
    return existing, [_with_records(sheet, mapped, target) for sheet in sheets]


def _read_files(paths: Sequence[Path], mapped: Mapped) -> tuple[list[Grid], list[System]]:
    """The grids and systems of all files; what is wrong with any of them is told at once."""
    grids: list[Grid] = []
    systems: list[System] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            if path.exists() and is_system(path, mapped):
                systems.append(read_system(path, mapped))
                grids.append(systems[-1].grid())
            else:
                grids += read_grids(path)
        except StudyError as error:
            problems += error.problems
        except FileNotFoundError:
            problems.append(Problem.of("import.no_file", str(path), "", None, ""))
        except IsADirectoryError:
            problems.append(Problem.of("import.a_folder", str(path), "", None, ""))
    if problems:
        raise StudyError(problems)
    return grids, systems


def _read(grid: Grid, existing: Existing, mapped: Mapped) -> Sheet:
    names = Names(existing.place_names, existing.industry_names)
    layout = layout_of(grid, names)
    if layout is None:
        why = words("import.left_out.no_table")
        return Sheet(grid, None, why_not=why)
    table = mapped.table or table_of(layout, mapped)
    if table is None:
        why = words("import.left_out.no_table_known")
        return Sheet(grid, None, layout, why_not=why)
    if table in CELL_TABLES:
        return Sheet(grid, table, layout, cells=extracted(layout, table, mapped))
    return Sheet(grid, table, layout)


def _with_records(sheet: Sheet, mapped: Mapped, target: Target) -> Sheet:
    """A sheet with the records of a list, where it is one."""
    if sheet.table is None or sheet.layout is None or sheet.cells is not None:
        return sheet
    return replace(sheet, records=listed(sheet.layout, sheet.table, mapped, target))


def _cells(sheet: Sheet) -> tuple[Value, ...]:
    return () if sheet.cells is None else sheet.cells.values


def _values(sheets: Iterable[Sheet], table: str) -> list[Value]:
    return [value for sheet in sheets if sheet.table == table for value in _cells(sheet)]


def _problems_of_files(
    paths: Sequence[Path], sheets: Sequence[Sheet], axes: Iterable[Axis], made: Iterable[Rows]
) -> list[Problem]:
    """What cannot be read of the files, what is not clear, and what can't be taken."""
    problems = [
        *(problem for sheet in sheets for problem in _problems_of_sheet(sheet)),
        *(problem for axis in axes for problem in axis.problems),
        *(problem for rows in made for problem in rows.problems),
    ]
    return problems if any(sheet.table for sheet in sheets) else [*problems, _nothing(paths)]


def _problems_of_sheet(sheet: Sheet) -> Iterable[Problem]:
    if sheet.cells is not None:
        return sheet.cells.problems
    return sheet.records.problems if sheet.records is not None else ()


def _nothing(paths: Sequence[Path]) -> Problem:
    return Problem.of("import.nothing", ", ".join(path.name for path in paths), "", None, "")
