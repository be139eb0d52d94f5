"""A nation larger than memory: its shards read in turn, the next one while the last is summed."""

import os
from pathlib import Path

import numpy as np

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.certificate_large import certificate_of
from yanzhen.market.large.demand_oracle import ENTRIES
from yanzhen.market.large.demand_pass import available_cores
from yanzhen.market.large.demand_provider import DemandProvider, Quote
from yanzhen.market.large.peak_memory import peak_memory
from yanzhen.market.large.population import Precision
from yanzhen.market.large.shard_store import ShardStore, ShardSums
from yanzhen.market.large.sharded_demand import (
    ENTRY_BYTES,
    ROW_BYTES,
    ShardedDemand,
    ShardedPopulation,
)
from yanzhen.market.large.shards import ShardedNation
from yanzhen.market.problem.market import Prices

BESIDE = 256 * 2**20
"""Bytes left free for what the solver holds beside the shards."""
READ_OVER_HELD = 2.5
"""Bytes of a shard while it is read, over those of its columns in double precision: the columns,
the file's pages and what is made of them."""

SAMPLING_BYTES = 28
"""Memory that drawing the samples takes for each enterprise, before any shard is held."""


class NotEnoughMemory(Exception):
    """The memory allowed is less than what sampling, or one shard a thread, needs."""

    def __init__(self, allowed: int, needed: int) -> None:
        super().__init__(f"{allowed} bytes allowed, at least {needed} needed")
        self.allowed = allowed
        self.needed = needed


class StreamedPopulation(ShardedPopulation):
    """A nation in shards, in no more memory than is allowed.

    Parameters
    ----------
    nation : the shards
    memory : bytes that the process may take, all in all
    threads : threads to use, all of the machine's unless told; the result does not depend on it

    Raises
    ------
    NotEnoughMemory
        When one shard a thread does not fit, or the samples cannot be drawn.
    """

    def __init__(self, nation: ShardedNation, memory: int, threads: int | None = None) -> None:
        super().__init__(nation)
        self.memory = memory
        self.threads = threads or available_cores()
        needed = max(SAMPLING_BYTES * self.count, self._passing()) + resident_memory() + BESIDE
        if needed > memory:
            raise NotEnoughMemory(memory, needed)

    def room(self) -> int:
        """Bytes for shards that are held from pass to pass.

        Raises
        ------
        NotEnoughMemory
            When there is not even enough for those that pass through.
        """
        room = self.memory - resident_memory() - BESIDE - self._passing()
        if room < 0:
            raise NotEnoughMemory(self.memory, self.memory - room)
        return room

    def _passing(self) -> int:
        """Bytes of the shards that pass through, and of the sums of all."""
        row = (self.market.intensities.shape[1] + self.market.needs.shape[1] + 4) * 8
        shard = max(shard.count for shard in self.nation.shards) * row
        sites, resources = self.market.capacity.shape
        sums: int = len(self.nation.shards) * sites * (resources + 3) * 8
        return int((self.threads + 1 + READ_OVER_HELD) * shard) + sums

    def demand(self, precision: Precision) -> DemandProvider:
        """What passes over all of them."""
        return StreamedDemand(self, precision)

    def certified(self, prices: Prices, tolerance: float) -> Certificate:
        """How far prices are from clearing the market, by code of its own."""
        store = ShardStore(self.nation.folder, self.market, np.float64, 0)
        names = [shard.name for shard in self.nation.shards]
        return certificate_of(
            self.market, store.certify(names, prices, self.threads), prices, tolerance
        )


class StreamedDemand(ShardedDemand):
    """All enterprises of a nation in shards, read in turn by this process.

    Parameters
    ----------
    population : whose they are
    precision : of the payoffs
    """

    def __init__(self, population: StreamedPopulation, precision: Precision) -> None:
        nation, market = population.nation, population.market
        super().__init__(nation, market, precision, population.watch)
        pairs = self.count * market.capacity.shape[0]
        choices = int(self.count * ROW_BYTES + min(pairs, ENTRIES) * ENTRY_BYTES)
        room = population.room()
        self.keeps_choices = choices <= room
        self.threads = population.threads
        own = room - choices if self.keeps_choices else room
        self.store = ShardStore(nation.folder, market, precision, own)

    def sums(self, quote: Quote, keep: float) -> list[ShardSums]:
        """Sums of every shard, in the order of the nation."""
        return self.store.evaluate(self.names, quote, keep, self.threads, self.told)


def resident_memory() -> int:
    """Bytes of this process in memory now; where the system doesn't say, the most so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return peak_memory()
    return pages * os.sysconf("SC_PAGE_SIZE")
