"""A nation on a Dask cluster: prices out, sums of shards back.

A pass is one task a worker, with prices and names of shards as its arguments. Workers read shards
as files, by content, and hold them from pass to pass as far as they may. Nothing but files is kept
outside a task, so a worker that is lost costs what it was doing, its shards being summed elsewhere,
and one that comes takes its share at the next pass. Sums are added here in the order of the shards,
so that neither the workers' number nor who is first has any meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from distributed import Client, get_worker

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.certificate_large import BlockSums, certificate_of
from yanzhen.market.large.cluster import Workers
from yanzhen.market.large.demand_provider import DemandProvider, Quote
from yanzhen.market.large.population import Precision
from yanzhen.market.large.shard_store import ShardStore, ShardSums, unseen
from yanzhen.market.large.sharded_demand import ShardedDemand, ShardedPopulation
from yanzhen.market.large.shards import ShardedNation, read_sites
from yanzhen.market.problem.market import Prices

HELD_SHARE = 0.5
"""Share of a worker's memory for shards held from pass to pass, unless told how much."""


@dataclass(frozen=True)
class ShardFiles:
    """Where a worker finds a nation, and how it holds it.

    Attributes
    ----------
    folder : the shards' folder, the same path on every worker
    sites : name of the file of sites and limits
    sigma : scale of the taste
    intensities : K
    precision : of the payoffs, "float32" or "float64"
    room : bytes of shards held from pass to pass, half of the worker's memory unless told
    """

    folder: str
    sites: str
    sigma: float
    intensities: int
    precision: str
    room: int | None


_stores: dict[ShardFiles, ShardStore] = {}
_lock = Lock()


def pass_over(
    files: ShardFiles, names: Sequence[str], quote: Quote, keep: float
) -> list[ShardSums]:
    """Sums of some shards at a quote, made on a worker."""
    with _lock:
        return _store(files).evaluate(names, quote, keep, get_worker().state.nthreads)


def certify_over(files: ShardFiles, names: Sequence[str], prices: Prices) -> list[BlockSums]:
    """Sums of some shards for the certificate, made on a worker."""
    with _lock:
        return _store(files).certify(names, prices, get_worker().state.nthreads)


def _store(files: ShardFiles) -> ShardStore:
    """The shards of a nation as this worker holds them; those of another are let go."""
    if files not in _stores:
        _stores.clear()
        folder = Path(files.folder)
        sites = read_sites(folder, files.sites, files.sigma, files.intensities)
        room = files.room
        if room is None:
            limit = get_worker().memory_manager.memory_limit
            room = int(HELD_SHARE * limit) if limit else 2**62
        _stores[files] = ShardStore(folder, sites, np.dtype(files.precision).type, room)
    return _stores[files]


class ClusterDemand(ShardedDemand):
    """All enterprises of a nation in shards, summed by the workers of a cluster.

    Parameters
    ----------
    population : whose they are
    precision : of the payoffs
    """

    keeps_choices = True

    def __init__(self, population: "ClusterPopulation", precision: Precision) -> None:
        super().__init__(population.nation, population.market, precision, population.watch)
        self.workers = population.workers
        self.files = files_of(population.nation, precision, population.room)

    def sums(self, quote: Quote, keep: float) -> list[ShardSums]:
        """Sums of every shard, in the order of the nation."""
        return self.workers.over(self.names, self.told, pass_over, self.files, quote, keep)


class ClusterPopulation(ShardedPopulation):
    """A nation in shards on a cluster.

    Parameters
    ----------
    nation : the shards, in a folder that all workers see
    client : of the cluster
    room : bytes of shards that a worker holds from pass to pass, half of its memory unless told
    """

    def __init__(self, nation: ShardedNation, client: Client, room: int | None = None) -> None:
        super().__init__(nation)
        self.workers = Workers(client)
        self.room = room

    def demand(self, precision: Precision) -> DemandProvider:
        """What passes over all of them."""
        return ClusterDemand(self, precision)

    def certified(self, prices: Prices, tolerance: float) -> Certificate:
        """How far prices are from clearing the market, by code of its own."""
        names = [shard.name for shard in self.nation.shards]
        files = files_of(self.nation, np.float64, 0)
        sums = self.workers.over(names, unseen, certify_over, files, prices)
        return certificate_of(self.market, sums, prices, tolerance)


def files_of(nation: ShardedNation, precision: Precision, room: int | None) -> ShardFiles:
    """What a worker must know to find a nation."""
    return ShardFiles(
        str(nation.folder.resolve()),
        nation.sites,
        nation.sigma,
        nation.intensities,
        np.dtype(precision).name,
        room,
    )
