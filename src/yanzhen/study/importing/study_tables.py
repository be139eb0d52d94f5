"""Figures of files as rows of a study's tables, in the units of the study."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from yanzhen.study.about import Units
from yanzhen.study.importing.extraction import Value, kind_of
from yanzhen.study.importing.grids import Grid
from yanzhen.study.importing.headings import heading_of
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.units import NamedUnit, into, unit_of
from yanzhen.study.problem import Problem, Words
from yanzhen.study.tables import TABLES
from yanzhen.study.units import UNITS, units_of
from yanzhen.study.words import message, words

_ESTIMATED = frozenset("es")
_DIGITS = 15


@dataclass(frozen=True)
class Target:
    """The study that files go into, as far as it matters for figures.

    Attributes
    ----------
    units, currency : of its figures
    """

    units: Units
    currency: str


@dataclass(frozen=True)
class Rows:
    """Rows of one table made of files.

    Attributes
    ----------
    table : name
    frame : with the declared columns
    origins : the figure of each measure of each row, by the row's key
    problems : what cannot be taken
    files : that the rows are from
    """

    table: str
    frame: pl.DataFrame
    origins: Mapping[tuple[object, ...], Mapping[str, Value]]
    problems: tuple[Problem, ...]
    files: tuple[str, ...] = ()


def unit_for(table: str, value: Value, mapped: Mapped, target: Target) -> NamedUnit | None:
    """The unit that a figure is in: the nearest named one of its kind, then the mapping's."""
    kind = kind_of(table, value.column)
    named = [unit for unit in value.units if unit.kind == kind or kind == "per_row"]
    if named:
        return named[0]
    told = mapped.units.get(value.column)
    if told is not None:
        return unit_of(told)
    if kind == "number":
        return unit_of("个")
    if value.is_in_units_of_study and not value.units and kind in vars(target.units):
        name = getattr(target.units, kind)
        return NamedUnit(name, kind, UNITS[name].factor, UNITS[name].currency)
    return None


def converted(figure: float, factor: float) -> float:
    """A figure in another unit, without what binary fractions leave behind its digits."""
    if factor == 1.0:
        return figure
    divisor = round(1 / factor)
    exact = figure / divisor if divisor > 1 and abs(divisor * factor - 1) < 1e-12 else None
    return float(f"{figure * factor if exact is None else exact:.{_DIGITS}g}")


def rows_of_cells(
    table: str,
    values: Sequence[Value],
    region_of: Mapping[str, str],
    industry_of: Mapping[str, str],
    mapped: Mapped,
    target: Target,
) -> Rows:
    """Rows of `activity` or `indicators` of figures, each cell once.

    Parameters
    ----------
    region_of, industry_of : code of each label; figures of other labels are left out
    """
    problems: list[Problem] = []
    cells: dict[tuple[object, ...], tuple[float | None, Value]] = {}
    asked: set[tuple[str, str, str]] = set()
    for value in values:
        if value.region not in region_of or (
            table == "activity" and value.industry not in industry_of
        ):
            continue
        if value.year is None:
            problems += _once(asked, (value.grid.file, value.grid.sheet, "year"), _no_year(value))
            continue
        unit = unit_for(table, value, mapped, target)
        factor = _factor(table, value, unit, target)
        if factor is None:
            place = (value.grid.file, value.grid.sheet, value.column)
            problems += _once(asked, place, _no_unit(table, value, unit, target))
            continue
        region = region_of[value.region]
        inner = (industry_of[value.industry],) if table == "activity" else ()
        key = (region, *inner, value.year, value.column)
        figure = value.figure.value
        amount = None if figure is None else converted(figure, factor)
        before = cells.get(key)
        if before is None or before[0] is None:
            cells[key] = (amount, value)
        elif amount is not None and amount != before[0]:
            problems += _once(
                asked, (value.grid.file, value.grid.sheet, "twice"), _twice(before[1], value)
            )
    frame, origins = _framed(table, cells)
    files = dict.fromkeys(value.grid.file for _, value in cells.values())
    return Rows(table, frame, origins, tuple(problems), tuple(files))


def _framed(
    table: str, cells: Mapping[tuple[object, ...], tuple[float | None, Value]]
) -> tuple[pl.DataFrame, dict[tuple[object, ...], dict[str, Value]]]:
    """Cells as rows with the declared columns; a row of nothing but missing figures stays."""
    origins: dict[tuple[object, ...], dict[str, Value]] = {}
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for key, (amount, value) in cells.items():
        *place, column = key
        at: tuple[object, ...]
        status = value.status or ("estimated" if _ESTIMATED & set(value.figure.flags) else None)
        if table == "indicators":
            region, year = place
            at = (region, year, column)
            rows[at] = dict(zip(("region", "year", "indicator"), at, strict=True)) | {
                "value": amount,
                "unit": _unit_of_row(value),
                "status": status,
            }
        else:
            at = tuple(place)
            row = rows.setdefault(at, dict(zip(("region", "industry", "year"), at, strict=True)))
            row[str(column)] = amount
            row[f"{column}_status"] = status if amount is not None else None
        origins.setdefault(at, {})[str(column)] = value
    declared = {name: column.dtype for name, column in TABLES[table].columns().items()}
    frame = (
        pl.DataFrame(list(rows.values()), schema=declared)
        if rows
        else pl.DataFrame(schema=declared)
    )
    return frame, origins


def _unit_of_row(value: Value) -> str | None:
    """The unit of an indicator that no column of the study is in."""
    if kind_of("indicators", value.column) != "per_row":
        return None
    if value.units:
        return value.units[0].text
    return "%" if value.figure.per_cent else None


def _factor(table: str, value: Value, unit: NamedUnit | None, target: Target) -> float | None:
    kind = kind_of(table, value.column)
    if kind == "per_row":
        return 1.0
    return None if unit is None else into(unit, kind, target.units, target.currency)


def _once(
    asked: set[tuple[str, str, str]], place: tuple[str, str, str], problem: Problem
) -> Iterable[Problem]:
    """A problem of a whole sheet is told once."""
    if place in asked:
        return ()
    asked.add(place)
    return (problem,)


def _no_year(value: Value) -> Problem:
    named = _years_in(value.grid)
    hint: Words = words("import.year_of_file", year=named) if named else ("", "")
    return value.problem(*message("import.no_year", hint=hint))


def _years_in(grid: Grid) -> str:
    year = heading_of(grid.file.rpartition(".")[0], is_title=True).year
    return "" if year is None else str(year)


def _no_unit(table: str, value: Value, unit: NamedUnit | None, target: Target) -> Problem:
    kind = kind_of(table, value.column)
    other = next(iter(value.units), None)
    if unit is not None or other is not None:
        shown = unit or other
        assert shown is not None
        own = getattr(target.units, kind, kind)
        values = {"column": value.column, "unit": shown.text, "kind": kind}
        return value.problem(*message("import.other_unit", own=_both(own), **values))
    usual = getattr(target.units, kind)
    smaller = next(name for name in units_of(kind) if name != usual)
    both = {"usual": _both(usual), "other": _both(smaller)}
    return value.problem(*message("import.no_unit", column=value.column, **both))


def _both(unit: str) -> Words:
    """The name of a unit in both languages."""
    return (unit, UNITS[unit].zh) if unit in UNITS else (unit, unit)


def _twice(first: Value, again: Value) -> Problem:
    """Two figures for one cell, with the column that may tell them apart."""
    place = f"{first.grid.file} {first.grid.sheet} {first.grid.letters(first.at)}{first.row + 1}"
    before = dict(first.others)
    apart = [
        (heading, before[heading], cell)
        for heading, cell in again.others
        if heading and cell != before.get(heading, cell)
    ]
    what = " ".join(filter(None, (again.region, again.industry, str(again.year), again.column)))
    figures = {"figure": again.figure.value, "before": first.figure.value}
    found, expected = message("import.twice", what=what, place=place, **figures)
    if apart:
        heading, one, other = apart[0]
        expected = words("import.only_one", heading=heading, one=one, other=other)
    return again.problem(found, expected)
