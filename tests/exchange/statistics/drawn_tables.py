"""SYNTHETIC contributions and hierarchies, drawn by a seed."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.exchange.statistics.cells import Cells, Table, cells_of
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.published import published_tables

LINKED = (
    Table("by_region_and_industry", {"region": None, "industry": None}),
    Table("by_region_and_state", {"region": None, "state": None}),
    Table("by_industry_and_state", {"industry": None, "state": None}),
)


def tree(root: str, widths: tuple[int, ...]) -> Hierarchy:
    """A hierarchy with so many codes under each one, level by level."""
    parents: dict[str, str | None] = {root: None}
    level = [root]
    for width in widths:
        level = [f"{above}{number}" for above in level for number in range(width)]
        parents |= {code: code[:-1] for code in level}
    return Hierarchy(parents, {})


def drawn(seed: int, hierarchies: Mapping[str, Hierarchy], rows: int) -> pl.DataFrame:
    """SYNTHETIC contributions: uneven cells, and enterprises of very uneven size."""
    generator = np.random.default_rng(seed)
    codes = {}
    for name, hierarchy in hierarchies.items():
        leaves = sorted(hierarchy.leaves)
        codes[name] = generator.choice(leaves, rows, p=generator.dirichlet(np.ones(len(leaves))))
    enterprises = [f"enterprise {number}" for number in generator.integers(0, rows, rows)]
    values = np.ceil(generator.lognormal(4, 1.5, rows))
    return pl.DataFrame({"enterprise": enterprises, **codes, "value": values})


def drawn_case(seed: int) -> tuple[pl.DataFrame, dict[str, Hierarchy]]:
    """SYNTHETIC contributions to three linked tables of hierarchies, all drawn."""
    generator = np.random.default_rng([seed, 1])
    regions, industries, states = generator.integers(2, 4, 3).tolist()
    hierarchies = {
        "region": tree("R", (2, regions)),
        "industry": tree("I", (industries,)),
        "state": tree("S", (states,)),
    }
    return drawn(seed, hierarchies, int(generator.integers(40, 120))), hierarchies


def shown(
    cells: Cells,
    hidden: NDArray[np.bool_],
    hierarchies: Mapping[str, Hierarchy],
    unit: float = 0.0,
) -> dict[str, pl.DataFrame]:
    """The linked tables as they are published."""
    return published_tables(cells, hidden, hierarchies, LINKED, unit)


def cells_in(contributions: pl.DataFrame, hierarchies: Mapping[str, Hierarchy]) -> Cells:
    """The cells of the linked tables."""
    return cells_of(contributions, hierarchies, LINKED)
