"""A frame as a reader sees it: heads, units and values in one language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.text.quantities import (
    UNKNOWN,
    number,
    percent,
    small,
)
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import NUMBERS as NUMBERS
from yanzhen.study.result_columns import Columns, columns_of
from yanzhen.study.result_columns import Kind as Kind
from yanzhen.study.size import Size

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

WORDED: frozenset[Kind] = frozenset(
    {
        "term",
        "status",
        "recipient",
        "place_kind",
        "room_from",
        "total_basis",
        "listing",
        "gate_state",
        "option",
        "point",
        "instrument",
    }
)
CODES: frozenset[Kind] = frozenset({"region", "industry", "place"})


MOST_ROWS, LARGEST = 16_000, 2_000
"""Rows up to which a table is shown whole, and of a longer one the largest; the files hold all."""

Cell = str | float | int | bool | None


@dataclass(frozen=True)
class Column:
    """A column as shown: its name in the frame, its head, its unit, what it holds."""

    name: str
    head: str
    unit: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """A table as shown.

    Attributes
    ----------
    key : name of the table
    title, note : what it shows and how it is to be read
    columns : as shown; a column of codes is followed by one of names
    rows : cells in the shown units; null where not known
    estimated : (row, column) of the cells that are estimates
    """

    key: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]
    estimated: frozenset[tuple[int, int]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, each once."""
        return tuple(dict.fromkeys(column.name for column in self.columns))

    def text(self, row: int, column: int) -> str:
        """Return a cell as text."""
        return cell_text(self.rows[row][column], self.columns[column].kind)

    def index(self, name: str) -> int:
        """Return the place of a column; of a column of codes, that of the names beside it."""
        found = [i for i, column in enumerate(self.columns) if column.name == name]
        return found[-1]


def cell_text(value: Cell, kind: Kind) -> str:
    """Return a cell as text: shares in per cent, other numbers with some three digits."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    if kind in ("share", "percent"):
        share = float(value) / (100 if kind == "percent" else 1)
        return percent(share, 2 if 0 < abs(share) < 0.01 else 1)
    if kind == "year":
        return str(value)
    if kind == "measure":
        return small(float(value))
    return number(float(value))


# Kept wide: half of them say what most tables leave as it is.
# Kept whole: the parameters, what they mean, and one loop over the columns.
def shown_table(
    reader: Reader,
    key: str,
    frame: pl.DataFrame,
    kinds: Mapping[str, Kind],
    title: str = "",
    note: str = "",
    resource: str = "",
    heads: Mapping[str, str] | None = None,
    status_of: Mapping[str, str] | None = None,
) -> Table:
    """Return a frame as shown, without what says sizes again or is money that nothing tells.

    Parameters
    ----------
    key : name of the table; its title and note in `words.toml` unless they are given
    frame : values in the study's units
    kinds : what each column to show holds
    resource : the resource that columns of the kinds `resource` and `premium` are about, that of
        the study's measure of size where none is named
    heads : heads of columns that `words.toml` has none for
    status_of : the column that says how the figures of another came about
    """
    title = title or reader.word(f"table.{key}.title")
    note = note or reader.word(f"table.{key}.note")
    if frame.height > MOST_ROWS:
        rows = f"{frame.height:,}"
        frame, by = _largest(frame, kinds)
        note = reader.word(
            "table_cut" if by else "table_begun",
            note=note,
            rows=rows,
            by=((heads or {}).get(by) or reader.word(f"column.{by}")) if by else "",
            shown=f"{LARGEST:,}",
        )
    measured = reader.study.about.measured_by
    own = measured.resource
    resource = resource or own
    factors, units = _units(reader, resource)
    columns: list[Column] = []
    data: list[list[Cell]] = []
    place: dict[str, int] = {}
    for column, kind in kinds.items():
        if measured.is_said_by(column) or _is_untold(measured, kind, frame[column]):
            continue
        # A premium on output is money per money: a share, as is one on any measure of size.
        kind = "share" if kind == "premium" and resource == own else kind
        head = (heads or {}).get(column) or reader.word(f"column.{column}")
        if kind in CODES:
            columns.append(Column(column, reader.word("code_of", what=head), "", "text"))
            data.append(frame[column].to_list())
        place[column] = len(columns)
        columns.append(Column(column, head, units.get(kind, ""), kind))
        data.append(_cells(frame[column].to_list(), kind, factors, reader))
    estimated = frozenset(
        (row, place[column])
        for column, by in (status_of or {}).items()
        if column in place
        for row, status in enumerate(frame[by])
        if status == "estimated"
    )
    return Table(
        key,
        title,
        note,
        tuple(columns),
        list(zip(*data, strict=True)),
        estimated,
    )


def _largest(frame: pl.DataFrame, kinds: Mapping[str, Kind]) -> tuple[pl.DataFrame, str]:
    """Return the rows with the largest amounts, in their order, and the column of those amounts.

    The first rows where no column holds a size or an amount of money.
    """
    by = next((name for name, kind in kinds.items() if kind in ("size", "money")), "")
    if not by:
        return frame.head(LARGEST), by
    size = frame[by].cast(pl.Float64).abs().fill_nan(None).fill_null(-1.0)
    return frame[size.arg_sort(descending=True).head(LARGEST).sort()], by


def _is_untold(measured: Size, kind: Kind, values: pl.Series) -> bool:
    """Whether a column is money that a study without output cannot tell."""
    return kind == "money" and not measured.is_money and values.null_count() == values.len()


def _units(reader: Reader, resource: str) -> tuple[dict[Kind, float], dict[Kind, str]]:
    """Return factor and unit by kind of column."""
    capital, used, size = reader.money, reader.resource_unit(resource), reader.size
    people, carbon = reader.persons, reader.emissions
    factors: dict[Kind, float] = {
        "size": size.factor,
        "money": capital.factor,
        "persons": people.factor,
        "emissions": carbon.factor,
        "resource": used.factor,
        "premium": capital.factor / used.factor,
    }
    units: dict[Kind, str] = {
        "size": size.name,
        "money": capital.name,
        "persons": people.name,
        "emissions": carbon.name,
        "resource": used.name,
        "premium": reader.word("per_unit", money=capital.name, unit=used.name),
        "share": "%",
        "percent": "%",
        "kilometres": reader.word("unit.kilometres"),
    }
    return factors, units


def _cells(
    values: list[Any], kind: Kind, factors: Mapping[Kind, float], reader: Reader
) -> list[Cell]:
    """Return values of the study as cells."""
    factor = factors.get(kind)
    if factor is not None:
        return [None if value is None else float(value) * factor for value in values]
    say = _how(reader, kind)
    if say is None:
        return values
    # Texts and flags stand in many rows.
    said = {value: say(value) for value in set(values) if value is not None}
    return [said.get(value) for value in values]


def _how(reader: Reader, kind: Kind) -> Callable[..., str] | None:
    """Return what turns a value of the study into words; None where it stands as it is."""
    named: dict[Kind, Mapping[str, str]] = {
        "rule": reader.names.rules,
        "region": reader.names.regions,
        "industry": reader.names.industries,
        "place": reader.names.places,
    }
    if kind in named:
        return lambda code: named[kind].get(code, code)
    if kind == "macro_region":
        return reader.names.macro_region
    if kind == "flag":
        return lambda flag: reader.word("yes" if flag else "no")
    if kind in WORDED:
        return lambda code: reader.word_or(f"{kind}.{code}", code)
    return None


def shown_columns(
    result: "type[DataclassInstance]",
    chosen: Mapping[str, str],
    tables: str | None = None,
) -> dict[str, Columns]:
    """Return the columns to show of the tables of a kind of result.

    Parameters
    ----------
    chosen : columns of a table that is not shown as it is, in their order, separated by spaces
    tables : in reading order, separated by spaces; every one without it
    """
    declared = columns_of(result)
    keys = declared if tables is None else tables.split()
    return {
        key: declared[key].only(chosen[key]) if key in chosen else declared[key] for key in keys
    }


def frames_of(result: "DataclassInstance") -> dict[str, pl.DataFrame]:
    """Return the frames of a result by their names."""
    values = {field.name: getattr(result, field.name) for field in fields(result)}
    return {key: value for key, value in values.items() if isinstance(value, pl.DataFrame)}
