"""How arrivals and prices answer to a subsidy, by the implicit function theorem.

A subsidy s_j per unit of output arriving at site j adds to ū_ij for every block. Prices θ_f that
respond (those above their floors) keep K_f = D_f(θ, s), so

    dθ/ds = H⁻¹ C,
    H_fg = (1/σ) Σ_i mass_i Cov_i(A_f, A_g),  C_fj = (1/σ) Σ_i mass_i Cov_i(A_f, 1_j),

A_f the need of θ_f's resource on each option, 1_j the option of moving to j, and Cov_i over block
i's choice. At a site that is full of one resource needed alike by all dθ/ds = 1: the price takes
the subsidy.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lstsq

from yanzhen.market.problem.choice import Choice
from yanzhen.market.problem.market import Booleans, Floats, Integers, Market, Prices


@dataclass(frozen=True)
class Scarce:
    """Prices above zero, at sites and groups.

    Attributes
    ----------
    price : (F,)
    above_floor : (F,) whether the price may fall, and so responds
    site : (F,) site whose price it is, −1 for a group's
    resource : (F,)
    group : (F,) group whose price it is, −1 for a site's
    member : (F, J) weight with which it is paid at each site
    """

    price: Floats
    above_floor: Booleans
    site: Integers
    resource: Integers
    group: Integers
    member: Floats


@dataclass(frozen=True)
class Response:
    """Derivatives at fixed prices; Σ_i mass_i throughout.

    Attributes
    ----------
    arrivals : (J,) output arriving
    benefit : (J,) Σ_i mass_i b_i P_ij
    arrivals_by_subsidy : (J, J) d arrivals_j / d s_k
    benefit_by_subsidy : (J, J)
    demand : (F,) demand for each scarce resource
    demand_by_subsidy : (F, J) C
    demand_by_price : (F, F) −H
    benefit_by_price : (F, J) d benefit_j / d θ_f
    """

    arrivals: Floats
    benefit: Floats
    arrivals_by_subsidy: Floats
    benefit_by_subsidy: Floats
    demand: Floats
    demand_by_subsidy: Floats
    demand_by_price: Floats
    benefit_by_price: Floats


def scarce(market: Market, prices: Prices, above: float) -> Scarce:
    """The prices above zero; those more than `above` over their floors respond."""
    limited = np.isfinite(market.capacity)
    j, r = np.nonzero(limited & (prices.site > 0))
    g = np.flatnonzero(prices.group > 0)
    at_site = np.zeros((j.size, market.capacity.shape[0]))
    at_site[np.arange(j.size), j] = 1.0
    return Scarce(
        price=np.concatenate([prices.site[j, r], prices.group[g]]),
        above_floor=np.concatenate(
            [
                prices.site[j, r] > market.floor[j, r] + above,
                prices.group[g] > market.group_floor[g] + above,
            ]
        ),
        site=np.concatenate([j, np.full(g.size, -1)]).astype(np.int32),
        resource=np.concatenate([r, market.group_resource[g]]).astype(np.int32),
        group=np.concatenate([np.full(j.size, -1), g]).astype(np.int32),
        member=np.vstack([at_site, market.group_member[g].astype(np.float64)]),
    )


def response(market: Market, choice: Choice, prices: Scarce, worth: Floats) -> Response:
    """Derivatives of arrivals, benefit and demand at a choice.

    Parameters
    ----------
    worth : (I,) b_i, benefit per unit of output that arrives
    """
    mass, share, sigma = market.mass, choice.probability, market.sigma
    arrivals = mass @ share
    benefit = (mass * worth) @ share
    count = prices.price.size
    needs = market.needs[:, prices.resource]
    # (I, F) expected need of each scarce resource
    expected = needs * (share @ prices.member.T)
    direct = _by_resource(mass, market.needs, share)[prices.resource] * prices.member
    worth_direct = _by_resource(mass * worth, market.needs, share)[prices.resource] * prices.member
    together = np.zeros((count, count))
    for r in range(market.needs.shape[1]):
        both = _by_resource(mass * market.needs[:, r], market.needs, share)[prices.resource]
        own = prices.resource == r
        together[own] = prices.member[own] @ (both * prices.member).T
    return Response(
        arrivals=arrivals,
        benefit=benefit,
        arrivals_by_subsidy=(np.diag(arrivals) - (mass[:, None] * share).T @ share) / sigma,
        benefit_by_subsidy=(
            (np.diag(benefit) - ((mass * worth)[:, None] * share).T @ share) / sigma
        ),
        demand=mass @ expected,
        demand_by_subsidy=(direct - (mass[:, None] * expected).T @ share) / sigma,
        demand_by_price=-(together - (mass[:, None] * expected).T @ expected) / sigma,
        benefit_by_price=-(worth_direct - ((mass * worth)[:, None] * expected).T @ share) / sigma,
    )


def _by_resource(weight: Floats, needs: Floats, share: Floats) -> Floats:
    """(R, J) Σ_i weight_i needs_ir P_ij."""
    total: Floats = (weight[:, None] * needs).T @ share
    return total


def price_response(found: Response, prices: Scarce, responding: Booleans) -> Floats:
    """(F, J) dθ_f/ds_j, zero for prices that don't respond; least norm where not unique."""
    slope = np.zeros_like(found.demand_by_subsidy)
    if responding.any():
        curvature = -found.demand_by_price[np.ix_(responding, responding)]
        slope[responding] = lstsq(curvature, found.demand_by_subsidy[responding])[0]
    return slope
