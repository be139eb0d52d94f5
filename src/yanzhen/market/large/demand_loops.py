"""The compiled loops of the fused pass: groups of enterprises against tiles of sites."""

import numpy as np
from numba import njit

from yanzhen.market.large.simd import (
    ENTERPRISES,
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
SMALLEST_SUM = 1e-25
LARGEST_SUM = 1e30
TYPICAL_LOG_SUM = 6.0
"""About what a log-sum is beyond the largest payoff of some sites."""
GOLDEN = 0.6180339887498949
SITES_APART = 64
"""Of so many sites one is looked at for a shift; where that is not enough, all are."""


@njit(cache=True, nogil=True)
def fill_weights(rows, source, weights, first):  # type: ignore[no-untyped-def]
    for i in range(rows.size):
        group, member = divmod(i, weights.shape[2])
        for k in range(source.shape[1]):
            weights[group, first + k, member] = source[rows[i], k]


# Kept wide: Numba takes arrays and numbers, not dataclasses.
# Kept whole: a call inside its loops would cost more than what it does there.
@njit(cache=True, nogil=True, error_model="numpy")
def evaluate_groups(  # type: ignore[no-untyped-def]
    weights,
    mass,
    stay,
    cell,
    calibration,
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
    apart_terms = _every(terms, SITES_APART)
    payoff = np.empty(apart_terms.shape[1], weights.dtype)
    groups_a_sum = ROWS_A_SUM // ENTERPRISES
    for g in range(weights.shape[0]):
        begin = g * ENTERPRISES
        _scale_weights(weights[g], scale, resources, scaled)
        for e in range(ENTERPRISES):
            rows[e] = cell[begin + e]
            own_stay[e] = stay[begin + e] * scale + constants[calibration[begin + e]]
        _guess_shifts(scaled, apart_terms, base, rows, own_stay, payoff, own_shift)
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


# Kept wide: Numba takes arrays and numbers, not dataclasses.
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
    # Numba takes seconds to compile the assignment of a slice, with the words of its errors.
    for k in range(used):
        longer[k] = array[k]
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


@njit(cache=True, nogil=True)
def _every(terms, apart):  # type: ignore[no-untyped-def]
    """Every so many columns of the terms, together."""
    found = np.empty((terms.shape[0], -(-terms.shape[1] // apart)), terms.dtype)
    for k in range(found.shape[0]):
        for j in range(found.shape[1]):
            found[k, j] = terms[k, j * apart]
    return found


@njit(cache=True, nogil=True)
def _guess_shifts(scaled, terms, base, rows, stay, payoff, shift):  # type: ignore[no-untyped-def]
    """Shift each enterprise by about its largest payoff among staying and every so many sites.

    So its exponents depend on nothing but prices, and not on what was asked before.
    """
    for e in range(ENTERPRISES):
        for j in range(payoff.size):
            payoff[j] = base[rows[e], j * SITES_APART]
        for k in range(terms.shape[0]):
            weight = scaled[k * ENTERPRISES + e]
            for j in range(payoff.size):
                payoff[j] += weight * terms[k, j]
        largest = stay[e]
        for j in range(payoff.size):
            largest = max(largest, np.float64(payoff[j]))
        shift[e] = _beyond(largest)


@njit(cache=True, inline="always")
def _beyond(payoff):  # type: ignore[no-untyped-def]
    """A little more than a payoff, by no round number: choices are drawn by the last bits of
    2^(y − shift), which would be the same for all whose best site gives 2^0."""
    turned = GOLDEN * payoff
    return payoff + TYPICAL_LOG_SUM + turned - np.floor(turned)


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True, error_model="numpy")
def _choose_group(  # type: ignore[no-untyped-def]
    scaled, terms, base, rows, shift, stay, out, lane_sums, sums, width, count, lanes
):
    """Write 2^(y_ij − shift_i) and their sums, staying with them; mend shifts that are far off."""
    for attempt in range(3):
        lane_sums[:] = 0
        for j in range(0, width, VECTORS * lanes):
            exponentials(scaled, terms, base, rows, shift, out, lane_sums, width, count, j)
            if attempt == 0 and j == 0 and not _added_up(lane_sums, stay, shift, sums, lanes, 0.0):
                break
        if _added_up(lane_sums, stay, shift, sums, lanes, SMALLEST_SUM):
            return
        for e in range(ENTERPRISES):
            if not (SMALLEST_SUM <= sums[e] <= LARGEST_SUM):
                largest = _largest_payoff(scaled, terms, base, rows[e], stay[e], width, count, e)
                shift[e] = _beyond(largest)


@njit(cache=True, nogil=True, error_model="numpy")
def _added_up(lane_sums, stay, shift, sums, lanes, smallest):  # type: ignore[no-untyped-def]
    """Add up the lanes, staying with them; whether all sums are within bounds."""
    within = True
    for e in range(ENTERPRISES):
        total = np.exp2(stay[e] - np.float64(shift[e]))
        for lane in range(lanes):
            total += np.float64(lane_sums[e * lanes + lane])
        sums[e] = total
        within &= smallest <= total <= LARGEST_SUM
    return within


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True)
def _largest_payoff(scaled, terms, base, row, stay, width, count, e):  # type: ignore[no-untyped-def]
    """Largest payoff of one enterprise among staying and all sites."""
    payoff = base[row * width : (row + 1) * width].copy()
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
