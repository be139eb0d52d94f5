"""Access of an industry in a region to its suppliers and to its markets."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def decayed(distance: Floats, decay: float) -> Floats:
    """(N, N) exp(−d / decay), one at home."""
    weight: Floats = np.exp(-distance / decay)
    return weight


def supplier_access(weight: Floats, output: Floats, coefficients: Floats) -> Floats:
    """(N, S) output of its suppliers within reach of an industry, weighted by its inputs.

    SA_js = Σ_r (a_jrs / Σ_q a_jqs) Σ_k w_jk Y_kr / Σ_k Y_kr, a share of the nation's supply: one
    when all of every input is at home (Harris 1954, market potential, taken over inputs). 0 for
    an industry that buys none of the inputs: it is the same everywhere.

    Parameters
    ----------
    weight : (N, N) w_jk, one at no distance
    output : (N, S), NaN where missing, which then counts for nothing
    coefficients : (S, S) a_rs, input of r per unit of output of s, or (N, S, S) of each region
    """
    reached = weight @ _shares(output)
    if coefficients.ndim == 2:
        return reached @ _normalised(coefficients)
    access: Floats = np.einsum("jr,jrs->js", reached, _normalised(coefficients))
    return access


def market_access(
    weight: Floats,
    output: Floats,
    sales: Floats,
    final_sales: Floats,
    size: Floats,
    coefficients: Floats | None = None,
) -> Floats:
    """(N, S) share of an industry's domestic sales within reach.

    MA_js = Σ_q (z_sq Σ_k w_jk a_ksq Y_kq / Σ_k a_ksq Y_kq) + f_s Σ_k w_jk size_k / Σ_k size_k, over
    Σ_q z_sq + f_s (Harris 1954); a_ksq drops out where it is the same in every region. 0 for an
    industry that sells nothing at home: it is the same everywhere; final users count for nothing
    where no region has a size.

    Parameters
    ----------
    weight : (N, N) w_jk
    output : (N, S) output of the using industries, NaN where missing
    sales : (S, S) z_sq, sales of s to q
    final_sales : (S,) f_s, domestic sales to final users and to sectors outside the panel
    size : (N,) weight of each region as a final market, such as its GDP
    coefficients : (N, S, S) a_ksq, input of s per unit of output of q in region k; not given where
        it is the same in every region
    """
    whole = float(size.sum())
    final = weight @ (size / whole if whole > 0 else np.zeros_like(size))
    if coefficients is None:
        using = weight @ _shares(output) @ sales.T
    else:
        bought = coefficients * np.nan_to_num(output)[:, None, :]
        total = bought.sum(axis=0)
        share = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
        using = np.einsum("jk,ksq,sq->js", weight, share, sales, optimize=True)
    reached = using + final[:, None] * final_sales[None]
    reachable = sales.sum(axis=1) + final_sales
    access: Floats = reached / np.where(reachable > 0, reachable, 1.0)[None]
    return access


def _shares(output: Floats) -> Floats:
    known = np.nan_to_num(output, nan=0.0)
    total = known.sum(axis=0)
    return known / np.where(total > 0, total, 1.0)[None]


def _normalised(coefficients: Floats) -> Floats:
    total = coefficients.sum(axis=-2, keepdims=True)
    normalised: Floats = coefficients / np.where(total > 0, total, 1.0)
    return normalised
