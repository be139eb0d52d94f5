"""Bringing a table to known sums: biproportional (RAS), signed (GRAS), conflicting (KRAS)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from yanzhen.accounts.input_output import Floats

Booleans = NDArray[np.bool_]


SLOW = 1_000
"""Rounds of scaling in turn after which Newton's method is tried."""
MOST_NEWTON = 100
LARGEST, LEAST_LENGTH = 50.0, 1e-6
"""Longest step in the logs of the factors, and the least part of a step that is tried."""


@dataclass(frozen=True)
class Balanced:
    """A table brought to its sums.

    Attributes
    ----------
    table : the adjusted table, in the shape of the seed
    iterations : int
    error : largest |sum − target|, relative to the largest target
    """

    table: Floats
    iterations: int
    error: float


@dataclass(frozen=True)
class Reconciled:
    """A table brought as near to conflicting sums as their reliability says.

    Attributes
    ----------
    table : (m,) the adjusted cells
    targets : (c,) the sums after they gave way to each other
    iterations : int
    error : largest |sum − target| met in the last round, relative to the largest target
    """

    table: Floats
    targets: Floats
    iterations: int
    error: float


def ras(
    seed: Floats,
    rows: Floats,
    columns: Floats,
    fixed: Booleans | None = None,
    tolerance: float = 1e-10,
    most: int = 10_000,
) -> Balanced:
    """Biproportional adjustment T = r̂ S ŝ to row and column sums (Stone and Brown 1962).

    The table nearest to the seed in relative entropy with these sums. Cells of zero stay zero.

    Parameters
    ----------
    seed : (n, k) S ≥ 0
    rows, columns : (n,) and (k,) target sums of the whole table, fixed cells included
    fixed : (n, k) cells that keep their seed, such as those observed
    tolerance : on |sum − target| relative to the largest target
    most : iterations

    Raises
    ------
    ValueError
        If the seed or a target is negative or missing, the targets have different totals, the
        fixed cells exceed a target, or the sums are not reached (as when the zeros forbid it).
    """
    if not (seed >= 0).all():
        raise ValueError("RAS needs a seed without negative and missing cells; see gras")
    return gras(seed, rows, columns, fixed, tolerance, most)


def gras(
    seed: Floats,
    rows: Floats,
    columns: Floats,
    fixed: Booleans | None = None,
    tolerance: float = 1e-10,
    most: int = 10_000,
) -> Balanced:
    """Adjustment of a table with negative cells (Junius and Oosterhaven 2003; Lenzen et al. 2007).

    Positive cells are multiplied by r_i s_j, negative ones divided by it, so that signs stay.

    Parameters and errors as in `ras`, but for negative cells and targets.
    """
    if np.isnan(seed).any():
        raise ValueError("GRAS needs a seed without missing cells")
    if rows.shape != seed.shape[:1] or columns.shape != seed.shape[1:]:
        raise ValueError(f"{len(rows)} and {len(columns)} targets for a table of {seed.shape}")
    scale = _scale(np.concatenate([rows, columns]))
    if not abs(rows.sum() - columns.sum()) <= tolerance * scale * max(seed.shape):
        raise ValueError(
            f"row targets add up to {rows.sum():.10g} and column targets to {columns.sum():.10g}"
        )
    held = np.zeros_like(seed) if fixed is None else np.where(fixed, seed, 0.0)
    free = seed - held
    u, v = rows - held.sum(axis=1), columns - held.sum(axis=0)
    positive, negative = np.maximum(free, 0.0), np.maximum(-free, 0.0)
    signed = bool(negative.any())
    _require_reachable(positive, negative, u, v, scale * tolerance)
    r, s = np.ones(len(u)), np.ones(len(v))
    error, iterations = np.inf, 0
    while iterations < most and error > tolerance:
        r = _factor(positive @ s, negative @ (1 / s) if signed else np.zeros_like(u), u)
        s = _factor(r @ positive, (1 / r) @ negative if signed else np.zeros_like(v), v)
        sums = r * (positive @ s) - (negative @ (1 / s) / r if signed else 0.0)
        error, iterations = float(np.abs(sums - u).max()) / scale, iterations + 1
        if iterations == SLOW and error > tolerance:
            r, s, error = _by_newton(positive, negative, u, v, r, s, scale, tolerance)
    if not error <= tolerance:
        raise ValueError(_missed(positive, negative, u, v, r, s, scale, iterations))
    table = held + r[:, None] * positive * s
    if signed:
        table -= negative / r[:, None] / s
    return Balanced(table, iterations, error)


def kras(
    seed: Floats,
    constraints: csr_array,
    targets: Floats,
    reliability: Floats,
    fixed: Booleans | None = None,
    step: float = 0.1,
    tolerance: float = 1e-8,
    most: int = 10_000,
) -> Reconciled:
    """Adjustment to any sums of cells, which may contradict each other (Lenzen et al. 2009).

    Each constraint Σ_j g_ij t_j = c_i in turn multiplies its cells of g_ij t_j > 0 by r and
    divides the others by r, where r solves it, as in GRAS. When a round meets the sums no
    nearer than the one before, every target that is missed moves towards its sum by at most
    `step` times its standard deviation, so that the less sure give way first; one of
    reliability 0 never moves.

    Parameters
    ----------
    seed : (m,) cells; zeros stay zero
    constraints : (c, m) g, sparse
    targets : (c,) c
    reliability : (c,) standard deviation of each target, 0 for one that must hold
    fixed : (m,) cells that keep their seed
    step : share of the standard deviation that a target may move in one round
    tolerance : on |sum − target| relative to the largest target
    most : rounds

    Raises
    ------
    ValueError
        If shapes do not fit, a value is missing, or sums that must hold are not reached.
    """
    g = csr_array(constraints)
    _require_fitting(g, seed, targets, reliability)
    free = np.ones(len(seed), dtype=np.bool_) if fixed is None else ~fixed
    table = seed.astype(np.float64)
    settled = g @ np.where(free, 0.0, table)
    g, t, c = csr_array(g[:, np.flatnonzero(free)]), table[free], targets - settled
    scale = _scale(targets)
    error, iterations, before = np.inf, 0, np.inf
    while iterations < most:
        missed = np.array([_meet(t, g, i, float(target)) for i, target in enumerate(c)])
        error, iterations = float(np.abs(missed).max()) / scale, iterations + 1
        if error <= tolerance:
            break
        if error > before * 0.999:
            c = c - np.sign(missed) * np.minimum(np.abs(missed), step * reliability)
        before = error
    if not error <= tolerance:
        raise ValueError(
            f"the sums are missed by {error:.2g} of the largest after {iterations} rounds: "
            "those that must hold contradict each other, or rest on cells of zero"
        )
    table[free] = t
    return Reconciled(table, c + settled, iterations, error)


def _require_fitting(g: csr_array, seed: Floats, targets: Floats, reliability: Floats) -> None:
    if g.shape != (len(targets), len(seed)) or len(reliability) != len(targets):
        raise ValueError(
            f"constraints of shape {g.shape} for {len(targets)} targets of "
            f"{len(reliability)} reliabilities and {len(seed)} cells"
        )
    if np.isnan(seed).any() or np.isnan(targets).any() or not (reliability >= 0).all():
        raise ValueError(
            "cells, targets and reliabilities must all be there, the last not negative"
        )


def _by_newton(
    positive: Floats,
    negative: Floats,
    u: Floats,
    v: Floats,
    r: Floats,
    s: Floats,
    scale: float,
    tolerance: float,
) -> tuple[Floats, Floats, float]:
    """Factors r, s and the error they leave, by Newton's method from where iteration is slow.

    The factors minimise the convex Σ p r s + n / (r s) − u · log r − v · log s. Scaling in turn
    gains the less at a step the less the parts of a table have to do with each other: with cells of
    2e-4 between two regions 10,000 rounds are not enough, where some steps of this are. Along a
    direction in which the function is almost straight a step is as long as `LARGEST`.
    """
    rows = len(u)
    target = np.concatenate([u, v])
    alike = np.concatenate([np.ones(rows), -np.ones(len(v))]) / np.sqrt(len(target))

    def parts(x: Floats) -> tuple[Floats, Floats, float]:
        r, s = np.exp(x[:rows]), np.exp(x[rows:])
        up, down = r[:, None] * positive * s, negative / r[:, None] / s
        sums = np.concatenate([(up - down).sum(axis=1), (up - down).sum(axis=0)])
        return up + down, sums - target, float((up + down).sum() - target @ x)

    x = np.log(np.concatenate([r, s]))
    size, gradient, value = parts(x)
    for _ in range(MOST_NEWTON):
        error = np.abs(gradient).max()
        if error <= tolerance * scale:
            break
        hessian = np.diag(np.concatenate([size.sum(axis=1), size.sum(axis=0)]))
        hessian[:rows, rows:], hessian[rows:, :rows] = size, size.T
        curvature, direction = np.linalg.eigh(hessian)
        slope = direction.T @ (gradient - alike * (alike @ gradient))
        steep = np.maximum(curvature, np.abs(slope) / LARGEST)
        step = -direction @ np.divide(slope, steep, out=np.zeros_like(slope), where=steep > 0)
        length = 1.0
        while length > LEAST_LENGTH:
            with np.errstate(over="ignore", invalid="ignore"):
                size, gradient, new = parts(x + length * step)
            if new < value or np.abs(gradient).max() < error:
                break
            length /= 2
        else:
            break
        x, value = x + length * step, new
    # Of a step that was not taken the gradient is another's.
    return np.exp(x[:rows]), np.exp(x[rows:]), float(np.abs(parts(x)[1]).max()) / scale


# Kept wide: the table and its sums on both sides.
def _missed(
    positive: Floats,
    negative: Floats,
    u: Floats,
    v: Floats,
    r: Floats,
    s: Floats,
    scale: float,
    iterations: int,
) -> str:
    """Name the row or column that is missed most; one that is no number is missed beyond all."""
    with np.errstate(all="ignore"):
        table = r[:, None] * positive * s - negative / r[:, None] / s
        missed = np.concatenate([table.sum(axis=1) - u, table.sum(axis=0) - v])
    size = np.where(np.isfinite(missed), np.abs(missed), np.inf)
    k = int(size.argmax())
    name = f"row {k}" if k < len(u) else f"column {k - len(u)}"
    target = float(np.concatenate([u, v])[k])
    return (
        f"the sums are missed by {float(size[k]) / scale:.2g} of the largest after {iterations} "
        f"iterations, most of all {name}, which should add {target:.6g} to its fixed cells: the "
        "cells of zero do not allow them"
    )


def _factor(p: Floats, n: Floats, target: Floats) -> Floats:
    """The r > 0 with p r − n / r = target; 1 where there is nothing to adjust."""
    root = np.sqrt(target**2 + 4 * p * n)
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.where(target >= 0, (target + root) / (2 * p), 2 * n / (root - target))
    factor = np.where(p > 0, both, np.where(n > 0, n / np.where(target < 0, -target, 1.0), 1.0))
    return np.maximum(factor, np.finfo(float).tiny)


def _require_reachable(
    positive: Floats, negative: Floats, u: Floats, v: Floats, slack: float
) -> None:
    for name, p, n, target in (
        ("row", positive.sum(axis=1), negative.sum(axis=1), u),
        ("column", positive.sum(axis=0), negative.sum(axis=0), v),
    ):
        wrong = np.flatnonzero(((p == 0) & (target > slack)) | ((n == 0) & (target < -slack)))
        if wrong.size:
            raise ValueError(
                f"{name} {wrong[0]} should add {target[wrong[0]]:.6g} to its fixed cells, "
                f"which its free ones cannot ({wrong.size} such {name}s)"
            )


def _scale(targets: Floats) -> float:
    return max(float(np.abs(targets).max(initial=0.0)), float(np.finfo(float).tiny))


def _meet(t: Floats, g: csr_array, i: int, target: float) -> float:
    """Bring the cells of constraint i in place to its target; by how much it was missed before.

    Cells that cannot reach it, all zero or of the other sign, stay.
    """
    at = g.indices[g.indptr[i] : g.indptr[i + 1]]
    terms = g.data[g.indptr[i] : g.indptr[i + 1]] * t[at]
    p, n = float(terms[terms > 0].sum()), float(-terms[terms < 0].sum())
    if (p == 0 and target >= 0) or (n == 0 and target <= 0):
        return target - p + n
    r = float(_factor(np.array([p]), np.array([n]), np.array([target]))[0])
    t[at] = np.where(terms > 0, t[at] * r, np.where(terms < 0, t[at] / r, t[at]))
    return target - p + n
