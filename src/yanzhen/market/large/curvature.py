"""Curvature of the dual from the choices of a sample of enterprises, kept sparse.

The Hessian of Φ(p) is the covariance of needs under each enterprise's choice,

    H = Σ_i mass_i / σ · (Σ_k P_ik q_ik q_ik' − q̄_i q̄_i'),   q̄_i = Σ_k P_ik q_ik,

with q_ik the needs at site k and, for staying, minus the indicator of the calibration group. The
sparse choices P̂ give it without bias: Ê[P̂_j P̂_k] = P_j P_k for j ≠ k, and what P̂_j² has too much
on the diagonal is added back site by site.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.market.large.demand_pass import Enterprises, Reals, SparseChoices, Terms, run_chunks
from yanzhen.market.problem.market import Floats, Integers, Market

TOGETHER = 4
"""Resources that the products handle at once."""


class ChoiceModel(ABC):
    """What enterprises choose at some prices, and how that answers to a change of them.

    `sigma` is the scale of the taste; `resources`, `sites` and `constants` are R, J and M.
    """

    sigma: float
    resources: int
    sites: int
    constants: int

    @abstractmethod
    def apply(
        self, premium: Floats, constants: Floats, threads: int | None = None
    ) -> tuple[Floats, Floats]:
        """Change of demand, with its sign turned, and of staying for a change of prices: H × it.

        Parameters
        ----------
        premium : (J, R) change of p̃
        constants : (M,) change of a
        """

    @abstractmethod
    def site_blocks(self) -> "SiteBlocks":
        """Blocks of H on its diagonal, and what `apply` lacks of them."""


@dataclass(frozen=True)
class SparseChoiceModel(ChoiceModel):
    """Enterprises and the sparse choices they make at some prices.

    Attributes
    ----------
    choices : probabilities of moving
    needs : (N, R filled up to a multiple of `TOGETHER`)
    mass_over_sigma : (N,)
    calibration : (N,)
    """

    choices: SparseChoices
    needs: NDArray[np.float32]
    mass_over_sigma: NDArray[np.float32]
    calibration: Integers
    sigma: float
    resources: int
    sites: int
    constants: int

    def apply(
        self, premium: Floats, constants: Floats, threads: int | None = None
    ) -> tuple[Floats, Floats]:
        padded = np.append(constants, 0.0)
        filled = np.zeros((self.sites, self.needs.shape[1]), np.float32)
        filled[:, : self.resources] = premium
        demand, staying = _summed(
            self, _apply_rows, (filled, padded), [filled.shape, padded.shape], threads
        )
        return demand[:, : self.resources], staying[:-1]

    def site_blocks(self) -> "SiteBlocks":
        of_sites = (self.sites, self.resources)
        of_blocks = (*of_sites, self.resources)
        shapes = [of_blocks, of_blocks, (self.constants + 1,), of_sites]
        whole, lacking, staying, demand = _summed(
            self, _add_blocks, (self.resources,), shapes, None
        )
        return SiteBlocks(_mirrored(whole), _mirrored(lacking), staying[:-1], demand)


def choice_model(
    enterprises: Enterprises, terms: Terms, choices: SparseChoices
) -> SparseChoiceModel:
    """Put together what a pass kept and whose choices they are."""
    return SparseChoiceModel(
        choices,
        held_needs(enterprises),
        (enterprises.mass / terms.sigma).astype(np.float32),
        enterprises.calibration,
        terms.sigma,
        enterprises.resources,
        terms.sites,
        terms.constants.size - 1,
    )


def held_needs(enterprises: Enterprises) -> NDArray[np.float32]:
    """(N, R filled up) needs as products with the curvature want them."""
    kinds = enterprises.weights.shape[1] - enterprises.resources
    needs = enterprises.weights[:, kinds:].transpose(0, 2, 1).reshape(-1, enterprises.resources)
    return _filled(needs)


def listed_model(market: Market, sigma: float, choices: SparseChoices) -> SparseChoiceModel:
    """The same for choices from lists."""
    return SparseChoiceModel(
        choices,
        _filled(market.needs),
        (market.mass / sigma).astype(np.float32),
        market.calibration,
        sigma,
        market.needs.shape[1],
        market.capacity.shape[0],
        market.stayers.size,
    )


def _filled(needs: Reals) -> NDArray[np.float32]:
    """Needs with columns of 0 up to a multiple of `TOGETHER`."""
    columns = -(-needs.shape[1] // TOGETHER) * TOGETHER
    filled = np.zeros((needs.shape[0], columns), np.float32)
    filled[:, : needs.shape[1]] = needs
    return filled


def _summed(
    model: SparseChoiceModel,
    add_rows: Callable[..., None],
    given: tuple[object, ...],
    shapes: Sequence[tuple[int, ...]],
    threads: int | None,
) -> list[Floats]:
    """Sums of the shapes over all enterprises, to which `add_rows` adds those of one chunk."""
    parts = model.choices.parts
    firsts = [0, *np.cumsum([part[0].size - 1 for part in parts]).tolist()]
    sums = [np.zeros((len(parts), *shape)) for shape in shapes]

    def one_chunk(chunk: int) -> None:
        rows = slice(firsts[chunk], firsts[chunk + 1])
        add_rows(
            *parts[chunk],
            model.needs[rows],
            model.mass_over_sigma[rows],
            model.calibration[rows],
            model.choices.threshold,
            *given,
            *(each[chunk] for each in sums),
        )

    run_chunks(one_chunk, len(parts), threads)
    return [each.sum(axis=0) for each in sums]


@dataclass(frozen=True)
class SiteBlocks:
    """Blocks of H on its diagonal, by site.

    Attributes
    ----------
    whole : (J, R, R) the blocks of H
    lacking : (J, R, R) what the product of sparse choices lacks of them
    constants : (M,) diagonal of H for the constants
    demand_over_sigma : (J, R) demand of the sparse choices over σ
    """

    whole: Floats
    lacking: Floats
    constants: Floats
    demand_over_sigma: Floats


def _mirrored(lower: Floats) -> Floats:
    """(J, R, R) symmetric blocks of their lower triangles."""
    upper: Floats = np.triu(np.swapaxes(lower, 1, 2), 1)
    return lower + upper


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


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
def _apply_rows(  # type: ignore[no-untyped-def]
    starts,
    sites,
    probability,
    stayed,
    needs,
    mass,
    calibration,
    threshold,
    premium,
    constants,
    demand,
    staying,
):
    """`needs`, `premium` and `demand` have `TOGETHER` columns to a block of resources."""
    cost = np.empty(premium.shape[0], np.float32)
    least = np.float32(threshold)
    for i in range(starts.size - 1):
        if mass[i] == 0.0:
            continue
        first = np.uint64(starts[i])
        count = np.uint64(starts[i + 1]) - first
        cost[:count] = 0
        for b in range(0, needs.shape[1], TOGETHER):
            a0, a1, a2, a3 = needs[i, b], needs[i, b + 1], needs[i, b + 2], needs[i, b + 3]
            for k in range(count):
                j = np.uint64(sites[first + k])
                cost[k] += (
                    a0 * premium[j, b]
                    + a1 * premium[j, b + 1]
                    + a2 * premium[j, b + 2]
                    + a3 * premium[j, b + 3]
                )
        group = calibration[i]
        mean = np.float32(stayed[i] * constants[group])
        for k in range(count):
            mean -= max(probability[first + k], least) * cost[k]
        for b in range(0, needs.shape[1], TOGETHER):
            a0, a1, a2, a3 = needs[i, b], needs[i, b + 1], needs[i, b + 2], needs[i, b + 3]
            for k in range(count):
                j = np.uint64(sites[first + k])
                change = mass[i] * max(probability[first + k], least) * (cost[k] + mean)
                demand[j, b] += a0 * change
                demand[j, b + 1] += a1 * change
                demand[j, b + 2] += a2 * change
                demand[j, b + 3] += a3 * change
        staying[group] += mass[i] * stayed[i] * (constants[group] - mean)


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _add_blocks(  # type: ignore[no-untyped-def]
    starts,
    sites,
    probability,
    stayed,
    needs,
    mass,
    calibration,
    threshold,
    resources,
    blocks,
    lacking,
    staying,
    demand,
):
    for i in range(starts.size - 1):
        for k in range(starts[i], starts[i + 1]):
            j = np.uint64(sites[k])
            kept = max(np.float64(probability[k]), threshold)
            own = mass[i] * kept * (1.0 - probability[k])
            lost = mass[i] * kept * (kept - probability[k])
            for r in range(resources):
                demand[j, r] += mass[i] * kept * needs[i, r]
                for s in range(r + 1):
                    blocks[j, r, s] += own * needs[i, r] * needs[i, s]
                    lacking[j, r, s] += lost * needs[i, r] * needs[i, s]
        staying[calibration[i]] += mass[i] * stayed[i] * (1.0 - stayed[i])
