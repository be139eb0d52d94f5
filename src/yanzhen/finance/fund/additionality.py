"""What support of a project adds: the market with it less the market without, both cleared.

A project that would have come anyway adds nothing, and at a full site what one brings another can
no longer bring. With P(0) and P(s) the chance that the project's enterprise goes to its site
without support and with it, both at prices that clear the market,

    additional output = w (P(s) − P(0)),

w its yearly output, and the net change of a region what arrives there less what leaves, with
everybody's answer to the new prices. Draws are common to both markets. The derivative at s = 0,

    dP/ds = (1/σ) [P (1 − P) − Σ_f Cov(A_f, 1_j) dθ_f/ds],   dθ/ds = H⁻¹ w Cov(A, 1_j) / σ,

with H the curvature of the whole market (`yanzhen.market.equilibrium.comparative_statics`), only
screens.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.linalg import lstsq

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.finance.fund.supported_market import Applications, with_projects
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.comparative_statics import response, scarce
from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.problem.market import Market

ABOVE_FLOOR = 1e-9
"""Premium over its floor, in margin on output, from which a price responds."""


@dataclass(frozen=True)
class HeldMarket:
    """A cleared market whose constants of staying are held, and what its places are.

    Attributes
    ----------
    market, clearing : nothing to calibrate
    origin : (I,) region of each block
    place : (J,) region of each site
    jobs_per_output : (I,) NaN where not known
    """

    market: Market
    clearing: Clearing
    origin: NDArray[np.int64]
    place: NDArray[np.int64]
    jobs_per_output: Floats


def held_market(cleared: ClearedStudy) -> HeldMarket:
    """What additionality needs of a cleared study whose constants are held (`at_constants`)."""
    formulation = cleared.formulation
    jobs = formulation.blocks["jobs_per_output"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return HeldMarket(
        formulation.market, cleared.clearing, formulation.origin, formulation.place, jobs
    )


@dataclass(frozen=True)
class Additional:
    """What n supports add, one at a time; yearly, in the study's units.

    Attributes
    ----------
    without, with_support : (n,) P(0) and P(s)
    output : (n,) w (P(s) − P(0))
    region : (n,) net change of output in the regions that count
    region_jobs : (n,) of jobs, NaN where not known
    elsewhere : (n,) change of what arrives in all other regions, displaced where below zero
    moving : (n,) change of all that moves in the nation
    excess : (n,) largest excess demand that the certificates found
    """

    without: Floats
    with_support: Floats
    output: Floats
    region: Floats
    region_jobs: Floats
    elsewhere: Floats
    moving: Floats
    excess: Floats


def additional(
    held: HeldMarket,
    asking: Applications,
    project: NDArray[np.int64],
    support: Floats,
    counts: Booleans,
    tell: Callable[[float], None] = lambda share: None,
) -> Additional:
    """Clear the market again with each support alone.

    Parameters
    ----------
    project : (n,) of each support
    support : (n,) as a share of the project's yearly output, each year
    counts : (P, N) whether a region counts as the project's own

    Raises
    ------
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear a market were not found.
    """
    rows = []
    for k, (number, offered) in enumerate(zip(project, support, strict=True)):
        one = _only(asking, np.array([number]))
        after = _cleared(held, one, np.array([offered]))
        rows.append(_change(held, one, after, counts[number]))
        tell((k + 1) / len(project))
    columns = np.array(rows).reshape(len(rows), 8).T
    return Additional(*columns)


@dataclass(frozen=True)
class Together:
    """What several supports add when all are given and the market cleared once.

    Attributes
    ----------
    output : additional output of the projects
    region : net change of output in the regions that count for any of them
    region_jobs : of jobs, NaN where not known
    moving : change of all that moves
    with_support : (P,) chance that each project comes
    """

    output: float
    region: float
    region_jobs: float
    moving: float
    with_support: Floats


def together(held: HeldMarket, asking: Applications, support: Floats, counts: Booleans) -> Together:
    """Clear the market once with all supports.

    Parameters
    ----------
    support : (P,) of each project, zero without
    counts : (N,) whether a region counts
    """
    after = _cleared(held, asking, support)
    before = held.clearing.choice.probability
    now = after.choice.probability
    came = now[held.market.mass.size :][np.arange(asking.site.size), asking.site]
    would = before[asking.block, asking.site]
    region, jobs, _, moving = _sums(held, asking, now, counts)
    return Together(float(asking.output @ (came - would)), region, jobs, moving, came)


def screened(held: HeldMarket, asking: Applications) -> Floats:
    """(P,) d output / d support of each project at no support, prices answering."""
    market, choice = held.market, held.clearing.choice
    prices = scarce(market, held.clearing.prices, ABOVE_FLOOR)
    answers = response(market, choice, prices, np.zeros(market.mass.size))
    free = prices.above_floor
    curvature = -answers.demand_by_price[np.ix_(free, free)]
    share = choice.probability[asking.block]
    at = np.arange(asking.site.size), asking.site
    here = share[at]
    needs = market.needs[asking.block][:, prices.resource]
    own = needs * prices.member.T[asking.site]
    covariance = here[:, None] * (own - needs * (share @ prices.member.T))
    slope = here * (1 - here)
    if free.any():
        moved = asking.output[:, None] * covariance[:, free] / market.sigma
        answer = lstsq(curvature, moved.T)[0]
        slope = slope - np.einsum("pf,fp->p", covariance[:, free], answer)
    found: Floats = asking.output * slope / market.sigma
    return found


def _only(asking: Applications, which: NDArray[np.int64]) -> Applications:
    return Applications(asking.block[which], asking.site[which], asking.output[which])


def _cleared(held: HeldMarket, asking: Applications, support: Floats) -> Clearing:
    market = with_projects(held.market, asking, support)
    tolerance = held.clearing.certificate.tolerance
    start = replace(held.clearing.prices, constants=np.zeros(0))
    return clear(market, tolerance, start)


def _change(
    held: HeldMarket, one: Applications, after: Clearing, counts: Booleans
) -> tuple[float, ...]:
    """The fields of `Additional` for one support."""
    now = after.choice.probability
    would = float(held.clearing.choice.probability[one.block[0], one.site[0]])
    comes = float(now[held.market.mass.size, one.site[0]])
    region, jobs, elsewhere, moving = _sums(held, one, now, counts)
    return (
        would,
        comes,
        float(one.output[0]) * (comes - would),
        region,
        jobs,
        elsewhere,
        moving,
        after.certificate.relative_excess_demand,
    )


def _sums(
    held: HeldMarket, asking: Applications, now: Floats, counts: Booleans
) -> tuple[float, float, float, float]:
    """Net change of the regions that count in output and jobs, of arrivals elsewhere, of all."""
    mass = held.market.mass
    moved = mass[:, None] * (now[: mass.size] - held.clearing.choice.probability)
    apart = now[mass.size :] - now[asking.block]
    np.add.at(moved, asking.block, asking.output[:, None] * apart)
    inside = counts[held.place]
    net = moved[:, inside].sum(axis=1) - np.where(counts[held.origin], moved.sum(axis=1), 0.0)
    return (
        float(net.sum()),
        float(held.jobs_per_output @ net),
        float(moved[:, ~inside].sum()),
        float(moved.sum()),
    )
