"""Tables of a plan as a reader sees them: heads, units and values in one language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from yanzhen.report.names import Names, names
from yanzhen.report.quantities import (
    UNKNOWN,
    emissions,
    money,
    number,
    percent,
    persons,
    resource_unit,
    small,
)
from yanzhen.report.routes import ROUTE
from yanzhen.report.words import Lang, word, word_or

if TYPE_CHECKING:
    from yanzhen.market.plan import Plan

Kind = Literal[
    "region", "industry", "place", "macro_region", "term", "status", "recipient", "place_kind",
    "total_basis", "listing", "rule", "flag", "text", "year", "count", "number", "share",
    "percent", "measure", "money", "persons", "emissions", "resource", "premium",
]  # fmt: skip
NUMBERS: frozenset[Kind] = frozenset(
    {
        "count",
        "number",
        "share",
        "percent",
        "measure",
        "money",
        "persons",
        "emissions",
        "resource",
        "premium",
    }
)
CODES: frozenset[Kind] = frozenset({"region", "industry", "place"})

MOVES: Mapping[str, Kind] = {
    "industry": "industry",
    "origin": "region",
    "destination": "place",
    "origin_macro_region": "macro_region",
    "destination_macro_region": "macro_region",
    "output": "money",
    "jobs": "persons",
    "emissions": "emissions",
    "emissions_status": "status",
    "enterprises": "count",
    "price": "share",
    "price_paid": "money",
    "surplus": "money",
    "gain": "share",
    "status": "status",
}
COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "macro_regions": {
        "macro_region": "macro_region",
        "output": "money",
        "departures": "money",
        "arrivals": "money",
        "net": "money",
        "share_before": "share",
        "share_after": "share",
    },
    "regions": {
        "region": "region",
        "macro_region": "macro_region",
        "output": "money",
        "departures": "money",
        "arrivals": "money",
        "net": "money",
        "net_share": "share",
        "jobs_arriving": "persons",
        "jobs_leaving": "persons",
        "emissions_arriving": "emissions",
        "emissions_leaving": "emissions",
        "rents": "money",
        "flagged": "flag",
    },
    "industries": {
        "industry": "industry",
        "output": "money",
        "departures": "money",
        "departure_share": "share",
        "departures_assumed": "flag",
        "balanced_cells": "count",
        "in_findings": "flag",
    },
    "sites": {
        "site": "place",
        "region": "region",
        "room_growth": "money",
        "room_idle": "money",
        "capacity": "money",
        "arrivals": "money",
        "premium": "share",
        "flagged": "flag",
        "status": "status",
    },
    "schedule": {
        "year": "year",
        "industry": "industry",
        "region": "region",
        "departures": "money",
        "arrivals": "money",
    },
    "allocation": {
        "industry": "industry",
        "region": "region",
        "market": "money",
        "past": "money",
    },
    "history": {
        "macro_region": "macro_region",
        "year": "year",
        "output": "money",
        "share": "share",
    },
    "activity": {
        "region": "region",
        "industry": "industry",
        "year": "year",
        "output": "money",
        "output_status": "status",
    },
    "completeness": {
        "industry": "industry",
        "year": "year",
        "observed": "count",
        "estimated": "count",
        "missing": "count",
        "total_basis": "total_basis",
    },
    "hold_out": {
        "industry": "industry",
        "year": "year",
        "cells": "count",
        "uncompleted": "count",
        "median_absolute_percentage_error": "percent",
        "weighted_error": "percent",
    },
    "without_flagged": {"macro_region": "macro_region", "net": "money", "net_without": "money"},
    "refused": {"industry": "industry", "site": "place", "listing": "listing", "rule": "rule"},
    "not_evaluated": {"term": "term", "needs": "text"},
}
PRICES: Mapping[str, Kind] = {
    "place": "place",
    "place_kind": "place_kind",
    "premium": "premium",
    "floor": "premium",
    "posted": "premium",
    "capacity": "resource",
    "demand": "resource",
    "used": "share",
    "binding": "flag",
    "rent": "money",
    "recipient": "recipient",
}
# Which column says how the figures of another came about.
STATUS_OF: Mapping[str, Mapping[str, str]] = {
    "moves": {"output": "status", "jobs": "status", "emissions": "emissions_status"},
    "sites": {"room_growth": "status", "room_idle": "status", "capacity": "status"},
    "activity": {"output": "output_status"},
}

Cell = str | float | int | bool | None


@dataclass(frozen=True)
class Column:
    """A column as shown: its name in the plan's frame, its head, its unit, what it holds."""

    name: str
    head: str
    unit: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """A table as shown.

    Attributes
    ----------
    key : name of the plan's frame; a price table has its resource added
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

    def text(self, row: int, column: int) -> str:
        """Return a cell as text."""
        return cell_text(self.rows[row][column], self.columns[column].kind)

    def index(self, name: str) -> int:
        """Return the place of a column; of a column of codes, that of the names beside it."""
        found = [i for i, column in enumerate(self.columns) if column.name == name]
        return found[-1]


def tables(plan: "Plan", lang: Lang) -> list[Table]:
    """Return every table of a plan, in reading order; reasons stand beside their moves."""
    shown = [table(plan, key, lang) for key in COLUMNS]
    prices = [price_table(plan, resource, lang) for resource in _resources(plan)]
    place = next(i for i, found in enumerate(shown) if found.key == "sites")
    return [
        *shown[:place],
        move_table(plan, lang),
        *prices,
        *shown[place:],
    ]


def table(plan: "Plan", key: str, lang: Lang) -> Table:
    """Return one frame of a plan as shown."""
    frame: pl.DataFrame = getattr(plan, key)
    if key == "hold_out":
        frame = frame.with_columns(
            pl.col("industry").fill_null(word(lang, "all")),
            pl.col("year").cast(pl.String).fill_null(word(lang, "all")),
        )
    return shown_table(plan, lang, key, frame, COLUMNS[key])


def move_table(plan: "Plan", lang: Lang) -> Table:
    """Return the moves, each with the size of every reason beside it."""
    name = names(plan, lang)
    terms = plan.reasons["term"].unique(maintain_order=True).to_list()
    # A reason of size zero has no row.
    sizes = (
        plan.reasons.pivot("term", index=ROUTE, values="size")
        .rename({term: _reason(term) for term in terms})
        .with_columns(pl.col([_reason(term) for term in terms]).fill_null(0.0))
    )
    of_terms: dict[str, Kind] = {_reason(term): "share" for term in terms}
    kinds = {**MOVES, **of_terms}
    return shown_table(
        plan,
        lang,
        "moves",
        plan.moves.join(sizes, on=ROUTE, how="left", maintain_order="left"),
        kinds,
        heads={_reason(term): word(lang, "reason_of", term=name.term(term)) for term in terms},
    )


def price_table(plan: "Plan", resource: str, lang: Lang) -> Table:
    """Return the prices of one resource; amounts of different resources have different units."""
    frame = plan.prices.filter(pl.col("resource") == resource)
    frame = frame.sort(
        "premium", "used", "place", "place_kind", descending=[True, True, False, False]
    )
    name = names(plan, lang).resource(resource)
    return shown_table(
        plan,
        lang,
        f"prices_{resource}",
        frame,
        PRICES,
        title=word(lang, "table.prices.title", resource=name),
        note=word(lang, "table.prices.note"),
        resource=resource,
    )


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


def shown_table(
    plan: "Plan",
    lang: Lang,
    key: str,
    frame: pl.DataFrame,
    kinds: Mapping[str, Kind],
    title: str = "",
    note: str = "",
    resource: str = "output",
    heads: Mapping[str, str] | None = None,
) -> Table:
    """Return a frame as shown.

    Parameters
    ----------
    key : name of the table; its title and note in `words.toml` unless they are given
    frame : values in the study's units
    kinds : what each column to show holds
    resource : the resource that columns of the kinds `resource` and `premium` are about
    heads : heads of columns that `words.toml` has none for
    """
    name = names(plan, lang)
    factors, units = _units(plan, lang, resource)
    columns: list[Column] = []
    data: list[list[Cell]] = []
    place: dict[str, int] = {}
    for column, kind in kinds.items():
        # A premium on output is money per money: a share.
        kind = "share" if kind == "premium" and resource == "output" else kind
        head = (heads or {}).get(column) or word(lang, f"column.{column}")
        if kind in CODES:
            columns.append(Column(column, word(lang, "code_of", what=head), "", "text"))
            data.append(frame[column].to_list())
        place[column] = len(columns)
        columns.append(Column(column, head, units.get(kind, ""), kind))
        show = _how(lang, name, kind, factors)
        data.append([None if value is None else show(value) for value in frame[column]])
    estimated = frozenset(
        (row, place[column])
        for column, by in STATUS_OF.get(key, {}).items()
        for row, status in enumerate(frame[by])
        if status == "estimated"
    )
    return Table(
        key,
        title or word(lang, f"table.{key}.title"),
        note or word(lang, f"table.{key}.note"),
        tuple(columns),
        list(zip(*data, strict=True)),
        estimated,
    )


def _units(plan: "Plan", lang: Lang, resource: str) -> tuple[dict[Kind, float], dict[Kind, str]]:
    """Return factor and unit by kind of column."""
    capital, used = money(plan, lang), resource_unit(plan, resource, lang)
    people, carbon = persons(plan, lang), emissions(plan, lang)
    factors: dict[Kind, float] = {
        "money": capital.factor,
        "persons": people.factor,
        "emissions": carbon.factor,
        "resource": used.factor,
        "premium": capital.factor / used.factor,
    }
    units: dict[Kind, str] = {
        "money": capital.name,
        "persons": people.name,
        "emissions": carbon.name,
        "resource": used.name,
        "premium": word(lang, "per_unit", money=capital.name, unit=used.name),
        "share": "%",
        "percent": "%",
    }
    return factors, units


def _how(lang: Lang, name: Names, kind: Kind, factors: Mapping[Kind, float]) -> Callable[..., Cell]:
    """Return what turns a value of the plan into a cell."""
    named: dict[Kind, Mapping[str, str]] = {
        "rule": name.rules,
        "region": name.regions,
        "industry": name.industries,
        "place": name.places,
    }
    if kind in named:
        return lambda code: named[kind].get(code, code)
    if kind == "macro_region":
        return name.macro_region
    if kind == "flag":
        return lambda flag: word(lang, "yes" if flag else "no")
    if kind in ("term", "status", "recipient", "place_kind", "total_basis", "listing"):
        return lambda code: word_or(lang, f"{kind}.{code}", code)
    if kind in factors:
        return lambda value: float(value) * factors[kind]
    return lambda value: value


def _reason(term: str) -> str:
    return f"reason_{term}"


def _resources(plan: "Plan") -> list[str]:
    return plan.prices["resource"].unique().sort().to_list()
