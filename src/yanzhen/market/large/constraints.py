"""Prices as one vector: sites, then groups, then calibrated constants."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.problem.market import Booleans, Floats, Market, Prices


@dataclass(frozen=True)
class Constraints:
    """Limits of a market in the order of its price vector x.

    Attributes
    ----------
    capacity : (n,) room, room of groups, observed stayers
    floor : (n,) least price, −inf for the constants
    limited : (n,) whether the price may leave its floor
    sites, resources, groups : J, R, G
    group_member : (G, J) as floats
    group_resource : (G,)
    pace : (n,) change of a price, in σ, that answers a unit of log demand alone: one over the
        typical need of its resource, shared by the limits that bear on the same site
    """

    capacity: Floats
    floor: Floats
    limited: Booleans
    sites: int
    resources: int
    groups: int
    group_member: Floats
    group_resource: NDArray[np.int32]
    pace: Floats

    @property
    def places(self) -> int:
        """Number of prices that are premiums; the constants follow."""
        return self.sites * self.resources + self.groups


def constraints_of(market: Market) -> Constraints:
    """Lay out the limits of a market."""
    sites, resources = market.capacity.shape
    capacity = np.concatenate([market.capacity.ravel(), market.group_capacity, market.stayers])
    floor = np.concatenate(
        [market.floor.ravel(), market.group_floor, np.full(market.stayers.size, -np.inf)]
    )
    return Constraints(
        capacity,
        floor,
        np.isfinite(capacity),
        sites,
        resources,
        market.group_capacity.size,
        market.group_member.astype(np.float64),
        market.group_resource,
        _pace(market),
    )


def _pace(market: Market) -> Floats:
    use = market.mass @ market.needs
    typical = (market.mass @ market.needs**2) / np.where(use > 0, use, 1.0)
    inverse = 1.0 / np.where(typical > 0, typical, 1.0)
    inside = market.group_member > 0
    sharing = np.maximum(np.isfinite(market.capacity).sum(axis=1) + inside.sum(axis=0), 1)
    crowded = (inside * sharing).max(axis=1, initial=1)
    return np.concatenate(
        [
            (inverse / sharing[:, None]).ravel(),
            inverse[market.group_resource] / crowded,
            np.ones(market.stayers.size),
        ]
    )


def premium_and_constants(constraints: Constraints, x: Floats) -> tuple[Floats, Floats]:
    """(J, R) p̃_jr = p_jr + Σ_{g ∋ j, r_g = r} p_g and (M,) a_m of a price vector."""
    own = constraints.sites * constraints.resources
    premium = x[:own].reshape(constraints.sites, constraints.resources).copy()
    spread = constraints.group_member * x[own : constraints.places, None]
    for g, resource in enumerate(constraints.group_resource):
        premium[:, resource] += spread[g]
    return premium, x[constraints.places :]


def by_constraint(constraints: Constraints, demand: Floats, staying: Floats) -> Floats:
    """(n,) demand at sites, of groups, and predicted stayers."""
    together = constraints.group_member @ demand
    groups = together[np.arange(constraints.groups), constraints.group_resource]
    return np.concatenate([demand.ravel(), groups, staying])


def prices_of(constraints: Constraints, x: Floats) -> Prices:
    """Prices of a vector."""
    own = constraints.sites * constraints.resources
    return Prices(
        x[:own].reshape(constraints.sites, constraints.resources).copy(),
        x[own : constraints.places].copy(),
        x[constraints.places :].copy(),
    )


def vector_of(constraints: Constraints, prices: Prices) -> Floats:
    """Vector of prices, at least the floors."""
    x = np.concatenate([prices.site.ravel(), prices.group, prices.constants])
    raised: Floats = np.maximum(x, constraints.floor)
    return raised


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
