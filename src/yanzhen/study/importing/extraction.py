"""The figures of a sheet, each with what says of which region, industry, year and measure it is."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yanzhen.study.columns import UnitKind
from yanzhen.study.importing.figures import Figure, figure_of
from yanzhen.study.importing.grids import Grid, tidy
from yanzhen.study.importing.headings import heading_of
from yanzhen.study.importing.layout import (
    INDUSTRY_LABELS,
    REGION_LABELS,
    Column,
    Layout,
)
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.naming import BELOW, BESIDE
from yanzhen.study.importing.units import NamedUnit
from yanzhen.study.problem import Problem, Words
from yanzhen.study.tables import meanings
from yanzhen.study.words import message, words

CELL_TABLES = ("activity", "indicators")
"""Tables of figures by region and year, which files lay out in every way."""
INDICATORS: Mapping[str, UnitKind] = {"gdp": "money", "population": "persons"}
"""Indicators that headings name, with the kind of unit of each."""
_NOTE = re.compile(
    r"^(注|资料来源|数据来源|来源|说明|备注|本表|notes?\b|sources?\b|data source|\*)", re.IGNORECASE
)
_OF_WHICH = re.compile(r"^\s*(其中|#其中|of which|thereof)", re.IGNORECASE)
_WITHHELD = "CDNS"
"""Signs of statistical offices under which a zero is no figure, where no format says its own."""


@dataclass(frozen=True)
class Value:
    """One figure, or that it is not known, as a file gives it.

    Attributes
    ----------
    column : of the table
    region, industry : labels as written, empty where nothing says
    year : None where nothing says
    figure : in the file's unit
    units : that are named for it, the nearest first
    grid, row, at : where it stands
    is_in_units_of_study : whether it stands under the column's own name, as the dictionary has it
    others : cells of the row that are not understood, by heading
    status : as the file states it
    """

    column: str
    region: str
    industry: str
    year: int | None
    figure: Figure
    units: tuple[NamedUnit, ...]
    grid: Grid
    row: int
    at: int
    is_in_units_of_study: bool = False
    others: tuple[tuple[str, str], ...] = ()
    status: str = ""

    def problem(self, found: Words, expected: Words) -> Problem:
        return self.grid.problem(self.row, self.at, found, expected)


@dataclass(frozen=True)
class LeftOut:
    """Rows or a column that are not taken, and why."""

    grid: Grid
    row: int | None
    at: int | None
    label: str
    why: Words


@dataclass(frozen=True)
class Extracted:
    """The figures of a sheet, what was left out of it, and what cannot be read.

    `has_no_measure` says that nothing tells what its figures are.
    """

    values: tuple[Value, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    has_no_measure: bool = False


TOTAL = "Total"
NOTE = words("import.left_out.note")
NO_FIGURE = words("import.left_out.no_figure")
REPEATED = words("import.left_out.repeated")
PART = words("import.left_out.part")
NO_MEASURE = words("import.left_out.no_measure")
NOT_UNDERSTOOD = words("import.left_out.not_understood")
NOT_WANTED = words("import.left_out.not_wanted")


def extracted(layout: Layout, table: str, mapped: Mapped) -> Extracted:
    """Read the figures of a sheet for a table of figures by region and year."""
    reader = _Reader(layout, table, mapped)
    values: list[Value] = []
    left_out = [
        LeftOut(layout.grid, None, column.at, column.heading.text, NOT_UNDERSTOOD)
        for column in reader.strangers
    ]
    problems: list[Problem] = []
    for row in range(layout.first, len(layout.grid.cells)):
        why = reader.why_left_out(row)
        if why is None:
            found, wrong = reader.values(row)
            values += found
            problems += wrong
        elif filled := [cell for cell in layout.grid.cells[row] if cell.strip()]:
            label = tidy(filled[0])
            left_out.append(LeftOut(layout.grid, row, None, label, why))
    for measure, row in reader.unknown_measures.items():
        if measure:
            left_out.append(LeftOut(layout.grid, row, None, measure, NO_MEASURE))
        else:
            problems.append(_no_measure(layout, table, reader.figures[0].at))
    is_unmeasured = "" in reader.unknown_measures
    return Extracted(tuple(values), tuple(left_out), tuple(problems), is_unmeasured)


def is_note(cell: str) -> bool:
    """Whether a row that begins with this cell is a note below a table."""
    return bool(_NOTE.match(cell))


def kind_of(table: str, column: str) -> UnitKind:
    """The kind of unit that a measure is in."""
    if table == "indicators":
        return INDICATORS.get(column, "per_row")
    return meanings(table)[column].unit


def is_measure(table: str, column: str) -> bool:
    """Whether a column holds figures; indicators are rows of their table, under any name."""
    if table == "indicators":
        return column not in meanings(table)
    return column in meanings(table) and meanings(table)[column].kind in ("amount", "integer")


def _no_measure(layout: Layout, table: str, at: int) -> Problem:
    names = [name for name in meanings(table) if is_measure(table, name)]
    names = names or list(INDICATORS)
    listed = ", ".join(names)
    said = message("import.no_measure", name=names[0], listed=listed)
    return layout.grid.problem(layout.first, at, *said)


def columns_of_figures(layout: Layout, table: str, mapped: Mapped) -> list[Column]:
    """Columns that hold figures of a table."""
    return _Reader(layout, table, mapped).figures


class _Reader:
    """Reads rows of a sheet, one after the other; a label stands for empty ones below it."""

    def __init__(self, layout: Layout, table: str, mapped: Mapped) -> None:
        self.layout, self.table, self.mapped = layout, table, mapped
        self.cells = layout.grid.cells
        self.measures = {
            column.at: term
            for column in layout.columns
            if column.label is None
            and (term := self._told(column) or column.heading.terms.get(table))
            and is_measure(table, term)
        }
        self.statuses = {
            term: column.at
            for column in layout.columns
            if (term := column.heading.terms.get(table, "")).endswith("_status")
        }
        self.unknown_measures: dict[str, int] = {}
        labelled = {column.at for column in layout.columns if column.label is not None}
        self.value_at = next((column.at for column in layout.labelled("value")), None)
        unknown = [
            column
            for column in layout.columns
            if column.at not in {*labelled, *self.measures, *self.statuses.values()}
            and self.mapped.term(column.heading.name, table) != ""
        ]
        self.axis = self._axis_of(unknown)
        taken = [column for column in unknown if self._says_axis(column)]
        self.strangers = [
            column for column in unknown if column not in taken and column.heading.text
        ]
        self.figures = [
            column
            for column in layout.columns
            if column.at in self.measures or column in taken or column.at == self.value_at
        ]
        self.last: dict[int, str] = {}

    def _told(self, column: Column) -> str | None:
        """The column of the table that the mapping says a heading stands for."""
        return self.mapped.term(column.heading.name, self.table)

    def _axis_of(self, unknown: Sequence[Column]) -> str | None:
        """What headings that nothing knows name: what no column and no title says of the rows."""
        has_region = bool(self.layout.labelled(*REGION_LABELS)) or bool(self.layout.region)
        has_industry = bool(self.layout.labelled(*INDUSTRY_LABELS)) or bool(self.layout.industry)
        named = [column for column in unknown if column.heading.words]
        of_measure = bool(self.measures) and not any(column.heading.year for column in named)
        if self.value_at is not None or has_region == has_industry or self.table != "activity":
            return None
        kinds = [column.industry if has_region else column.region for column in named]
        if any(kinds) or (named and not of_measure):
            return "industry" if has_region else "region"
        return None

    def _says_axis(self, column: Column) -> bool:
        """Whether a column of figures is said by year, region or industry alone."""
        if self.value_at is not None:
            return False
        words = column.heading.words
        if self.axis is not None and words:
            return not self._is_text(column)
        return bool(column.heading.year and not words) or bool(column.region or column.industry)

    def _is_text(self, column: Column) -> bool:
        cells = [row[column.at] for row in self.cells[self.layout.first :] if row[column.at]]
        figures = sum(figure_of(cell) is not None for cell in cells)
        return 2 * figures < len(cells)

    def why_left_out(self, row: int) -> Words | None:
        """Why a row is not taken; None where it is."""
        cells = self.cells[row]
        filled = [tidy(cell) for cell in cells if cell.strip()]
        if not filled:
            return NO_FIGURE
        # A row of one observation stands for it even where it is empty.
        with_figures = self.value_at is not None or any(
            cells[column.at].strip() for column in self.figures
        )
        if is_note(filled[0]) and len(filled) <= 2:
            return NOTE
        if not with_figures:
            return NOTE if len(filled) == 1 and len(filled[0]) > 20 else NO_FIGURE
        if all(
            tidy(cells[column.at]) == tidy(column.heading.text)
            for column in self.figures
            if cells[column.at].strip()
        ) and any(heading_of(cell).label for cell in filled):
            return REPEATED
        labels = [
            cells[column.at] for column in self.layout.labelled(*REGION_LABELS, *INDUSTRY_LABELS)
        ]
        if any(_OF_WHICH.match(label) for label in labels):
            return PART
        if any(self._is_not_wanted(cells, heading) for heading in self.mapped.only):
            return NOT_WANTED
        return None

    def _is_not_wanted(self, cells: Sequence[str], heading: str) -> bool:
        """Whether a row has another value under a heading than the one that a mapping wants."""
        return any(
            column.heading.words == heading
            and tidy(cells[column.at]) not in self.mapped.only[heading]
            for column in self.layout.columns
        )

    def values(self, row: int) -> tuple[list[Value], list[Problem]]:
        cells, grid = self.cells[row], self.layout.grid
        region = self._label(row, *REGION_LABELS) or self.layout.region
        industry = self._label(row, *INDUSTRY_LABELS) or self.layout.industry
        year = heading_of(self._label(row, "year")).year
        said = heading_of(self._label(row, "unit")).units
        flags = self._label(row, "flag")
        is_suppressed = any(
            self._is_withheld(row, column) for column in self.layout.labelled("suppression")
        )
        others = tuple((column.heading.words, tidy(cells[column.at])) for column in self.strangers)
        values, problems = [], []
        for column in self.figures:
            figure = figure_of(cells[column.at])
            if (row, column.at) in grid.unreadable:
                problems.append(grid.problem(row, column.at, *grid.unreadable[row, column.at]))
                continue
            if figure is None:
                problems.append(_no_figure(grid, row, column))
                continue
            term = self._term(row, column)
            if term is None:
                self.unknown_measures.setdefault(self._label(row, "measure"), row)
                continue
            if figure.per_cent and kind_of(self.table, term) != "per_row":
                problems.append(_per_cent(grid, row, column, term))
                continue
            if is_suppressed and figure.value == 0:
                figure = replace(figure, value=None, is_suppressed=True)
            figure = replace(figure, flags=figure.flags + flags)
            values.append(
                Value(
                    term,
                    region
                    or column.region
                    or (column.heading.words if self.axis == "region" else ""),
                    industry
                    or column.industry
                    or (column.heading.words if self.axis == "industry" else ""),
                    year or column.heading.year or self.layout.title.year or self.mapped.year,
                    figure,
                    (*said, *column.heading.units, *self.layout.title.units),
                    grid,
                    row,
                    column.at,
                    column.heading.words.casefold() == term
                    or column.heading.text.casefold() == term,
                    others,
                    tidy(cells[self.statuses[f"{term}_status"]])
                    if f"{term}_status" in self.statuses
                    else "",
                )
            )
        return values, problems

    def _is_withheld(self, row: int, column: Column) -> bool:
        """Whether a mark beside the figures says that they are not published."""
        known = self.layout.format
        heading = column.heading.text.casefold()
        signs = _WITHHELD if known is None else known.withheld.get(heading, "")
        mark = self.cells[row][column.at].strip().upper()
        return len(mark) == 1 and mark in signs

    def _label(self, row: int, *labels: str) -> str:
        """What label columns of a row say, each empty cell as the one above it."""
        parts: dict[str, list[str]] = {}
        for column in self.layout.labelled(*labels):
            cell = tidy(self.cells[row][column.at]) or self.last.get(column.at, "")
            self.last[column.at] = cell
            parts.setdefault(column.label or "", []).append(cell)
        named = BELOW.join(filter(None, parts.get(labels[0], [])))
        code = "".join(parts.get("region_code", []) or parts.get("industry_code", []))
        if labels == REGION_LABELS and "region_code_head" in parts:
            head, tail = (parts.get(f"region_code_{part}", [""])[0] for part in ("head", "tail"))
            code = f"{head.zfill(2)}{tail.zfill(3)}"
        # County Business Patterns: 31---- is a section, ------ all industries.
        code = code.strip("-/ ") if code.strip("-/ ") or not code else TOTAL
        return f"{code}{BESIDE}{named}" if code and named and code != named else code or named

    def _term(self, row: int, column: Column) -> str | None:
        """The column of the table that a figure belongs to."""
        own = self.measures.get(column.at)
        if own is not None:
            return own
        said = self._label(row, "measure")
        if said:
            return heading_of(said).terms.get(self.table) or self.mapped.term(said, self.table)
        return self.layout.title.terms.get(self.table) or self.mapped.column


def _no_figure(grid: Grid, row: int, column: Column) -> Problem:
    said = message("import.no_figure", cell=grid.cells[row][column.at])
    return grid.problem(row, column.at, *said)


def _per_cent(grid: Grid, row: int, column: Column, term: str) -> Problem:
    said = message("import.per_cent", cell=grid.cells[row][column.at], column=term)
    return grid.problem(row, column.at, *said)


def labels_of(values: Iterable[Value], axis: str) -> Iterator[str]:
    """The labels of an axis, region or industry, in the order in which they stand."""
    return (getattr(value, axis) for value in values)


def counted(left_out: Iterable[LeftOut]) -> Mapping[Words, list[LeftOut]]:
    """What was left out, by its reason."""
    by_reason: dict[Words, list[LeftOut]] = {}
    for each in left_out:
        by_reason.setdefault(each.why, []).append(each)
    return by_reason
