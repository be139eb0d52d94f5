"""Draws cleared side by side: the same bits as each alone, and each shard read once for all."""

from dataclasses import replace

import numpy as np
import pytest

from yanzhen.market.large.drawn_market import drawn_market
from yanzhen.market.large.nation import write_nation_in_shards
from yanzhen.market.large.shards import OF_ENTERPRISES, ShardedNation, read_shards
from yanzhen.market.large.shared_passes import (
    BESIDE_A_DRAW,
    DrawCleared,
    SharedPasses,
    clear_draws,
    draws_together,
)
from yanzhen.market.large.solver import solve, solve_population
from yanzhen.market.large.streamed_demand import StreamedPopulation, resident_memory
from yanzhen.market.large.synth import marginals_of
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.market import Market, Prices
from yanzhen.study import read_study

ENTERPRISES, ZONES, SEED, SIGMA = 3_000, 40, 7, 0.5
TOLERANCE = 1e-7


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> ShardedNation:
    folder = tmp_path_factory.mktemp("drawn") / "nation"
    marginals = marginals_of(read_study("china-provinces"))
    write_nation_in_shards(folder, ENTERPRISES, ZONES, SEED, marginals, "china-provinces", SIGMA)
    return read_shards(folder)


@pytest.fixture(scope="module")
def population(nation: ShardedNation) -> StreamedPopulation:
    return StreamedPopulation(nation, 2**35)


@pytest.fixture(scope="module")
def start(population: StreamedPopulation) -> Prices:
    return solve_population(population, TOLERANCE).prices


@pytest.fixture(scope="module")
def markets(population: StreamedPopulation) -> list[Market]:
    return [drawn_market(population.market, number, 3, 0.1) for number in range(5)]


@pytest.fixture(scope="module")
def alone(
    population: StreamedPopulation, start: Prices, markets: list[Market]
) -> list[DrawCleared]:
    draws, readings = clear_draws(population, markets, start, TOLERANCE, 1)
    assert readings == sum(each.passes + 1 for each in draws)
    return draws


@pytest.mark.parametrize("together", [2, 5, 9])
def test_a_draw_has_the_same_bits_however_many_share_its_passes(
    population: StreamedPopulation,
    start: Prices,
    markets: list[Market],
    alone: list[DrawCleared],
    together: int,
) -> None:
    shared, readings = clear_draws(population, markets, start, TOLERANCE, together)
    assert readings < 0.8 * sum(each.passes + 1 for each in shared)
    assert [each.number for each in shared] == list(range(5))
    for found, expected in zip(shared, alone, strict=True):
        assert found.certificate.passed
        assert found.certificate == expected.certificate
        assert found.prices.site.tobytes() == expected.prices.site.tobytes()
        assert found.prices.group.tobytes() == expected.prices.group.tobytes()


def test_a_draw_clears_as_its_market_does_in_memory(
    population: StreamedPopulation, markets: list[Market], alone: list[DrawCleared]
) -> None:
    (rows,) = population.rows([np.arange(ENTERPRISES)])
    whole = replace(markets[2], **{name: getattr(rows, name) for name in OF_ENTERPRISES})
    exact = solve(whole, TOLERANCE)
    paid, expected = (total_premium(whole, each) for each in (alone[2].prices, exact.prices))
    np.testing.assert_allclose(paid, expected, atol=1e-5)
    assert alone[2].moving_share == pytest.approx(exact.moving_share, abs=1e-6)


def test_draws_differ_from_the_nation_and_from_one_another(
    population: StreamedPopulation, start: Prices, alone: list[DrawCleared]
) -> None:
    prices = [start.site, *(each.prices.site for each in alone)]
    assert len({each.tobytes() for each in prices}) == 6
    unmoved = drawn_market(population.market, 0, 3, 0.0)
    np.testing.assert_array_equal(unmoved.capacity, population.market.capacity)
    assert unmoved.sigma == population.market.sigma


def test_shards_are_read_once_for_all_that_ask(population: StreamedPopulation) -> None:
    passes = SharedPasses(population, 1)
    assert passes.of_rows(lambda rows: rows.mass.size) == [
        shard.count for shard in population.nation.shards
    ]
    assert (passes.readings, passes.questions) == (1, 1)


def test_a_fault_of_one_draw_ends_all_without_anybody_waiting(
    population: StreamedPopulation, start: Prices, markets: list[Market]
) -> None:
    broken = [markets[0], "no market", markets[1]]
    with pytest.raises(AttributeError):
        clear_draws(population, broken, start, TOLERANCE, 3)  # type: ignore[arg-type]


def test_a_draw_without_prices_is_not_cleared_whatever_its_certificate(
    alone: list[DrawCleared],
) -> None:
    assert all(each.cleared for each in alone)
    assert not replace(alone[0], moving_share=np.nan).cleared
    refused = replace(alone[0].certificate, tolerance=0.0)
    assert not replace(alone[0], certificate=refused).cleared


def test_no_draws_are_no_work(population: StreamedPopulation, start: Prices) -> None:
    assert clear_draws(population, [], start, TOLERANCE, 4) == ([], 0)


def test_as_many_draws_share_a_pass_as_memory_allows(nation: ShardedNation) -> None:
    wide = StreamedPopulation(nation, resident_memory() + 3 * 2**30)
    fitting = wide.room() // BESIDE_A_DRAW
    assert fitting > 3
    assert draws_together(wide, 3) == 3
    assert draws_together(wide, 10_000) in (fitting - 1, fitting)
    assert draws_together(wide, 0) == 1
