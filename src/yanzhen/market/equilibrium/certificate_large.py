"""The certificate of a market too large to hold: one pass in double precision, code of its own.

Nothing is shared with the solver's pass. Each enterprise's payoffs are computed in double precision
(or single, where a first look may be rough) from the market's arrays, its maximum is taken, and
sums by site are enough for every check:

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
from typing import Any

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
DEGREE = 12
TWO_TO_THE = np.array([np.log(2.0) ** n / factorial(n) for n in range(DEGREE + 1)])
"""Taylor's series of 2^x; at ½ what it leaves out is 2e-16."""
LOG2_E = float(np.log2(np.e))


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
    market: Market,
    prices: Prices,
    tolerance: float,
    threads: int | None = None,
    precision: type[np.float32] | type[np.float64] = np.float64,
) -> Certificate:
    """Measure how far prices are from clearing a market of any size, as `certify` does.

    Parameters
    ----------
    market : the market
    prices : premiums and constants
    tolerance : bound of every check
    threads : threads to use; the result does not depend on it
    precision : of payoffs, of their exponentials and of what these add up to for one enterprise;
        sums over enterprises are in double precision in any case, so that single moves a check by
        some 1e-6
    """
    bounds = np.linspace(0, market.mass.size, BLOCKS + 1).astype(np.int64)

    def one_block(block: int) -> BlockSums:
        return sum_block(market.of_rows(slice(bounds[block], bounds[block + 1])), prices, precision)

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        sums = list(pool.map(one_block, range(BLOCKS)))
    return certificate_of(market, sums, prices, tolerance)


def sum_block(
    rows: Market,
    prices: Prices,
    precision: type[np.float32] | type[np.float64] = np.float64,
) -> BlockSums:
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
        np.concatenate([rows.qualities, -premium], axis=1).T.astype(precision, order="C"),
        rows.calibration,
        np.append(prices.constants, 0.0),
        rows.sigma,
        *_exponent(precision),
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


def _exponent(precision: type[np.float32] | type[np.float64]) -> tuple[Any, ...]:
    """What 2^x is made of in a precision.

    Taylor's series, what rounds to whole numbers when it is added, bias and first bit of the
    exponent, and room for a tile, seen as numbers and as bits.
    """
    layout = np.finfo(precision)
    whole = np.dtype(f"i{layout.bits // 8}")
    rounded = np.empty(TILE, precision)
    return (
        TWO_TO_THE.astype(precision),
        precision(1.5 * 2.0**layout.nmant),
        whole.type(layout.maxexp - 1),
        whole.type(layout.nmant),
        rounded,
        rounded.view(whole),
    )


# Kept wide: Numba takes arrays and numbers, not dataclasses.
# Kept whole: the sums of an enterprise rest on one another.
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
    terms,
    calibration,
    constants,
    sigma,
    series,
    rounding,
    bias,
    mantissa,
    rounded,
    bits,
    sums,
    staying,
    totals,
):
    """Add D_jr, B_j, Σ mass P ι and Σ mass P v_i0 to `sums`; `totals` are Σ mass ι, the surplus and
    the value of those who stay."""
    kinds, resources, sites = intensities.shape[1], needs.shape[1], terms.shape[1]
    payoff = np.zeros((ROWS, sites), terms.dtype)
    factor = np.zeros((kinds + resources, ROWS), terms.dtype)
    weight = np.zeros((resources + 3, ROWS))
    lane = np.empty(LANES, terms.dtype)
    scale = series.dtype.type(LOG2_E / sigma)
    for begin in range(0, mass.size, ROWS):
        count = min(ROWS, mass.size - begin)
        factor[:] = 0
        weight[:] = 0
        for e in range(count):
            i = begin + e
            for k in range(kinds):
                factor[k, e] = intensities[i, k]
            for r in range(resources):
                factor[kinds + r, e] = needs[i, r]
            value, own, other = payoff[e], base[cell[i]], other_base[other_cell[i]]
            for j in range(sites):
                value[j] = own[j] + other[j]
        for first in range(0, sites, TILE):
            _add_terms(payoff, factor, terms, first, min(first + TILE, sites))
        for e in range(count):
            i, value = begin + e, payoff[e]
            value_stay = stay[i] + constants[calibration[i]]
            lane[:] = value_stay
            _raise_to_largest(value, lane)
            best = lane[0]
            for n in range(LANES):
                best = max(best, lane[n])
            lane[:] = 0
            for first in range(0, sites, TILE):
                some = value[first : min(first + TILE, sites)]
                _exponentiate(some, best, scale, series, rounding, bias, mantissa, rounded, bits)
                _add_to_lanes(some, lane)
            total = np.exp((value_stay - best) / sigma)
            moving = 0.0
            for n in range(LANES):
                moving += lane[n]
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
            payoff[e, :] = 0
        _add_weighted(payoff, weight, sums)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _add_terms(payoff, factor, terms, first, last):  # type: ignore[no-untyped-def]
    """Add the terms of a run of sites to the payoffs of `ROWS` enterprises, four at a time."""
    one, two = payoff[0][first:last], payoff[1][first:last]
    three, four = payoff[2][first:last], payoff[3][first:last]
    by_four = factor.shape[0] - factor.shape[0] % 4
    for k in range(0, by_four, 4):
        x, y = terms[k][first:last], terms[k + 1][first:last]
        z, w = terms[k + 2][first:last], terms[k + 3][first:last]
        a, b, c, d = factor[k], factor[k + 1], factor[k + 2], factor[k + 3]
        a0, b0, c0, d0 = a[0], b[0], c[0], d[0]
        a1, b1, c1, d1 = a[1], b[1], c[1], d[1]
        a2, b2, c2, d2 = a[2], b[2], c[2], d[2]
        a3, b3, c3, d3 = a[3], b[3], c[3], d[3]
        for j in range(one.size):
            one[j] += (a0 * x[j] + b0 * y[j]) + (c0 * z[j] + d0 * w[j])
            two[j] += (a1 * x[j] + b1 * y[j]) + (c1 * z[j] + d1 * w[j])
            three[j] += (a2 * x[j] + b2 * y[j]) + (c2 * z[j] + d2 * w[j])
            four[j] += (a3 * x[j] + b3 * y[j]) + (c3 * z[j] + d3 * w[j])
    for k in range(by_four, factor.shape[0]):
        x, a = terms[k][first:last], factor[k]
        a0, a1, a2, a3 = a[0], a[1], a[2], a[3]
        for j in range(one.size):
            one[j] += a0 * x[j]
            two[j] += a1 * x[j]
            three[j] += a2 * x[j]
            four[j] += a3 * x[j]


# Lanes of their own, so that none waits for the one before; always in the same order.
@njit(cache=True, nogil=True, error_model="numpy")
def _raise_to_largest(value, lane):  # type: ignore[no-untyped-def]
    """Raise each lane to the largest of its values."""
    in_lanes = value.size - value.size % LANES
    for first in range(0, in_lanes, LANES):
        for n in range(LANES):
            lane[n] = value[first + n] if value[first + n] > lane[n] else lane[n]
    for j in range(in_lanes, value.size):
        lane[0] = max(lane[0], value[j])


@njit(cache=True, nogil=True, error_model="numpy")
def _add_to_lanes(value, lane):  # type: ignore[no-untyped-def]
    """Add the values to their lanes."""
    in_lanes = value.size - value.size % LANES
    for first in range(0, in_lanes, LANES):
        for n in range(LANES):
            lane[n] += value[first + n]
    for j in range(in_lanes, value.size):
        lane[0] += value[j]


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _exponentiate(  # type: ignore[no-untyped-def]
    value, best, scale, series, rounding, bias, mantissa, rounded, bits
):
    """Put 2^((value − best) scale) in place of values of a tile, 0 where they are −inf."""
    least = series.dtype.type(-100)
    nothing, refused = series.dtype.type(0), series.dtype.type(-np.inf)
    for j in range(value.size):
        y = (value[j] - best) * scale
        y = y if y > least else least
        # Added to so large a number, y is rounded and its last bits are the integer's.
        rounded[j] = y + rounding
        rest = y - (rounded[j] - rounding)
        power = series[DEGREE]
        for n in range(DEGREE - 1, -1, -1):
            power = power * rest + series[n]
        value[j] = power if value[j] > refused else nothing
    for j in range(value.size):
        bits[j] = (bits[j] + bias) << mantissa
    for j in range(value.size):
        value[j] *= rounded[j]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _add_weighted(payoff, weight, sums):  # type: ignore[no-untyped-def]
    """Add what `ROWS` enterprises demand to the sums by site, three sums at a time."""
    one, two, three, four = payoff[0], payoff[1], payoff[2], payoff[3]
    by_three = sums.shape[0] - sums.shape[0] % 3
    for u in range(0, by_three, 3):
        x, y, z = sums[u], sums[u + 1], sums[u + 2]
        a, b, c = weight[u], weight[u + 1], weight[u + 2]
        a0, a1, a2, a3 = a[0], a[1], a[2], a[3]
        b0, b1, b2, b3 = b[0], b[1], b[2], b[3]
        c0, c1, c2, c3 = c[0], c[1], c[2], c[3]
        for j in range(one.size):
            x[j] += (a0 * one[j] + a1 * two[j]) + (a2 * three[j] + a3 * four[j])
            y[j] += (b0 * one[j] + b1 * two[j]) + (b2 * three[j] + b3 * four[j])
            z[j] += (c0 * one[j] + c1 * two[j]) + (c2 * three[j] + c3 * four[j])
    for u in range(by_three, sums.shape[0]):
        x, a = sums[u], weight[u]
        a0, a1, a2, a3 = a[0], a[1], a[2], a[3]
        for j in range(one.size):
            x[j] += (a0 * one[j] + a1 * two[j]) + (a2 * three[j] + a3 * four[j])
