"""Clearing a nation that is read from shards, by this machine or by a cluster."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from yanzhen.cli.clusters import client_of
from yanzhen.cli.language import Language, word
from yanzhen.cli.memory_sizes import as_size, bytes_of
from yanzhen.cli.outcome import reject
from yanzhen.cli.screen import working

if TYPE_CHECKING:
    from yanzhen.market.large.sharded_demand import ShardedPopulation
    from yanzhen.market.large.shards import ShardedNation


def memory_of(size: str | None, language: Language) -> int | None:
    """Bytes of the option `--memory`; ends with 2 where it is no size."""
    if size is None:
        return None
    memory = bytes_of(size)
    if memory is None:
        reject(word(language, "memory_unclear", given=size))
    return memory


def holds_shards(study: str) -> bool:
    """Whether a folder holds a nation in shards."""
    from yanzhen.market.large.shards import is_sharded

    return is_sharded(Path(study))


def sharded(study: str, language: Language) -> "ShardedNation":
    """The shards of a nation or of a study's market, cut where they are not yet."""
    from yanzhen.market.large.nation import is_nation, read_nation
    from yanzhen.market.large.sharding import shards_of
    from yanzhen.market.large.shards import ShardsBroken, is_sharded, read_shards
    from yanzhen.pipeline import formulated
    from yanzhen.study import read_study

    folder = Path(study)
    try:
        if is_sharded(folder):
            return read_shards(folder)
        with working(word(language, "cutting_shards")):
            if is_nation(folder):
                return shards_of(read_nation(folder, mapped=True))
            return shards_of(formulated(read_study(study)).market)
    except ShardsBroken as broken:
        reject(str(broken))


@contextmanager
def population(
    nation: "ShardedNation", memory: int | None, cluster: str | None, language: Language
) -> Iterator["ShardedPopulation"]:
    """Who answers for a nation in shards, with how far each pass is on stderr."""
    from yanzhen.market.large.shards import ShardsBroken
    from yanzhen.market.large.streamed_demand import NotEnoughMemory, StreamedPopulation

    try:
        with working(word(language, "finding_prices")) as status:

            def watch(number: int, done: int, total: int) -> None:
                status.update(word(language, "passing", number=number, done=done, total=total))

            if cluster is None:
                streamed = StreamedPopulation(nation, memory or _half_of_the_machine())
                streamed.watch = watch
                yield streamed
                return
            from yanzhen.market.large.cluster_demand import ClusterPopulation

            with client_of(cluster, language) as client:
                far = ClusterPopulation(nation, client, memory)
                far.watch = watch
                yield far
    except NotEnoughMemory as error:
        sizes = {"allowed": as_size(error.allowed), "needed": as_size(error.needed)}
        reject(word(language, "memory_short", **sizes))
    except ShardsBroken as broken:
        reject(str(broken))


def _half_of_the_machine() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
