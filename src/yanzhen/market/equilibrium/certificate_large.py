"""The certificate of a market too large to hold: one pass in double precision, code of its own.

Nothing is shared with the solver's pass. Each enterprise's payoffs are computed in double precision
from the market's arrays, its maximum is taken, and sums by site are enough for every check:

    A_j = Σ_i mass_i P_ij (ū⁰_ij − σ log P_ij) = Σ_i mass_i P_ij ι_i + Σ_r p̃_jr D_jr,

ι_i = σ log Σ_k exp(ū_ik/σ). Arrivals scaled by s_j are worth Σ_j s_j A_j − σ s_j log s_j B_j with
B_j = Σ_i mass_i P_ij; those sent back to staying, δ_i = Σ_j (1 − s_j) P_ij, at least
δ_i (v_i0 − σ) more, since x v − σ x log x is concave. So the primal value is a lower bound of the
feasible assignment's and the gap an upper bound of its.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import factorial

import numpy as np
from numba import njit

from yanzhen.market.equilibrium.certificate import (
    Certificate,
    Sums,
    assembled,
    feasible_scale,
    premium_of,
)
from yanzhen.market.problem.market import Floats, Integers, Market, Prices, SummedPayoffs

BLOCKS = 64
ROWS, TILE = 4, 256
"""Enterprises and sites that share what the nearest caches hold."""
LANES = 16
ROUNDING = 1.5 * 2.0**52
TAYLOR = np.array([1.0 / factorial(n) for n in range(14)])
LOG2_E = float(np.log2(np.e))
LN_2 = float(np.log(2.0))


@dataclass(frozen=True)
class BlockSums:
    """Sums over some of the enterprises.

    Attributes
    ----------
    by_site : (R + 3, J) D_jr, B_j, Σ mass P ι and Σ mass P v_i0
    staying : (M + 1,) by calibration group, the last one those of none
    totals : (3,) Σ mass ι, the surplus and the value of those who stay
    broken_gates : refused pairs whose payoff is not −inf
    """

    by_site: Floats
    staying: Floats
    totals: Floats
    broken_gates: int


def certify_blocks(
    market: Market, prices: Prices, tolerance: float, threads: int | None = None
) -> Certificate:
    """Measure how far prices are from clearing a market of any size, as `certify` does.

    Parameters
    ----------
    market : the market
    prices : premiums and constants
    tolerance : bound of every check
    threads : threads to use; the result does not depend on it
    """
    bounds = np.linspace(0, market.mass.size, BLOCKS + 1).astype(np.int64)

    def one_block(block: int) -> BlockSums:
        return sum_block(market.of_rows(slice(bounds[block], bounds[block + 1])), prices)

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        sums = list(pool.map(one_block, range(BLOCKS)))
    return certificate_of(market, sums, prices, tolerance)


def sum_block(rows: Market, prices: Prices) -> BlockSums:
    """Sum over the enterprises of one market, which may be some of another's, by one thread."""
    premium = premium_of(rows, prices)
    sites, resources = rows.capacity.shape
    sums = np.zeros((resources + 3, sites))
    staying = np.zeros(rows.stayers.size + 1)
    totals = np.zeros(3)
    _add_rows(
        rows.mass,
        rows.needs,
        rows.stay,
        *_parts(rows),
        rows.intensities,
        np.ascontiguousarray(rows.qualities.T),
        np.ascontiguousarray(premium.T),
        rows.calibration,
        np.append(prices.constants, 0.0),
        rows.sigma,
        TAYLOR,
        sums,
        staying,
        totals,
    )
    return BlockSums(sums, staying, totals, _broken_gates(rows, premium))


def certificate_of(
    market: Market, sums: Sequence[BlockSums], prices: Prices, tolerance: float
) -> Certificate:
    """The certificate from sums over all enterprises, added in their order.

    Parameters
    ----------
    market : sites and limits; its enterprises are not read
    """
    premium = premium_of(market, prices)
    resources = market.capacity.shape[1]
    by_site = sum((each.by_site for each in sums[1:]), start=sums[0].by_site)
    staying = sum((each.staying for each in sums[1:]), start=sums[0].staying)
    totals = sum((each.totals for each in sums[1:]), start=sums[0].totals)
    inclusive, surplus, stay_value = totals
    demand = by_site[:resources].T.copy()
    arriving, arriving_inclusive, arriving_stay = by_site[resources:]
    scale = feasible_scale(market, demand)
    value = arriving_inclusive + (premium * demand).sum(axis=1)
    returned = float(((1.0 - scale) * (arriving_stay - market.sigma * arriving)).sum())
    logarithm = np.log(np.where(scale > 0, scale, 1.0))
    moved = float((scale * value - market.sigma * scale * logarithm * arriving).sum())
    found = Sums(
        demand,
        kept=demand * scale[:, None],
        staying=staying[:-1],
        inclusive=float(inclusive),
        surplus=float(surplus),
        value=moved + returned + float(stay_value),
        broken_gates=sum(each.broken_gates for each in sums),
    )
    return assembled(market, prices, found, tolerance)


def _broken_gates(market: Market, premium: Floats) -> int:
    """Refused pairs whose payoff is not −inf: it is, unless what is added to it is not finite."""
    unsound = ~(np.isfinite(premium).all(axis=1) & np.isfinite(market.qualities).all(axis=1))
    if not unsound.any():
        return 0
    refused = np.isneginf(np.asarray(market.base)[:, unsound]).sum(axis=1)
    return int(refused[market.cell].sum())


def _parts(market: Market) -> tuple[Integers, Floats, Integers, Floats]:
    """Row of each block in two arrays whose sum are the base payoffs, each before its array."""
    cell, base = market.cell, market.base
    if isinstance(base, SummedPayoffs):
        origin, industry = np.divmod(cell, np.int32(base.industry.shape[0]))
        return origin, base.origin, industry, base.industry
    return cell, base, np.zeros_like(cell), np.zeros((1, base.shape[1]))


# Kept wide: Numba takes arrays and numbers, not dataclasses.
# Kept whole: a call inside its loops would cost more than what it does there.
@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _add_rows(  # type: ignore[no-untyped-def]
    mass,
    needs,
    stay,
    cell,
    base,
    other_cell,
    other_base,
    intensities,
    qualities,
    premium,
    calibration,
    constants,
    sigma,
    taylor,
    sums,
    staying,
    totals,
):
    """Add D_jr, B_j, Σ mass P ι and Σ mass P v_i0 to `sums`; `totals` are Σ mass ι, the surplus and
    the value of those who stay."""
    resources, sites = premium.shape
    payoff = np.empty((ROWS, sites))
    rounded = np.empty(sites)
    power = rounded.view(np.int64)
    weight = np.zeros((resources + 3, ROWS))
    lane = np.empty(LANES)
    in_lanes = sites - sites % LANES
    scale = LOG2_E / sigma
    for begin in range(0, mass.size, ROWS):
        count = min(ROWS, mass.size - begin)
        for e in range(count):
            own, other = base[cell[begin + e]], other_base[other_cell[begin + e]]
            for j in range(sites):
                payoff[e, j] = own[j] + other[j]
        for first in range(0, sites, TILE):
            last = min(first + TILE, sites)
            for e in range(count):
                _add_terms(payoff[e], 1.0, intensities[begin + e], qualities, first, last)
                _add_terms(payoff[e], -1.0, needs[begin + e], premium, first, last)
        weight[:] = 0.0
        for e in range(count):
            i, value = begin + e, payoff[e]
            own, other = base[cell[i]], other_base[other_cell[i]]
            value_stay = stay[i] + constants[calibration[i]]
            # Lanes of their own, so that none waits for the one before; always in the same order.
            lane[:] = value_stay
            for first in range(0, in_lanes, LANES):
                some = value[first : first + LANES]
                for n in range(LANES):
                    lane[n] = max(lane[n], some[n])
            best = value_stay
            for n in range(LANES):
                best = max(best, lane[n])
            for j in range(in_lanes, sites):
                best = max(best, value[j])
            for j in range(sites):
                y = max((value[j] - best) * scale, -1000.0)
                # Added to so large a number, y is rounded and its last bits are the integer's.
                rounded[j] = y + ROUNDING
                rest = (y - (rounded[j] - ROUNDING)) * LN_2
                series = taylor[13]
                for n in range(12, -1, -1):
                    series = series * rest + taylor[n]
                value[j] = series
            for j in range(sites):
                power[j] = (power[j] + 1023) << 52
            for j in range(sites):
                value[j] = value[j] * rounded[j] if own[j] + other[j] > -np.inf else 0.0
            total = np.exp((value_stay - best) / sigma)
            moving = 0.0
            lane[:] = 0.0
            for first in range(0, in_lanes, LANES):
                some = value[first : first + LANES]
                for n in range(LANES):
                    lane[n] += some[n]
            for n in range(LANES):
                moving += lane[n]
            for j in range(in_lanes, sites):
                moving += value[j]
            stayed = total / (total + moving)
            total += moving
            inclusive = best + sigma * np.log(total)
            share = mass[i] / total
            for r in range(resources):
                weight[r, e] = share * needs[i, r]
            weight[resources, e] = share
            weight[resources + 1, e] = share * inclusive
            weight[resources + 2, e] = share * value_stay
            staying[calibration[i]] += mass[i] * stayed
            totals[0] += mass[i] * inclusive
            totals[1] += mass[i] * (inclusive - value_stay)
            totals[2] += mass[i] * stayed * inclusive
        for e in range(count, ROWS):
            payoff[e, :] = 0.0
        for u in range(resources + 3):
            a, b, c, d = weight[u, 0], weight[u, 1], weight[u, 2], weight[u, 3]
            for j in range(sites):
                sums[u, j] += (a * payoff[0, j] + b * payoff[1, j]) + (
                    c * payoff[2, j] + d * payoff[3, j]
                )


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _add_terms(value, sign, weights, terms, first, last):  # type: ignore[no-untyped-def]
    """Add the sum of some terms, four at a time, to the values of a run of sites."""
    run = value[first:last]
    by_four = weights.size - weights.size % 4
    for k in range(0, by_four, 4):
        a, b = sign * weights[k], sign * weights[k + 1]
        c, d = sign * weights[k + 2], sign * weights[k + 3]
        one, two = terms[k][first:last], terms[k + 1][first:last]
        three, four = terms[k + 2][first:last], terms[k + 3][first:last]
        for j in range(run.size):
            run[j] += (a * one[j] + b * two[j]) + (c * three[j] + d * four[j])
    for k in range(by_four, weights.size):
        a, one = sign * weights[k], terms[k][first:last]
        for j in range(run.size):
            run[j] += a * one[j]
