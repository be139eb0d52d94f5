"""Demand against the limits of a market, in the order of its price vector."""

from dataclasses import dataclass

import numpy as np

from yanzhen.market.problem.constraints import Constraints
from yanzhen.market.problem.market import Floats, Market


def by_constraint(market: Market, demand: Floats, staying: Floats) -> Floats:
    """(n,) demand at sites, of groups, and predicted stayers."""
    together = market.group_member.astype(np.float64) @ demand
    groups = together[np.arange(market.group_resource.size), market.group_resource]
    return np.concatenate([demand.ravel(), groups, staying])


def dual_slope(constraints: Constraints, change: Floats, demand: Floats) -> float:
    """Derivative of the dual along a change of prices: room less demand, stayers less observed."""
    gradient = np.where(constraints.limited, constraints.capacity - demand, 0.0)
    gradient[constraints.places :] *= -1.0
    return float(gradient @ change)


@dataclass(frozen=True)
class Violation:
    """How far demand is from clearing, each relative to its limit, absolute where that is 0.

    Attributes
    ----------
    excess : largest (D − K)⁺ / K
    slackness : largest (K − D)⁺ / K of a price above its floor, weighed by min(1, (p − f) / mean p)
    calibration : largest |staying − observed| / observed
    """

    excess: float
    slackness: float
    calibration: float

    @property
    def largest(self) -> float:
        """The largest of the three."""
        return max(self.excess, self.slackness, self.calibration)


def violation(constraints: Constraints, x: Floats, demand: Floats) -> Violation:
    """Measure a price vector against the demand at it."""
    places = constraints.places
    limited = constraints.limited[:places]
    room = constraints.capacity[:places][limited]
    over = (demand[:places][limited] - room) / np.where(room > 0, room, 1.0)
    above = (x - constraints.floor)[:places][limited]
    priced = above[above > 0]
    weight = np.minimum(1.0, above / priced.mean()) if priced.size else above
    observed = constraints.capacity[places:]
    off = np.abs(demand[places:] - observed) / np.where(observed > 0, observed, 1.0)
    return Violation(
        _largest(over), _largest(np.where(room > 0, -over, 0.0) * weight), _largest(off)
    )


def _largest(values: Floats) -> float:
    return float(max(0.0, values.max())) if values.size else 0.0
