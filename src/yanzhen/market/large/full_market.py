"""The last corrections of prices, on all enterprises, until a pass over all pairs is within bounds.

While demand is far from room, the last sample is solved again for room corrected by the demand that
it missed, as long as that helps; then come Newton steps with the curvature of all enterprises, or
of the sample where that is finer, mixed with the steps before (Anderson 1965). Where these run
away, steps with a line search take over for a while.
"""

from dataclasses import dataclass, replace
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.large.anderson import AndersonMixing
from yanzhen.market.large.demand_oracle import (
    MOST_KEEP,
    DemandOracle,
    PackedDemandOracle,
)
from yanzhen.market.large.demand_pass import KEEP_NONE
from yanzhen.market.large.descent import Progress, descend
from yanzhen.market.large.newton_step import log_residual, logarithmic_pull
from yanzhen.market.large.tatonnement import adjust, root_mean_square
from yanzhen.market.large.violation import Violation, violation
from yanzhen.market.problem.constraints import Constraints, prices_of
from yanzhen.market.problem.market import Floats, Prices
from yanzhen.market.problem.no_prices import NoPrices

FAR = 0.05
STEPS = 12
COARSE = 0.008
"""Probability from which choices are kept that is too coarse for a good curvature."""
MOST_CORRECTIONS = 60
NEAR = 2e-3
"""Residual from which a step that went too far is halved, and needs no search along it."""
MOST_HALVINGS = 3
"""Halvings without a smaller residual, after which the step is searched along all the same."""
RUNAWAY = 1.5
"""Ratio to the smallest residual so far from which steps have run away, unless the largest
violation fell: a price that leaves its floor enters the residual at once."""


class NotConverged(NoPrices):
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


# Kept whole: a loop whose every branch reads and sets how near the prices have come.
def correct(
    everyone: DemandOracle,
    sample: PackedDemandOracle | None,
    constraints: Constraints,
    x: Floats,
    tolerance: float,
    pairs: int,
    tell: Progress,
) -> Solution:
    """Correct prices on all enterprises until a full pass is within the tolerance.

    Parameters
    ----------
    everyone : all enterprises
    sample : the last sample, if there was one
    constraints : the limits
    x : (n,) prices to start from
    tolerance : bound of the violation
    pairs : enterprise-site pairs of the passes so far
    tell : told each pass

    Raises
    ------
    NotConverged
        When the bound is not reached.
    """
    sigma = everyone.market.sigma
    mixing = AndersonMixing(3)
    best, nearest, strayed = (np.inf, x), np.inf, 0
    finer = _finer(everyone, sample)
    split = _needs_split(everyone, x, tolerance)
    for _ in range(MOST_CORRECTIONS):
        demand = everyone.demand(constraints, x, sigma, split)
        left = violation(constraints, x, demand)
        size = root_mean_square(log_residual(constraints, x, demand))
        tell(
            f"all enterprises, pass {everyone.passes}: excess {left.excess:.2g}, slackness "
            f"{left.slackness:.2g}, residual {size:.2g}"
        )
        if left.largest <= tolerance:
            pairs += everyone.pairs + (sample.pairs if sample else 0)
            return _solution(everyone, constraints, x, demand, left, pairs)
        if size > RUNAWAY * best[0] and left.largest > nearest:
            mixing.forget()
            strayed += 1
            x = (
                descend(everyone, constraints, best[1], sigma, 0.2 * best[0], tell, STEPS)
                if best[0] > NEAR or strayed > MOST_HALVINGS
                else 0.5 * (x + best[1])
            )
            continue
        stalled = size > FAR and size > 0.5 * best[0]
        if stalled and sample is not None and _keeps_choices(everyone):
            pairs += sample.pairs
            sample, finer, everyone.keep = None, None, min(everyone.keep, MOST_KEEP)
        strayed = 0 if size < best[0] else strayed
        best = min(best, (size, x), key=lambda pair: pair[0])
        nearest = min(nearest, left.largest)
        if size <= FAR:
            x = _newton(everyone, finer, constraints, x, demand, mixing)
        elif sample is None:
            mixing.forget()
            x = descend(everyone, constraints, x, sigma, 0.5 * FAR, tell, STEPS)
        else:
            mixing.forget()
            x = resolve_sample(sample, constraints, x, demand, 0.03 * size, tell)
    raise NotConverged(prices_of(constraints, best[1]), left, everyone.passes)


def adjust_all(
    everyone: DemandOracle, constraints: Constraints, x: Floats, tolerance: float, tell: Progress
) -> Floats:
    """Adjust prices on all enterprises, to the tolerance or until that gets slow."""
    adjusted = adjust(
        everyone,
        constraints,
        x,
        everyone.market.sigma,
        _needs_split(everyone, x, tolerance),
        lambda at, demand: violation(constraints, at, demand).largest <= tolerance,
    )
    tell(f"all enterprises, pass {everyone.passes}: price adjustment ends")
    return adjusted.x


def _keeps_choices(everyone: DemandOracle) -> TypeGuard[PackedDemandOracle]:
    return isinstance(everyone, PackedDemandOracle) and everyone.provider.keeps_choices


def _finer(everyone: DemandOracle, sample: PackedDemandOracle | None) -> PackedDemandOracle | None:
    """The sample, where it gives a better curvature than all enterprises, who then give none."""
    if sample is None or not isinstance(everyone, PackedDemandOracle):
        return None
    if everyone.keep <= COARSE and everyone.provider.keeps_choices:
        return None
    everyone.keep = KEEP_NONE
    sample.entries = everyone.entries
    return sample


def _newton(
    everyone: DemandOracle,
    finer: PackedDemandOracle | None,
    constraints: Constraints,
    x: Floats,
    demand: Floats,
    mixing: AndersonMixing,
) -> Floats:
    """A Newton step, mixed with those before."""
    if finer is not None:
        finer.demand(constraints, x, everyone.market.sigma, False)
    right = logarithmic_pull(constraints, demand)
    by_site = everyone.passed.demand
    direction = (finer or everyone).newton_step(constraints, x, right, by_site, 1e-6, 1e-3)
    towards = np.maximum(x + direction, constraints.floor)
    mixed = mixing.mixed(x, towards - x, np.sqrt(np.maximum(demand, 0.0)))
    return np.maximum(mixed, constraints.floor)


def resolve_sample(
    sample: PackedDemandOracle,
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
    return descend(sample, corrected, x, sample.market.sigma, goal, tell, 5)


def _needs_split(level: DemandOracle, x: Floats, tolerance: float) -> bool:
    """Whether a premium rounded to the payoffs' precision moves demand by a tenth of the bound."""
    largest = float(np.abs(x).max(initial=0.0)) * level.typical_need / level.market.sigma
    return largest * level.precision > tolerance / 10


def _solution(
    level: DemandOracle,
    constraints: Constraints,
    x: Floats,
    demand: Floats,
    left: Violation,
    pairs: int,
) -> Solution:
    own = constraints.at_sites
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
