"""Whether like regions lie together: Moran's I, for all and for each (Moran 1950, Anselin 1995)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.advantage.cross_table import Floats, cross_table
from yanzhen.advantage.specialisation import ROUNDING

Integers = NDArray[np.int64]
FEWEST = 4
"""Regions below which the moments under randomisation are not defined."""


@dataclass(frozen=True)
class Moran:
    """Moran's I with its moments under randomisation and by permutation.

    Attributes
    ----------
    statistic : I
    expected : −1 / (n − 1)
    z : (I − expected) over the standard deviation under randomisation
    p : share of permutations at least as extreme on the same side, the observed one included
    regions : n, those that have a value
    undefined : why there is no statistic: few_regions, no_neighbours or constant; None where it is
        defined. z alone is NaN where every arrangement of the values gives the same I
    """

    statistic: float
    expected: float
    z: float
    p: float
    regions: int
    undefined: str | None = None


@dataclass(frozen=True)
class LocalMoran:
    """Local Moran's I of each region.

    Attributes
    ----------
    statistic : (N,) NaN for a region without a value or without neighbours
    p : (N,) by conditional permutation, as in `Moran`
    quadrant : (N,) high among high 0, low among high 1, low among low 2, high among low 3, −1
        where the statistic is NaN
    """

    statistic: Floats
    p: Floats
    quadrant: Integers


def nearest_neighbours(distance: Floats, k: int) -> Floats:
    """(N, N) weights 1 / k for the k nearest regions; equal distances go to the first listed."""
    n = len(distance)
    if not 0 < k < n:
        raise ValueError(f"{k} neighbours among {n} regions: give 1 to {n - 1}")
    away = np.array(distance, dtype=np.float64)
    np.fill_diagonal(away, np.inf)
    nearest = np.argsort(away, axis=1, kind="stable")[:, :k]
    w = np.zeros((n, n))
    w[np.arange(n)[:, None], nearest] = 1.0 / k
    return w


def row_standardised(w: Floats) -> Floats:
    """(N, N) weights with rows of sum one; a region without neighbours keeps a row of zeros."""
    total = w.sum(axis=1, keepdims=True)
    standard: Floats = np.divide(w, total, out=np.zeros_like(w), where=total > 0)
    return standard


def moran(y: Floats, w: Floats, permutations: int = 999, seed: int = 0) -> Moran:
    """Moran's I of a value over regions.

        I = (n / Σ_ij w_ij) Σ_ij w_ij z_i z_j / Σ_i z_i²,   z = y − ȳ

    Variance under randomisation as Cliff and Ord (1981, eq. 2.33). Regions without a value are
    left out and the others' weights set back to rows of sum one.

    Parameters
    ----------
    y : (N,) NaN where missing
    w : (N, N) weights of neighbours, zero on the diagonal
    """
    there, z, w = _prepared(y, w)
    n, s0 = int(there.sum()), float(w.sum())
    undefined = _undefined(n, s0, z)
    if undefined is not None:
        nan = float("nan")
        return Moran(nan, nan, nan, nan, n, undefined)
    scale = n / (s0 * (z @ z))
    statistic = float(scale * (z @ w @ z))
    expected = -1.0 / (n - 1)
    generator = np.random.default_rng(seed)
    shuffled = generator.permuted(np.tile(z, (permutations, 1)), axis=1)
    simulated = scale * np.einsum("pi,pi->p", shuffled @ w, shuffled)
    spread = _variance(z, w) - expected**2
    deviation = np.sqrt(spread) if spread > ROUNDING * expected**2 else float("nan")
    return Moran(
        statistic,
        expected,
        float((statistic - expected) / deviation),
        _as_extreme(simulated, statistic),
        n,
    )


def local_moran(y: Floats, w: Floats, permutations: int = 999, seed: int = 0) -> LocalMoran:
    """Local Moran's I of a value in each region.

        I_i = (n − 1) z_i Σ_j w_ij z_j / Σ_k z_k²

    with inference by permuting the other regions' values (Anselin 1995). Missing values and
    weights as in `moran`. Of many regions some look extreme by chance: correct for it.

    Parameters
    ----------
    y : (N,) NaN where missing
    w : (N, N) weights of neighbours, zero on the diagonal
    """
    there, z, w = _prepared(y, w)
    n, size = int(there.sum()), len(y)
    statistic, p = np.full(size, np.nan), np.full(size, np.nan)
    quadrant = np.full(size, -1, dtype=np.int64)
    if _undefined(n, float(w.sum()), z) is not None:
        return LocalMoran(statistic, p, quadrant)
    lag, scale = w @ z, (n - 1) / (z @ z)
    generator = np.random.default_rng(seed)
    widest = int((w > 0).sum(axis=1).max())
    drawn = generator.permuted(np.tile(np.arange(n - 1), (permutations, 1)), axis=1)[:, :widest]
    for at, i in enumerate(np.flatnonzero(there)):
        neighbours = np.flatnonzero(w[at])
        if not neighbours.size:
            continue
        others = np.delete(z, at)
        simulated = others[drawn[:, : neighbours.size]] @ w[at, neighbours]
        statistic[i] = scale * z[at] * lag[at]
        p[i] = _as_extreme(z[at] * simulated, z[at] * lag[at])
        quadrant[i] = _quadrant(z[at], lag[at])
    return LocalMoran(statistic, p, quadrant)


def autocorrelations(
    frame: pl.DataFrame, value: str, regions: Sequence[str], w: Floats, seed: int = 0
) -> pl.DataFrame:
    """Moran's I of each industry of a long frame (region, industry, `value`), one year.

    Parameters
    ----------
    regions : (N,) codes of the rows of w
    w : (N, N) weights of neighbours

    Returns
    -------
    industry, moran, expected, z, p, regions, undefined (why there is no statistic: see `Moran`;
    null where there is)
    """
    table = cross_table(frame, value, regions=regions)
    found = [moran(column, w, seed=seed) for column in table.values.T]
    return pl.DataFrame(
        {
            "industry": table.industries,
            "moran": [m.statistic for m in found],
            "expected": [m.expected for m in found],
            "z": [m.z for m in found],
            "p": [m.p for m in found],
            "regions": [m.regions for m in found],
            "undefined": [m.undefined for m in found],
        },
        schema_overrides={"industry": pl.String, "undefined": pl.String},
    ).with_columns(pl.col("moran", "expected", "z", "p").fill_nan(None))


def _prepared(y: Floats, w: Floats) -> tuple[NDArray[np.bool_], Floats, Floats]:
    if w.shape != (len(y), len(y)) or np.diag(w).any() or (w < 0).any():
        raise ValueError(
            f"weights are an array of {len(y)} × {len(y)}, not negative and zero on the diagonal"
        )
    there = ~np.isnan(y)
    z = _centred(y[there])
    return there, z, row_standardised(w[np.ix_(there, there)])


def _centred(y: Floats) -> Floats:
    """Values less their mean, exactly zero where they are alike but for rounding."""
    if not y.size or np.ptp(y) <= ROUNDING * np.abs(y).max():
        return np.zeros_like(y)
    centred: Floats = y - y.mean()
    return centred


def _undefined(n: int, s0: float, z: Floats) -> str | None:
    if n < FEWEST:
        return "few_regions"
    if s0 == 0:
        return "no_neighbours"
    return None if z.any() else "constant"


def _variance(z: Floats, w: Floats) -> float:
    """E[I²] under randomisation."""
    n, s0 = len(z), w.sum()
    s1 = ((w + w.T) ** 2).sum() / 2
    s2 = ((w.sum(axis=0) + w.sum(axis=1)) ** 2).sum()
    k = (z**4).mean() / (z**2).mean() ** 2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = k * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return float((first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2))


def _as_extreme(simulated: Floats, statistic: float) -> float:
    """Share at least as extreme on the side that is rarer; what is tied is on both."""
    within = ROUNDING * max(abs(statistic), float(np.abs(simulated).max()))
    above = int((simulated >= statistic - within).sum())
    below = int((simulated <= statistic + within).sum())
    return (min(above, below) + 1) / (len(simulated) + 1)


def _quadrant(z: float, lag: float) -> int:
    if lag > 0:
        return 0 if z > 0 else 1
    return 3 if z > 0 else 2
