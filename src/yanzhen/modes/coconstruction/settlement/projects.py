"""The projects that contracts cover: what they pay, cost and count for, year by year."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from yanzhen.modes.coconstruction.contract.consistency import require
from yanzhen.modes.coconstruction.contract.rounding import LARGEST, Integers
from yanzhen.modes.coconstruction.contract.terms import CONDITIONS, STATISTICS, TAX_KINDS
from yanzhen.study import Problem

Booleans = NDArray[np.bool_]
Kind = TypeVar("Kind", np.int64, np.bool_)
LAST_OF_ALL = 10**6
"""Year of exit of a project that does not leave."""
AXES = {
    "contract": "N",
    "local_tax": "KNT",
    "tax_before": "KNB",
    "departure": "N",
    "stock_home": "N",
    "stock_host": "N",
    "outlay": "NT",
    "production_year": "N",
    "arrival": "N",
    "exit": "N",
    "conditions": "CN",
    "profit": "NT",
    "statistics": "MNT",
}
"""What each array of projects runs over."""
MAY_BE_NEGATIVE = ("local_tax", "tax_before", "profit")


@dataclass(frozen=True)
class Projects:
    """Rows of contract and project, the rows of a contract together and contracts in order.

    Money in fen, statistics in whole units of the user's choice.

    Attributes
    ----------
    contract : (N,) number of the contract, every number from 0 at least once
    name : (N,) names
    type : (N,) types, as the terms name them
    first_year : year of the first of T columns
    local_tax : (K, N, T) local part of each kind of tax, by `TAX_KINDS`; below zero in a year in
        which more was refunded than paid; nothing outside of the years at the host
    tax_before : (K, N, B) local part of each kind in the years before each project's own move,
        latest last
    departure : (N,) year of the move, which these years are before
    known_from : first year of which what was paid is told; earlier years count as nothing paid
    stock_home, stock_host : (N,) local tax a year that home and host had of it before the contract
    outlay : (N, T) what the home spends on it
    production_year : (N,) year of reaching production
    arrival, exit : (N,) first and last year at the host under the contract
    conditions : (2, N) whether each of `CONDITIONS` holds
    profit : (N, T) profit of the joint company from it
    statistics : (M, N, T) by `STATISTICS`; the part to be split, the increment where that is shared
    """

    contract: Integers
    name: tuple[str, ...]
    type: tuple[str, ...]
    first_year: int
    local_tax: Integers
    tax_before: Integers
    departure: Integers
    known_from: int
    stock_home: Integers
    stock_host: Integers
    outlay: Integers
    production_year: Integers
    arrival: Integers
    exit: Integers
    conditions: Booleans
    profit: Integers
    statistics: Integers

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the columns."""
        return tuple(range(self.first_year, self.first_year + self.local_tax.shape[2]))

    @cached_property
    def starts(self) -> Integers:
        """First row of each contract."""
        return np.flatnonzero(np.diff(self.contract, prepend=-1)).astype(np.int64)


# Kept wide: a keyword for each array of the projects, all but three of which may be left out.
def one_contract(
    names: tuple[str, ...],
    first_year: int,
    local_tax: Mapping[str, Integers],
    *,
    tax_before: Mapping[str, Integers] | None = None,
    types: tuple[str, ...] | None = None,
    stock_home: Integers | None = None,
    stock_host: Integers | None = None,
    outlay: Integers | None = None,
    production_year: Integers | None = None,
    arrival: Integers | None = None,
    exit_year: Integers | None = None,
    conditions: Mapping[str, Booleans] | None = None,
    profit: Integers | None = None,
    statistics: Mapping[str, Integers] | None = None,
) -> Projects:
    """Projects of one contract from what is known of them; what is not given is zero or false.

    Parameters
    ----------
    names : of the P projects
    first_year : year of the first column
    local_tax : (P, T) by kind of tax
    tax_before : (P, B) by kind of tax
    conditions, statistics : by name
    production_year, arrival : without them, the first year
    exit_year : without it, none leaves
    """
    count = len(names)
    years = next(iter(local_tax.values())).shape[1]
    before = tax_before or {"value_added_tax": np.zeros((count, 0), dtype=np.int64)}
    width = next(iter(before.values())).shape[1]
    nothing = np.zeros((count, years), dtype=np.int64)
    none = np.zeros(count, dtype=np.int64)
    come = none + first_year if arrival is None else arrival
    return Projects(
        contract=none,
        name=names,
        type=types or ("",) * count,
        first_year=first_year,
        local_tax=_stacked(local_tax, TAX_KINDS, nothing),
        tax_before=_stacked(before, TAX_KINDS, np.zeros((count, width), dtype=np.int64)),
        departure=come,
        known_from=int(come.min(initial=first_year)) - width,
        stock_home=none if stock_home is None else stock_home,
        stock_host=none if stock_host is None else stock_host,
        outlay=nothing if outlay is None else outlay,
        production_year=none + first_year if production_year is None else production_year,
        arrival=come,
        exit=none + LAST_OF_ALL if exit_year is None else exit_year,
        conditions=_stacked(conditions or {}, CONDITIONS, np.zeros(count, dtype=bool)),
        profit=nothing if profit is None else profit,
        statistics=_stacked(statistics or {}, STATISTICS, nothing),
    )


def for_contracts(projects: Projects, contracts: int) -> Projects:
    """The same projects under each of several contracts, to lay the contracts side by side."""
    repeated: dict[str, Any] = {
        name: np.concatenate([getattr(projects, name)] * contracts, axis=axes.index("N"))
        for name, axes in AXES.items()
    }
    repeated["contract"] = np.repeat(np.arange(contracts), len(projects.name))
    names, types = projects.name * contracts, projects.type * contracts
    return replace(projects, name=names, type=types, **repeated)


def check_projects(projects: Projects, contracts: int) -> tuple[Problem, ...]:
    """What is wrong with the rows: their order, shapes and amounts."""
    sizes = {
        "N": len(projects.name),
        "T": projects.local_tax.shape[2],
        "B": projects.tax_before.shape[-1],
        "K": len(TAX_KINDS),
        "C": len(CONDITIONS),
        "M": len(STATISTICS),
    }
    found = []
    for name, axes in AXES.items():
        shape = tuple(sizes[axis] for axis in axes)
        values = getattr(projects, name)
        if values.shape != shape:
            found.append(_fault(name, f"{values.shape}", f"{shape}"))
            continue
        least = -LARGEST if name in MAY_BE_NEGATIVE else 0
        if values.size and (values.min() < least or values.max() > LARGEST):
            found.append(_fault(name, "", f"{least} … {LARGEST}"))
    if found:
        return tuple(found)
    order = projects.contract
    paid = np.bincount(order, weights=np.abs(projects.local_tax).sum(axis=(0, 2), dtype=float))
    if paid.max(initial=0) > LARGEST:
        found.append(_fault("local_tax", f"{paid.max():.4g}", f"≤ {LARGEST}"))
    if not np.array_equal(np.unique(order), np.arange(contracts)) or (np.diff(order) < 0).any():
        found.append(_fault("contract", "", f"0 … {contracts - 1}, ascending"))
    absent = np.array(projects.years)[None] < projects.arrival[:, None]
    for name in ("local_tax", "profit", "statistics"):
        if (getattr(projects, name) * absent).any():
            found.append(_fault(name, "amounts before the arrival", "nothing there yet"))
    return tuple(found)


def _fault(column: str, found: str, expected: str) -> Problem:
    return Problem.at(
        "projects",
        "projects",
        None,
        column,
        (found or "other values", found or "其他数值"),
        (expected, expected),
    )


def _stacked(
    given: Mapping[str, NDArray[Kind]], names: tuple[str, ...], nothing: NDArray[Kind]
) -> NDArray[Kind]:
    strangers = [name for name in given if name not in names]
    require([_fault(name, name, ", ".join(names)) for name in strangers])
    return np.stack([given.get(name, nothing) for name in names])
