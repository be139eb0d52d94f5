"""What several organisations declared of the same projects: where they differ, and all as one.

Two rows are of the same where project and days are; of rows whose days overlap without being the
same nobody knows which amounts are meant. Both are differences, and none is settled by which row
came last.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from yanzhen.exchange.settlement.declared import QUARTER, days_of_quarter, year_of
from yanzhen.exchange.settlement.period import Period
from yanzhen.modes.coconstruction.settlement.project_columns import FIXED, READ

Cells = Mapping[str, str]
Days = tuple[date, date]
_OF_PLACE = frozenset(("project", "year", QUARTER, "from", "to"))


@dataclass(frozen=True)
class DeclaredRow:
    """A row that was declared.

    Attributes
    ----------
    number : from 1 on within the agreement
    organisation : that declared it, and alone replaces or withdraws it
    cells : texts by column; none where it withdraws another
    replaces : number of the row in whose place it stands
    replaced : whether another stands in its place, or withdrew it
    made_by, made_at : person and moment
    """

    number: int
    organisation: str
    cells: Cells
    replaces: int | None
    replaced: bool
    made_by: str
    made_at: str

    @property
    def holds(self) -> bool:
        """Whether it says something that nothing stands in the place of."""
        return bool(self.cells) and not self.replaced


@dataclass(frozen=True)
class Saying:
    """What an organisation says in a row, or which days it says it of."""

    organisation: str
    number: int
    text: str


@dataclass(frozen=True)
class Difference:
    """A cell in which two organisations say different things.

    Attributes
    ----------
    project : its name
    period : as the first of them says it, `2025Q1` or `2025`
    column : of the cell; `quarter` where they speak of days that overlap
    said : by the two, the earlier row first
    """

    project: str
    period: str
    column: str
    said: tuple[Saying, Saying]


def differences(rows: Sequence[DeclaredRow], until: Period | None = None) -> tuple[Difference, ...]:
    """Return where rows that hold differ between organisations, in their order.

    Parameters
    ----------
    until : period after which amounts are not looked at; what is the same in all rows of a project
        always is; None for all
    """
    projects: dict[str, list[DeclaredRow]] = {}
    for row in rows:
        if row.holds:
            projects.setdefault(row.cells["project"], []).append(row)
    return tuple(
        each
        for of_project in projects.values()
        if len({row.organisation for row in of_project}) > 1
        for one, other in combinations(of_project, 2)
        if one.organisation != other.organisation
        for each in _between(one, other, until)
    )


def as_one(rows: Sequence[tuple[str, Cells]]) -> list[dict[str, str]]:
    """Return what is declared by organisation and cells as the rows of one table.

    Of the same days the first row stands, with what others say beside it; a row whose days overlap
    with those of another organisation's before it is left out. Where there are no differences,
    nothing that anybody said is lost.
    """
    found: list[dict[str, str]] = []
    projects: dict[str, list[_Taken]] = {}
    fixed: dict[tuple[str, str], tuple[str, str]] = {}
    for organisation, cells in rows:
        project, days = cells.get("project", ""), _days(cells)
        said = dict(cells)
        for name in FIXED & said.keys():
            whose, first = fixed.setdefault((project, name), (organisation, said[name]))
            said[name] = said[name] if whose == organisation else first
        taken = projects.setdefault(project, [])
        met = [each for each in taken if each.meets(organisation, days)]
        if not met:
            taken.append(_Taken(organisation, days, said))
            found.append(said)
        for each in met:
            if each.days == days:
                beside = said.keys() - each.cells.keys() - _OF_PLACE
                each.cells.update({name: said[name] for name in beside})
    return found


class _Taken(NamedTuple):
    """A row that stands in the one table."""

    organisation: str
    days: Days | None
    cells: dict[str, str]

    def meets(self, organisation: str, days: Days | None) -> bool:
        return self.organisation != organisation and _overlap(days, self.days)


def _between(one: DeclaredRow, other: DeclaredRow, until: Period | None) -> Iterator[Difference]:
    days, other_days = _days(one.cells), _days(other.cells)
    asked = until is None or all(_begins_within(each, until) for each in (days, other_days))
    same, overlap = asked and days == other_days, asked and _overlap(days, other_days)
    for name in one.cells:
        compared = name in FIXED or (same and name not in _OF_PLACE)
        if compared and name in other.cells and _read(name, one) != _read(name, other):
            yield _difference(name, one, other, one.cells[name], other.cells[name])
    if overlap and not same:
        said = (_days_said(each.cells) for each in (one, other))
        yield _difference(QUARTER, one, other, *said)


def _difference(
    column: str, one: DeclaredRow, other: DeclaredRow, said: str, other_said: str
) -> Difference:
    sayings = (
        Saying(one.organisation, one.number, said),
        Saying(other.organisation, other.number, other_said),
    )
    period = _period_said(one.cells)
    return Difference(one.cells["project"], period, column, sayings)


def _read(name: str, row: DeclaredRow) -> Any:
    reader, _ = READ[name]
    return reader(row.cells[name].strip())


def _days(cells: Cells) -> Days | None:
    """The days that a row is of; None where it says none that are read."""
    year, quarter = year_of(cells.get("year")), cells.get(QUARTER, "")
    if year is None or quarter not in ("", *"1234"):
        return None
    whole = (date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat())
    usual = days_of_quarter(year, int(quarter)) if quarter else whole
    read = [
        READ[name][0](cells.get(name, otherwise).strip())
        for name, otherwise in zip(("from", "to"), usual, strict=True)
    ]
    return (read[0], read[1]) if all(isinstance(each, date) for each in read) else None


def _overlap(days: Days | None, other: Days | None) -> bool:
    if days is None or other is None:
        return False
    return days[0] <= other[1] and other[0] <= days[1]


def _begins_within(days: Days | None, until: Period) -> bool:
    last = days_of_quarter(until.year, until.quarter or 4)[1]
    return days is None or days[0].isoformat() <= last


def _period_said(cells: Cells) -> str:
    quarter = cells.get(QUARTER, "")
    return cells["year"] + (f"Q{quarter}" if quarter else "")


def _days_said(cells: Cells) -> str:
    days = _days(cells)
    return "" if days is None else f"{days[0]} – {days[1]}"
