"""Blocks of cells that lie near each other, in which to look for a deviation first.

Around a cell lie, in each dimension, the codes beside its own, under the same code above, and all
that is below them. Most deviations that are wanted stay there, in programmes of some hundred cells
instead of all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from yanzhen.exchange.statistics.arrays import Flags, Integers
from yanzhen.exchange.statistics.hierarchy import Hierarchy

Block = tuple[int, ...]
EVERY = 1000
"""More levels than any hierarchy has."""


@dataclass(frozen=True)
class Blocks:
    """The block of each cell.

    Attributes
    ----------
    codes : (C, D) number of each cell's code in each dimension
    parents : for each dimension (N,) number of the code above each, -1 above the root
    depths : (T, D) levels below all that each table shows in each dimension
    """

    codes: Integers
    parents: tuple[Integers, ...]
    depths: Integers

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

    def find(self, keys: Integers) -> tuple[Integers, Flags]:
        """Return the cells (...) of codes (..., D), -1 where there is none, and known zeros (...).

        A known zero is shown by a table and has no contribution: it cannot move.
        """
        numbers = np.ravel_multi_index(np.moveaxis(keys, -1, 0), self._sizes)
        places = np.minimum(np.searchsorted(self._sorted, numbers), self._sorted.size - 1)
        cells = np.where(self._sorted[places] == numbers, self._order[places], -1)
        depths = np.stack([each[keys[..., place]] for place, each in enumerate(self._depth)], -1)
        shown = np.zeros(cells.shape, bool)
        for table in self.depths:
            shown |= (depths <= table).all(axis=-1)
        return cells, shown & (cells < 0)

    @cached_property
    def ways(self) -> tuple[dict[int, tuple[int, ...]], ...]:
        """For each dimension each lowest code with the codes from itself up to that of all."""
        return tuple(_ways(above) for above in self.parents)

    @cached_property
    def _sizes(self) -> tuple[int, ...]:
        return tuple(each.size for each in self.parents)

    @cached_property
    def _order(self) -> Integers:
        return np.argsort(np.ravel_multi_index(tuple(self.codes.T), self._sizes))

    @cached_property
    def _sorted(self) -> Integers:
        numbers = np.ravel_multi_index(tuple(self.codes.T), self._sizes)
        return np.asarray(numbers[self._order], np.int64)

    @cached_property
    def _depth(self) -> tuple[Integers, ...]:
        """For each dimension (N,) levels of each code below all."""
        return tuple(_closure(above).sum(axis=0) for above in self.parents)

    @cached_property
    def _below(self) -> tuple[Flags, ...]:
        """For each dimension (N, N): whether a code lies below another."""
        return tuple(_closure(above) for above in self.parents)


def blocks_of(
    keys: pl.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
    levels: Sequence[Mapping[str, int | None]],
) -> Blocks:
    """Return the blocks of cells, given the code of each in each dimension.

    Parameters
    ----------
    levels : of each table, see `cells.Table`
    """
    codes, parents = [], []
    for name, hierarchy in hierarchies.items():
        numbers = {code: number for number, code in enumerate(hierarchy.parents)}
        above = [-1 if up is None else numbers[up] for up in hierarchy.parents.values()]
        codes.append([numbers[code] for code in keys[name].to_list()])
        parents.append(np.array(above, np.int64))
    depths = [
        [EVERY if (depth := each.get(name, 0)) is None else depth for name in hierarchies]
        for each in levels
    ]
    return Blocks(np.array(codes, np.int64).T, tuple(parents), np.array(depths, np.int64))


def _ways(parents: Integers) -> dict[int, tuple[int, ...]]:
    inner, found = set(parents.tolist()), {}
    for code in range(parents.size):
        if code not in inner:
            way = [code]
            while (above := int(parents[way[-1]])) >= 0:
                way.append(above)
            found[code] = tuple(way)
    return found


def _closure(parents: Integers) -> Flags:
    below = np.zeros((parents.size, parents.size), bool)
    for code in range(parents.size):
        above = parents[code]
        while above >= 0:
            below[above, code] = True
            above = parents[above]
    return below
