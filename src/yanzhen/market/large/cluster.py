"""A Dask cluster: where it is, and how work is shared out among its workers.

Nothing but files is kept outside a task, so a worker that is lost costs what it was doing, and one
that comes takes its share from the next round on.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import dask
import numpy as np
from distributed import Client, KilledWorker, LocalCluster, as_completed

from yanzhen.market.large.demand_pass import available_cores
from yanzhen.market.large.shard_store import Done

LOCAL = "local:"
PATIENCE = 30
"""Seconds to wait for a scheduler, or for a worker when there is none."""

T = TypeVar("T")


class NoCluster(Exception):
    """No cluster answers where one is said to be."""


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
        self.owner = shared_out(names, self.there(), self.owner)
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

    def there(self) -> dict[str, int]:
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
