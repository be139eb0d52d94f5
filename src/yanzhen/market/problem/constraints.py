"""The limits of a market, and its prices as one vector: sites, then groups, then constants."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yanzhen.market.problem.market import Booleans, Floats, Market, Prices


@dataclass(frozen=True)
class Constraints:
    """Limits of a market in the order of its price vector x.

    Attributes
    ----------
    market : whose limits they are
    capacity : (n,) room, room of groups, observed stayers
    floor : (n,) least price, −inf for the constants
    limited : (n,) whether the price may leave its floor
    known : (R,) typical need of each resource, None where it is to be taken from the blocks
    """

    market: Market
    capacity: Floats
    floor: Floats
    limited: Booleans
    known: Floats | None = None

    @cached_property
    def pace(self) -> Floats:
        """(n,) change of a price, in σ, that answers a unit of log demand alone.

        One over the typical need of its resource, shared by the limits that bear on the same site.
        """
        market = self.market
        typical = _typical(market) if self.known is None else self.known
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

    @property
    def at_sites(self) -> int:
        """Number of prices of a resource at a site; those of groups follow."""
        return self.market.capacity.size

    @property
    def places(self) -> int:
        """Number of prices that are premiums; the constants follow."""
        return self.at_sites + self.market.group_capacity.size


def _typical(market: Market) -> Floats:
    """(R,) need of each resource per unit of output, weighted by who uses it."""
    use = market.mass @ market.needs
    typical: Floats = (market.mass @ market.needs**2) / np.where(use > 0, use, 1.0)
    return typical


def constraints_of(market: Market, known: Floats | None = None) -> Constraints:
    """Lay out the limits of a market.

    Parameters
    ----------
    market : whose limits they are
    known : (R,) typical need of each resource, where the market's blocks are held elsewhere
    """
    capacity = np.concatenate([market.capacity.ravel(), market.group_capacity, market.stayers])
    floor = np.concatenate(
        [market.floor.ravel(), market.group_floor, np.full(market.stayers.size, -np.inf)]
    )
    return Constraints(market, capacity, floor, np.isfinite(capacity), known)


def prices_of(constraints: Constraints, x: Floats) -> Prices:
    """Prices of a vector."""
    own, places = constraints.at_sites, constraints.places
    site = x[:own].reshape(constraints.market.capacity.shape)
    return Prices(site.copy(), x[own:places].copy(), x[places:].copy())


def start_vector(constraints: Constraints, start: Prices | None) -> Floats:
    """(n,) prices to start from, at least the floors; without any, the floors."""
    if start is None:
        return np.where(np.isfinite(constraints.floor), constraints.floor, 0.0)
    x = np.concatenate([start.site.ravel(), start.group, start.constants])
    raised: Floats = np.maximum(x, constraints.floor)
    return raised
