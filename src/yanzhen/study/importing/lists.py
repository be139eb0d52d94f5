"""Lists of enterprises, of parks, and tables under the study's own headings: a record a row."""

from collections.abc import Mapping
from dataclasses import dataclass

from yanzhen.study.columns import Meaning, UnitKind
from yanzhen.study.importing.extraction import (
    NO_FIGURE,
    NOT_UNDERSTOOD,
    NOTE,
    LeftOut,
    is_note,
)
from yanzhen.study.importing.figures import figure_of
from yanzhen.study.importing.grids import Grid, tidy
from yanzhen.study.importing.headings import RATES, heading_of
from yanzhen.study.importing.layout import INDUSTRY_LABELS, REGION_LABELS, Column, Layout
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.naming import BELOW, BESIDE
from yanzhen.study.importing.study_tables import Target, converted
from yanzhen.study.importing.units import NamedUnit, into, unit_of
from yanzhen.study.problem import Problem, Words
from yanzhen.study.rates import rate_of
from yanzhen.study.tables import TABLES, meanings
from yanzhen.study.tables.economy import INTENSITIES
from yanzhen.study.totals import is_name_of_a_total
from yanzhen.study.units import UNITS, factor
from yanzhen.study.words import message, words

NAMED: Mapping[str, tuple[str, str]] = {
    "enterprises": ("enterprise", "origin"),
    "sites": ("site", "region"),
}
"""Column of the code and of the place, of tables that offices keep as lists of what they name."""
ROOM = "resources"
_FIGURES = ("amount", "integer", "year")
_TRUE = ("true", "1", "是", "yes")
TOTAL_OF_LIST = words("import.left_out.total")


@dataclass(frozen=True)
class Record:
    """A row of a list.

    Attributes
    ----------
    table : that it goes to
    cells : by column; labels of places and industries as written
    grid, row : where it stands
    columns : the column of the file that each cell is from
    """

    table: str
    cells: Mapping[str, object]
    grid: Grid
    row: int
    columns: Mapping[str, int]


@dataclass(frozen=True)
class Listed:
    """The records of a sheet, what was left out of it, and what cannot be read."""

    records: tuple[Record, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


def columns_of(layout: Layout, table: str, mapped: Mapped) -> dict[int, tuple[str, str]]:
    """Table and column that each column of a sheet goes to."""
    taken: dict[int, tuple[str, str]] = {}
    place = NAMED.get(table, ("", ""))[1]
    for column in layout.columns:
        heading = column.heading
        told = mapped.term(heading.name, table)
        if told is not None:
            if told:
                is_room = table != ROOM and told.startswith(f"{ROOM}.")
                taken[column.at] = (ROOM, told.partition(".")[2]) if is_room else (table, told)
        elif table in NAMED and column.label in REGION_LABELS:
            taken[column.at] = (table, place)
        elif table in NAMED and column.label in INDUSTRY_LABELS and "industry" in meanings(table):
            taken[column.at] = (table, "industry")
        elif table in heading.terms and (
            column.label is None or (table not in NAMED and heading.name == heading.terms[table])
        ):
            taken[column.at] = (table, heading.terms[table])
        elif table == RATES and column.label in INDUSTRY_LABELS:
            taken[column.at] = (table, "industry")
        elif table == "sites" and ROOM in heading.terms and column.label is None:
            taken[column.at] = (ROOM, heading.terms[ROOM])
    return taken


def listed(layout: Layout, table: str, mapped: Mapped, target: Target) -> Listed:
    """Read the records of a sheet."""
    taken = columns_of(layout, table, mapped)
    left_out = [
        LeftOut(layout.grid, None, column.at, column.heading.text, NOT_UNDERSTOOD)
        for column in layout.columns
        if column.at not in taken and column.heading.text and column.label != "number"
    ]
    twice = _several_of_one(layout, table, taken)
    if twice:
        return Listed((), tuple(left_out), twice)
    reader = _Reader(layout, table, taken, mapped, target)
    records: list[Record] = []
    for row in range(layout.first, len(layout.grid.cells)):
        why = reader.why_left_out(row)
        if why is None:
            records += reader.records(row)
        elif any(layout.grid.cells[row]):
            label = next(tidy(cell) for cell in layout.grid.cells[row] if cell.strip())
            left_out.append(LeftOut(layout.grid, row, None, label, why))
    return Listed(tuple(records), tuple(left_out), tuple(reader.problems))


def _several_of_one(
    layout: Layout, table: str, taken: Mapping[int, tuple[str, str]]
) -> tuple[Problem, ...]:
    """Columns of figures that mean the same as one before them: which is right, nobody can tell."""
    problems: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    for at, (where, name) in taken.items():
        said_of = meanings(where).get(name)
        earlier = first.setdefault((where, name), at)
        # Names of several columns stand for one place or industry, the smaller below the larger.
        if earlier == at or (said_of is not None and said_of.kind not in _FIGURES):
            continue
        both = [layout.columns[each].heading.text for each in (earlier, at)]
        named = (f"{both[0]}, {both[1]}", f"{both[0]}、{both[1]}")
        said = message(
            "import.two_headings",
            name=name,
            headings=named,
            table=table,
            heading=layout.columns[at].heading.name,
        )
        problems.append(layout.grid.problem(layout.first - 1, at, *said))
    return tuple(problems)


class _Reader:
    """Reads the rows of a list, keeping what is wrong with them."""

    def __init__(
        self,
        layout: Layout,
        table: str,
        taken: Mapping[int, tuple[str, str]],
        mapped: Mapped,
        target: Target,
    ) -> None:
        self.layout, self.table, self.taken = layout, table, taken
        self.mapped, self.target = mapped, target
        self.problems: list[Problem] = []
        self.resources = {
            at: name
            for at, (where, name) in taken.items()
            if where == RATES and name in INTENSITIES
        }
        self.factors = {
            at: self._factor(layout.columns[at], where, name) for at, (where, name) in taken.items()
        }

    def why_left_out(self, row: int) -> Words | None:
        cells = self.layout.grid.cells[row]
        filled = [tidy(cell) for cell in cells if cell.strip()]
        if not filled or not any(cells[at].strip() for at in self.taken):
            return NO_FIGURE
        if is_note(filled[0]) and len(filled) <= 2:
            return NOTE
        if self.table in NAMED and any(map(is_name_of_a_total, filled[:2])):
            return TOTAL_OF_LIST
        return None

    def records(self, row: int) -> list[Record]:
        """The record of a row, and those of the room of a park."""
        if self.resources:
            return self._rates(row)
        own: dict[str, object] = {}
        room: dict[str, dict[str, object]] = {}
        columns: dict[str, int] = {}
        of_room: dict[str, dict[str, int]] = {}
        for at, (where, name) in self.taken.items():
            if where == ROOM and self.table != ROOM:
                resource, _, column = name.partition(".")
                amount = self._amount(row, at)
                if amount is not None:
                    room.setdefault(resource, {})[column] = amount
                    of_room.setdefault(resource, {})[column] = at
                    if column == "posted_price":
                        room[resource]["one_off"] = self._is_paid_once(at)
            else:
                cell = self._cell(row, at, meanings(where)[name])
                if name in own and own[name] and cell:
                    cell = f"{own[name]}{BELOW}{cell}"
                own[name] = cell if cell is not None else own.get(name)
                columns[name] = at
        if self.table in NAMED:
            key = NAMED[self.table][0]
            own[key] = own.get(key) or own.get("name_zh") or own.get("name_en")
        if self.table == "enterprises":
            own["count"] = own.get("count") or 1
        grid = self.layout.grid
        return [Record(self.table, own, grid, row, columns)] + [
            Record(
                ROOM,
                {"place": own.get("site"), "resource": resource, **cells},
                grid,
                row,
                of_room[resource],
            )
            for resource, cells in room.items()
        ]

    def _rates(self, row: int) -> list[Record]:
        """What a unit of an industry's output needs of each resource, in the unit of the file."""
        grid = self.layout.grid
        labels = [at for at, (_, name) in self.taken.items() if name == "industry"]
        label = BESIDE.join(filter(None, (tidy(grid.cells[row][at]) for at in labels)))
        records = []
        for at, resource in self.resources.items():
            amount = self._amount(row, at)
            if amount is not None:
                rate = self._rate(self.layout.columns[at])
                cells = {"industry": label, "resource": resource, "amount": amount, "unit": rate}
                columns = {"amount": at, "unit": at, "industry": labels[0]}
                records.append(Record(RATES, cells, grid, row, columns))
        return records

    def _rate(self, column: Column) -> str | None:
        """The unit of one thing per another in which the figures of a column are."""
        return next((unit.text for unit in self._units(column) if unit.kind == "rate"), None)

    def _cell(self, row: int, at: int, said: Meaning) -> object:
        cell = tidy(self.layout.grid.cells[row][at])
        if not cell:
            return None
        if said.kind == "amount":
            return self._amount(row, at)
        if said.kind == "integer":
            amount = self._amount(row, at)
            return None if amount is None else int(amount)
        if said.kind == "year":
            year = heading_of(cell).year
            if year is None:
                self.problems.append(
                    self.layout.grid.problem(row, at, *message("import.no_year_in_row", cell=cell))
                )
            return year
        if said.kind == "flag":
            return cell.casefold() in _TRUE
        return cell

    def _amount(self, row: int, at: int) -> float | None:
        grid = self.layout.grid
        if (row, at) in grid.unreadable:
            self.problems.append(grid.problem(row, at, *grid.unreadable[row, at]))
            return None
        figure = figure_of(grid.cells[row][at])
        if figure is None:
            said = message("import.no_figure", cell=grid.cells[row][at])
            self.problems.append(grid.problem(row, at, *said))
            return None
        if figure.value is None or self.factors[at] is None:
            return None
        if figure.per_cent:
            where, name = self.taken[at]
            said_of = meanings(where).get(name)
            if said_of is None or said_of.unit != "share":
                said = message("import.per_cent", cell=grid.cells[row][at], column=name)
                self.problems.append(grid.problem(row, at, *said))
                return None
            return converted(figure.value, 0.01)
        return converted(figure.value, self.factors[at] or 1.0)

    def _units(self, column: Column) -> tuple[NamedUnit, ...]:
        return (*column.heading.units, *self.layout.title.units)

    def _factor(self, column: Column, where: str, name: str) -> float | None:
        """What figures of a column are multiplied with; None where their unit can't be known."""
        if where == ROOM and "." in name:
            resource, _, part = name.partition(".")
            kind: UnitKind = _KIND_OF_ROOM[resource]
            if part == "posted_price":
                return self._price_factor(column, kind)
        elif where == RATES and name in INTENSITIES:
            return 1.0 if self._rate(column) else None
        else:
            said = meanings(where)[name]
            kind = said.unit
            if said.kind not in ("amount", "integer"):
                return None
        named = [unit for unit in self._units(column) if unit.kind == kind]
        if kind not in ("money", "persons", "energy", "emissions", "area"):
            return named[0].factor if named and kind == "share" else 1.0
        told = self.mapped.units.get(name)
        if not named and told:
            named = [unit for unit in (unit_of(told),) if unit is not None]
        usual = getattr(self.target.units, kind)
        if not named and column.heading.text.casefold() == name:
            return 1.0
        scale = into(named[0], kind, self.target.units, self.target.currency) if named else None
        if scale is None:
            self._no_unit(column, name, usual)
        return scale

    def _price_factor(self, column: Column, kind: str) -> float | None:
        """Of a price per unit of a resource, such as 万元/亩."""
        units = self.target.units
        for unit in self._units(column):
            rate = rate_of(unit.text.lower())
            is_price = rate is not None and rate.above == "money" and kind in rate.below
            if rate is not None and is_price and rate.currency in ("", self.target.currency):
                return rate.factor * factor(getattr(units, kind)) / factor(units.money)
        self._no_unit(column, "posted_price", f"{units.money} per {getattr(units, kind)}")
        return None

    def _is_paid_once(self, at: int) -> bool:
        """Whether a price is no rent: it is one where its unit names a time."""
        rates = (rate_of(unit.text.lower()) for unit in self._units(self.layout.columns[at]))
        return not any(rate is not None and "time" in rate.below for rate in rates)

    def _no_unit(self, column: Column, name: str, usual: str) -> None:
        unit = (usual, UNITS[usual].zh) if usual in UNITS else usual
        said = message("import.no_unit_of_list", heading=column.heading.text, name=name, unit=unit)
        self.problems.append(self.layout.grid.problem(self.layout.first - 1, column.at, *said))


_KIND_OF_ROOM: Mapping[str, UnitKind] = {
    "land": "area",
    "output": "money",
    "jobs": "persons",
    "energy": "energy",
    "emissions": "emissions",
}


def declared_table(layout: Layout) -> str | None:
    """The table whose own column names all headings are, with all that it requires."""
    headings = [column.heading.text.strip() for column in layout.columns if column.heading.text]
    fitting = [
        table
        for table in TABLES
        if headings
        and set(headings) <= set(meanings(table))
        and {name for name, said in meanings(table).items() if said.required} <= set(headings)
    ]
    return fitting[0] if fitting else None
