"""The pass over all pairs on a graphics processor: each block of threads a run of enterprises.

A thread keeps the terms of its few sites in registers. Enterprises come `TILE` at a time through
shared memory, and their payoffs y_ij = (ū_ij log₂ e)/σ are computed twice: once for

    m_i = max_j y_ij,    s_i = Σ_j 2^(y_ij − m_i),

each thread first for its own sites, then all of them in a fixed order; once for demand, Σ_i mass_i
need_i 2^(y_ij − m_i) / s_i. Nothing of size enterprises × sites is stored. Sums over at most
`ROWS_A_SUM` enterprises are kept in the payoffs' precision, the others in double precision. A block
writes its own sums, added up in the order of blocks afterwards: no atomic operation, and the same
bits each time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numba import config, cuda

from yanzhen.market.large.demand_loops import ROWS_A_SUM
from yanzhen.market.large.simd import ENTERPRISES

TILE = 32
"""Enterprises in shared memory at once."""
LANES = 32
"""Threads that run together; a block has a multiple of them."""
MOST_THREADS = 640
REDUCED = 20 * 1024
"""Bytes of shared memory in which the threads put together what each found of its sites."""
REGISTERS, MOST_REGISTERS = 65_536, 255
"""Of a multiprocessor, and of a thread."""
LOWEST = -1e30
"""Below every payoff: what a thread without a site that is open says of its largest."""


@dataclass(frozen=True)
class Layout:
    """What a kernel is compiled for.

    Attributes
    ----------
    characteristics : K
    resources : R
    split : whether what premiums lose by rounding is a term of its own
    sites_a_thread : sites of each thread
    threads : threads of a block, which together hold every site
    precision : of the payoffs, float32 or float64
    """

    characteristics: int
    resources: int
    split: bool
    sites_a_thread: int
    threads: int
    precision: type[np.float32] | type[np.float64]

    @property
    def weights(self) -> int:
        """Weights of an enterprise: K + R."""
        return self.characteristics + self.resources

    @property
    def terms(self) -> int:
        """Terms of a payoff: K + R, or K + 2R."""
        return self.weights + (self.resources if self.split else 0)

    @property
    def at_once(self) -> int:
        """Enterprises whose sums are put together at once: a power of two, at most `TILE`."""
        of_one = self.threads * 2 * np.dtype(self.precision).itemsize
        fitting = max(REDUCED // of_one, 1)
        return int(min(2 ** int(math.log2(fitting)), TILE))


def layout_for(
    sites: int,
    characteristics: int,
    resources: int,
    split: bool,
    precision: type[np.float32] | type[np.float64],
    sites_a_thread: int = 4,
) -> Layout:
    """Lay out a block of threads that holds so many sites.

    Beyond `MOST_THREADS` threads each takes more sites, which then no longer fit into registers.
    """
    each = max(sites_a_thread, -(-sites // MOST_THREADS))
    threads = math.ceil(sites / each / LANES) * LANES
    return Layout(characteristics, resources, split, each, threads, precision)


@cache
def add_blocks_kernel() -> Any:
    """Kernel that adds up what the blocks found, in their order."""

    def add_blocks(parts: Any, total: Any) -> None:
        column = cuda.grid(1)
        if column < total.size:
            added = 0.0
            for block in range(parts.shape[0]):
                added += parts[block, column]
            total[column] = added

    return cuda.jit(add_blocks)


# Kept whole: it holds one kernel, which is.
@cache
def pass_kernel(layout: Layout) -> Any:
    """Kernel of one pass.

    It takes weights (groups, K + R, ENTERPRISES), mass, stay (N,), cell, calibration (N,), terms,
    base, constants, scale and the number of sites as `Enterprises` and `Terms` have them, N being
    a multiple of `TILE` and the calibration group of those without one M; the layout's `at_once`,
    once more as a number that the compiler doesn't know, or it would unroll what then leaves the
    registers; and (blocks, R J + M + 2) sums that it overwrites: demand by resource and site,
    staying by group, logarithms.
    """
    S, R, THREADS = layout.sites_a_thread, layout.resources, layout.threads
    K, W, T = layout.characteristics, layout.weights, layout.terms
    AT_ONCE = layout.at_once
    PARTS = THREADS // AT_ONCE
    FEW = min(8, PARTS)
    real: Any = np.dtype(layout.precision)
    TILES_A_SUM = ROWS_A_SUM // TILE
    OWN, USES = S * T, S * R
    lowest = layout.precision(LOWEST)
    nothing = layout.precision(0.0)

    # Kept wide: a kernel takes arrays and numbers, not dataclasses.
    # Kept whole: its steps share registers and shared memory, which functions cannot.
    def one_pass(
        weights: Any,
        mass: Any,
        stay: Any,
        cell: Any,
        calibration: Any,
        terms: Any,
        base: Any,
        constants: Any,
        scale: Any,
        sites: Any,
        together: Any,
        sums: Any,
    ) -> None:
        t = cuda.threadIdx.x
        block = cuda.blockIdx.x
        quality = cuda.local.array(OWN, real)
        ground = cuda.local.array(S, real)
        payoff = cuda.local.array(S, real)
        part = cuda.local.array(USES, real)
        weight = cuda.shared.array((TILE, T), real)
        use = cuda.shared.array((TILE, R), real)
        row = cuda.shared.array(TILE, np.int32)
        group = cuda.shared.array(TILE, np.int32)
        staying = cuda.shared.array(TILE, np.float64)
        logarithm = cuda.shared.array(TILE, np.float64)
        largest = cuda.shared.array(TILE, real)
        own_largest = cuda.shared.array((AT_ONCE, THREADS), real)
        own_sum = cuda.shared.array((AT_ONCE, THREADS), real)
        few_largest = cuda.shared.array((TILE, FEW), real)
        few_sum = cuda.shared.array((TILE, FEW), np.float64)

        for s in range(S):
            j = t + s * THREADS
            for k in range(T):
                quality[s * T + k] = terms[k, j] if j < sites else nothing
            for r in range(R):
                part[s * R + r] = nothing
                if j < sites:
                    sums[block, r * sites + j] = 0.0
        groups = constants.size
        for m in range(t, groups + 1, THREADS):
            sums[block, R * sites + m] = 0.0
        logarithms = 0.0

        tiles = mass.size // TILE
        first = tiles * block // cuda.gridDim.x
        last = tiles * (block + 1) // cuda.gridDim.x
        for tile in range(first, last):
            begin = tile * TILE
            for i in range(t, TILE * W, THREADS):
                e, k = i // W, i % W
                own = weights[(begin + e) // ENTERPRISES, k, (begin + e) % ENTERPRISES]
                weight[e, k] = own * scale
                if k >= K:
                    use[e, k - K] = own
                    if T > W:
                        weight[e, k + R] = own * scale
            if t < TILE:
                row[t] = cell[begin + t]
                group[t] = calibration[begin + t]
            cuda.syncthreads()

            # Largest payoff and sum of exponentials, `AT_ONCE` enterprises at a time.
            at = -1
            for ahead in range(0, TILE, AT_ONCE):
                for a in range(together):
                    e = ahead + a
                    if row[e] != at:
                        at = row[e]
                        for s in range(S):
                            j = t + s * THREADS
                            ground[s] = base[at, j] if j < sites else -math.inf
                    for s in range(S):
                        payoff[s] = ground[s]
                    for k in range(T):
                        w = weight[e, k]
                        for s in range(S):
                            payoff[s] += w * quality[s * T + k]
                    best = lowest
                    for s in range(S):
                        best = max(best, payoff[s])
                    added = nothing
                    for s in range(S):
                        added += real.type(math.exp2(payoff[s] - best))
                    own_largest[a, t] = best
                    own_sum[a, t] = added
                cuda.syncthreads()
                # What all threads found of an enterprise is put together by some, then by few.
                a, p = t // PARTS, t % PARTS
                best = lowest
                for q in range(AT_ONCE):
                    best = max(best, own_largest[a, p + q * PARTS])
                added = nothing
                for q in range(AT_ONCE):
                    found = own_largest[a, p + q * PARTS]
                    added += own_sum[a, p + q * PARTS] * real.type(math.exp2(found - best))
                own_largest[a, p] = best
                own_sum[a, p] = added
                cuda.syncthreads()
                if t < AT_ONCE * FEW:
                    a, p = t // FEW, t % FEW
                    best = lowest
                    for q in range(p, PARTS, FEW):
                        best = max(best, own_largest[a, q])
                    both = 0.0
                    for q in range(p, PARTS, FEW):
                        both += own_sum[a, q] * math.exp2(own_largest[a, q] - best)
                    few_largest[ahead + a, p] = best
                    few_sum[ahead + a, p] = both
                cuda.syncthreads()

            if t < TILE:
                best = lowest
                for p in range(FEW):
                    best = max(best, few_largest[t, p])
                own_stay = stay[begin + t] * scale + constants[group[t]]
                best = max(best, real.type(own_stay))
                here = math.exp2(own_stay - best)
                whole = here
                for p in range(FEW):
                    whole += few_sum[t, p] * math.exp2(np.float64(few_largest[t, p] - best))
                largest[t] = best
                own_mass = mass[begin + t]
                staying[t] = own_mass * here / whole
                logarithm[t] = own_mass * (best + math.log2(whole))
                for r in range(R):
                    use[t, r] = real.type(use[t, r] * own_mass / whole)
            cuda.syncthreads()

            for m in range(t, groups, THREADS):
                stayed = 0.0
                for e in range(TILE):
                    if group[e] == m:
                        stayed += staying[e]
                if stayed > 0.0:
                    sums[block, R * sites + m] += stayed
            if t == THREADS - 1:
                for e in range(TILE):
                    logarithms += logarithm[e]

            # Demand.
            at = -1
            for e in range(together * (TILE // AT_ONCE)):
                if row[e] != at:
                    at = row[e]
                    for s in range(S):
                        j = t + s * THREADS
                        ground[s] = base[at, j] if j < sites else -math.inf
                for s in range(S):
                    payoff[s] = ground[s]
                for k in range(T):
                    w = weight[e, k]
                    for s in range(S):
                        payoff[s] += w * quality[s * T + k]
                best = largest[e]
                for s in range(S):
                    payoff[s] = real.type(math.exp2(payoff[s] - best))
                for r in range(R):
                    wanted = use[e, r]
                    for s in range(S):
                        part[s * R + r] += wanted * payoff[s]
            if (tile - first + 1) % TILES_A_SUM == 0 or tile + 1 == last:
                for s in range(S):
                    j = t + s * THREADS
                    for r in range(R):
                        if j < sites:
                            sums[block, r * sites + j] += part[s * R + r]
                        part[s * R + r] = nothing
            cuda.syncthreads()

        if t == THREADS - 1:
            sums[block, R * sites + groups] = logarithms

    return _compiled(one_pass, layout.threads)


def _compiled(kernel: Callable[..., None], threads: int) -> Any:
    """A kernel with no more registers than a multiprocessor has for a block of so many threads."""
    if config.ENABLE_CUDASIM:
        return cuda.jit(kernel)
    most = min(MOST_REGISTERS, REGISTERS // threads // 8 * 8)
    return cuda.jit(max_registers=most)(kernel)
