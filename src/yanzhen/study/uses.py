"""What a study may hold and nothing uses yet: said by `check`, so that nobody waits for an effect.

What is declared here is held against the code by a test.
"""

from collections.abc import Mapping
from types import MappingProxyType

from yanzhen.study.cells import TypedTable
from yanzhen.study.problem import Problem, Words

UNUSED_TABLES = (
    "funds",
    "projects",
    "foreign_investment",
    "trade",
    "targets",
)
"""Tables that are read and checked, and that no result depends on."""

UNUSED_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "regions": ("tier",),
        "distances": ("hours",),
        "sites": ("kind", "manager"),
        "enterprises": ("size_class",),
        "moves": ("employment", "mode"),
    }
)
"""Columns of other tables that no result depends on."""

_EXPECTED: Words = (
    "leave it out or keep it for later: no result of this version changes with it",
    "可不填，或留待以后使用：本版本的结果不随它变化",
)


def check_uses(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Name tables and columns that are filled in and that nothing uses."""
    problems = []
    for name in UNUSED_TABLES:
        if name in tables and tables[name].frame.height:
            rows = tables[name].frame.height
            found = f"{_some(rows, 'row')} that nothing uses yet", f"{rows:,} 行，尚无用处"
            problems.append(Problem.at(tables[name].file, name, None, "", found, _EXPECTED))
    for name, columns in UNUSED_COLUMNS.items():
        if name not in tables:
            continue
        frame = tables[name].frame
        for column in columns:
            filled = frame.height - frame[column].null_count()
            if filled:
                found = (
                    f"{_some(filled, 'cell')} that nothing uses yet",
                    f"{filled:,} 个单元格，尚无用处",
                )
                problems.append(Problem.at(tables[name].file, name, None, column, found, _EXPECTED))
    return problems


def _some(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
