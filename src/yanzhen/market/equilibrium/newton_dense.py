"""Clearing a market held whole: the convex dual by projected Newton in double precision.

Variables θ are the prices of limited site resources and groups, bounded below by their floors, and
the calibrated constants, free:

    min_θ F(θ) = Σ_i mass_i σ log Σ_k exp(ū_ik/σ) + Σ K p − Σ_m a_m S_m,

whose gradient is capacity less demand, and predicted less observed stayers (design: McFadden 1974;
Galichon and Salanié 2022). Small σ is reached by continuation.
"""

from dataclasses import dataclass, replace

import numpy as np

from yanzhen.market.equilibrium.certificate import CHECKS, Certificate, certify
from yanzhen.market.equilibrium.continuation import halved
from yanzhen.market.equilibrium.curvature import curvature
from yanzhen.market.problem.choice import (
    Choice,
    choose,
    group_demand,
    payoff_before_prices,
    site_demand,
    staying_output,
)
from yanzhen.market.problem.constraints import (
    Constraints,
    constraints_of,
    prices_of,
    start_vector,
)
from yanzhen.market.problem.labels import Labels, numbered, told
from yanzhen.market.problem.market import Booleans, Floats, Market, Prices
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.market.problem.shortage import shortage
from yanzhen.market.problem.tolerance import without_dust
from yanzhen.phrasebook import Language
from yanzhen.study.problem import Words

MOST_STEPS = 200
SHORTEST_STEP = 1e-10
"""Share of the first length tried below which backtracking gives up."""
STALLED_STEPS = 8
ENOUGH_ON_THE_WAY = 1e-3
ENOUGH = 1e-15
"""Share of the mass that sums in double precision cannot tell from nothing."""
LARGEST_CHANGE = 8.0
"""Most that a step may change a payoff, in σ: farther the choice is flat and tells nothing."""


class NotCleared(NoPrices):
    """Prices that clear the market were not found; carries the certificate of the best found.

    Attributes
    ----------
    reason : what is short and by how much, where that is known, in English and Chinese
    """

    def __init__(self, certificate: Certificate, reason: str | Words) -> None:
        self.certificate = certificate
        self.reason: Words = (reason, reason) if isinstance(reason, str) else reason
        super().__init__(self.text("en"))

    def text(self, language: Language = "en") -> str:
        """Return one sentence: the reason, then the checks that fail."""
        spoken = 1 if language == "zh" else 0
        shown = [f"{CHECKS[name][spoken]} {value:.3g}" for name, value in self.certificate.failed()]
        listed = ("；" if language == "zh" else "; ").join(shown)
        if language == "zh":
            return f"市场没有出清（{self.reason[1]}）" + (f"：{listed}。" if listed else "。")
        return f"The market did not clear ({self.reason[0]})" + (f": {listed}." if listed else ".")


@dataclass(frozen=True)
class Clearing:
    """Prices that clear a market, what happens at them, and the proof.

    Attributes
    ----------
    prices : clearing premiums and constants
    choice : probabilities at those prices
    demand : (J, R) demand of every resource at every site
    group_demand : (G,)
    certificate : checks made by independent code
    steps : Newton steps taken, over all values of σ
    """

    prices: Prices
    choice: Choice
    demand: Floats
    group_demand: Floats
    certificate: Certificate
    steps: int


def clear(
    market: Market,
    tolerance: float,
    start: Prices | None = None,
    labels: Labels | None = None,
) -> Clearing:
    """Find prices that clear a market, and certify them.

    Parameters
    ----------
    market : the market
    tolerance : bound of every check of the certificate
    start : prices to start from; without them, the floors, from a large σ downwards
    labels : names to tell a shortage by

    Raises
    ------
    NotCleared
        When the certificate does not pass.
    """
    constraints = constraints_of(market)
    theta = start_vector(constraints, start)[constraints.limited]
    steps = 0
    for sigma in [market.sigma] if start is not None else _continuation(market):
        enough = ENOUGH if sigma == market.sigma else ENOUGH_ON_THE_WAY
        of_sigma = replace(constraints, market=replace(market, sigma=sigma))
        theta, taken = _minimise(of_sigma, theta, enough)
        steps += taken
    prices = settled(market, _prices(constraints, theta))
    certificate = certify(market, prices, tolerance)
    if not certificate.passed:
        raise NotCleared(certificate, reason(market, labels))
    choice = choose(market, prices)
    demand = site_demand(market, choice)
    return Clearing(prices, choice, demand, group_demand(market, demand), certificate, steps)


def reason(market: Market, labels: Labels | None) -> Words:
    """What is short and by how much, as far as totals tell."""
    found = shortage(market)
    if found is None:
        return ("no step improved it any more", "迭代不再改进")
    return told(found, labels or numbered(market))


def _continuation(market: Market) -> list[float]:
    """Values of σ from its first doubling that is the payoffs' spread or more, halved."""
    payoff = payoff_before_prices(market)
    admitted = payoff[np.isfinite(payoff)]
    spread = float(admitted.std()) if admitted.size else market.sigma
    first = market.sigma
    while first < spread:
        first *= 2
    return halved(first, market.sigma)


def _prices(constraints: Constraints, theta: Floats) -> Prices:
    """Prices of which those of what is not limited are at their floors."""
    x = constraints.floor.copy()
    x[constraints.limited] = theta
    return prices_of(constraints, x)


def settled(market: Market, prices: Prices) -> Prices:
    """Prices of which those above their floors by nothing are at them."""
    need = _average_need(market)
    return Prices(
        without_dust(prices.site, market.floor, need[None], market.sigma),
        without_dust(prices.group, market.group_floor, need[market.group_resource], market.sigma),
        prices.constants,
    )


def _value_and_gradient(constraints: Constraints, theta: Floats) -> tuple[float, Floats, Choice]:
    market, limited = constraints.market, constraints.limited
    choice = choose(market, _prices(constraints, theta))
    demand = site_demand(market, choice)
    response = np.concatenate(
        [demand.ravel(), group_demand(market, demand), -staying_output(market, choice)]
    )
    right = constraints.capacity.copy()
    right[constraints.places :] *= -1.0
    value = float(market.mass @ choice.inclusive + right[limited] @ theta)
    return value, (right - response)[limited], choice


def _minimise(constraints: Constraints, theta: Floats, enough: float) -> tuple[Floats, int]:
    """Projected Newton with an adaptive ridge, stopped when no step improves any more.

    Or when the gradient is below `enough` times the mass.
    """
    market, lower = constraints.market, constraints.floor[constraints.limited]
    value, gradient, choice = _value_and_gradient(constraints, theta)
    ridge = 1e-12
    stalled = 0
    for step in range(MOST_STEPS):
        held = (theta <= lower) & (gradient > 0)
        free = ~held
        error = _error(gradient, free)
        if error <= enough * market.mass.sum() or stalled >= STALLED_STEPS:
            return theta, step
        curved = curvature(constraints, choice, free)
        improved = False
        while not improved and ridge < 1e12:
            direction = np.zeros_like(theta)
            direction[free] = curved.direction(ridge, gradient[free])
            candidate, found = _search(constraints, theta, direction, value, gradient)
            if found is None:
                ridge = max(ridge * 10, 1e-12)
                continue
            improved = True
        if not improved or found is None:
            return theta, step
        ridge = max(ridge / 10, 1e-14)
        previous = error
        theta, (value, gradient, choice) = candidate, found
        now = _error(gradient, ~((theta <= lower) & (gradient > 0)))
        stalled = stalled + 1 if now > 0.5 * previous and now < 1e-9 * market.mass.sum() else 0
    return theta, MOST_STEPS


def _error(gradient: Floats, free: Booleans) -> float:
    return float(np.abs(gradient[free]).max()) if free.any() else 0.0


def _average_need(market: Market) -> Floats:
    """(R,) need of each resource, averaged over the blocks; zero in a market without any."""
    need: Floats = market.needs.sum(axis=0) / max(len(market.needs), 1)
    return need


def _payoff_change(constraints: Constraints, direction: Floats) -> float:
    """Largest change of a payoff along a direction, for an average need of each resource."""
    market = constraints.market
    need = _average_need(market)
    weight = np.concatenate(
        [
            np.tile(need, market.capacity.shape[0]),
            need[market.group_resource],
            np.ones(market.stayers.size),
        ]
    )[constraints.limited]
    return max(float(np.abs(weight * direction).max()), 1e-300) if direction.size else 1e-300


def _search(
    constraints: Constraints,
    theta: Floats,
    direction: Floats,
    value: float,
    gradient: Floats,
) -> tuple[Floats, tuple[float, Floats, Choice] | None]:
    """Backtrack along the projected direction until F falls enough, or its gradient does."""
    lower, sigma = constraints.floor[constraints.limited], constraints.market.sigma
    length = min(1.0, LARGEST_CHANGE * sigma / _payoff_change(constraints, direction))
    noise = 1e-14 * abs(value)
    size = _error(gradient, ~((theta <= lower) & (gradient > 0)))
    shortest = SHORTEST_STEP * length
    while length > shortest and direction.any():
        candidate = np.maximum(theta + length * direction, lower)
        slope = float(gradient @ (candidate - theta))
        found = _value_and_gradient(constraints, candidate)
        falls = found[0] <= value + 1e-4 * slope and slope < 0
        free = ~((candidate <= lower) & (found[1] > 0))
        settles = found[0] <= value + noise and _error(found[1], free) < size
        if (falls and slope < -noise) or settles:
            return candidate, found
        length /= 3
    return theta, None
