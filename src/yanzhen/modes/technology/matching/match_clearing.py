"""Prices at which no partner takes more achievements than it has capacity for."""

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.equilibrium.certificate import (
    Certificate,
    Sums,
    assembled,
    feasible_scale,
    premium_of,
)
from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.problem.market import Floats, Market, Prices
from yanzhen.modes.technology.search.candidates import Rows


def match_market(licences: Floats, capacity: Floats, present: float, sigma: float) -> Market:
    """Market in which each achievement is placed as often at most as it is licensed.

    Parameters
    ----------
    licences : (I,) users that each achievement can be licensed to
    capacity : (J,) licences that each partner can take, inf for no limit
    present : value of no match
    sigma : scale of the taste
    """
    achievements, partners = licences.size, capacity.size
    nothing = np.zeros(0)
    return Market(
        mass=licences,
        needs=np.ones((achievements, 1)),
        stay=np.full(achievements, present),
        cell=np.zeros(achievements, dtype=np.int32),
        base=np.zeros((1, partners)),
        intensities=np.zeros((achievements, 0)),
        qualities=np.zeros((partners, 0)),
        capacity=capacity[:, None],
        floor=np.zeros((partners, 1)),
        group_member=np.zeros((0, partners), dtype=np.bool_),
        group_resource=np.zeros(0, dtype=np.int32),
        group_capacity=nothing,
        group_floor=nothing,
        calibration=np.full(achievements, -1, dtype=np.int32),
        stayers=nothing,
        sigma=sigma,
    )


def listed(achievements: int, row: Rows, partner: Rows, value: Floats) -> Candidates:
    """Candidate lists of pairs that are sorted by achievement."""
    start = np.searchsorted(row, np.arange(achievements + 1)).astype(np.int64)
    return Candidates(start, partner.astype(np.int32), value)


def log_shares(
    market: Market, candidates: Candidates, prices: Prices
) -> tuple[Floats, Floats, Floats]:
    """Log of the share of each listed pair and of no match, and σ log Σ exp(ū/σ) of each row."""
    row = np.repeat(np.arange(market.mass.size), np.diff(candidates.start))
    net = candidates.value - premium_of(market, prices)[candidates.site, 0]
    best = market.stay.copy()
    np.maximum.at(best, row, net)
    above: Floats = np.exp((net - best[row]) / market.sigma)
    moving: Floats = np.bincount(row, above, market.mass.size).astype(np.float64)
    staying: Floats = np.exp((market.stay - best) / market.sigma)
    log_total: Floats = np.log(staying + moving)
    inclusive: Floats = best + market.sigma * log_total
    return (
        (net - inclusive[row]) / market.sigma,
        (market.stay - inclusive) / market.sigma,
        inclusive,
    )


def certify_listed(
    market: Market, candidates: Candidates, prices: Prices, tolerance: float
) -> Certificate:
    """Measure how far prices are from clearing a market of lists, by code of its own.

    As `yanzhen.market.equilibrium.certificate.certify`; the mass of an achievement is its licences.
    """
    row = np.repeat(np.arange(market.mass.size), np.diff(candidates.start))
    pair, stay, inclusive = log_shares(market, candidates, prices)
    share: Floats = np.exp(pair)
    mass: Floats = market.mass[row]
    demand = _by_partner(candidates, mass * share, market)
    kept = share * feasible_scale(market, demand)[candidates.site]
    rest: Floats = np.maximum(1.0 - np.bincount(row, kept, market.mass.size), 0.0)
    # In steps: types of operators within operators take minutes to be inferred.
    moved: Floats = market.sigma * _log(kept)
    moved = candidates.value - moved
    stayed: Floats = market.sigma * _log(rest)
    stayed = market.stay - stayed
    value = float((mass * kept * moved).sum() + (market.mass * rest * stayed).sum())
    sums = Sums(
        demand,
        kept=_by_partner(candidates, mass * kept, market),
        staying=np.zeros(0),
        inclusive=float(market.mass @ inclusive),
        surplus=float(-market.sigma * (market.mass @ stay)),
        value=value,
        broken_gates=0,
    )
    return assembled(market, prices, sums, tolerance)


def _by_partner(candidates: Candidates, taken: NDArray[np.float64], market: Market) -> Floats:
    return np.bincount(candidates.site, taken, market.capacity.shape[0]).astype(float)[:, None]


def _log(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.where(share > 0, share, 1.0))
