"""Economic complexity: how many industries a region has, and how rare they are."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from yanzhen.advantage.cross_table import Floats, cross_table
from yanzhen.advantage.relatedness import proximity, relatedness_density
from yanzhen.advantage.specialisation import location_quotient, presence

Places = NDArray[np.intp]
Undefined = Literal["few", "alike", "apart", "tied"]
SMALLEST_GAP = 1e-10
"""Eigenvalues closer than this are equal within rounding, and their vectors arbitrary."""
SMALLEST_FOR_LANCZOS = 300


@dataclass(frozen=True)
class Complexity:
    """Economic complexity of regions and industries.

    Attributes
    ----------
    eci : (N,) of mean 0 and variance 1; NaN for a region left out
    pci : (S,) on the same scale, so that a region's ECI is the mean PCI of what it has
    eigenvalues : (3,) the largest of the underlying matrix, the first always 1; ECI is defined
        only if the three differ, and NaN otherwise
    undefined : why there is no ECI: few (fewer than three regions or industries with a presence),
        alike (all regions have the same industries), apart (regions and industries fall into
        groups with nothing in common), tied (two orders explain as much as one another); None
        where it is defined
    """

    eci: Floats
    pci: Floats
    eigenvalues: Floats
    undefined: Undefined | None = None


@dataclass(frozen=True)
class Fitness:
    """Fitness of regions and complexity of industries.

    Attributes
    ----------
    fitness : (N,) of mean 1, NaN for a region left out
    complexity : (S,) of mean 1
    iterations : int
    change : largest change of the last iteration, relative to the largest value
    """

    fitness: Floats
    complexity: Floats
    iterations: int
    change: float


def diversity(m: Floats) -> Floats:
    """(N,) industries present in each region, D_r = Σ_s M_rs; NaN for a region never seen."""
    return np.where(np.isnan(m).all(axis=1), np.nan, np.nansum(m, axis=1))


def ubiquity(m: Floats) -> Floats:
    """(S,) regions in which each industry is present, U_s = Σ_r M_rs; NaN if never seen."""
    return np.where(np.isnan(m).all(axis=0), np.nan, np.nansum(m, axis=0))


def complexity(m: Floats, least_coverage: float = 0.5) -> Complexity:
    """Economic complexity index of regions and industries by eigenvector.

    ECI is the second right eigenvector of D⁻¹ M U⁻¹ M′ (Hidalgo and Hausmann 2009; Mealy,
    Farmer and Teytelboym 2019), PCI of U⁻¹ M′ D⁻¹ M. With B = D^(−½) M U^(−½) they are
    D^(−½) times the second left and U^(−½) times the second right singular vector of B, so the
    symmetric matrix of the shorter side is enough; its first vector, √D or √U, is known.
    Sign: ECI rises with diversity; if they are uncorrelated, the region with the largest |ECI|,
    the first of them, is positive.

    Missing cells do not count as present. Left out, with NaN, are regions of which less than
    `least_coverage` of the cells are there, and regions and industries without any presence.

    Parameters
    ----------
    m : (N, S) presence, 1, 0 or NaN
    """
    rows, columns, has = _core(m, least_coverage)
    eci, pci = np.full(m.shape[0], np.nan), np.full(m.shape[1], np.nan)
    if min(has.shape) < 3:
        return Complexity(eci, pci, np.full(3, np.nan), "few")
    d, u = has.sum(axis=1), has.sum(axis=0)
    tall = has.shape[0] >= has.shape[1]
    half = has / np.sqrt(d)[:, None] if tall else (has / np.sqrt(u)).T
    own = u if tall else d
    symmetric = (half.T @ half) / np.sqrt(own) / np.sqrt(own)[:, None]
    trivial = np.sqrt(own / d.sum())
    values, vectors = _two_largest(symmetric - np.outer(trivial, trivial))
    eigenvalues = np.array([1.0, *values])
    undefined = _undefined(eigenvalues)
    if undefined is not None:
        return Complexity(eci, pci, eigenvalues, undefined)
    weights = vectors[:, 0] / trivial
    industry = weights if tall else (has.T @ weights) / u
    region = (has @ industry) / d
    scale = _sign(region, d) / region.std()
    eci[rows] = scale * (region - region.mean())
    pci[columns] = scale * (industry - region.mean())
    return Complexity(eci, pci, eigenvalues)


def fitness(
    m: Floats, least_coverage: float = 0.5, tolerance: float = 1e-10, most: int = 1000
) -> Fitness:
    """Fitness of regions and complexity of industries (Tacchella et al. 2012).

        F_r = Σ_s M_rs Q_s,   Q_s = 1 / Σ_r (M_rs / F_r),

    each divided by its mean, until nothing changes by more than `tolerance`, or `most` times:
    look at `change`. On tables whose presences lie far off the diagonal some fitnesses fall to
    zero for ever (Pugliese, Zaccaria and Pietronero 2016); only their order means something.
    Regions that are all alike have fitness 1. Where the table falls apart the groups are not
    comparable: the one with the most industries a region takes all, the others' fitness goes to 0.

    Parameters and what is left out as in `complexity`.
    """
    rows, columns, has = _core(m, least_coverage)
    f, q = np.ones(has.shape[0]), np.ones(has.shape[1])
    change, iterations = np.inf, 0
    while has.size and change > tolerance and iterations < most:
        f_next = has @ q
        f_next /= f_next.mean()
        q_next = 1.0 / (has.T @ (1.0 / np.maximum(f_next, np.finfo(float).tiny)))
        q_next /= q_next.mean()
        change = max(
            float(np.abs(f_next - f).max() / f.max()), float(np.abs(q_next - q).max() / q.max())
        )
        f, q, iterations = f_next, q_next, iterations + 1
    all_f, all_q = np.full(m.shape[0], np.nan), np.full(m.shape[1], np.nan)
    all_f[rows], all_q[columns] = f, q
    return Fitness(all_f, all_q, iterations, float(change))


def outlook_index(m: Floats, density: Floats, pci: Floats) -> Floats:
    """Complexity that lies near to what a region has (Hausmann et al. 2014, chapter 5).

        COI_r = Σ_s d_rs (1 − M_rs) PCI_s

    over the industries whose presence, density and PCI are all there.

    Parameters
    ----------
    m : (N, S) presence
    density : (N, S) relatedness density d
    pci : (S,)

    Returns
    -------
    (N,), NaN if nothing is there
    """
    terms = density * (1 - m) * pci
    return np.where(np.isnan(terms).all(axis=1), np.nan, np.nansum(terms, axis=1))


def outlook_gain(m: Floats, phi: Floats, pci: Floats) -> Floats:
    """What each absent industry would add to a region's outlook (Hausmann et al. 2014).

        COG_rs = (1 − M_rs) Σ_t (1 − M_rt) φ_ts PCI_t / Σ_k φ_tk,

    the opportunity gain without the part that the industry itself takes out of the outlook once
    it is there, as the Growth Lab's own code has it. Missing cells add nothing.

    Parameters
    ----------
    m : (N, S) presence
    phi : (S, S) proximity
    pci : (S,)

    Returns
    -------
    (N, S), 0 where present, NaN where the cell is missing, and everywhere if no PCI is defined
    """
    if np.isnan(pci).all():
        return np.full(m.shape, np.nan)
    phi = np.nan_to_num(phi)
    total = phi.sum(axis=1)
    weight = np.divide(np.nan_to_num(pci), total, out=np.zeros_like(total), where=total > 0)
    absent = np.nan_to_num(1 - m)
    gain: Floats = (1 - m) * (absent @ (phi * weight[:, None]))
    return gain


def region_complexity(frame: pl.DataFrame, value: str, threshold: float = 1.0) -> pl.DataFrame:
    """Complexity of the regions of a long frame (region, industry, `value`), one year.

    Returns
    -------
    region, diversity, eci, fitness, outlook (null where the region is left out)
    """
    table = cross_table(frame, value)
    m = presence(location_quotient(table.values), threshold)
    result = complexity(m)
    measures = {
        "diversity": diversity(m),
        "eci": result.eci,
        "fitness": fitness(m).fitness,
        "outlook": outlook_index(m, relatedness_density(m, proximity(m)), result.pci),
    }
    return _labelled("region", table.regions, measures)


def industry_complexity(frame: pl.DataFrame, value: str, threshold: float = 1.0) -> pl.DataFrame:
    """Complexity of the industries of a long frame (region, industry, `value`), one year.

    Returns
    -------
    industry, ubiquity, pci, complexity (of the fitness method; null where left out)
    """
    table = cross_table(frame, value)
    m = presence(location_quotient(table.values), threshold)
    measures = {
        "ubiquity": ubiquity(m),
        "pci": complexity(m).pci,
        "complexity": fitness(m).complexity,
    }
    return _labelled("industry", table.industries, measures)


def _labelled(label: str, codes: tuple[str, ...], columns: dict[str, Floats]) -> pl.DataFrame:
    return pl.DataFrame({label: codes}, schema={label: pl.String}).with_columns(
        pl.Series(name, values, nan_to_null=True) for name, values in columns.items()
    )


def _core(m: Floats, least_coverage: float) -> tuple[Places, Places, Floats]:
    """Regions and industries that count, and the presences between them without holes."""
    if not (np.isnan(m) | (m == 0) | (m == 1)).all():
        raise ValueError("presence is 1, 0 or NaN; make it from a quotient with `presence`")
    seen = ~np.isnan(m).all(axis=0)
    there = ~np.isnan(m)
    coverage = there.sum(axis=1) / max(int(seen.sum()), 1)
    enough = coverage >= least_coverage
    rows = np.flatnonzero(enough & (m.sum(axis=1, where=there) > 0))
    columns = np.flatnonzero(m.sum(axis=0, where=there & enough[:, None]) > 0)
    if there.all() and (len(rows), len(columns)) == m.shape:
        return rows, columns, m
    return rows, columns, np.nan_to_num(m[np.ix_(rows, columns)], copy=False)


def _two_largest(symmetric: Floats) -> tuple[Floats, Floats]:
    """The two largest eigenvalues, falling, and their vectors.

    Lanczos to machine precision from a fixed start, so that the same table gives the same
    bytes; the dense solver for small matrices and where Lanczos does not converge.
    """
    n = len(symmetric)
    if n > SMALLEST_FOR_LANCZOS:
        start = np.cos(np.arange(1, n + 1, dtype=np.float64) ** 2)
        try:
            values, vectors = eigsh(symmetric, k=2, which="LA", v0=start, tol=0)
            order = np.argsort(values)[::-1]
            return values[order], vectors[:, order]
        except ArpackNoConvergence:
            pass
    values, vectors = eigh(symmetric, subset_by_index=(n - 2, n - 1), check_finite=False)
    return values[::-1], vectors[:, ::-1]


def _undefined(eigenvalues: Floats) -> Undefined | None:
    """Why the second eigenvector is not one vector, if it is not."""
    _, second, third = eigenvalues
    if second < SMALLEST_GAP:
        return "alike"
    if second > 1 - SMALLEST_GAP:
        return "apart"
    return "tied" if second - third < SMALLEST_GAP else None


def _sign(region: Floats, d: Floats) -> float:
    covariance = float(((region - region.mean()) * (d - d.mean())).sum())
    if abs(covariance) > 1e-9 * len(d) * region.std() * max(d.std(), 1e-12):
        return float(np.sign(covariance))
    largest = np.abs(region)
    first = int(np.argmax(largest > largest.max() * (1 - 1e-9)))
    return float(np.sign(region[first]))
