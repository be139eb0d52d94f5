"""Price adjustment: each price moves with the logarithm of demand over room.

    x⁺ = max(floor, x + σ pace log(D/K)),

mixed with the steps before. With one resource, nobody staying and room for just everybody, a step
is one of Sinkhorn's (Cuturi 2013, algorithm 1) in the logarithms of his scalings. It costs one pass
and no curvature, and is left as soon as it gets slow.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yanzhen.market.large.anderson import AndersonMixing
from yanzhen.market.large.demand_oracle import DemandOracle
from yanzhen.market.large.newton_step import log_residual
from yanzhen.market.problem.constraints import Constraints
from yanzhen.market.problem.market import Floats

DEPTH = 5
SLOW = 0.7
"""Share of the residual left by a step from which steps are too slow."""
MOST_STEPS = 60

Done = Callable[[Floats, Floats], bool]


@dataclass(frozen=True)
class Adjusted:
    """Where price adjustment ended.

    Attributes
    ----------
    x : (n,) the best prices found
    demand : (n,) demand at them, by constraint
    settled : whether they are good enough
    """

    x: Floats
    demand: Floats
    settled: bool


def adjust(
    level: DemandOracle,
    constraints: Constraints,
    x: Floats,
    sigma: float,
    split: bool,
    done: Done,
) -> Adjusted:
    """Adjust prices until they are good enough or a step removes too little of the residual.

    Parameters
    ----------
    level : whose demand
    constraints : the limits
    x : (n,) prices to start from
    sigma : scale of the taste
    split : whether premiums are split in two for the pass
    done : says of prices and demand whether they are good enough
    """
    mixing = AndersonMixing(DEPTH)
    demand = level.demand_alone(constraints, x, sigma, split)
    residual = log_residual(constraints, x, demand)
    size = root_mean_square(residual)
    for _ in range(MOST_STEPS):
        if done(x, demand):
            return Adjusted(x, demand, True)
        moved = np.maximum(x + sigma * constraints.pace * residual, constraints.floor)
        mixed = mixing.mixed(x, moved - x, np.sqrt(np.maximum(demand, 0.0)))
        candidate = np.maximum(mixed, constraints.floor)
        found = level.demand_alone(constraints, candidate, sigma, split)
        residual = log_residual(constraints, candidate, found)
        before, size = size, root_mean_square(residual)
        if size >= before:
            break
        x, demand = candidate, found
        if size > SLOW * before:
            break
    return Adjusted(x, demand, done(x, demand))


def root_mean_square(residual: Floats) -> float:
    """Root mean square over the constraints that are off."""
    counted = residual[residual != 0]
    return float(np.sqrt(np.mean(counted**2))) if counted.size else 0.0
