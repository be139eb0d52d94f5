"""The fused pass: payoff, log-sum, choice and demand of every enterprise, nothing kept of its size.

Payoffs are in base 2, y = (ū log₂ e)/σ, and each enterprise's exponents are shifted by its log-sum
at the prices before, so that no pass is needed for the maximum; the few whose sum then leaves
[1e-25, 1e30] are redone from their true maximum. Sums over at most `ROWS_A_SUM` enterprises are
kept in the payoffs' precision and added in double precision. Enterprises are cut into chunks that
depend on their number alone and added in their order, so any number of threads gives the same bits.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.market.instance import Floats, Integers, Market
from yanzhen.market.lanes import (
    ENTERPRISES,
    SITE_MULTIPLE,
    VECTOR_BYTES,
    VECTORS,
    add_one,
    add_three,
    add_two,
    drawn,
    exponentials,
    lowest_bit,
)

ROWS_A_SUM = 256
CHUNKS = 64
SMALLEST_SUM = 1e-25
LARGEST_SUM = 1e30
KEEP_NONE = np.inf

Reals = NDArray[Any]
"""Single or double precision, by the precision of the packed enterprises."""


@dataclass(frozen=True)
class Enterprises:
    """Enterprises sorted by cell, packed in groups of `ENTERPRISES`, the last one filled up.

    Attributes
    ----------
    weights : (groups, K + R, ENTERPRISES) intensities, then needs
    mass : (N,) output a year; 0 for the filling
    stay : (N,) payoff of staying
    cell : (N,) row of `base`
    calibration : (N,) group whose constant is added to staying, −1 for none
    count : enterprises without the filling
    resources : R
    """

    weights: Reals
    mass: Reals
    stay: Reals
    cell: Integers
    calibration: Integers
    count: int
    resources: int


@dataclass(frozen=True)
class Terms:
    """What every site offers, at given prices and scale.

    Attributes
    ----------
    terms : (K + R or K + 2R, width) qualities, then −p̃, then what −p̃ lost by rounding
    base : (C, width) base payoff in base 2, −inf where refused and in the filling
    constants : (M + 1,) a_m in base 2, the last one 0 for those without
    scale : log₂ e / σ
    sites : J ≤ width
    """

    terms: Reals
    base: Reals
    constants: Floats
    scale: float
    sites: int


@dataclass(frozen=True)
class SparseChoices:
    """Probabilities of moving kept from a pass, each below the threshold with chance P / threshold.

    So max(P, threshold) of those kept, and 0 of the others, is P on average.

    Attributes
    ----------
    parts : for each chunk of enterprises the (n + 1,) starts of their entries, the sites and
        probabilities P of the entries, and the (n,) probabilities of staying
    threshold : probability from which all are kept
    """

    parts: tuple[tuple[NDArray[np.int64], Integers, NDArray[np.float32], NDArray[np.float32]], ...]
    threshold: float

    @property
    def entries(self) -> int:
        """Number of probabilities kept."""
        return sum(part[1].size for part in self.parts)


@dataclass(frozen=True)
class Swept:
    """Sums of one pass.

    Attributes
    ----------
    demand : (J, uses) Σ_i mass_i use_iu P_ij
    staying : (M,) Σ mass_i P_i0 by calibration group
    stayed : Σ_i mass_i P_i0
    inclusive : Σ_i mass_i σ log Σ_k exp(ū_ik / σ)
    choices : probabilities kept for the curvature
    """

    demand: Floats
    staying: Floats
    stayed: float
    inclusive: float
    choices: SparseChoices


def pack(
    market: Market,
    rows: NDArray[np.int64] | None = None,
    factor: Floats | None = None,
    precision: type[np.float32] | type[np.float64] = np.float32,
) -> Enterprises:
    """Pack enterprises for the pass, all of them or the given rows sorted by cell.

    Parameters
    ----------
    market : the market
    rows : (n,) rows of the market in the order wanted
    factor : (n,) what each row's mass is multiplied by, an enterprise standing for others
    precision : precision of the payoffs
    """
    if rows is None:
        rows = np.argsort(market.cell, kind="stable")
    groups = -(-rows.size // ENTERPRISES)
    filled = groups * ENTERPRISES
    kinds = market.intensities.shape[1]
    resources = market.needs.shape[1]
    weights = np.zeros((groups, kinds + resources, ENTERPRISES), precision)
    _fill_weights(rows, market.intensities, weights, 0)
    _fill_weights(rows, market.needs, weights, kinds)
    mass = np.zeros(filled, precision)
    mass[: rows.size] = market.mass[rows] if factor is None else market.mass[rows] * factor
    stay = np.zeros(filled, precision)
    stay[: rows.size] = market.stay[rows]
    cell = np.zeros(filled, np.int32)
    cell[: rows.size] = market.cell[rows]
    calibration = np.full(filled, -1, np.int32)
    calibration[: rows.size] = market.calibration[rows]
    return Enterprises(weights, mass, stay, cell, calibration, rows.size, resources)


def terms_at(
    market: Market,
    premium: Floats,
    constants: Floats,
    sigma: float,
    precision: type[np.float32] | type[np.float64] = np.float32,
    split: bool = False,
) -> Terms:
    """Lay out qualities, premiums and base payoffs for the pass.

    Parameters
    ----------
    market : the market
    premium : (J, R) p̃_jr
    constants : (M,) a_m
    sigma : scale of the taste
    precision : precision of the payoffs
    split : whether what is lost of each premium by rounding is added as a term of its own
    """
    sites, kinds = market.qualities.shape
    resources = premium.shape[1]
    width = -(-sites // SITE_MULTIPLE) * SITE_MULTIPLE
    scale = float(np.log2(np.e) / sigma)
    terms = np.zeros((kinds + resources * (2 if split else 1), width), precision)
    terms[:kinds, :sites] = market.qualities.T
    high: Reals = (-premium).astype(precision)
    terms[kinds : kinds + resources, :sites] = high.T
    if split:
        terms[kinds + resources :, :sites] = (-premium - high).T
    base = np.full((market.base.shape[0], width), -np.inf, precision)
    base[:, :sites] = market.base * scale
    return Terms(terms, base, np.append(constants, 0.0) * scale, scale, sites)


def first_shift(enterprises: Enterprises, sigma: float) -> Reals:
    """(N,) log-sums to start from: those of enterprises that can only stay."""
    shift: Reals = (enterprises.stay * (np.log2(np.e) / sigma)).astype(enterprises.stay.dtype)
    return shift


def sweep(
    enterprises: Enterprises,
    terms: Terms,
    shift: Reals,
    uses: slice | None = None,
    keep: float = KEEP_NONE,
    threads: int | None = None,
) -> Swept:
    """Pass over all pairs of enterprises and sites.

    Parameters
    ----------
    enterprises, terms : who chooses, and among what
    shift : (N,) log-sums in base 2 near the true ones; replaced by the true ones
    uses : rows of the weights whose demand is summed, the needs unless told; the intensities give
        the gradient of a likelihood, Σ_j demand_jk z_jk
    keep : probability from which all choices are kept for the curvature, none unless told
    threads : threads to use, all of the machine's unless told; the result does not depend on it
    """
    kinds = enterprises.weights.shape[1] - enterprises.resources
    first, last, _ = (uses or slice(kinds, None)).indices(enterprises.weights.shape[1])
    width = terms.base.shape[1]
    bounds = chunk_bounds(enterprises.weights.shape[0])
    demand = np.zeros((len(bounds), last - first, width))
    staying = np.zeros((len(bounds), terms.constants.size))
    totals = np.zeros((len(bounds), 2))
    kept = [NOTHING_KEPT] * len(bounds)

    def one_chunk(chunk: int) -> None:
        start, stop = bounds[chunk]
        kept[chunk] = _sweep_groups(
            enterprises.weights[start:stop],
            enterprises.mass[start * ENTERPRISES : stop * ENTERPRISES],
            enterprises.stay[start * ENTERPRISES : stop * ENTERPRISES],
            enterprises.cell[start * ENTERPRISES : stop * ENTERPRISES],
            enterprises.calibration[start * ENTERPRISES : stop * ENTERPRISES],
            shift[start * ENTERPRISES : stop * ENTERPRISES],
            terms.terms,
            terms.base,
            terms.constants,
            terms.scale,
            enterprises.resources,
            first,
            demand[chunk],
            staying[chunk],
            totals[chunk],
            keep,
        )

    run_chunks(one_chunk, len(bounds), threads)
    stayed, logarithms = totals.sum(axis=0)
    return Swept(
        demand.sum(axis=0)[:, : terms.sites].T.copy(),
        staying.sum(axis=0)[:-1],
        float(stayed),
        float(logarithms / terms.scale),
        SparseChoices(tuple(kept), keep),
    )


NOTHING_KEPT = (
    np.zeros(1, np.int64),
    np.empty(0, np.int32),
    np.empty(0, np.float32),
    np.empty(0, np.float32),
)


def chunk_bounds(groups: int) -> list[tuple[int, int]]:
    """First and last group of each chunk, from the number of groups alone."""
    size = max(ROWS_A_SUM // ENTERPRISES, -(-groups // CHUNKS))
    return [(start, min(start + size, groups)) for start in range(0, groups, size)]


def run_chunks(one_chunk: Callable[[int], None], chunks: int, threads: int | None) -> None:
    """Run chunks on threads; each writes its own sums only."""
    workers = min(threads or _available_threads(), chunks)
    if workers <= 1:
        for chunk in range(chunks):
            one_chunk(chunk)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(one_chunk, range(chunks)):
            pass


def _available_threads() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@njit(cache=True, nogil=True)
def _fill_weights(rows, source, weights, first):  # type: ignore[no-untyped-def]
    for i in range(rows.size):
        group, member = divmod(i, weights.shape[2])
        for k in range(source.shape[1]):
            weights[group, first + k, member] = source[rows[i], k]


@njit(cache=True, nogil=True, error_model="numpy")
def _sweep_groups(  # type: ignore[no-untyped-def]
    weights,
    mass,
    stay,
    cell,
    calibration,
    shift,
    terms,
    base,
    constants,
    scale,
    resources,
    first_use,
    demand,
    staying,
    totals,
    keep,
):
    """Add the sums of a run of groups; `totals` are what stayed and the logarithms."""
    starts = np.zeros(mass.size + 1 if keep <= 1.0 else 1, np.int64)
    room = 8 * starts.size
    site = np.empty(room, np.int32)
    probability = np.empty(room, np.float32)
    staying_chance = np.empty(starts.size - 1, np.float32)
    uses, width = demand.shape
    lanes = VECTOR_BYTES // weights.itemsize
    work = _workspace(weights.dtype, terms.shape[0], width, lanes)
    scaled, out, lane_sums, sums, rows, own_shift, own_stay = work
    coefficient = np.empty(uses * ENTERPRISES, weights.dtype)
    partial = np.zeros(uses * width, weights.dtype)
    flat_base, flat_terms = base.reshape(-1), terms.reshape(-1)
    groups_a_sum = ROWS_A_SUM // ENTERPRISES
    for g in range(weights.shape[0]):
        begin = g * ENTERPRISES
        _scale_weights(weights[g], scale, resources, scaled)
        for e in range(ENTERPRISES):
            rows[e] = cell[begin + e]
            own_shift[e] = shift[begin + e]
            own_stay[e] = stay[begin + e] * scale + constants[calibration[begin + e]]
        _choose_group(
            scaled,
            flat_terms,
            flat_base,
            rows,
            own_shift,
            own_stay,
            out,
            lane_sums,
            sums,
            width,
            terms.shape[0],
            lanes,
        )
        for e in range(ENTERPRISES):
            stayed = np.exp2(own_stay[e] - own_shift[e]) / sums[e]
            logarithm = own_shift[e] + np.log2(sums[e])
            shift[begin + e] = logarithm
            staying[calibration[begin + e]] += mass[begin + e] * stayed
            totals[0] += mass[begin + e] * stayed
            totals[1] += mass[begin + e] * logarithm
            for u in range(uses):
                need = weights[g, first_use + u, e]
                coefficient[u * ENTERPRISES + e] = mass[begin + e] * need / sums[e]
        _add_uses(coefficient, out, partial, uses, width, lanes)
        if keep <= 1.0:
            used = starts[begin]
            if used + ENTERPRISES * width > room:
                room = 2 * room + ENTERPRISES * width
                site = _longer(site, used, room)
                probability = _longer(probability, used, room)
            for e in range(ENTERPRISES):
                staying_chance[begin + e] = np.exp2(own_stay[e] - own_shift[e]) / sums[e]
                used = _keep_row(
                    out,
                    e * width,
                    width,
                    lanes,
                    sums[e],
                    keep,
                    site,
                    probability,
                    used,
                )
                starts[begin + e + 1] = used
        if (g + 1) % groups_a_sum == 0 or g + 1 == weights.shape[0]:
            for u in range(uses):
                for j in range(width):
                    demand[u, j] += partial[u * width + j]
            partial[:] = 0
    used = starts[starts.size - 1]
    return starts, site[:used].copy(), probability[:used].copy(), staying_chance


@njit(cache=True, nogil=True, error_model="numpy")
def _keep_row(  # type: ignore[no-untyped-def]
    out, begin, width, lanes, total, keep, site, probability, used
):
    """Keep the choices of one enterprise; returns the number of entries used."""
    factor = out.dtype.type(keep * total)
    inverse = out.dtype.type(1.0 / total)
    for j in range(0, width, lanes):
        bits = drawn(out, begin + j, factor)
        while bits:
            own = j + lowest_bit(bits)
            bits &= bits - 1
            site[used] = own
            probability[used] = out[begin + own] * inverse
            used += 1
    return used


@njit(cache=True, nogil=True)
def _longer(array, used, room):  # type: ignore[no-untyped-def]
    longer = np.empty(room, array.dtype)
    longer[:used] = array[:used]
    return longer


@njit(cache=True, inline="always")
def _workspace(dtype, terms, width, lanes):  # type: ignore[no-untyped-def]
    """Scratch arrays of one run of groups."""
    return (
        np.empty(terms * ENTERPRISES, dtype),
        np.empty(ENTERPRISES * width, dtype),
        np.empty(ENTERPRISES * lanes, dtype),
        np.empty(ENTERPRISES, np.float64),
        np.empty(ENTERPRISES, np.int64),
        np.empty(ENTERPRISES, dtype),
        np.empty(ENTERPRISES, np.float64),
    )


@njit(cache=True, nogil=True)
def _scale_weights(weights, scale, resources, scaled):  # type: ignore[no-untyped-def]
    """Weights times log₂ e / σ; the needs twice where premiums are split in two."""
    count = weights.shape[0]
    for k in range(scaled.size // ENTERPRISES):
        source = k if k < count else k - resources
        for e in range(ENTERPRISES):
            scaled[k * ENTERPRISES + e] = weights[source, e] * scale


@njit(cache=True, nogil=True, error_model="numpy")
def _choose_group(  # type: ignore[no-untyped-def]
    scaled, terms, base, rows, shift, stay, out, lane_sums, sums, width, count, lanes
):
    """Write 2^(y_ij − shift_i) and their sums, staying with them; mend shifts that are far off."""
    for _ in range(2):
        lane_sums[:] = 0
        for j in range(0, width, VECTORS * lanes):
            exponentials(scaled, terms, base, rows, shift, out, lane_sums, width, count, j)
        sound = True
        for e in range(ENTERPRISES):
            total = np.exp2(stay[e] - np.float64(shift[e]))
            for lane in range(lanes):
                total += np.float64(lane_sums[e * lanes + lane])
            sums[e] = total
            if not (SMALLEST_SUM <= total <= LARGEST_SUM):
                sound = False
        if sound:
            return
        for e in range(ENTERPRISES):
            if not (SMALLEST_SUM <= sums[e] <= LARGEST_SUM):
                shift[e] = _largest_payoff(
                    scaled, terms, base, rows[e], stay[e], out, width, count, e
                )


@njit(cache=True, nogil=True)
def _largest_payoff(scaled, terms, base, row, stay, out, width, count, e):  # type: ignore[no-untyped-def]
    """Largest payoff of one enterprise, its row of `out` taken for scratch."""
    payoff = out[e * width : (e + 1) * width]
    for j in range(width):
        payoff[j] = base[row * width + j]
    for k in range(count):
        weight = scaled[k * ENTERPRISES + e]
        for j in range(width):
            payoff[j] += weight * terms[k * width + j]
    largest = stay
    for j in range(width):
        largest = max(largest, np.float64(payoff[j]))
    return largest


@njit(cache=True, nogil=True)
def _add_uses(coefficient, out, partial, uses, width, lanes):  # type: ignore[no-untyped-def]
    first = 0
    while first < uses:
        left = uses - first
        if left >= 3:
            for j in range(0, width, lanes):
                add_three(coefficient, out, partial, width, first, j)
            first += 3
        elif left == 2:
            for j in range(0, width, lanes):
                add_two(coefficient, out, partial, width, first, j)
            first += 2
        else:
            for j in range(0, width, lanes):
                add_one(coefficient, out, partial, width, first, j)
            first += 1
