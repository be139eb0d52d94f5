"""Curvature of the dual from the choices of a sample of enterprises, kept sparse.

The Hessian of Φ(p) is the covariance of needs under each enterprise's choice,

    H = Σ_i mass_i / σ · (Σ_k P_ik q_ik q_ik' − q̄_i q̄_i'),   q̄_i = Σ_k P_ik q_ik,

with q_ik the needs at site k and, for staying, minus the indicator of the calibration group. Small
probabilities are kept by systematic sampling with values of `threshold`, so that each enterprise
keeps its probability of moving; what is kept is a choice distribution of its own and H is positive
semidefinite whatever is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.market.instance import Floats, Integers
from yanzhen.market.kernel import (
    Enterprises,
    Reals,
    Terms,
    choose_group,
    chunk_bounds,
    run_chunks,
    scale_weights,
    workspace,
)
from yanzhen.market.lanes import ENTERPRISES, VECTOR_BYTES


@dataclass(frozen=True)
class SparseChoices:
    """Choice probabilities of enterprises at given prices, small ones sampled.

    Attributes
    ----------
    parts : for each run of enterprises, its first one, the (n + 1,) starts of its rows, and the
        sites and probabilities of its entries
    needs : (N, R)
    mass_over_sigma : (N,)
    calibration : (N,)
    sites, constants : J and M
    """

    parts: tuple[tuple[int, NDArray[np.int64], Integers, NDArray[np.float32]], ...]
    needs: Reals
    mass_over_sigma: Floats
    calibration: Integers
    sites: int
    constants: int

    @property
    def entries(self) -> int:
        """Number of probabilities kept."""
        return sum(part[2].size for part in self.parts)


def sparse_choices(
    enterprises: Enterprises,
    terms: Terms,
    shift: Reals,
    threshold: float,
    threads: int | None = None,
) -> SparseChoices:
    """Choices at given prices, probabilities below the threshold kept by systematic sampling.

    Parameters
    ----------
    enterprises, terms, shift : as for `kernel.sweep`
    threshold : probability from which every entry is kept
    """
    bounds = chunk_bounds(enterprises.weights.shape[0])
    found: list[tuple[NDArray[np.int64], Integers, NDArray[np.float32]]] = [
        (np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
    ] * len(bounds)

    def one_chunk(chunk: int) -> None:
        start, stop = bounds[chunk]
        rows = slice(start * ENTERPRISES, stop * ENTERPRISES)
        found[chunk] = _keep_choices(
            enterprises.weights[start:stop],
            enterprises.stay[rows],
            enterprises.cell[rows],
            enterprises.calibration[rows],
            shift[rows],
            terms.terms,
            terms.base,
            terms.constants,
            terms.scale,
            enterprises.resources,
            terms.sites,
            threshold,
            start * ENTERPRISES,
        )

    run_chunks(one_chunk, len(bounds), threads)
    kinds = enterprises.weights.shape[1] - enterprises.resources
    needs = np.ascontiguousarray(enterprises.weights[:, kinds:].transpose(0, 2, 1)).reshape(
        -1, enterprises.resources
    )
    return SparseChoices(
        tuple((bounds[k][0] * ENTERPRISES, *found[k]) for k in range(len(bounds))),
        needs,
        enterprises.mass * (terms.scale / float(np.log2(np.e))),
        enterprises.calibration,
        terms.sites,
        terms.constants.size - 1,
    )


def apply(
    choices: SparseChoices, premium: Floats, constants: Floats, threads: int | None = None
) -> tuple[Floats, Floats]:
    """Change of demand, with its sign turned, and of staying for a change of prices: H times it.

    Parameters
    ----------
    choices : what the enterprises choose
    premium : (J, R) change of p̃
    constants : (M,) change of a
    """
    padded = np.append(constants, 0.0)
    demand = np.zeros((len(choices.parts), *premium.shape))
    staying = np.zeros((len(choices.parts), padded.size))

    def one_chunk(chunk: int) -> None:
        first, starts, sites, probability = choices.parts[chunk]
        rows = slice(first, first + starts.size - 1)
        _apply_rows(
            starts,
            sites,
            probability,
            choices.needs[rows],
            choices.mass_over_sigma[rows],
            choices.calibration[rows],
            premium,
            padded,
            demand[chunk],
            staying[chunk],
        )

    run_chunks(one_chunk, len(choices.parts), threads)
    return demand.sum(axis=0), staying.sum(axis=0)[:-1]


def site_blocks(choices: SparseChoices) -> tuple[Floats, Floats]:
    """(J, R, R) blocks of H on its diagonal by site, and (M,) its diagonal for the constants."""
    resources = choices.needs.shape[1]
    blocks = np.zeros((choices.sites, resources, resources))
    staying = np.zeros(choices.constants + 1)
    for first, starts, sites, probability in choices.parts:
        rows = slice(first, first + starts.size - 1)
        _add_blocks(
            starts,
            sites,
            probability,
            choices.needs[rows],
            choices.mass_over_sigma[rows],
            choices.calibration[rows],
            blocks,
            staying,
        )
    return blocks, staying[:-1]


def conjugate_gradients(
    operator: Callable[[Floats], Floats],
    precondition: Callable[[Floats], Floats],
    right: Floats,
    start: Floats,
    tolerance: float,
    most: int,
) -> Floats:
    """Solve operator(d) = right for a positive definite operator, by preconditioned gradients.

    Stops at a residual of `tolerance` times that of zero in the preconditioner's norm, or after
    `most` products (Hestenes and Stiefel 1952).
    """
    solution = start.copy()
    residual = right - operator(solution) if start.any() else right.copy()
    direction = precondition(residual)
    size = float(residual @ direction)
    goal = tolerance**2 * float(right @ precondition(right))
    for _ in range(most):
        if not size > goal:
            break
        image = operator(direction)
        step = size / float(direction @ image)
        solution += step * direction
        residual -= step * image
        towards = precondition(residual)
        following = float(residual @ towards)
        direction = towards + (following / size) * direction
        size = following
    return solution


@njit(cache=True, nogil=True, error_model="numpy")
def _keep_choices(  # type: ignore[no-untyped-def]
    weights, stay, cell, calibration, shift, terms, base, constants, scale, resources, sites,
    threshold, first_row,
):
    width = base.shape[1]
    lanes = VECTOR_BYTES // weights.itemsize
    work = workspace(weights.dtype, terms.shape[0], width, lanes)
    scaled, out, lane_sums, sums, rows, own_shift, own_stay = work
    flat_base, flat_terms = base.reshape(-1), terms.reshape(-1)
    starts = np.zeros(weights.shape[0] * ENTERPRISES + 1, np.int64)
    room = 64 * starts.size
    site = np.empty(room, np.int32)
    probability = np.empty(room, np.float32)
    kept = 0
    for g in range(weights.shape[0]):
        begin = g * ENTERPRISES
        scale_weights(weights[g], scale, resources, scaled)
        for e in range(ENTERPRISES):
            rows[e] = cell[begin + e]
            own_shift[e] = shift[begin + e]
            own_stay[e] = stay[begin + e] * scale + constants[calibration[begin + e]]
        choose_group(
            scaled, flat_terms, flat_base, rows, own_shift, own_stay, out, lane_sums, sums, width,
            terms.shape[0], lanes,
        )
        if kept + ENTERPRISES * sites > room:
            room = 2 * room + ENTERPRISES * sites
            site = _longer(site, kept, room)
            probability = _longer(probability, kept, room)
        for e in range(ENTERPRISES):
            row_start = kept
            inverse = 1.0 / sums[e]
            golden = (first_row + begin + e) * 0.6180339887498949
            carried = np.float64(golden - np.floor(golden)) * threshold
            total = 0.0
            moving = 0.0
            for j in range(sites):
                chance = out[e * width + j] * inverse
                moving += chance
                if chance < threshold:
                    carried += chance
                    if carried < threshold:
                        continue
                    carried -= threshold
                    chance = threshold
                site[kept] = j
                probability[kept] = chance
                total += chance
                kept += 1
            if total > 0:
                for k in range(row_start, kept):
                    probability[k] *= moving / total
            starts[begin + e + 1] = kept
    return starts, site[:kept].copy(), probability[:kept].copy()


@njit(cache=True, nogil=True)
def _longer(array, used, room):  # type: ignore[no-untyped-def]
    longer = np.empty(room, array.dtype)
    longer[:used] = array[:used]
    return longer


@njit(cache=True, nogil=True, error_model="numpy")
def _apply_rows(  # type: ignore[no-untyped-def]
    starts, sites, probability, needs, mass, calibration, premium, constants, demand, staying
):
    resources = needs.shape[1]
    for i in range(starts.size - 1):
        if mass[i] == 0.0:
            continue
        group = calibration[i]
        moving = 0.0
        mean = 0.0
        for k in range(starts[i], starts[i + 1]):
            cost = 0.0
            for r in range(resources):
                cost += needs[i, r] * premium[sites[k], r]
            moving += probability[k]
            mean -= probability[k] * cost
        mean += (1.0 - moving) * constants[group]
        for k in range(starts[i], starts[i + 1]):
            cost = 0.0
            for r in range(resources):
                cost += needs[i, r] * premium[sites[k], r]
            change = mass[i] * probability[k] * (cost + mean)
            for r in range(resources):
                demand[sites[k], r] += needs[i, r] * change
        staying[group] += mass[i] * (1.0 - moving) * (constants[group] - mean)


@njit(cache=True, nogil=True)
def _add_blocks(  # type: ignore[no-untyped-def]
    starts, sites, probability, needs, mass, calibration, blocks, staying
):
    resources = needs.shape[1]
    for i in range(starts.size - 1):
        moving = 0.0
        for k in range(starts[i], starts[i + 1]):
            moving += probability[k]
            own = mass[i] * probability[k] * (1.0 - probability[k])
            for r in range(resources):
                for s in range(resources):
                    blocks[sites[k], r, s] += own * needs[i, r] * needs[i, s]
        staying[calibration[i]] += mass[i] * moving * (1.0 - moving)
