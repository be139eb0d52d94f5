"""Blocks of cells that lie near each other, in which to look for a deviation first.

Around a cell lie, in each dimension, the codes beside its own, under the same code above, and all
that is below them. Most deviations that are wanted stay there, in programmes of some hundred cells
instead of all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from yanzhen.exchange.statistics.arrays import Flags, Integers
from yanzhen.exchange.statistics.hierarchy import Hierarchy

Block = tuple[int, ...]


@dataclass(frozen=True)
class Blocks:
    """The block of each cell.

    Attributes
    ----------
    codes : (C, D) number of each cell's code in each dimension
    parents : for each dimension (N,) number of the code above each, -1 above the root
    """

    codes: Integers
    parents: tuple[Integers, ...]

    def block_of(self, cell: int) -> Block:
        """Return the block around a cell: in each dimension the code that it lies under."""
        return tuple(
            int(above[code]) for above, code in zip(self.parents, self.codes[cell], strict=True)
        )

    def cells_in(self, block: Block) -> Integers:
        """Return the cells of a block, sorted."""
        inside = np.ones(len(self.codes), bool)
        for place, (below, above) in enumerate(zip(self._below, block, strict=True)):
            if above >= 0:
                inside &= below[above][self.codes[:, place]]
        return np.flatnonzero(inside)

    @cached_property
    def _below(self) -> tuple[Flags, ...]:
        """For each dimension (N, N): whether a code lies below another."""
        return tuple(_closure(above) for above in self.parents)


def blocks_of(keys: pl.DataFrame, hierarchies: Mapping[str, Hierarchy]) -> Blocks:
    """Return the blocks of cells, given the code of each in each dimension."""
    codes, parents = [], []
    for name, hierarchy in hierarchies.items():
        numbers = {code: number for number, code in enumerate(hierarchy.parents)}
        above = [-1 if up is None else numbers[up] for up in hierarchy.parents.values()]
        codes.append([numbers[code] for code in keys[name].to_list()])
        parents.append(np.array(above, np.int64))
    return Blocks(np.array(codes, np.int64).T, tuple(parents))


def _closure(parents: Integers) -> Flags:
    below = np.zeros((parents.size, parents.size), bool)
    for code in range(parents.size):
        above = parents[code]
        while above >= 0:
            below[above, code] = True
            above = parents[above]
    return below
