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
from typing import Any

import numpy as np

from yanzhen.market.equilibrium.continuation import halved
from yanzhen.market.large.demand_oracle import (
    ENTRIES,
    MOST_KEEP,
    DemandOracle,
    ListedDemandOracle,
    PackedDemandOracle,
)
from yanzhen.market.large.demand_pass import pack
from yanzhen.market.large.demand_provider import Provide, ThreadedDemand
from yanzhen.market.large.descent import Progress, minimise_dual
from yanzhen.market.large.full_market import Solution, adjust_all, all_entries, correct
from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.large.sampling import systematic_sample
from yanzhen.market.large.separable import CellDemandOracle, Cells, calibrated, choose_cells
from yanzhen.market.problem.aggregation import collapsed
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.constraints import constraints_of, start_vector
from yanzhen.market.problem.market import Market, Prices

SAMPLES = (20_000, 100_000, 400_000)
GOALS = (0.3, 0.1, 0.03)
"""Root mean square of the log residual that is enough, for a sample on the way, and in order."""
STEPS = 12
ACCURACY, ROUGH = 1e-4, 0.03
"""Share of the residual that a direction leaves, and where products cost as much as a pass."""
SMALL_MARKET = 30_000_000
"""Pairs up to which payoffs are in double precision."""
FIRST_TOLERANCE = 20
"""Multiple of the tolerance reached in single precision before double precision goes on."""


# Kept whole: one continuation from samples to all, whose prices pass from stage to stage.
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
    tell = progress or (lambda _: None)
    provide = provide or (lambda market, packed: ThreadedDemand(market, packed, threads))
    market = collapsed(market)
    constraints = constraints_of(market)
    order = np.argsort(market.cell, kind="stable")
    random = np.random.default_rng(seed)
    spread = _spread(market, random)
    small = market.mass.size * market.qualities.shape[0] <= SMALL_MARKET
    # Rounding a payoff of the spread's size to single precision then moves choices too far.
    rounding = spread / market.sigma * float(np.finfo(np.float32).eps)
    fine = not small and rounding > tolerance / 2
    precision: type[Any] = np.float64 if small else np.float32
    x = start_vector(constraints, start)
    sigmas = [market.sigma] if start is not None else halved(spread, market.sigma)
    level = None
    quick = False
    pairs = 0
    for size, goal in zip(SAMPLES, GOALS, strict=True):
        if size > market.mass.size // 2:
            break
        units, factor = systematic_sample(market.mass[order], size, random)
        sample = pack(market, order[units], factor, precision)
        level = PackedDemandOracle(market, ThreadedDemand(market, sample, threads), threads)
        for sigma in sigmas:
            enough = goal if sigma == market.sigma else GOALS[0]
            x, quick = minimise_dual(level, constraints, x, sigma, enough, tell, STEPS)
        sigmas = [market.sigma]
        if quick:
            level.demand(constraints, x, market.sigma, False)
        pairs += level.pairs
        level.pairs = 0
    keep = (
        MOST_KEEP
        if level is None
        else level.keep_for(all_entries(market) * level.share, level.passed)
    )
    all_of_them = provide(market, pack(market, order, None, precision))
    everyone = PackedDemandOracle(market, all_of_them, threads, ENTRIES, keep)
    for sigma in sigmas if level is None else []:
        goal = 0.1 * tolerance if sigma == market.sigma else GOALS[-1]
        x, _ = minimise_dual(everyone, constraints, x, sigma, goal, tell, 10 * STEPS, ACCURACY)
    first = FIRST_TOLERANCE * tolerance if fine else tolerance
    if quick:
        x = adjust_all(everyone, constraints, x, first, tell)
    solution = correct(everyone, level, constraints, x, first, pairs, tell)
    if not fine:
        return solution
    all_of_them = provide(market, pack(market, order, None, np.float64))
    everyone = PackedDemandOracle(market, all_of_them, threads, ENTRIES)
    x = start_vector(constraints, solution.prices)
    exact = correct(everyone, None, constraints, x, tolerance, solution.pairs, tell)
    return replace(exact, passes=solution.passes + exact.passes)


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
    spread = _spread(market, np.random.default_rng(0))
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


def _spread(market: Market, random: np.random.Generator) -> float:
    """Standard deviation of payoffs across the sites that an enterprise may go to."""
    rows = random.choice(market.mass.size, min(500, market.mass.size), replace=False)
    payoff = market.base[market.cell[rows]] + market.intensities[rows] @ market.qualities.T
    admitted = np.isfinite(payoff)
    payoff = np.where(admitted, payoff, 0.0)
    number = np.maximum(admitted.sum(axis=1, keepdims=True), 1)
    centred = np.where(admitted, payoff - payoff.sum(axis=1, keepdims=True) / number, 0.0)
    return float(np.sqrt((centred**2).sum() / max(int(admitted.sum()), 1)))
