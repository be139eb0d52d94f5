"""A nation on a Dask cluster: prices out, sums of shards back.

A pass is one task a worker, with prices and names of shards as its arguments. Workers read shards
as files, by content, and hold them from pass to pass as far as they may. Nothing but files is kept
outside a task, so a worker that is lost costs what it was doing, its shards being summed elsewhere,
and one that comes takes its share at the next pass. Sums are added here in the order of the shards,
so that neither the workers' number nor who is first has any meaning.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import dask
import numpy as np
from distributed import Client, KilledWorker, LocalCluster, as_completed, get_worker

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.certificate_large import BlockSums, certificate_of
from yanzhen.market.large.demand_pass import available_cores
from yanzhen.market.large.demand_provider import DemandProvider, Quote
from yanzhen.market.large.population import Precision
from yanzhen.market.large.shard_store import Done, ShardStore, ShardSums, unseen
from yanzhen.market.large.sharded_demand import ShardedDemand, ShardedPopulation
from yanzhen.market.large.shards import ShardedNation, read_sites
from yanzhen.market.problem.market import Prices

LOCAL = "local:"
PATIENCE = 30
"""Seconds to wait for a scheduler, or for a worker when there is none."""
HELD_SHARE = 0.5
"""Share of a worker's memory for shards held from pass to pass, unless told how much."""

T = TypeVar("T")


class NoCluster(Exception):
    """No cluster answers where one is said to be."""


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


class Workers:
    """Workers of a cluster, and which of them sums which shard.

    A shard stays where it is as long as its worker does and has not more than its share.

    Parameters
    ----------
    client : of the cluster

    Attributes
    ----------
    owner : worker of each shard in the last pass
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.owner: dict[str, str] = {}

    def over(
        self, names: Sequence[str], done: Done, task: Callable[..., list[T]], *arguments: Any
    ) -> list[T]:
        """Run a task over all shards, each worker over its own; results in the order of names.

        Parameters
        ----------
        names : of the shards
        done : told how many shards are done
        task : takes the names of some shards after the first of its arguments
        arguments : of the task

        Raises
        ------
        ConnectionError
            When worker after worker is lost over the same shards, and when there is none.
        """
        self.owner = shared_out(names, self._there(), self.owner)
        asked: dict[Any, list[str]] = {}
        for worker in sorted(set(self.owner.values())):
            own = [name for name in names if self.owner[name] == worker]
            future = self.client.submit(
                task,
                arguments[0],
                own,
                *arguments[1:],
                workers=[worker],
                allow_other_workers=True,
                pure=False,
            )
            asked[future] = own
        done(0)
        found: dict[str, T] = {}
        try:
            for future in as_completed(list(asked)):
                found |= zip(asked[future], future.result(), strict=True)
                done(len(found))
        except KilledWorker as lost:
            raise ConnectionError(str(lost)) from lost
        return [found[name] for name in names]

    def _there(self) -> dict[str, int]:
        """Threads of every worker that is there; waits for one where there is none."""
        there = self.client.nthreads()
        if not there:
            try:
                self.client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError as alone:
                raise ConnectionError(str(alone)) from alone
            there = self.client.nthreads()
        return dict(there)


def shared_out(
    names: Sequence[str], threads: Mapping[str, int], before: Mapping[str, str]
) -> dict[str, str]:
    """Worker of every shard: shares in proportion to threads, as few shards as can be moved.

    Parameters
    ----------
    names : of the shards
    threads : of every worker
    before : worker of each shard in the pass before, which may be gone
    """
    workers = sorted(threads)
    exact = np.array([threads[worker] for worker in workers]) * len(names) / sum(threads.values())
    share = np.floor(exact).astype(int)
    share[np.argsort(share - exact, kind="stable")[: len(names) - share.sum()]] += 1
    left = dict(zip(workers, share.tolist(), strict=True))
    owner: dict[str, str] = {}
    for name in names:
        worker = before.get(name)
        if worker is not None and left.get(worker, 0) > 0:
            owner[name] = worker
            left[worker] -= 1
    free = (worker for worker in workers for _ in range(left[worker]))
    return {name: owner[name] if name in owner else next(free) for name in names}


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


@contextmanager
def connected(where: str) -> Iterator[Client]:
    """A client of the cluster at an address, or of one on this machine that ends with it.

    Parameters
    ----------
    where : address of a scheduler, or `local:N` for N workers on this machine

    Raises
    ------
    NoCluster
        When `where` is neither, or nothing answers there.
    """
    if not where.startswith(LOCAL):
        try:
            client = Client(where, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            raise NoCluster(f"{where}: {error}") from error
        with client:
            yield client
        return
    number = where.removeprefix(LOCAL)
    if not number.isdecimal() or int(number) == 0:
        raise NoCluster(where)
    threads = max(1, available_cores() // int(number))
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),
        LocalCluster(
            n_workers=int(number),
            threads_per_worker=threads,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
