"""Checking a study: every problem of every table, at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.accepted import accepted_of, check_accepted
from yanzhen.study.amounts import check_amounts
from yanzhen.study.boundaries import check_boundaries
from yanzhen.study.cells import TypedTable, read_cells
from yanzhen.study.covered import check_coverage
from yanzhen.study.distances import check_distances
from yanzhen.study.factor_units import check_factor_units, check_factors
from yanzhen.study.fund_limits import check_funds
from yanzhen.study.goal_indicators import check_goal_indicators, check_targets
from yanzhen.study.governing import check_conditions, check_policies
from yanzhen.study.indicator_units import check_indicator_units
from yanzhen.study.limits import check_limits
from yanzhen.study.magnitudes import (
    check_regions_of_other_units,
    check_totals_of_other_units,
    check_years_of_other_units,
    check_zeros,
)
from yanzhen.study.overlaps import check_overlaps
from yanzhen.study.plausibility import (
    check_coordinates,
    check_gdp_per_head,
    check_jumps,
    check_output_per_worker,
)
from yanzhen.study.prices import (
    check_enterprises,
    check_enterprises_in_all,
    check_factor_prices,
    check_resource_prices,
)
from yanzhen.study.problem import Problem
from yanzhen.study.products import check_park_finance, check_products, check_projects
from yanzhen.study.raw import RawStudy, RawTable, row_numbers
from yanzhen.study.relations import (
    check_classifications,
    check_codes,
    check_hierarchy,
    check_parameters,
    check_required,
    check_settings,
    check_statuses,
    check_wholes,
)
from yanzhen.study.settings import no_line
from yanzhen.study.size_check import check_size
from yanzhen.study.sources import read_raw, unknown_table
from yanzhen.study.successions import check_successions
from yanzhen.study.tables import REQUIRED_TABLES, TABLES, all_tables
from yanzhen.study.totals import check_double_counting
from yanzhen.study.transitions import check_transitions
from yanzhen.study.uses import check_uses
from yanzhen.study.usual_intensities import check_needs
from yanzhen.study.years import check_years


@dataclass(frozen=True)
class Checked:
    """What could be read of a study, everything that is wrong with it, and what to look at again.

    Attributes
    ----------
    about : None where study.toml could not be read
    frames : every declared table; a cell that could not be read is null
    rows : of the tables that are there, the row of each as their file counts it
    problems : none where the study can be used
    warnings : what a reader should know, such as a table that nothing uses; they refuse nothing
    """

    about: About | None
    frames: Mapping[str, pl.DataFrame]
    rows: Mapping[str, pl.Series]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_study(path_or_example: str | Path) -> tuple[Problem, ...]:
    """Return every problem of a study; none means that it can be read."""
    return checked(path_or_example).problems


def checked(path_or_example: str | Path) -> Checked:
    """Read a study as far as it can be read, with every problem of it."""
    return checked_raw(read_raw(path_or_example))


def checked_frames(about: About, frames: Mapping[str, pl.DataFrame], source: str) -> Checked:
    """Check tables in memory as those of a file are; rows are counted from 1, without a header.

    Parameters
    ----------
    frames : by the names of declared tables; tables and columns that are not needed may be absent
    source : how the study is named in messages
    """
    known = {name: frame for name, frame in frames.items() if name in TABLES}
    tables = {
        name: RawTable(name, name, frame, row_numbers(frame.height, first=1))
        for name, frame in known.items()
        if frame.height or name in REQUIRED_TABLES
    }
    strangers = [
        unknown_table(RawTable(source, name, frames[name], pl.Series()))
        for name in frames
        if name not in known
    ]
    return checked_raw(
        RawStudy(source, about, source, no_line, tables, frozenset(), tuple(strangers))
    )


def checked_raw(raw: RawStudy) -> Checked:
    """Check what a source holds."""
    problems = list(raw.problems)
    tables: dict[str, TypedTable] = {}
    for name, found in raw.tables.items():
        tables[name], wrong = read_cells(found)
        problems += wrong
    problems += _beyond_single_cells(raw, tables)
    frames = all_tables({name: table.frame for name, table in tables.items()})
    warnings = [problem.as_warning() for problem in _worth_a_look(raw, tables)]
    rows = {name: table.rows for name, table in tables.items()}
    return Checked(raw.about, frames, rows, _ordered(problems), _ordered(warnings))


def _beyond_single_cells(raw: RawStudy, tables: dict[str, TypedTable]) -> list[Problem]:
    """Problems of rows, tables and the whole study; the more telling of a cell comes first."""
    about, accepted = raw.about, accepted_of(tables)
    return [
        *check_required(raw, tables),
        *check_coordinates(about, tables),
        *check_products(tables),
        *check_park_finance(tables),
        *(problem for table in tables.values() for problem in check_limits(table)),
        *check_classifications(about, tables),
        *check_codes(raw, tables),
        *check_hierarchy(tables),
        *check_wholes(tables),
        *check_successions(tables),
        *check_double_counting(tables),
        *check_overlaps(about, tables),
        *check_statuses(about, tables),
        *check_parameters(tables),
        *check_conditions(tables),
        *check_policies(tables),
        *check_projects(tables),
        *check_funds(tables),
        *check_settings(raw, tables),
        *check_years(about, tables),
        *check_accepted(tables),
        *check_factor_units(about, tables),
        *check_indicator_units(about, tables),
        *check_years_of_other_units(about, tables, accepted),
        *check_totals_of_other_units(about, tables),
        *check_enterprises(tables),
        *check_size(about, tables),
        *check_transitions(tables),
        *check_goal_indicators(tables),
        *check_resource_prices(about, tables),
        *check_output_per_worker(about, tables, accepted),
        *check_gdp_per_head(about, tables),
    ]


def _worth_a_look(raw: RawStudy, tables: dict[str, TypedTable]) -> list[Problem]:
    """What refuses nothing and should be known before the figures are relied on."""
    return [
        *raw.warnings,
        *check_coverage(raw.about, tables),
        *check_boundaries(tables),
        *check_distances(tables),
        *check_jumps(tables, accepted_of(tables)),
        *check_regions_of_other_units(raw.about, tables),
        *check_zeros(tables),
        *check_enterprises_in_all(tables),
        *check_amounts(raw.about, tables),
        *check_factor_prices(tables),
        *check_factors(tables),
        *check_needs(raw.about, tables),
        *check_uses(tables),
        *check_targets(tables),
    ]


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
