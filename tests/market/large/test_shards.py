"""Shards of a nation: named by what is in them, written once, and read back as they were."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.market.cases import random_market
from yanzhen.market.large import streamed_demand
from yanzhen.market.large.demand_pass import pack
from yanzhen.market.large.population import HeldPopulation, moments_of, shard_bounds
from yanzhen.market.large.shard_store import in_turn, unseen
from yanzhen.market.large.sharding import shards_of
from yanzhen.market.large.shards import (
    INDEX,
    OF_ENTERPRISES,
    OF_SITES,
    ShardsBroken,
    checked,
    is_sharded,
    read_packed,
    read_rows,
    read_shards,
)
from yanzhen.market.large.streamed_demand import NotEnoughMemory, StreamedPopulation
from yanzhen.market.problem.market import Market, SummedPayoffs


@pytest.fixture(scope="module")
def market() -> Market:
    drawn = random_market(2, blocks=700, sites=5, calibrated=True)
    rows = np.random.default_rng(0).permutation(700)
    return drawn.of_rows(rows)


def test_a_market_is_read_back_in_the_order_of_its_cells(market: Market, tmp_path: Path) -> None:
    nation = shards_of(market, tmp_path)
    assert is_sharded(nation.folder)
    again = read_shards(nation.folder)
    assert again.count == 700
    sites = again.market()
    for name in OF_SITES:
        np.testing.assert_array_equal(getattr(sites, name), getattr(market, name))
    np.testing.assert_array_equal(sites.base, market.base)
    parts = [read_rows(nation.folder / shard.name, sites) for shard in again.shards]
    order = np.argsort(market.cell, kind="stable")
    for name in OF_ENTERPRISES:
        whole = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(whole, getattr(market, name)[order])
    assert [part.mass.size for part in parts] == [stop - start for start, stop in shard_bounds(700)]


def test_a_shard_is_packed_as_its_rows_are(market: Market, tmp_path: Path) -> None:
    nation = shards_of(market, tmp_path)
    sites = nation.market()
    path = nation.folder / nation.shards[-1].name
    for precision in (np.float32, np.float64):
        found = read_packed(path, sites, precision)
        expected = pack(read_rows(path, sites), precision=precision)
        assert (found.count, found.resources) == (expected.count, expected.resources)
        for name in ("weights", "mass", "stay", "cell", "calibration"):
            one, other = getattr(found, name), getattr(expected, name)
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)


def test_sums_over_shards_are_those_of_the_whole(market: Market, tmp_path: Path) -> None:
    found, whole = shards_of(market, tmp_path).moments, moments_of(market)
    held = HeldPopulation(market, 1).moments
    assert found.mass == held.mass
    np.testing.assert_array_equal(found.squared, held.squared)
    np.testing.assert_allclose(found.use, whole.use, rtol=1e-12)
    assert found.mass == pytest.approx(whole.mass, rel=1e-12)


def test_the_same_market_is_cut_once_and_another_apart(market: Market, tmp_path: Path) -> None:
    first = shards_of(market, tmp_path)
    written = {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    again = shards_of(market, tmp_path)
    assert again.folder == first.folder
    assert [shard.name for shard in again.shards] == [shard.name for shard in first.shards]
    assert {path: path.stat().st_mtime_ns for path in again.folder.iterdir()} == written
    other = shards_of(replace(market, sigma=0.5), tmp_path)
    assert other.folder != first.folder
    assert [shard.name for shard in other.shards] == [shard.name for shard in first.shards]


def test_enterprises_that_are_the_same_are_taken_together(market: Market, tmp_path: Path) -> None:
    twice = market.of_rows(np.concatenate([np.arange(700), np.arange(100)]))
    nation = shards_of(twice, tmp_path)
    assert nation.count == 700
    assert nation.moments.mass == pytest.approx(float(twice.mass.sum()), rel=1e-12)


def test_payoffs_that_are_sums_stay_sums(market: Market, tmp_path: Path) -> None:
    base = SummedPayoffs(market.base[:35].copy(), market.base[:20].copy())
    found = shards_of(replace(market, base=base), tmp_path).market().base
    assert isinstance(found, SummedPayoffs)
    np.testing.assert_array_equal(found.industry, base.industry)


def test_what_is_missing_or_changed_is_said_with_its_name(market: Market, tmp_path: Path) -> None:
    nation = shards_of(market, tmp_path)
    first, second = (nation.folder / shard.name for shard in nation.shards[:2])
    first.write_bytes(second.read_bytes())
    with pytest.raises(ShardsBroken, match=f"found contents.*{second.stem}, expected {first.stem}"):
        checked(first)
    population = StreamedPopulation(nation, 2**35, 1)
    with pytest.raises(ShardsBroken, match=first.stem):
        population.outputs()
    first.unlink()
    second.unlink()
    with pytest.raises(ShardsBroken, match=rf"{first.stem}.*{second.stem}.*{INDEX}"):
        read_shards(nation.folder)


def test_too_little_memory_is_said_before_work_begins(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed_demand, "resident_memory", lambda: 10**8)
    nation = shards_of(market, tmp_path)
    with pytest.raises(NotEnoughMemory) as short:
        StreamedPopulation(nation, 1000)
    assert short.value.allowed == 1000
    assert short.value.needed > 10**8
    assert StreamedPopulation(nation, short.value.needed).room() == 0


def test_choices_are_kept_where_there_is_room_for_them(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed_demand, "resident_memory", lambda: 10**8)
    population = StreamedPopulation(shards_of(market, tmp_path), 2**35, 1)
    assert population.demand(np.float64).keeps_choices
    population.memory -= population.room()
    assert not population.demand(np.float64).keeps_choices


def test_no_more_shards_wait_than_one_beyond_the_threads() -> None:
    read: list[str] = []
    summed: list[str] = []
    most = 0

    def reading(name: str) -> str:
        nonlocal most
        read.append(name)
        most = max(most, len(read) - len(summed))
        return name

    def summing(name: str) -> str:
        summed.append(name)
        return name.upper()

    names = [chr(97 + k) for k in range(20)]
    assert in_turn(names, reading, summing, 2, unseen) == [name.upper() for name in names]
    assert most <= 4
