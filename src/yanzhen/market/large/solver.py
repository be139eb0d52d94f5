"""Clearing prices of a market of any size, by samples first and all enterprises last.

Enterprises that are the same are taken together. Then:

1. On a small sample, while σ comes down from the payoffs' spread, price adjustment as long as it is
   quick, then Newton steps with a line search.
2. On larger samples, at the market's σ, each solved to about its own sampling error.
3. On all enterprises, price adjustment where it was quick on the last sample, then corrections;
   where σ is so small that payoffs in single precision move demand, the last in double precision.

The market is cleared when a pass over all pairs says so, and not otherwise.
"""

from dataclasses import replace

import numpy as np

from yanzhen.market.equilibrium.continuation import halved
from yanzhen.market.large.demand_oracle import (
    ENTRIES,
    DemandOracle,
    ListedDemandOracle,
    PackedDemandOracle,
)
from yanzhen.market.large.demand_pass import pack
from yanzhen.market.large.demand_provider import Provide, ThreadedDemand
from yanzhen.market.large.descent import Progress, minimise_dual
from yanzhen.market.large.full_market import Solution, adjust_all, correct
from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.large.population import HeldPopulation, Population, Precision, Rows
from yanzhen.market.large.sampling import systematic_sample
from yanzhen.market.large.separable import CellDemandOracle, Cells, calibrated, choose_cells
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.constraints import constraints_of, start_vector
from yanzhen.market.problem.market import Floats, Market, Prices

SAMPLES = (20_000, 100_000, 400_000)
GOALS = (0.3, 0.1, 0.03)
"""Root mean square of the log residual that is enough, for a sample on the way, and in order."""
STEPS = 12
PROBE = 500
"""Enterprises whose payoffs' spread is looked at."""
ACCURACY, ROUGH = 1e-4, 0.03
"""Share of the residual that a direction leaves, and where products cost as much as a pass."""
SMALL_MARKET = 30_000_000
"""Pairs up to which payoffs are in double precision."""
FIRST_TOLERANCE = 20
"""Multiple of the tolerance reached in single precision before double precision goes on."""


def solve(
    market: Market,
    tolerance: float,
    start: Prices | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
    provide: Provide | None = None,
) -> Solution:
    """Find clearing prices.

    Parameters
    ----------
    market : the market
    tolerance : bound of the relative excess demand, slackness and calibration at a full pass
    start : prices to start from; without them, the floors, from a large σ downwards
    seed : of the samples
    threads : threads to use; the result does not depend on it
    progress : told each step
    provide : makes what passes over all enterprises, unless told the threads of this machine;
        samples are theirs in any case

    Raises
    ------
    NotConverged
        When the bound is not reached.
    """
    return solve_population(
        HeldPopulation(market, threads, provide), tolerance, start, seed, threads, progress
    )


# Kept whole: one continuation from samples to all, whose prices pass from stage to stage.
def solve_population(
    population: Population,
    tolerance: float,
    start: Prices | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Find clearing prices of enterprises wherever they are held; as `solve`.

    Parameters
    ----------
    population : the enterprises and their market
    threads : threads for the samples
    """
    tell = progress or (lambda _: None)
    market, count = population.market, population.count
    moments = population.moments
    constraints = constraints_of(market, moments.typical)
    random = np.random.default_rng(seed)
    probe = np.sort(random.choice(count, min(PROBE, count), replace=False))
    samples = _samples(population, count, random)
    probed, *rows = population.rows([probe, *(units for units, _ in samples)])
    spread = payoff_spread(probed)
    small = is_small(market, count)
    fine = not small and needs_double(market, spread, tolerance)
    precision: Precision = np.float64 if small else np.float32
    x = start_vector(constraints, start)
    sigmas = [market.sigma] if start is not None else halved(spread, market.sigma)
    level = None
    quick = False
    pairs = 0
    for own, (units, factor), goal in zip(rows, samples, GOALS, strict=False):
        sample = pack(own, np.arange(units.size), factor, precision)
        level = PackedDemandOracle(
            market, ThreadedDemand(market, sample, threads), moments, threads
        )
        for sigma in sigmas:
            enough = goal if sigma == market.sigma else GOALS[0]
            x, quick = minimise_dual(level, constraints, x, sigma, enough, tell, STEPS)
        sigmas = [market.sigma]
        if quick:
            level.demand(constraints, x, market.sigma, False)
        pairs += level.pairs
        level.pairs = 0
    del rows, samples
    everyone = PackedDemandOracle(market, population.demand(precision), moments, threads, ENTRIES)
    if level is not None:
        everyone.keep = level.keep_for(everyone.entries * level.count / count, level.passed)
    for sigma in sigmas if level is None else []:
        goal = 0.1 * tolerance if sigma == market.sigma else GOALS[-1]
        x, _ = minimise_dual(everyone, constraints, x, sigma, goal, tell, 10 * STEPS, ACCURACY)
    first = FIRST_TOLERANCE * tolerance if fine else tolerance
    if quick:
        x = adjust_all(everyone, constraints, x, first, tell)
    solution = correct(everyone, level, constraints, x, first, pairs, tell)
    if not fine:
        return solution
    del everyone
    everyone = PackedDemandOracle(market, population.demand(np.float64), moments, threads, ENTRIES)
    x = start_vector(constraints, solution.prices)
    exact = correct(everyone, None, constraints, x, tolerance, solution.pairs, tell)
    return replace(exact, passes=solution.passes + exact.passes)


def _samples(
    population: Population, count: int, random: np.random.Generator
) -> list[tuple[Rows, Floats]]:
    """Units of each sample that is small beside the whole, and what each of them stands for."""
    sizes = [size for size in SAMPLES if size <= count // 2]
    if not sizes:
        return []
    outputs = population.outputs()
    return [systematic_sample(outputs, size, random) for size in sizes]


def solve_listed(
    market: Market,
    candidates: Candidates,
    tolerance: float,
    start: Prices | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Find clearing prices of a market whose enterprises choose from lists; as `solve`.

    Parameters
    ----------
    candidates : the lists; the market's base payoffs, intensities and qualities are not read
    """
    everyone = ListedDemandOracle(market, candidates, threads)
    spread = float(candidates.value.std()) if candidates.value.size else 0.0
    return _solve_whole(everyone, spread, tolerance, start, progress)


def solve_cells(
    market: Market,
    cells: Cells,
    tolerance: float,
    start: Prices | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Find clearing prices of a market whose payoffs are sums; as `solve`.

    Parameters
    ----------
    cells : the market by origin and industry
    """
    everyone = CellDemandOracle(market, cells)
    if start is not None:
        premium = total_premium(market, start)
        found = choose_cells(cells, premium, start.constants, market.sigma)
        change = calibrated(cells, found, market.stayers, market.sigma)
        start = replace(start, constants=start.constants + change)
    count = market.mass.size
    probe = np.random.default_rng(0).choice(count, min(PROBE, count), replace=False)
    spread = payoff_spread(market.of_rows(probe))
    return _solve_whole(everyone, spread, tolerance, start, progress, ROUGH)


def _solve_whole(
    everyone: DemandOracle,
    spread: float,
    tolerance: float,
    start: Prices | None,
    progress: Progress | None,
    accuracy: float = ACCURACY,
) -> Solution:
    """Find clearing prices without samples, from a σ of the payoffs' spread downwards."""
    tell, market = progress or (lambda _: None), everyone.market
    constraints = constraints_of(market)
    x = start_vector(constraints, start)
    for sigma in [market.sigma] if start is not None else halved(spread, market.sigma):
        goal = 0.1 * tolerance if sigma == market.sigma else GOALS[-1]
        x, _ = minimise_dual(everyone, constraints, x, sigma, goal, tell, 10 * STEPS, accuracy)
    return correct(everyone, None, constraints, x, tolerance, 0, tell)


def is_small(market: Market, count: int) -> bool:
    """Whether the payoffs of so many enterprises are in double precision from the first."""
    return bool(count * market.qualities.shape[0] <= SMALL_MARKET)


def needs_double(market: Market, spread: float, tolerance: float) -> bool:
    """Whether rounding a payoff of the spread's size to single precision moves choices too far."""
    return spread / market.sigma * float(np.finfo(np.float32).eps) > tolerance / 2


def payoff_spread(market: Market) -> float:
    """Standard deviation of payoffs across the sites that an enterprise may go to."""
    payoff = market.base[market.cell] + market.intensities @ market.qualities.T
    admitted = np.isfinite(payoff)
    payoff = np.where(admitted, payoff, 0.0)
    number = np.maximum(admitted.sum(axis=1, keepdims=True), 1)
    centred = np.where(admitted, payoff - payoff.sum(axis=1, keepdims=True) / number, 0.0)
    return float(np.sqrt((centred**2).sum() / max(int(admitted.sum()), 1)))
