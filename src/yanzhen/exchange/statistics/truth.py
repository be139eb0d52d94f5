"""What the auditor knows: every contribution to every cell, added up anew, one by one.

Shares nothing with what hides cells but the rule and the declarations of the tables.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import fsum

import polars as pl

from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.rules import ROUNDING, SafetyRule

Key = tuple[str, ...]
"""A code in each dimension, that of all where a table does not have it."""


@dataclass(frozen=True)
class Need:
    """What the interval of a cell must hold: above and below its true value, and in width."""

    upper: float
    lower: float
    width: float


@dataclass(frozen=True)
class Truth:
    """Contributions to each cell: cell to enterprise to what it has there.

    Attributes
    ----------
    parts, records : sums of values and numbers of records
    """

    parts: Mapping[Key, Mapping[str, float]]
    records: Mapping[Key, Mapping[str, float]]

    def needs(self, rule: SafetyRule) -> dict[str, dict[Key, Need]]:
        """Return for each measure what a rule asks of the cells that may not be shown."""
        values: dict[Key, Need] = {}
        records: dict[Key, Need] = {}
        for key, parts in self.parts.items():
            ranked = sorted(parts.values(), reverse=True)
            whole, one, two = fsum(ranked), ranked[0], fsum(ranked[:2])
            few = len(ranked) < rule.least
            dominated = (
                one > (1 + ROUNDING) * rule.largest * whole
                or two >= (1 - ROUNDING) * rule.two_largest * whole
            )
            if few or dominated:
                close = rule.closeness * one
                upper = max(close, one / rule.largest - whole, two / rule.two_largest - whole)
                values[key] = Need(upper, close, 2 * upper)
            if few:
                records[key] = Need(1.0, 0.0, 2.0)
        return {"value": values, "records": records}


def truth_of(
    contributions: pl.DataFrame, hierarchies: Mapping[str, Hierarchy], tables: Sequence[Table]
) -> Truth:
    """Return what each enterprise contributes to each cell of the tables, in whatever order."""
    values: dict[Key, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    dimensions = list(hierarchies)
    for enterprise, value, *codes in contributions.select(
        "enterprise", "value", *dimensions
    ).iter_rows():
        reached: set[Key] = set()
        for table in tables:
            ways = [
                _shown(hierarchies[name], code, table.levels.get(name, 0))
                for name, code in zip(dimensions, codes, strict=True)
            ]
            reached.update(product(*ways))
        for key in reached:
            values[key][enterprise].append(value)
    # Exact sums: publications are compared, and must not differ by the order of rows.
    return Truth(
        {key: {name: fsum(each) for name, each in of.items()} for key, of in values.items()},
        {key: {name: float(len(each)) for name, each in of.items()} for key, of in values.items()},
    )


def _shown(hierarchy: Hierarchy, code: str, levels: int | None) -> tuple[str, ...]:
    path = hierarchy.path(code)
    return path if levels is None else path[: levels + 1]
