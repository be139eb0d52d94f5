"""Localities that compete for enterprises with subsidies.

Locality k chooses a subsidy s_j ≥ 0 per unit of output arriving at each of its sites j so as to
maximise

    W_k = Σ_{j ∈ k} (Σ_i mass_i P_ij b_i − (1 + μ) s_j D_j) + its rents,

b_i what a unit of output is worth to it (local tax + λ × wages), D_j the arriving output, μ the
cost of public funds; in the spirit of Ossa (2015). On J identical slack sites the Nash equilibrium
is s = b/(1+μ) − σ/(1 − P_j), the coordinated choice s = b/(1+μ) − σ/(1 − J P_j), floored at zero.

All localities move at once: each solves the first-order conditions of its own sites given the
others' subsidies, with exact derivatives (`response`), steps being damped when they stop getting
smaller. A locality never pays beyond what fills its site, for more would only raise the price; a
subsidy at that level is held there. That a fixed point is an equilibrium is then tried out, market
re-cleared, by unilateral deviations.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.market.equilibrium.comparative_statics import (
    Response,
    Scarce,
    price_response,
    response,
    scarce,
)
from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.problem.market import Floats, Integers, Market, Prices
from yanzhen.market.problem.tolerance import FULL, SAME_SUBSIDIES
from yanzhen.study.result_columns import columns

MOST_ROUNDS = 200
LEAST_DAMPING = 0.02
DEVIATIONS = (-1.0, -0.3, -0.1, -0.02, 0.02, 0.1, 0.3, 1.0)
"""Unilateral deviations that are tried, as shares of the larger of the subsidy and σ."""

SUBSIDY_SITES = columns("site regime subsidy arrivals outlay rents")
"""`regime` is none, nash or coordinated."""


@dataclass(frozen=True)
class Contest:
    """Who competes and for what.

    Attributes
    ----------
    market : with nothing left to calibrate
    owner : (J,) locality of each site, numbered from 0; −1 for a site without one
    worth : (I,) b_i per unit of output
    rent_share : (J, R) share of each site's rents that its locality receives
    public_funds_cost : μ
    """

    market: Market
    owner: Integers
    worth: Floats
    rent_share: Floats
    public_funds_cost: float

    @property
    def localities(self) -> int:
        """How many compete."""
        return int(self.owner.max(initial=-1)) + 1


@dataclass(frozen=True)
class Subsidies:
    """Subsidies, and the market at them.

    Attributes
    ----------
    rates : (J,) per unit of arriving output
    clearing : of the market with them
    welfare : (K,) W_k
    outlay : (J,) subsidy × arriving output
    rounds : rounds taken
    residual : largest change of a subsidy that a locality would still make, per unit of output
    converged : whether that is within the tolerance
    """

    rates: Floats
    clearing: Clearing
    welfare: Floats
    outlay: Floats
    rounds: int
    residual: float
    converged: bool


@dataclass(frozen=True)
class Race:
    """No subsidies, the Nash equilibrium, and the choice that coordinated localities would make.

    Attributes
    ----------
    none, nash, coordinated : subsidies and markets
    waste : welfare of all localities lost in the race, coordinated less Nash, money a year
    equilibria : (E, J) different Nash equilibria that the starts led to, the first being `nash`
    starts : from how many starts
    failed_starts : starts that did not converge
    deviations_tried : localities whose unilateral deviations were tried
    largest_gain : most that one of them would gain by a deviation, as a share of its welfare
    """

    none: Subsidies
    nash: Subsidies
    coordinated: Subsidies
    waste: float
    equilibria: Floats
    starts: int
    failed_starts: int
    deviations_tried: int
    largest_gain: float


def race(
    contest: Contest,
    tolerance: float,
    start: Prices | None = None,
    most_deviating: int = 40,
    seed: int = 0,
) -> Race:
    """Find the Nash equilibrium of a contest, and what coordination would choose.

    Starts from no subsidies, from the whole benefit paid away, and from one drawn between.

    Parameters
    ----------
    tolerance : of the subsidies, per unit of output, and of the market's clearing
    start : prices to clear from
    most_deviating : localities, evenly spread, whose deviations are tried
    seed : of the drawn start

    Raises
    ------
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market were not found.
    """
    market = contest.market
    nothing = np.zeros(contest.owner.size)
    none = _at(contest, nothing, tolerance, start)
    warm = none.clearing.prices
    everything = np.where(contest.owner >= 0, float(market.mass @ contest.worth), 0.0)
    everything /= market.mass.sum() * (1 + contest.public_funds_cost)
    drawn = everything * np.random.Generator(np.random.Philox(key=[seed, 0])).random(nothing.size)
    found = [equilibrium(contest, first, tolerance, warm) for first in (nothing, everything, drawn)]
    settled = [one for one in found if one.converged]
    nash = settled[0] if settled else found[0]
    united = replace(contest, owner=np.where(contest.owner >= 0, 0, -1).astype(np.int32))
    together = equilibrium(united, nothing, tolerance, warm)
    coordinated = replace(together, welfare=welfare(contest, together.rates, together.clearing))
    tried = _spread(contest.localities, most_deviating)
    return Race(
        none=none,
        nash=nash,
        coordinated=coordinated,
        waste=float(coordinated.welfare.sum() - nash.welfare.sum()),
        equilibria=_different([one.rates for one in settled], market.sigma),
        starts=len(found),
        failed_starts=len(found) - len(settled),
        deviations_tried=len(tried),
        largest_gain=max((_gain(contest, nash, k, tolerance) for k in tried), default=0.0),
    )


def equilibrium(
    contest: Contest, first: Floats, tolerance: float, start: Prices | None = None
) -> Subsidies:
    """Subsidies of which no locality would change its own, given the others'.

    Parameters
    ----------
    first : (J,) subsidies to start from
    tolerance : of the subsidies and of the market's clearing
    start : prices to clear from
    """
    rates, prices, damping, before = first, start, 1.0, np.inf
    rounds = 0
    residual = np.inf
    while residual > tolerance and rounds < MOST_ROUNDS:
        clearing = clear(subsidised(contest.market, rates), _clearing_tolerance(tolerance), prices)
        prices = clearing.prices
        wanted = best_responses(contest, rates, clearing)
        residual = float(np.abs(wanted - rates).max(initial=0.0))
        if residual > 0.9 * before:
            damping = max(damping / 2, LEAST_DAMPING)
        before = residual
        rates = rates + damping * (wanted - rates)
        rounds += 1
    return replace(
        _at(contest, rates, tolerance, prices),
        rounds=rounds,
        residual=residual,
        converged=residual <= tolerance,
    )


def subsidised(market: Market, rates: Floats) -> Market:
    """The market with (J,) subsidies per unit of output arriving at each site."""
    return replace(market, base=np.asarray(market.base) + rates[None])


def welfare(contest: Contest, rates: Floats, clearing: Clearing) -> Floats:
    """(K,) W_k of every locality."""
    market, owned = contest.market, contest.owner >= 0
    share = clearing.choice.probability
    arrivals = market.mass @ share
    limited = np.isfinite(market.capacity)
    kept = np.where(limited, contest.rent_share * clearing.prices.site * clearing.demand, 0.0)
    of_site = (
        (market.mass * contest.worth) @ share
        - (1 + contest.public_funds_cost) * rates * arrivals
        + kept.sum(axis=1)
    )
    return np.bincount(
        contest.owner[owned], weights=of_site[owned], minlength=contest.localities
    ).astype(np.float64)


def marginal_welfare(contest: Contest, rates: Floats, clearing: Clearing) -> Floats:
    """(J,) dW_k/ds_j of the locality k that owns site j, all prices above their floors responding.

    Zero for sites without a locality. At a kink, where a site is just full, it is the derivative
    from one side.
    """
    market = contest.market
    prices = scarce(market, clearing.prices, FULL)
    found = response(market, clearing.choice, prices, contest.worth)
    slope = price_response(found, prices, prices.above_floor)
    gain = np.zeros(contest.owner.size)
    for k in range(contest.localities):
        own = np.flatnonzero(contest.owner == k)
        gain[own] = _marginal(contest, rates, prices, found, slope, own)
    return gain


def best_responses(contest: Contest, rates: Floats, clearing: Clearing) -> Floats:
    """(J,) subsidies that solve each locality's first-order conditions, derivatives held fixed."""
    market = contest.market
    prices = scarce(market, clearing.prices, FULL)
    found = response(market, clearing.choice, prices, contest.worth)
    filling = _filling(market, rates, clearing, found)
    # A site that a subsidy fills is taken back to where it is just full: there its price no longer
    # falls, so that it does not respond.
    filled = (prices.site >= 0) & (rates[prices.site] > 0)
    slope = price_response(found, prices, prices.above_floor & ~filled)
    wanted = rates.copy()
    for k in range(contest.localities):
        own = np.flatnonzero(contest.owner == k)
        marginal = _marginal(contest, rates, prices, found, slope, own)
        steepness = (1 + contest.public_funds_cost) * _total_arrivals_by_subsidy(found, slope, own)
        wanted[own] = _bounded(steepness, marginal, rates[own], filling[own])
    return wanted


def _marginal(
    contest: Contest,
    rates: Floats,
    prices: Scarce,
    found: Response,
    slope: Floats,
    own: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> Floats:
    """(len(own),) derivative of the owner's welfare by each of its sites' subsidies."""
    cost = 1 + contest.public_funds_cost
    benefit = found.benefit_by_subsidy[np.ix_(own, own)] + (
        found.benefit_by_price[:, own].T @ slope[:, own]
    )
    arrivals = _total_arrivals_by_subsidy(found, slope, own)
    value: Floats = benefit.sum(axis=0) - cost * (found.arrivals[own] + rates[own] @ arrivals)
    mine = np.flatnonzero((prices.site >= 0) & np.isin(prices.site, own))
    if mine.size:
        kept = contest.rent_share[prices.site[mine], prices.resource[mine]]
        demand = found.demand_by_subsidy[mine][:, own] + (
            found.demand_by_price[mine] @ slope[:, own]
        )
        value += (kept * found.demand[mine]) @ slope[np.ix_(mine, own)]
        value += (kept * prices.price[mine]) @ demand
    return value


def _total_arrivals_by_subsidy(
    found: Response, slope: Floats, own: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Floats:
    """(o, o) d arrivals / d subsidy among an owner's sites, prices responding."""
    through_prices = found.demand_by_subsidy[:, own].T @ slope[:, own]
    total: Floats = found.arrivals_by_subsidy[np.ix_(own, own)] - through_prices
    return total


def _bounded(steepness: Floats, marginal: Floats, rates: Floats, filling: Floats) -> Floats:
    """Newton's step on Σ steepness Δs = marginal, kept between zero and what fills each site.

    Subsidies at a bound are fixed there and the step of the others is found again.
    """
    upper = np.maximum(filling, 0.0)
    wanted = rates.copy()
    free = np.ones(rates.size, dtype=bool)
    for _ in range(rates.size):
        fixed = wanted - rates
        right = marginal[free] - steepness[np.ix_(free, ~free)] @ fixed[~free]
        step = np.linalg.lstsq(steepness[np.ix_(free, free)], right, rcond=1e-12)[0]
        wanted[free] = rates[free] + step
        outside = free & ((wanted < 0) | (wanted > upper))
        if not outside.any():
            return wanted
        wanted[outside] = np.clip(wanted[outside], 0.0, upper[outside])
        free &= ~outside
        if not free.any():
            return wanted
    return wanted


def _filling(market: Market, rates: Floats, clearing: Clearing, found: Response) -> Floats:
    """(J,) subsidy at which each site is just full, to first order; inf where never."""
    excess = clearing.prices.site - market.floor
    limited = np.isfinite(market.capacity)
    level = np.full(rates.size, np.inf)
    share = clearing.choice.probability
    for j, r in zip(*np.nonzero(limited), strict=True):
        if excess[j, r] > FULL:
            # What movers pay above the floor, per unit of output, is the part that fills nothing.
            paid = excess[j, r] * clearing.demand[j, r] / max(found.arrivals[j], 1e-300)
            here = rates[j] - paid
        else:
            used = market.mass * market.needs[:, r] * share[:, j]
            slope = float(used @ (1 - share[:, j])) / market.sigma
            here = rates[j] + (market.capacity[j, r] - clearing.demand[j, r]) / max(slope, 1e-300)
        level[j] = min(level[j], here)
    return level


def _at(contest: Contest, rates: Floats, tolerance: float, start: Prices | None) -> Subsidies:
    clearing = clear(subsidised(contest.market, rates), _clearing_tolerance(tolerance), start)
    arrivals = contest.market.mass @ clearing.choice.probability
    return Subsidies(
        rates,
        clearing,
        welfare(contest, rates, clearing),
        rates * arrivals,
        rounds=0,
        residual=0.0,
        converged=True,
    )


def _clearing_tolerance(tolerance: float) -> float:
    """Prices must be known better than the subsidies; a certificate is in relative terms."""
    return max(tolerance, 1e-9)


def _gain(contest: Contest, nash: Subsidies, locality: int, tolerance: float) -> float:
    """Most that a locality gains by changing its subsidies, as a share of its welfare."""
    own = contest.owner == locality
    scale = max(float(nash.rates[own].max(initial=0.0)), contest.market.sigma)
    best = nash.welfare[locality]
    for share in DEVIATIONS:
        rates = np.where(own, np.maximum(nash.rates + share * scale, 0.0), nash.rates)
        tried = _at(contest, rates, tolerance, nash.clearing.prices)
        best = max(best, tried.welfare[locality])
    reference = max(abs(float(nash.welfare[locality])), 1e-300)
    return float(best - nash.welfare[locality]) / reference


def _spread(count: int, most: int) -> list[int]:
    """At most `most` of `count` numbers, evenly spread."""
    return sorted({int(k) for k in np.linspace(0, count - 1, min(count, most))})


def _different(found: list[Floats], sigma: float) -> Floats:
    """(E, J) those that differ from every one before by more than a trifle of σ."""
    kept: list[Floats] = []
    for rates in found:
        if all(np.abs(rates - other).max(initial=0.0) > SAME_SUBSIDIES * sigma for other in kept):
            kept.append(rates)
    return np.array(kept)


def subsidy_table(mass: Floats, found: Race, sites: pl.Series) -> pl.DataFrame:
    """`SUBSIDY_SITES` of the three, of (I,) output of the blocks."""
    regimes = {"none": found.none, "nash": found.nash, "coordinated": found.coordinated}
    return pl.concat(
        pl.DataFrame(
            {
                "site": sites,
                "regime": pl.Series([regime] * sites.len()),
                "subsidy": one.rates,
                "arrivals": mass @ one.clearing.choice.probability,
                "outlay": one.outlay,
                "rents": (one.clearing.prices.site * one.clearing.demand).sum(axis=1),
            }
        )
        for regime, one in regimes.items()
    )
