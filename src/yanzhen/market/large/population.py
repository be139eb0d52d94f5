"""Who chooses: what the solver reads of the enterprises themselves, beside their demand.

A population is in the order of its cells, and cut into shards at the bounds of the pass's chunks,
so that sums over it are the same bits wherever its enterprises are held.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.certificate_large import certify_blocks
from yanzhen.market.large.demand_pass import group_bounds, pack
from yanzhen.market.large.demand_provider import DemandProvider, Provide, ThreadedDemand
from yanzhen.market.large.simd import ENTERPRISES
from yanzhen.market.problem.aggregation import collapsed
from yanzhen.market.problem.market import Floats, Market, Prices

Precision = type[np.float32] | type[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Moments:
    """Sums over enterprises.

    Attributes
    ----------
    mass : output
    use : (R,) Σ mass q, what they need of every resource
    squared : (R,) Σ mass q²
    """

    mass: float
    use: Floats
    squared: Floats

    @property
    def typical(self) -> Floats:
        """(R,) need of each resource per unit of output, weighted by who uses it."""
        typical: Floats = self.squared / np.where(self.use > 0, self.use, 1.0)
        return typical

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.mass + other.mass, self.use + other.use, self.squared + other.squared)


def moments_of(rows: Market) -> Moments:
    """Sums over the enterprises of one shard."""
    used = [rows.mass * need for need in rows.needs.T]
    return Moments(
        float(rows.mass.sum()),
        np.array([float(use.sum()) for use in used]),
        np.array([float((use * need).sum()) for use, need in zip(used, rows.needs.T, strict=True)]),
    )


def together(moments: Sequence[Moments]) -> Moments:
    """Sums over all shards, in their order."""
    return reduce(Moments.__add__, moments)


class Population(Protocol):
    """Enterprises of a market in the order of their cells.

    Attributes
    ----------
    market : sites and limits; its enterprises are not read
    count : enterprises
    moments : sums over them
    """

    @property
    def market(self) -> Market: ...
    @property
    def count(self) -> int: ...
    @property
    def moments(self) -> Moments: ...

    def outputs(self) -> Floats:
        """(N,) output of every enterprise."""
        ...

    def rows(self, wanted: Sequence[Rows]) -> list[Market]:
        """Markets of some of the enterprises, each given by ascending positions."""
        ...

    def demand(self, precision: Precision) -> DemandProvider:
        """What passes over all of them."""
        ...

    def certified(self, prices: Prices, tolerance: float) -> Certificate:
        """How far prices are from clearing the market, by code of its own."""
        ...


class HeldPopulation:
    """Enterprises in memory, those that are the same taken together.

    Parameters
    ----------
    market : the market
    threads : threads to use, all of the machine's unless told
    provide : makes what passes over all of them, the threads unless told
    """

    def __init__(self, market: Market, threads: int | None, provide: Provide | None = None) -> None:
        self._given = market
        self.market = collapsed(market)
        self.count = self.market.mass.size
        self.threads = threads
        self._provide = provide
        self._order = np.argsort(self.market.cell, kind="stable")

    @cached_property
    def moments(self) -> Moments:
        """Sums over the enterprises, by shard."""
        return together([moments_of(rows) for rows in self.shards()])

    def shards(self) -> Iterator[Market]:
        """Markets of the enterprises of each shard."""
        for start, stop in shard_bounds(self.count):
            yield self.market.of_rows(self._order[start:stop])

    def outputs(self) -> Floats:
        """(N,) output of every enterprise."""
        outputs: Floats = self.market.mass[self._order]
        return outputs

    def rows(self, wanted: Sequence[Rows]) -> list[Market]:
        """Markets of some of the enterprises, each given by ascending positions."""
        return [self.market.of_rows(self._order[positions]) for positions in wanted]

    def demand(self, precision: Precision) -> DemandProvider:
        """What passes over all of them."""
        packed = pack(self.market, self._order, None, precision)
        if self._provide is not None:
            return self._provide(self.market, packed)
        return ThreadedDemand(self.market, packed, self.threads)

    def certified(self, prices: Prices, tolerance: float) -> Certificate:
        """How far prices are from clearing the market as it was given."""
        return certify_blocks(self._given, prices, tolerance, self.threads)


def shard_bounds(count: int) -> list[tuple[int, int]]:
    """First and last enterprise of each shard: the chunks of the pass."""
    bounds = group_bounds(-(-count // ENTERPRISES))
    return [(start * ENTERPRISES, min(stop * ENTERPRISES, count)) for start, stop in bounds]
