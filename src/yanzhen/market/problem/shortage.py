"""Why a market cannot clear: what must leave, and which room is too small to take it.

Observed departures must go somewhere. With D_m the output that leaves calibration group m, q_mr the
least need of resource r per unit of output in it, and x_mj what goes to an open site j,

    min Σ_m W u_m + Σ_c e_c / q̄_r     Σ_j x_mj + u_m = D_m,   Σ q x ≤ K_c + e_c  for every limit c,

tells the least room that would have to be added, in units of the output that it takes: a linear
programme (HiGHS). Taking the least need of each group makes it a lower bound: where it finds a
shortage there is one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from yanzhen.market.problem.choice import payoff_before_prices
from yanzhen.market.problem.market import Booleans, Floats, Market

MOST_PAIRS = 200_000
"""Pairs of calibration group and site up to which the programme is solved."""
SHORT = 1e-9
"""Share of all departures below which nothing is short."""
STRANDED_WEIGHT = 1e3
"""W: leaving somebody without an open site is worse than any room to add."""


@dataclass(frozen=True)
class Lack:
    """A resource of which places that are full would have to have more.

    Attributes
    ----------
    resource : number of the resource
    sites, groups : numbers of the full sites, or of the full groups; one of them is empty
    needed : least room that they would have to have together
    capacity : what they have
    """

    resource: int
    sites: tuple[int, ...]
    groups: tuple[int, ...]
    needed: float
    capacity: float


@dataclass(frozen=True)
class Shortage:
    """What keeps departures from finding a place.

    Attributes
    ----------
    leaving : output that must leave
    lacks : room that is too small, the largest shortage first
    stranded : calibration groups of which more must leave than sites are open to, and how much more
    """

    leaving: float
    lacks: tuple[Lack, ...]
    stranded: tuple[tuple[int, float], ...]


def shortage(market: Market) -> Shortage | None:
    """Find what is too small for the departures of a market; None where nothing is.

    None too where nothing is calibrated, so that nobody must leave, or there are too many pairs.
    """
    count, sites = market.stayers.size, market.capacity.shape[0]
    if not count or count * sites > MOST_PAIRS:
        return None
    inside = market.calibration >= 0
    group = market.calibration[inside]
    mass = np.bincount(group, weights=market.mass[inside], minlength=count)
    leaving = np.maximum(mass - market.stayers, 0.0)
    if not leaving.sum():
        return None
    admitted = np.isfinite(payoff_before_prices(market)[inside])
    open_mass = np.zeros((count, sites))
    np.add.at(open_mass, group, admitted * market.mass[inside][:, None])
    needs = np.full((count, market.needs.shape[1]), np.inf)
    np.minimum.at(needs, group, market.needs[inside])
    return _least_added(market, leaving, open_mass, np.where(np.isfinite(needs), needs, 0.0))


def _least_added(
    market: Market, leaving: Floats, open_mass: Floats, needs: Floats
) -> Shortage | None:
    m, j = np.nonzero(open_mass)
    at_site, at_resource = np.nonzero(np.isfinite(market.capacity))
    limits = at_site.size + market.group_capacity.size
    resource = np.concatenate([at_resource, market.group_resource])
    own = csr_array(
        (np.ones(at_site.size), (np.arange(at_site.size), at_site)),
        shape=(at_site.size, market.capacity.shape[0]),
    )
    weight = vstack([own, csr_array(market.group_member.astype(np.float64))], format="csc")
    capacity = np.concatenate([market.capacity[at_site, at_resource], market.group_capacity])
    total = leaving.sum()
    typical = np.maximum(needs.mean(axis=0), 1e-12)[resource]
    worst = STRANDED_WEIGHT * float((needs[:, resource] / typical).max(initial=1.0))
    met = coo_array(weight[:, j])
    drawn_on = met.data * needs[m[met.col], resource[met.row]]
    use = csr_array((drawn_on, (met.row, met.col)), shape=met.shape)
    pairs, groups = m.size, leaving.size
    each = np.arange(groups)
    everywhere = hstack(
        [
            csr_array((np.ones(pairs), (m, np.arange(pairs))), shape=(groups, pairs)),
            csr_array((np.ones(groups), (each, each)), shape=(groups, groups)),
            csr_array((groups, limits)),
        ]
    )
    k = np.arange(limits)
    within = hstack(
        [
            use,
            csr_array((limits, groups)),
            csr_array((-np.ones(limits), (k, k)), shape=(limits, limits)),
        ]
    )
    most = np.concatenate([open_mass[m, j], np.full(groups + limits, np.inf)])
    found = milp(
        np.concatenate([np.zeros(pairs), np.full(groups, worst), 1 / typical]),
        bounds=Bounds(np.zeros(most.size), most),
        constraints=[
            LinearConstraint(everywhere, leaving, leaving),
            LinearConstraint(within, np.full(limits, -np.inf), capacity),
        ],
    )
    if found.x is None:
        return None
    unplaced, added = found.x[pairs : pairs + groups], found.x[pairs + groups :]
    stranded = tuple((int(g), float(unplaced[g])) for g in np.flatnonzero(unplaced > SHORT * total))
    full = np.asarray(use @ found.x[:pairs]) >= capacity * (1 - SHORT)
    lacks = _lacks(resource, at_site, full, added, capacity, SHORT * total * typical)
    if not stranded and not lacks:
        return None
    return Shortage(float(total), lacks, stranded)


def _lacks(
    resource: NDArray[np.intp],
    at_site: NDArray[np.intp],
    full: Booleans,
    added: Floats,
    capacity: Floats,
    nothing: Floats,
) -> tuple[Lack, ...]:
    """The limits by resource, of sites and of groups apart, where some must be raised."""
    of_site = np.arange(resource.size) < at_site.size
    found = []
    for r in np.unique(resource):
        for kind in (of_site, ~of_site):
            meant = np.flatnonzero((resource == r) & kind & full)
            extra = float(added[meant].sum())
            if not meant.size or extra <= float(nothing[meant].sum()):
                continue
            has = float(capacity[meant].sum())
            sites = tuple(int(at_site[c]) for c in meant if of_site[c])
            groups = tuple(int(c - at_site.size) for c in meant if not of_site[c])
            found.append(Lack(int(r), sites, groups, has + extra, has))
    return tuple(sorted(found, key=lambda lack: lack.capacity - lack.needed))
