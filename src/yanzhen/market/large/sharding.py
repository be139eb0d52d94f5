"""Cutting a market into shards, once for all: they lie in the cache under a hash of the market."""

import mmap
from collections.abc import Iterator
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from yanzhen.market.large.demand_pass import CHUNKS, LARGEST_CHUNK
from yanzhen.market.large.population import shard_bounds
from yanzhen.market.large.shards import (
    INDEX,
    OF_ENTERPRISES,
    ShardedNation,
    read_shards,
    write_shards,
)
from yanzhen.market.problem.aggregation import collapsed, row_hashes
from yanzhen.market.problem.market import Market, SummedPayoffs
from yanzhen.study.caches import SHARDS, cache_folder

ROWS = 1 << 18
"""Enterprises looked at together."""


def shards_of(market: Market, folder: Path | None = None) -> ShardedNation:
    """A market in shards, cut the first time and read from the cache afterwards.

    Enterprises that are the same are taken together.

    Parameters
    ----------
    market : the market; arrays mapped from files are let go as they are read
    folder : of the shards of all markets, in the cache unless told
    """
    into = (folder or cache_folder() / SHARDS) / _key(market)
    if (into / INDEX).is_file():
        return read_shards(into)
    if _has_repeated(market):
        market = collapsed(market)
    order = np.argsort(market.cell, kind="stable")
    _let_go(market)

    def parts() -> Iterator[Market]:
        for start, stop in shard_bounds(market.mass.size):
            yield market.of_rows(order[start:stop])
            _let_go(market)

    return write_shards(into, market, parts())


def _key(market: Market) -> str:
    """Hash of a market and of how it is cut."""
    digest = blake2b(f"{CHUNKS} {LARGEST_CHUNK} {market.sigma!r}".encode(), digest_size=16)
    for name, array in _arrays(market):
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        for start in range(0, array.shape[0], ROWS):
            digest.update(np.ascontiguousarray(array[start : start + ROWS]).data)
            _release(array)
    return digest.hexdigest()


def _arrays(market: Market) -> Iterator[tuple[str, Any]]:
    for field in fields(Market):
        value = getattr(market, field.name)
        if isinstance(value, SummedPayoffs):
            yield "origin", value.origin
            yield "industry", value.industry
        elif field.name != "sigma":
            yield field.name, value


def _has_repeated(market: Market) -> bool:
    """Whether two enterprises may be the same, by their hashes."""
    hashes = np.empty(market.mass.size, np.uint64)
    for start in range(0, market.mass.size, ROWS):
        rows = slice(start, min(start + ROWS, market.mass.size))
        hashes[rows] = row_hashes(market.of_rows(rows))
        _let_go(market)
    hashes.sort()
    return bool((hashes[1:] == hashes[:-1]).any())


def _let_go(market: Market) -> None:
    for name in OF_ENTERPRISES:
        _release(getattr(market, name))


def _release(array: Any) -> None:
    """Let pages of a mapped file leave memory; nothing for an array that is held."""
    mapped = getattr(array, "base", None)
    if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)
