"""Draws of a nation cleared side by side, all of them by the same reading of its shards.

Each draw is solved by a thread of its own, warm, from the nation's prices. What it asks of all
enterprises waits until every draw that is being solved has asked: then the shards are read once,
and each is evaluated for all. A pass is a function of the prices alone, so the bits of a draw are
those that it has by itself, however many share its passes.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.certificate_large import certificate_of, sum_block
from yanzhen.market.large.demand_pass import Enterprises, Terms
from yanzhen.market.large.demand_provider import DemandProvider, Quote, terms_of
from yanzhen.market.large.full_market import NotConverged, Solution
from yanzhen.market.large.population import Moments, Precision, Rows
from yanzhen.market.large.record import CLOSER
from yanzhen.market.large.shard_store import ShardStore, ShardSums, shard_sums
from yanzhen.market.large.sharded_demand import ShardedDemand
from yanzhen.market.large.shards import OF_ENTERPRISES
from yanzhen.market.large.solver import solve_population
from yanzhen.market.large.streamed_demand import StreamedPopulation
from yanzhen.market.problem.market import Floats, Market, Prices

BESIDE_A_DRAW = 300 * 2**20
"""Bytes that solving one draw takes beside the shards: its samples, their choices, its sums."""

ClearedDraw = Callable[[int, int], None]
"""Told how many draws are done, and of how many."""


@dataclass(frozen=True)
class DrawCleared:
    """What one draw came to.

    Attributes
    ----------
    number : of the draw
    prices : clearing premiums and constants, or the best that were found
    certificate : by code of its own
    moving_share : share of output that moves; NaN where no prices cleared the draw
    passes : over all enterprises
    """

    number: int
    prices: Prices
    certificate: Certificate
    moving_share: float
    passes: int

    @property
    def cleared(self) -> bool:
        """Whether prices were found, and the certificate has passed."""
        return self.certificate.passed and not np.isnan(self.moving_share)


def draws_together(population: StreamedPopulation, draws: int) -> int:
    """How many draws can be solved side by side in the memory allowed, one at least.

    Raises
    ------
    NotEnoughMemory
        When not even the shards that pass through fit.
    """
    return max(1, min(draws, population.room() // BESIDE_A_DRAW))


def clear_draws(
    population: StreamedPopulation,
    markets: Sequence[Market],
    start: Prices,
    tolerance: float,
    together: int,
    progress: ClearedDraw = lambda done, total: None,
) -> tuple[list[DrawCleared], int]:
    """Clear and certify every draw, in the order given.

    Parameters
    ----------
    population : the nation in shards
    markets : sites and limits of each draw
    start : prices that clear the nation
    tolerance : bound of every check of a certificate
    together : draws that are solved side by side, at least one
    progress : told each draw that is done

    Returns
    -------
    draws : in their order
    readings : how often all shards were gone through, where each draw alone would have asked for
        the sum of all passes and certificates
    """
    passes = SharedPasses(population, min(together, len(markets)))
    numbers = iter(range(len(markets)))
    turn = threading.Lock()
    found: list[DrawCleared | None] = [None] * len(markets)

    def solve_some() -> None:
        try:
            while True:
                with turn:
                    number = next(numbers, None)
                if number is None:
                    return
                drawn = DrawnPopulation(population, markets[number], passes)
                found[number] = _cleared(number, drawn, start, tolerance)
                with turn:
                    progress(sum(each is not None for each in found), len(markets))
        finally:
            passes.leave()

    with ThreadPoolExecutor(max(passes.solving, 1)) as pool:
        for future in [pool.submit(solve_some) for _ in range(passes.solving)]:
            future.result()
    return [each for each in found if each is not None], passes.readings


def _cleared(number: int, drawn: "DrawnPopulation", start: Prices, tolerance: float) -> DrawCleared:
    try:
        solution: Solution | NotConverged = solve_population(drawn, CLOSER * tolerance, start)
    except NotConverged as best:
        solution = best
    certificate = drawn.certified(solution.prices, tolerance)
    moving = solution.moving_share if isinstance(solution, Solution) else np.nan
    return DrawCleared(number, solution.prices, certificate, moving, solution.passes)


@dataclass(frozen=True)
class _Question:
    """What is asked of every shard, packed in a precision, or of its rows where that is none."""

    precision: Precision | None
    evaluate: Callable[[Any], Any]
    answer: Future[list[Any]]


class SharedPasses:
    """Passes over the shards of a nation that several draws share.

    Parameters
    ----------
    population : the nation in shards
    solving : draws that are being solved; each asks, waits and asks again until it leaves

    Attributes
    ----------
    outputs : (N,) of every enterprise
    solving : draws that are still being solved
    readings : how often all shards were read or taken from memory
    questions : how many passes were asked for
    """

    def __init__(self, population: StreamedPopulation, solving: int) -> None:
        nation, market = population.nation, population.market
        self.outputs = population.outputs()
        self.solving = solving
        self.readings = self.questions = 0
        self.names = [shard.name for shard in nation.shards]
        self._threads = population.threads
        room = max(population.room() - solving * BESIDE_A_DRAW, 0)
        self._single = ShardStore(nation.folder, market, np.float32, room)
        self._double = ShardStore(nation.folder, market, np.float64, 0)
        self._lock, self._reading = threading.Lock(), threading.Lock()
        self._asked: list[_Question] = []
        self._population = population
        self._sampled: tuple[Sequence[Rows], list[Market]] | None = None

    def of_packed(
        self, precision: Precision, evaluate: Callable[[Enterprises], ShardSums]
    ) -> list[ShardSums]:
        """Evaluate every shard packed for the pass, once all draws have asked."""
        return self._ask(_Question(precision, evaluate, Future()))

    def of_rows(self, evaluate: Callable[[Market], Any]) -> list[Any]:
        """Evaluate the rows of every shard, once all draws have asked."""
        return self._ask(_Question(None, evaluate, Future()))

    def sampled(self, wanted: Sequence[Rows]) -> list[Market]:
        """Rows of the nation's enterprises, read once: draws are of the same samples."""
        with self._reading:
            if self._sampled is None or not all(
                np.array_equal(*each) for each in zip(self._sampled[0], wanted, strict=True)
            ):
                self._sampled = (wanted, self._population.rows(wanted))
            return self._sampled[1]

    def leave(self) -> None:
        """One draw fewer is being solved; the others no longer wait for it."""
        with self._lock:
            self.solving -= 1
            questions = self._if_complete()
        self._answer(questions)

    def _ask(self, question: _Question) -> list[Any]:
        with self._lock:
            self._asked.append(question)
            self.questions += 1
            questions = self._if_complete()
        self._answer(questions)
        return question.answer.result()

    def _if_complete(self) -> list[_Question]:
        """All questions where everybody has asked, none before."""
        if not self._asked or len(self._asked) < self.solving:
            return []
        asked, self._asked = self._asked, []
        return asked

    def _answer(self, questions: Sequence[_Question]) -> None:
        """Answer all that were asked, each kind of reading by one pass."""
        for precision in dict.fromkeys(each.precision for each in questions):
            alike = [each for each in questions if each.precision is precision]

            def every(shard: Any, alike: Sequence[_Question] = alike) -> list[Any]:
                return [each.evaluate(shard) for each in alike]

            try:
                answers = self._pass(precision, every)
            except BaseException as failure:
                for each in alike:
                    each.answer.set_exception(failure)
                continue
            for position, each in enumerate(alike):
                each.answer.set_result([answer[position] for answer in answers])

    def _pass(
        self, precision: Precision | None, evaluate: Callable[[Any], list[Any]]
    ) -> list[list[Any]]:
        self.readings += 1
        if precision is None:
            return self._single.of_rows(self.names, evaluate, self._threads)
        store = self._single if precision is np.float32 else self._double
        return store.of_packed(self.names, evaluate, self._threads)


class DrawnPopulation:
    """The enterprises of a nation before the sites and limits of one draw.

    Parameters
    ----------
    population : the nation in shards
    market : sites and limits of the draw
    passes : passes shared with other draws
    """

    def __init__(
        self, population: StreamedPopulation, market: Market, passes: SharedPasses
    ) -> None:
        self.market = market
        self.count = population.count
        self.passes = passes
        self._nation = population

    @property
    def moments(self) -> Moments:
        """Sums over the enterprises, written down with the shards."""
        return self._nation.moments

    def outputs(self) -> Floats:
        """(N,) output of every enterprise."""
        return self.passes.outputs

    def rows(self, wanted: Sequence[Rows]) -> list[Market]:
        """Markets of some of the enterprises, each given by ascending positions."""
        return [self._before(rows) for rows in self.passes.sampled(wanted)]

    def demand(self, precision: Precision) -> DemandProvider:
        """What passes over all of them, with the other draws."""
        return DrawnDemand(self, precision)

    def certified(self, prices: Prices, tolerance: float) -> Certificate:
        """How far prices are from clearing the draw, by code of its own."""
        sums = self.passes.of_rows(lambda rows: sum_block(self._before(rows), prices))
        return certificate_of(self.market, sums, prices, tolerance)

    def _before(self, rows: Market) -> Market:
        """Enterprises of the nation before the sites of the draw."""
        return replace(self.market, **{name: getattr(rows, name) for name in OF_ENTERPRISES})

    @property
    def nation(self) -> StreamedPopulation:
        """Whose enterprises they are."""
        return self._nation


class DrawnDemand(ShardedDemand):
    """All enterprises of a nation before the sites of one draw.

    They keep no choices: those of every draw at once would not fit, and the samples' do.

    Parameters
    ----------
    drawn : the draw
    precision : of the payoffs
    """

    keeps_choices = False

    def __init__(self, drawn: DrawnPopulation, precision: Precision) -> None:
        nation = drawn.nation
        super().__init__(nation.nation, drawn.market, precision, nation.watch)
        self._passes_shared = drawn.passes
        self._precision = precision
        self._terms: Terms | None = None

    def sums(self, quote: Quote, keep: float) -> list[ShardSums]:
        """Sums of every shard, in the order of the nation."""
        terms = self._terms = terms_of(self.market, quote, self._precision, self._terms)
        return self._passes_shared.of_packed(
            self._precision, lambda packed: shard_sums(packed, terms, keep)
        )
