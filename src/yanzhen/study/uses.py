"""What a study may hold and nothing uses yet: said by `check`, so that nobody waits for an effect.

What is declared here is held against the code by a test.
"""

from collections.abc import Mapping
from types import MappingProxyType

from yanzhen.study.cells import TypedTable
from yanzhen.study.problem import Problem
from yanzhen.study.tables.economy import ANY_ORIGIN
from yanzhen.study.words import words

UNUSED_TABLES: tuple[str, ...] = ()
"""Tables that are read and checked, and that no result depends on."""

UNUSED_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "regions": ("tier",),
        "distances": ("hours",),
        "sites": ("manager",),
        "enterprises": ("size_class",),
        "moves": ("employment", "mode"),
        "funds": ("manager", "horizon_years"),
    }
)
"""Columns of other tables that no result depends on."""


def check_uses(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Name tables and columns that are filled in and that nothing uses."""
    problems = []
    for name in UNUSED_TABLES:
        if name in tables and tables[name].frame.height:
            problems.append(_unused(tables[name], "", "row", tables[name].frame.height))
    for name, columns in {**UNUSED_COLUMNS, **_without_own_tables(tables)}.items():
        if name not in tables:
            continue
        frame = tables[name].frame
        for column in columns:
            filled = frame.height - frame[column].null_count()
            if filled:
                problems.append(_unused(tables[name], column, "cell", filled))
    return problems


def _without_own_tables(tables: Mapping[str, TypedTable]) -> dict[str, tuple[str, ...]]:
    """Columns that only go with regions' own input-output tables, where there are none."""
    flows = tables.get("input_output")
    own = flows is not None and (flows.frame["origin"] == ANY_ORIGIN).any()
    return {} if own else {"trade": ("exports", "imports")}


def _unused(table: TypedTable, column: str, thing: str, count: int) -> Problem:
    found = words(f"unused_{thing}" if count == 1 else f"unused_{thing}s", count=count)
    return Problem.at(table.file, table.table, None, column, found, words("unused"))
