"""The fused pass: payoff, log-sum, choice and demand of every enterprise, nothing kept of its size.

Payoffs are in base 2, y = (ū log₂ e)/σ, and each enterprise's exponents are shifted by its largest
payoff among some of the sites, so that no pass is needed for the maximum; the few whose sum then
leaves [1e-25, 1e30] are redone from their true maximum. Sums over at most `ROWS_A_SUM` enterprises
are kept in the payoffs' precision and added in double precision. Enterprises are cut into chunks
that depend on their number alone and added in their order. So a pass is a function of enterprises
and prices, and any number of threads, or of machines, gives the same bits.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.large.demand_loops import ROWS_A_SUM, evaluate_groups, fill_weights
from yanzhen.market.large.simd import ENTERPRISES, SITE_MULTIPLE
from yanzhen.market.problem.market import Floats, Integers, Market

CHUNKS = 64
LARGEST_CHUNK = 131_072
"""Enterprises of a chunk at most: what is read, held and sent as one."""
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
    sigma : scale of the taste
    sites : J ≤ width
    """

    terms: Reals
    base: Reals
    constants: Floats
    sigma: float
    sites: int

    @property
    def scale(self) -> float:
        """log₂ e / σ."""
        return scale_of(self.sigma)


def scale_of(sigma: float) -> float:
    """log₂ e / σ."""
    return float(np.log2(np.e) / sigma)


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
    scale = scale_of(sigma)
    terms = np.zeros((kinds + resources * (2 if split else 1), width), precision)
    terms[:kinds, :sites] = market.qualities.T
    high: Reals = (-premium).astype(precision)
    terms[kinds : kinds + resources, :sites] = high.T
    if split:
        terms[kinds + resources :, :sites] = (-premium - high).T
    if base is None:
        base = scaled_base(market, sigma, precision)
    return Terms(terms, base, np.append(constants, 0.0) * scale, sigma, sites)


def scaled_base(
    market: Market, sigma: float, precision: type[np.float32] | type[np.float64] = np.float32
) -> Reals:
    """(C, width) base payoffs in base 2, −inf in the filling."""
    cells, sites = market.base.shape
    base = np.full((cells, -(-sites // SITE_MULTIPLE) * SITE_MULTIPLE), -np.inf, precision)
    scale = scale_of(sigma)
    for first in range(0, cells, CELLS_AT_A_TIME):
        rows = np.arange(first, min(first + CELLS_AT_A_TIME, cells))
        base[rows, :sites] = market.base[rows] * scale
    return base


@dataclass(frozen=True)
class ChunkSums:
    """Sums over one chunk of enterprises.

    Attributes
    ----------
    demand : (uses, J)
    staying : (M,) by calibration group
    totals : (2,) Σ mass P_i0, and Σ mass log₂ of the sums
    kept : starts, sites and probabilities of the choices kept, and the probabilities of staying
    """

    demand: Floats
    staying: Floats
    totals: Floats
    kept: tuple[NDArray[np.int64], Integers, NDArray[np.float32], NDArray[np.float32]]


def evaluate_demand(
    enterprises: Enterprises,
    terms: Terms,
    uses: slice | None = None,
    keep: float = KEEP_NONE,
    threads: int | None = None,
) -> Demand:
    """Pass over all pairs of enterprises and sites.

    Parameters
    ----------
    enterprises, terms : who chooses, and among what
    uses : rows of the weights whose demand is summed, the needs unless told; the intensities give
        the gradient of a likelihood, Σ_j demand_jk z_jk
    keep : probability from which all choices are kept for the curvature, none unless told
    threads : threads to use, all of the machine's unless told; the result does not depend on it
    """
    bounds = group_bounds(enterprises.weights.shape[0])
    found: dict[int, ChunkSums] = {}

    def one_chunk(chunk: int) -> None:
        found[chunk] = evaluate_chunk(enterprises, terms, *bounds[chunk], uses, keep)

    run_chunks(one_chunk, len(bounds), threads)
    return added_up([found[chunk] for chunk in range(len(bounds))], terms.sigma, keep)


def evaluate_chunk(
    enterprises: Enterprises,
    terms: Terms,
    start: int,
    stop: int,
    uses: slice | None = None,
    keep: float = KEEP_NONE,
) -> ChunkSums:
    """Pass over the groups of enterprises from `start` to `stop`, by one thread."""
    kinds = enterprises.weights.shape[1] - enterprises.resources
    first, last, _ = (uses or slice(kinds, None)).indices(enterprises.weights.shape[1])
    rows = slice(start * ENTERPRISES, stop * ENTERPRISES)
    demand = np.zeros((last - first, terms.base.shape[1]))
    staying = np.zeros(terms.constants.size)
    totals = np.zeros(2)
    kept = evaluate_groups(
        enterprises.weights[start:stop],
        enterprises.mass[rows],
        enterprises.stay[rows],
        enterprises.cell[rows],
        enterprises.calibration[rows],
        terms.terms,
        terms.base,
        terms.constants,
        terms.scale,
        enterprises.resources,
        first,
        demand,
        staying,
        totals,
        keep,
    )
    return ChunkSums(demand[:, : terms.sites].copy(), staying[:-1].copy(), totals, kept)


def added_up(chunks: Sequence[ChunkSums], sigma: float, keep: float) -> Demand:
    """Sums of a whole pass from those of all chunks, in their order."""
    demand = sum((chunk.demand for chunk in chunks[1:]), start=chunks[0].demand)
    staying = sum((chunk.staying for chunk in chunks[1:]), start=chunks[0].staying)
    stayed, logarithms = sum((chunk.totals for chunk in chunks[1:]), start=chunks[0].totals)
    return Demand(
        demand.T.copy(),
        staying,
        float(stayed),
        float(logarithms / scale_of(sigma)),
        SparseChoices(tuple(chunk.kept for chunk in chunks), keep),
    )


NOTHING_KEPT = (
    np.zeros(1, np.int64),
    np.empty(0, np.int32),
    np.empty(0, np.float32),
    np.empty(0, np.float32),
)


def group_bounds(groups: int) -> list[tuple[int, int]]:
    """First and last group of each chunk of enterprises, from their number alone."""
    size = min(-(-groups // CHUNKS), LARGEST_CHUNK // ENTERPRISES)
    return _bounds(groups, max(ROWS_A_SUM // ENTERPRISES, size)) or [(0, 0)]


def chunk_bounds(count: int, least: int) -> list[tuple[int, int]]:
    """First and last of each chunk of a count, from the count alone; `least` to a chunk."""
    return _bounds(count, max(least, -(-count // CHUNKS)))


def _bounds(count: int, size: int) -> list[tuple[int, int]]:
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
