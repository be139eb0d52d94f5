"""Descending the dual on one level: price adjustment while it is quick, then Newton steps."""

from collections.abc import Callable

import numpy as np

from yanzhen.market.large.demand_oracle import DemandOracle
from yanzhen.market.large.newton_step import log_residual, logarithmic_pull, pull
from yanzhen.market.large.tatonnement import adjust, root_mean_square
from yanzhen.market.large.violation import dual_slope
from yanzhen.market.problem.constraints import Constraints
from yanzhen.market.problem.market import Floats

SHORTEST_STEP = 1.0 / 16
LEAST_RIDGE, LARGEST_RIDGE = 1e-7, 1e4

Progress = Callable[[str], None]


def minimise_dual(
    level: DemandOracle,
    constraints: Constraints,
    x: Floats,
    sigma: float,
    goal: float,
    tell: Progress,
    most: int,
    accuracy: float = 0.1,
) -> tuple[Floats, bool]:
    """Prices whose residual on one level is at the goal, and whether adjustment was enough for it.

    What price adjustment leaves is left to Newton steps.
    """
    adjusted = adjust(
        level,
        constraints,
        x,
        sigma,
        False,
        lambda at, demand: root_mean_square(log_residual(constraints, at, demand)) <= goal,
    )
    if adjusted.settled:
        tell(f"{level.count} enterprises, scale {sigma:.3g}: settled by price adjustment")
        return adjusted.x, True
    return descend(level, constraints, adjusted.x, sigma, goal, tell, most, accuracy), False


def descend(
    level: DemandOracle,
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
    size = root_mean_square(log_residual(constraints, x, demand))
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
            reached = root_mean_square(log_residual(constraints, candidate, found))
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
