"""Shards of a nation at hand: read by content, as many held as a bound allows, summed in turn."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.equilibrium.certificate_large import BlockSums, sum_block
from yanzhen.market.large.curvature import held_needs
from yanzhen.market.large.demand_pass import (
    ChunkSums,
    Enterprises,
    Terms,
    available_cores,
    evaluate_chunk,
)
from yanzhen.market.large.demand_provider import Quote, terms_of
from yanzhen.market.large.population import Precision
from yanzhen.market.large.shards import checked, read_packed, read_rows
from yanzhen.market.problem.market import Integers, Market, Prices

T = TypeVar("T")
Read = TypeVar("Read")


Done = Callable[[int], None]
"""Told how many shards are done."""


def unseen(_: int) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class Choosers:
    """Of the enterprises of a shard, what the curvature needs beside their choices.

    Attributes
    ----------
    needs : (n, R filled up)
    mass : (n,)
    calibration : (n,)
    """

    needs: NDArray[np.float32]
    mass: NDArray[Any]
    calibration: Integers


@dataclass(frozen=True)
class ShardSums:
    """What a pass finds in one shard; `choosers` only where choices are kept."""

    sums: ChunkSums
    choosers: Choosers | None


class ShardStore:
    """Shards of one nation, read where they are and held as far as the bound allows.

    Those held are the first that were asked for and fitted: of shards that are asked for in turn,
    each pass again, holding the latest would hold none in time.

    Parameters
    ----------
    folder : where the files are
    sites : sites and limits
    precision : of the payoffs
    room : bytes of shards held from pass to pass
    """

    def __init__(self, folder: Path, sites: Market, precision: Precision, room: int) -> None:
        self.folder = folder
        self.sites = sites
        self.precision = precision
        self.room = room
        self._held: dict[str, Enterprises] = {}
        self._wanted: set[str] = set()
        self._checked: set[str] = set()
        self._terms: Terms | None = None

    @property
    def held_bytes(self) -> int:
        """Bytes of the shards held."""
        return sum(_bytes(each) for each in self._held.values())

    def evaluate(
        self,
        names: Sequence[str],
        quote: Quote,
        keep: float,
        threads: int | None = None,
        done: Done = unseen,
    ) -> list[ShardSums]:
        """Pass over some shards; the sums of each, in the order asked."""
        terms = self._terms = terms_of(self.sites, quote, self.precision, self._terms)
        return self.of_packed(names, lambda packed: shard_sums(packed, terms, keep), threads, done)

    def certify(
        self,
        names: Sequence[str],
        prices: Prices,
        threads: int | None = None,
        done: Done = unseen,
    ) -> list[BlockSums]:
        """Sums of some shards for the certificate, in double precision from the files."""
        return self.of_rows(names, lambda rows: sum_block(rows, prices), threads, done)

    def of_packed(
        self,
        names: Sequence[str],
        evaluate: Callable[[Enterprises], T],
        threads: int | None = None,
        done: Done = unseen,
    ) -> list[T]:
        """Read some shards packed for the pass, each once, and evaluate each."""
        self._wanted = set(names)
        return in_turn(names, self._packed, evaluate, threads, done)

    def of_rows(
        self,
        names: Sequence[str],
        evaluate: Callable[[Market], T],
        threads: int | None = None,
        done: Done = unseen,
    ) -> list[T]:
        """Read the rows of some shards from their files, each once, and evaluate each."""

        def read(name: str) -> Market:
            return read_rows(self._path(name), self.sites)

        return in_turn(names, read, evaluate, threads, done)

    def _packed(self, name: str) -> Enterprises:
        held = self._held.get(name)
        if held is not None:
            return held
        packed = read_packed(self._path(name), self.sites, self.precision)
        if self.held_bytes + _bytes(packed) > self.room:
            self._held = {own: each for own, each in self._held.items() if own in self._wanted}
        if self.held_bytes + _bytes(packed) <= self.room:
            self._held[name] = packed
        return packed

    def _path(self, name: str) -> Path:
        """Path of a shard, held against its name where it is read for the first time."""
        path = self.folder / name
        if name not in self._checked:
            checked(path)
            self._checked.add(name)
        return path


def shard_sums(packed: Enterprises, terms: Terms, keep: float) -> ShardSums:
    """Sums of one shard, with its choices where they are kept."""
    sums = evaluate_chunk(packed, terms, 0, packed.weights.shape[0], None, keep)
    choosers = None
    if keep <= 1.0:
        choosers = Choosers(held_needs(packed), packed.mass, packed.calibration)
    return ShardSums(sums, choosers)


def in_turn(
    names: Sequence[str],
    read: Callable[[str], Read],
    evaluate: Callable[[Read], T],
    threads: int | None,
    done: Done,
) -> list[T]:
    """Read one after the other, each while those before are evaluated; tell how many are done.

    Of those read and not yet evaluated there is never more than one a thread and one that waits.
    """
    workers = threads or available_cores()
    free = BoundedSemaphore(workers + 1)
    running: list[Future[T]] = []
    with ThreadPoolExecutor(workers) as pool:
        for name in names:
            free.acquire()
            done(sum(future.done() for future in running))
            future = pool.submit(_let_go, evaluate, [read(name)])
            future.add_done_callback(lambda _: free.release())
            running.append(future)
        return [future.result() for future in running]


def _let_go(evaluate: Callable[[Read], T], given: list[Read]) -> T:
    """Evaluate what alone is in a list and is in nothing else afterwards."""
    return evaluate(given.pop())


def _bytes(packed: Enterprises) -> int:
    arrays = (packed.weights, packed.mass, packed.stay, packed.cell, packed.calibration)
    return sum(array.nbytes for array in arrays)
