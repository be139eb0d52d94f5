"""What an attacker reads from published tables: the equations that hold between hidden cells.

    Σ_{k hidden} A_rk y_k = b_r ± rounding,   y ≥ what is known of each

Every total that is shown or hidden is the sum of its parts. A figure that is rounded lies within
half a unit of what is shown; one that is rounded to zero and has records, between zero and half a
unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.truth import Key


@dataclass(frozen=True)
class Equations:
    """The equations of one measure.

    Attributes
    ----------
    unknowns : cells, each a column: hidden ones, and those shown rounded
    bounds : (low, high) of each, an outsider's knowledge
    rows : each a list of (column, coefficient) and the right-hand side
    hidden : cells that are hidden to their columns
    """

    unknowns: Sequence[Key]
    bounds: Sequence[tuple[float, float]]
    rows: Sequence[tuple[list[tuple[int, float]], float]]
    hidden: Mapping[Key, int]


class Contradiction(ValueError):
    """A cell that one table shows and another hides, or shows otherwise."""

    def __init__(self, cell: Key) -> None:
        super().__init__(f"tables contradict each other at {', '.join(cell)}")
        self.cell = cell


def equations_of(
    published: Mapping[str, pl.DataFrame],
    measure: str,
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
    unit: float,
    least: float,
) -> Equations:
    """Return what tables say of the cells that they hide.

    Parameters
    ----------
    published : name of each table to its cells, null where hidden
    unit : to which figures are rounded, 0 where they are not
    least : what a hidden cell is known to be at least

    Raises
    ------
    Contradiction
        Tables differ where they share a cell.
    """
    figures: dict[Key, float | None] = {}
    for table in tables:
        for *codes, figure in published[table.name].select(*hierarchies, measure).iter_rows():
            key = tuple(codes)
            if figures.setdefault(key, figure) != figure:
                raise Contradiction(key)
    rounded = shown_within(published, measure, hierarchies, tables, unit) if unit > 0 else {}
    places: dict[Key, int] = {}
    bounds: list[tuple[float, float]] = []
    for key, figure in figures.items():
        if figure is None or key in rounded:
            places[key] = len(bounds)
            bounds.append(rounded.get(key, (least, float("inf"))))
    hidden = {key: places[key] for key, figure in figures.items() if figure is None}
    rows = []
    for total, parts in _sums(published, hierarchies, tables):
        terms = [(total, 1.0), *((part, -1.0) for part in parts)]
        unknown = [(places[key], sign) for key, sign in terms if key in places]
        known = sum(sign * (figures[key] or 0.0) for key, sign in terms if key not in places)
        if unknown:
            rows.append((unknown, -known))
    return Equations(list(places), bounds, rows, hidden)


def shown_within(
    published: Mapping[str, pl.DataFrame],
    measure: str,
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
    unit: float,
) -> dict[Key, tuple[float, float]]:
    """Return the least and the most of what each cell with records shows.

    Parameters
    ----------
    published, unit : see `equations_of`
    """
    found: dict[Key, tuple[float, float]] = {}
    for table in tables:
        shown = published[table.name].filter(pl.col("records") > 0)
        for *codes, figure in shown.select(*hierarchies, measure).iter_rows():
            if figure is not None:
                found[tuple(codes)] = max(figure - unit / 2, 0.0), figure + unit / 2
    return found


def _sums(
    published: Mapping[str, pl.DataFrame],
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
) -> list[tuple[Key, tuple[Key, ...]]]:
    """Every total with its parts, each once."""
    found: dict[tuple[Key, tuple[Key, ...]], None] = {}
    names = list(hierarchies)
    for table in tables:
        keys = set(published[table.name].select(names).iter_rows())
        for place in range(len(names)):
            children: dict[str, list[str]] = {}
            for code, above in hierarchies[names[place]].parents.items():
                if above is not None:
                    children.setdefault(above, []).append(code)
            for key in sorted(keys):
                parts = tuple(
                    (*key[:place], code, *key[place + 1 :]) for code in children.get(key[place], ())
                )
                if parts and all(part in keys for part in parts):
                    found[key, parts] = None
    return list(found)
