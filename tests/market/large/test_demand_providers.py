"""What every provider of demand must keep to, wherever it holds the enterprises."""

import os
import signal
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from tests.market.cases import random_market
from yanzhen.market.large import solver
from yanzhen.market.large.demand_provider import Quote
from yanzhen.market.large.population import HeldPopulation, Population
from yanzhen.market.large.sharded_demand import unwatched
from yanzhen.market.large.sharding import shards_of
from yanzhen.market.large.shards import ShardedNation
from yanzhen.market.large.solver import solve_population
from yanzhen.market.large.streamed_demand import StreamedPopulation
from yanzhen.market.problem.choice import choose, site_demand, staying_output, total_premium
from yanzhen.market.problem.market import Floats, Market, Prices

BLOCKS, SITES = 1_500, 11
MEMORY = 2**35
IN_THIS_PROCESS = ("threads", "streamed")
"""Providers that start nothing; another joins here, with what makes it in `held`."""


@dataclass(frozen=True)
class Held:
    """One market held in every way."""

    market: Market
    nation: ShardedNation
    populations: dict[str, Population]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    market = random_market(3, BLOCKS, SITES, calibrated=True, grouped=True, floored=True)
    nation = shards_of(market, tmp_path_factory.mktemp("shards"))
    return Held(
        market,
        nation,
        {
            "threads": HeldPopulation(market, None),
            "streamed": StreamedPopulation(nation, MEMORY),
        },
    )


def some_prices(market: Market, seed: int = 1) -> Prices:
    rng = np.random.default_rng(seed)
    return Prices(
        0.3 * rng.random(market.capacity.shape),
        0.3 * rng.random(market.group_capacity.size),
        rng.normal(size=market.stayers.size),
    )


def quote_of(market: Market, prices: Prices, sigma: float | None = None) -> Quote:
    return Quote(
        total_premium(market, prices), prices.constants, sigma or market.sigma, split=False
    )


def bits(solution: Any) -> bytes:
    prices = solution.prices
    return b"".join(part.tobytes() for part in (prices.site, prices.group, prices.constants))


def demand_is_that_of_the_dense_choice(held: Held, population: Any) -> None:
    prices = some_prices(held.market)
    dense = choose(held.market, prices)
    for precision, bound in ((np.float64, 1e-11), (np.float32, 2e-5)):
        found = population.demand(precision).evaluate(quote_of(held.market, prices), np.inf)
        np.testing.assert_allclose(found.demand, site_demand(held.market, dense), rtol=bound)
        np.testing.assert_allclose(found.staying, staying_output(held.market, dense), rtol=bound)


def a_pass_depends_on_nothing_but_its_quote(held: Held, population: Any) -> None:
    prices, others = some_prices(held.market), some_prices(held.market, 2)
    asked, fresh = population.demand(np.float32), population.demand(np.float32)
    asked.evaluate(quote_of(held.market, others, 0.05), np.inf)
    quote = quote_of(held.market, prices)
    after, alone = asked.evaluate(quote, np.inf), fresh.evaluate(quote, np.inf)
    assert after.demand.tobytes() == alone.demand.tobytes()
    assert after.inclusive == alone.inclusive


def choices_kept_give_the_curvature(held: Held, population: Any) -> None:
    demand = population.demand(np.float64)
    if not demand.keeps_choices:
        return
    prices, step = some_prices(held.market), 1e-5
    change = np.random.default_rng(4).normal(size=held.market.capacity.shape)
    demand.evaluate(quote_of(held.market, prices), 1e-12)
    answer, _ = demand.choice_model().apply(change, np.zeros(held.market.stayers.size))

    def at(way: float) -> Floats:
        moved = replace(prices, site=prices.site + way * step * change)
        found: Floats = demand.evaluate(quote_of(held.market, moved), np.inf).demand
        return found

    np.testing.assert_allclose(answer, (at(-1) - at(1)) / (2 * step), rtol=1e-3, atol=1e-3)


def prices_are_the_same(held: Held, population: Any) -> None:
    own = solve_population(population, 1e-9)
    threads = solve_population(held.populations["threads"], 1e-9)
    np.testing.assert_allclose(own.prices.site, threads.prices.site, atol=1e-8)
    np.testing.assert_allclose(own.prices.group, threads.prices.group, atol=1e-8)


def bits_are_those_of_threads(held: Held, population: Any) -> None:
    """Through samples and single precision too: the limits are set low for that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "SAMPLES", (150, 400))
        patch.setattr(solver, "SMALL_MARKET", 0)
        threads = solve_population(held.populations["threads"], 1e-5)
        assert bits(solve_population(population, 1e-5)) == bits(threads)


def the_certificate_passes_prices_and_fails_others(held: Held, population: Any) -> None:
    prices = solve_population(held.populations["threads"], 1e-8).prices
    assert population.certified(prices, 1e-6).passed
    assert not population.certified(replace(prices, site=1.01 * prices.site), 1e-6).passed


CONTRACT = (
    demand_is_that_of_the_dense_choice,
    a_pass_depends_on_nothing_but_its_quote,
    choices_kept_give_the_curvature,
    prices_are_the_same,
    the_certificate_passes_prices_and_fails_others,
)


@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
@pytest.mark.parametrize("provider", IN_THIS_PROCESS)
def test_a_provider_keeps_to(held: Held, provider: str, clause: Any) -> None:
    clause(held, held.populations[provider])


def test_a_stream_has_the_bits_of_threads(held: Held) -> None:
    bits_are_those_of_threads(held, held.populations["streamed"])


def test_neither_the_number_of_threads_nor_what_is_held_has_any_meaning(held: Held) -> None:
    quote = quote_of(held.market, some_prices(held.market))
    found = set()
    for threads, held_shards in ((1, 0), (1, 2**30), (3, 0), (3, 2**30)):
        population = StreamedPopulation(held.nation, MEMORY, threads)
        demand = population.demand(np.float32)
        demand.store.room = held_shards
        found |= {demand.evaluate(quote, np.inf).demand.tobytes() for _ in range(2)}
    assert len(found) == 1


def test_a_cluster_keeps_to_all_of_it(held: Held) -> None:
    """One test, so that its processes are started once, whatever runs beside."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    from yanzhen.market.large.cluster import connected
    from yanzhen.market.large.cluster_demand import ClusterPopulation

    with connected("local:4") as client:
        population = ClusterPopulation(held.nation, client)
        for clause in (bits_are_those_of_threads, *CONTRACT):
            if clause is not prices_are_the_same:  # The same bits are the same prices.
                clause(held, population)
        whoever_sums_a_shard_the_bits_are_the_same(held, population)
        a_worker_killed_and_one_added_change_no_bit(held, population)


def whoever_sums_a_shard_the_bits_are_the_same(held: Held, population: Any) -> None:
    quote = quote_of(held.market, some_prices(held.market))
    names = [shard.name for shard in held.nation.shards]
    workers = population.workers
    there = sorted(workers.client.nthreads())
    found = set()
    for first in range(len(there)):
        workers.owner = {name: there[(first + k) % len(there)] for k, name in enumerate(names)}
        demand = population.demand(np.float32)
        found.add(demand.evaluate(quote, np.inf).demand.tobytes())
    threads = held.populations["threads"].demand(np.float32).evaluate(quote, np.inf)
    assert found == {threads.demand.tobytes()}


def a_worker_killed_and_one_added_change_no_bit(held: Held, population: Any) -> None:
    client = population.workers.client
    processes = client.run(os.getpid)
    threads = bits(solve_population(held.populations["threads"], 1e-6))
    passes = []

    def interfere(number: int, done: int, total: int) -> None:
        """Kill a worker that has been asked; two passes later one in its place has come."""
        passes.append(number)
        if done == 0 and number == 3:
            os.kill(min(processes.values()), signal.SIGKILL)
        if done == 0 and number == 5:
            client.wait_for_workers(len(processes))

    population.watch = interfere
    found = solve_population(population, 1e-6)
    population.watch = unwatched
    assert max(passes) > 6
    assert client.run(os.getpid) != processes
    assert bits(found) == threads
