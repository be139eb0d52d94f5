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
from numpy.typing import NDArray

from yanzhen.market.large.demand_loops import ROWS_A_SUM, evaluate_groups, fill_weights
from yanzhen.market.large.simd import ENTERPRISES, SITE_MULTIPLE
from yanzhen.market.problem.market import Floats, Integers, Market

CHUNKS = 64
CELLS_AT_A_TIME = 4096
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
class Demand:
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
    fill_weights(rows, market.intensities, weights, 0)
    fill_weights(rows, market.needs, weights, kinds)
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
    base: Reals | None = None,
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
    base : of `scaled_base` at this scale, where it is there already
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
    if base is None:
        base = scaled_base(market, sigma, precision)
    return Terms(terms, base, np.append(constants, 0.0) * scale, scale, sites)


def scaled_base(
    market: Market, sigma: float, precision: type[np.float32] | type[np.float64] = np.float32
) -> Reals:
    """(C, width) base payoffs in base 2, −inf in the filling."""
    cells, sites = market.base.shape
    base = np.full((cells, -(-sites // SITE_MULTIPLE) * SITE_MULTIPLE), -np.inf, precision)
    scale = float(np.log2(np.e) / sigma)
    for first in range(0, cells, CELLS_AT_A_TIME):
        rows = np.arange(first, min(first + CELLS_AT_A_TIME, cells))
        base[rows, :sites] = market.base[rows] * scale
    return base


def first_shift(enterprises: Enterprises, sigma: float) -> Reals:
    """(N,) log-sums to start from: those of enterprises that can only stay."""
    shift: Reals = (enterprises.stay * (np.log2(np.e) / sigma)).astype(enterprises.stay.dtype)
    return shift


def evaluate_demand(
    enterprises: Enterprises,
    terms: Terms,
    shift: Reals,
    uses: slice | None = None,
    keep: float = KEEP_NONE,
    threads: int | None = None,
) -> Demand:
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
    bounds = chunk_bounds(enterprises.weights.shape[0], ROWS_A_SUM // ENTERPRISES)
    demand = np.zeros((len(bounds), last - first, width))
    staying = np.zeros((len(bounds), terms.constants.size))
    totals = np.zeros((len(bounds), 2))
    kept = [NOTHING_KEPT] * len(bounds)

    def one_chunk(chunk: int) -> None:
        start, stop = bounds[chunk]
        kept[chunk] = evaluate_groups(
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
    return Demand(
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


def chunk_bounds(count: int, least: int) -> list[tuple[int, int]]:
    """First and last of each chunk of a count, from the count alone; `least` to a chunk."""
    size = max(least, -(-count // CHUNKS))
    return [(start, min(start + size, count)) for start in range(0, count, size)]


def run_chunks(one_chunk: Callable[[int], None], chunks: int, threads: int | None) -> None:
    """Run chunks on threads; each writes its own sums only."""
    workers = min(threads or available_cores(), chunks)
    if workers <= 1:
        for chunk in range(chunks):
            one_chunk(chunk)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(one_chunk, range(chunks)):
            pass


def available_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
