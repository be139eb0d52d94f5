"""Clearing prices of a market of any size, by samples first and all enterprises last.

1. On a small sample, Newton steps with a line search while σ comes down from the payoffs' spread.
2. On larger samples, at the market's σ, each solved to about its own sampling error.
3. On all enterprises. While demand is far from room, the last sample is solved again for room
   corrected by the demand that it missed, as long as that helps; then Newton steps with the
   curvature of all enterprises, or of the sample where that is finer,
   mixed with the steps before (Anderson 1965).

The market is cleared when a pass over all pairs says so, and not otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.constraints import (
    Constraints,
    Violation,
    constraints_of,
    dual_slope,
    prices_of,
    vector_of,
    violation,
)
from yanzhen.market.instance import Floats, Market, Prices
from yanzhen.market.kernel import (
    KEEP_NONE,
    pack,
)
from yanzhen.market.levels import ENTRIES, MOST_KEEP, Level, ListedLevel, entries_for
from yanzhen.market.listed import Candidates
from yanzhen.market.mixing import Mixing
from yanzhen.market.newton import log_residual, logarithmic_pull, pull
from yanzhen.market.sampling import systematic_sample

SAMPLES = (20_000, 100_000, 400_000)
GOALS = (0.3, 0.1, 0.03)
"""Root mean square of the log residual that is enough, for a sample on the way, and in order."""
FAR = 0.05
SMALL_MARKET = 30_000_000
"""Pairs up to which payoffs are in double precision."""
STEPS = 12
SHORTEST_STEP = 1.0 / 16
LEAST_RIDGE, LARGEST_RIDGE = 1e-7, 1e4
COARSE = 0.008
"""Probability from which choices are kept that is too coarse for a good curvature."""
MOST_CORRECTIONS = 60

Progress = Callable[[str], None]


class Unsettled(Exception):
    """No prices that clear the market were found; carries the best and how far off they are."""

    def __init__(self, prices: Prices, violation: Violation, passes: int) -> None:
        super().__init__(
            f"The market did not clear in {passes} passes: relative excess demand "
            f"{violation.excess:.3g}, slackness {violation.slackness:.3g}, "
            f"calibration {violation.calibration:.3g}."
        )
        self.prices = prices
        self.violation = violation
        self.passes = passes


@dataclass(frozen=True)
class Solution:
    """Prices that clear a market, and what a pass over all pairs found at them.

    Attributes
    ----------
    prices : clearing premiums and constants
    demand : (J, R)
    violation : what is left
    moving_share : share of output that moves
    binding_share : share of limited site resources priced above their floor
    binding_groups : number of groups priced above their floor
    passes : passes over all enterprises
    pairs : enterprise-site pairs of all passes, samples with them
    """

    prices: Prices
    demand: Floats
    violation: Violation
    moving_share: float
    binding_share: float
    binding_groups: int
    passes: int
    pairs: int


def solve(
    market: Market,
    tolerance: float,
    start: Prices | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
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

    Raises
    ------
    Unsettled
        When the bound is not reached.
    """
    tell = progress or (lambda _: None)
    constraints = constraints_of(market)
    small = market.mass.size * market.qualities.shape[0] <= SMALL_MARKET
    precision = np.float64 if small else np.float32
    order = np.argsort(market.cell, kind="stable")
    random = np.random.default_rng(seed)
    x = _start(constraints, start)
    sigmas = [market.sigma] if start is not None else _continuation(market, random)
    level = None
    pairs = 0
    for size, goal in zip(SAMPLES, GOALS, strict=True):
        if size > market.mass.size // 2:
            break
        units, factor = systematic_sample(market.mass[order], size, random)
        level = Level(market, pack(market, order[units], factor, precision), threads)
        for sigma in sigmas:
            enough = goal if sigma == market.sigma else GOALS[0]
            x = _descend(level, constraints, x, sigma, enough, tell, STEPS)
        sigmas = [market.sigma]
        pairs += level.pairs
        level.pairs = 0
    keep = MOST_KEEP if level is None else level.keep_for(_all_entries(market) * level.share)
    everyone = Level(market, pack(market, order, None, precision), threads, ENTRIES, keep)
    for sigma in sigmas if level is None else []:
        goal = 0.1 * tolerance if sigma == market.sigma else GOALS[-1]
        x = _descend(everyone, constraints, x, sigma, goal, tell, 10 * STEPS, 1e-4)
    return _finish(everyone, level, constraints, x, tolerance, pairs, tell)


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
    tell = progress or (lambda _: None)
    constraints = constraints_of(market)
    everyone = ListedLevel(market, candidates, threads)
    x = _start(constraints, start)
    spread = float(candidates.value.std()) if candidates.value.size else 0.0
    for sigma in [market.sigma] if start is not None else _halved(spread, market.sigma):
        goal = 0.1 * tolerance if sigma == market.sigma else GOALS[-1]
        x = _descend(everyone, constraints, x, sigma, goal, tell, 10 * STEPS, 1e-4)
    return _finish(everyone, None, constraints, x, tolerance, 0, tell)


def _start(constraints: Constraints, start: Prices | None) -> Floats:
    if start is not None:
        return vector_of(constraints, start)
    return np.where(np.isfinite(constraints.floor), constraints.floor, 0.0)


def _continuation(market: Market, random: np.random.Generator) -> list[float]:
    """Values of σ, halved from the payoffs' spread across sites down to the market's own."""
    rows = random.choice(market.mass.size, min(500, market.mass.size), replace=False)
    payoff = market.base[market.cell[rows]] + market.intensities[rows] @ market.qualities.T
    admitted = np.isfinite(payoff)
    payoff = np.where(admitted, payoff, 0.0)
    number = np.maximum(admitted.sum(axis=1, keepdims=True), 1)
    centred = np.where(admitted, payoff - payoff.sum(axis=1, keepdims=True) / number, 0.0)
    spread = float(np.sqrt((centred**2).sum() / max(int(admitted.sum()), 1)))
    return _halved(spread, market.sigma)


def _halved(spread: float, sigma: float) -> list[float]:
    sigmas = []
    while spread > sigma:
        sigmas.append(spread)
        spread *= 0.5
    return [*sigmas, sigma]


def _root_mean_square(residual: Floats) -> float:
    counted = residual[residual != 0]
    return float(np.sqrt(np.mean(counted**2))) if counted.size else 0.0


def _descend(
    level: Level | ListedLevel,
    constraints: Constraints,
    x: Floats,
    sigma: float,
    goal: float,
    tell: Progress,
    most: int,
    accuracy: float = 0.1,
) -> Floats:
    """Newton steps with a line search on one level, until the residual is at the goal.

    A step is taken when the dual's slope along it has not turned steeply up, or when the residual
    has fallen; the dual's own value is too noisy in single precision to decide.
    """
    demand = level.demand(constraints, x, sigma, False)
    size = _root_mean_square(log_residual(constraints, x, demand))
    ridge, way = 1e-3, logarithmic_pull
    for _ in range(most):
        if size <= goal:
            break
        right = way(constraints, demand)
        direction = level.newton_step(constraints, x, right, level.passed.demand, ridge, accuracy)
        length = 2.0
        taken = False
        while not taken and length > SHORTEST_STEP:
            length *= 0.5
            candidate = np.maximum(x + length * direction, constraints.floor)
            found = level.demand(constraints, candidate, sigma, False)
            reached = _root_mean_square(log_residual(constraints, candidate, found))
            taken = reached < size * (1.0 - 0.1 * length) or _still_falls(
                constraints, candidate - x, demand, found
            )
        tell(
            f"{level.count} enterprises, scale {sigma:.3g}: residual {size:.2g} to "
            f"{reached:.2g}, step {length:.3g}"
        )
        if taken:
            ridge = ridge * 5 if length < 1.0 else max(ridge / 5, LEAST_RIDGE)
            x, demand, size = candidate, found, reached
        elif ridge < LARGEST_RIDGE:
            ridge, way = ridge * 10, pull
            demand = level.demand(constraints, x, sigma, False)
        else:
            break
    return x


def _still_falls(constraints: Constraints, change: Floats, before: Floats, after: Floats) -> bool:
    """Whether the dual falls along a change of prices and at its end rises at most half as fast."""
    slope, end = (dual_slope(constraints, change, demand) for demand in (before, after))
    return slope < 0 and end <= -0.5 * slope


def _finish(
    everyone: Level | ListedLevel,
    sample: Level | None,
    constraints: Constraints,
    x: Floats,
    tolerance: float,
    pairs: int,
    tell: Progress,
) -> Solution:
    """Correct prices on all enterprises until a full pass is within the tolerance."""
    sigma = everyone.market.sigma
    mixing = Mixing(3)
    best = (np.inf, x)
    coarse = isinstance(everyone, Level) and sample is not None and everyone.keep > COARSE
    if isinstance(everyone, Level) and sample is not None and coarse:
        everyone.keep = KEEP_NONE
        sample.entries = _all_entries(everyone.market)
    everyone_split = _needs_split(everyone, x, tolerance)
    for correction in range(MOST_CORRECTIONS):
        demand = everyone.demand(constraints, x, sigma, everyone_split)
        left = violation(constraints, x, demand)
        size = _root_mean_square(log_residual(constraints, x, demand))
        tell(
            f"all enterprises, pass {everyone.passes}: excess {left.excess:.2g}, slackness "
            f"{left.slackness:.2g}, residual {size:.2g}"
        )
        if left.largest <= tolerance:
            pairs += everyone.pairs + (sample.pairs if sample else 0)
            return _solution(everyone, constraints, x, demand, left, pairs)
        if correction == MOST_CORRECTIONS - 1:
            break
        if size > 1.5 * best[0]:
            mixing.forget()
            x = 0.5 * (x + best[1])
            continue
        stalled = size > FAR and size > 0.5 * best[0]
        if stalled and sample is not None and isinstance(everyone, Level):
            pairs += sample.pairs
            sample, everyone.keep = None, min(everyone.keep, MOST_KEEP)
        best = min(best, (size, x), key=lambda pair: pair[0])
        if size > FAR:
            mixing.forget()
            x = (
                _descend(everyone, constraints, x, sigma, 0.5 * FAR, tell, STEPS)
                if sample is None
                else _resolve_sample(sample, constraints, x, demand, 0.03 * size, tell)
            )
            continue
        source: Level | ListedLevel = everyone
        if sample is not None and coarse:
            sample.demand(constraints, x, sigma, False)
            source = sample
        direction = source.newton_step(
            constraints,
            x,
            logarithmic_pull(constraints, demand),
            everyone.passed.demand,
            1e-6,
            1e-3,
        )
        towards = np.maximum(x + direction, constraints.floor)
        x = np.maximum(mixing.mixed(x, towards - x, _weights(x, demand)), constraints.floor)
    raise Unsettled(prices_of(constraints, best[1]), left, everyone.passes)


def _all_entries(market: Market) -> float:
    return entries_for(market.mass.size * market.capacity.shape[0], ENTRIES)


def _weights(x: Floats, demand: Floats) -> Floats:
    return np.sqrt(np.maximum(demand, 0.0))


def _resolve_sample(
    sample: Level,
    constraints: Constraints,
    x: Floats,
    demand: Floats,
    goal: float,
    tell: Progress,
) -> Floats:
    """Solve the sample for room in the ratio of its own demand to everyone's."""
    own = sample.demand(constraints, x, sample.market.sigma, False)
    sound = (demand > 0) & (own > 0) & constraints.limited
    ratio = np.where(sound, own / np.where(sound, demand, 1.0), 1.0)
    corrected = replace(constraints, capacity=constraints.capacity * ratio)
    return _descend(sample, corrected, x, sample.market.sigma, goal, tell, 5)


def _needs_split(level: Level | ListedLevel, x: Floats, tolerance: float) -> bool:
    """Whether a premium rounded to the payoffs' precision moves demand by a tenth of the bound."""
    largest = float(np.abs(x).max(initial=0.0)) * level.typical_need / level.market.sigma
    return largest * level.precision > tolerance / 10


def _solution(
    level: Level | ListedLevel,
    constraints: Constraints,
    x: Floats,
    demand: Floats,
    left: Violation,
    pairs: int,
) -> Solution:
    own = constraints.sites * constraints.resources
    bound: NDArray[np.bool_] = (x > constraints.floor) & constraints.limited
    return Solution(
        prices_of(constraints, x),
        level.passed.demand,
        left,
        level.moving,
        float(bound[:own].sum() / max(int(constraints.limited[:own].sum()), 1)),
        int(bound[own : constraints.places].sum()),
        level.passes,
        pairs,
    )
