"""Why a total changed between two years: the part of each factor of a product."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from yanzhen.accounts.input_output import Floats, leontief_inverse


def structural_decomposition(before: Sequence[Floats], after: Sequence[Floats]) -> list[Floats]:
    """Change of a product of matrices, split over its factors.

    For F = F₁ F₂ … F_k the part of factor i is the mean of the two polar forms
    (Dietzenbacher and Los 1998, eq. 11),

        ½ [F₁¹ … F₍ᵢ₋₁₎¹ ΔFᵢ F₍ᵢ₊₁₎⁰ … F_k⁰  +  F₁⁰ … F₍ᵢ₋₁₎⁰ ΔFᵢ F₍ᵢ₊₁₎¹ … F_k¹],

    which adds up to the change exactly and comes close to the mean of all k! forms.

    Parameters
    ----------
    before, after : factors in the order of multiplication; a vector stands for its diagonal
        matrix, so a final vector is given as an array of one column

    Returns
    -------
    a part for each factor, in the shape of the product
    """
    if len(before) != len(after):
        raise ValueError(f"{len(before)} factors before and {len(after)} after")
    old, new = [_matrix(f) for f in before], [_matrix(f) for f in after]
    parts = []
    for i in range(len(old)):
        change = new[i] - old[i]
        one = _product([*new[:i], change, *old[i + 1 :]])
        other = _product([*old[:i], change, *new[i + 1 :]])
        parts.append((one + other) / 2)
    return parts


def output_change(
    a_before: Floats, a_after: Floats, y_before: Floats, y_after: Floats
) -> tuple[Floats, Floats]:
    """Change of output by technology, L¹ ΔA L⁰ and its polar mean, and by final demand.

    Parameters
    ----------
    a_before, a_after : (n, n) technical coefficients
    y_before, y_after : (n,) final demand, in prices of the same year

    Returns
    -------
    (n,) and (n,), which add up to the change of output
    """
    technology, demand = structural_decomposition(
        [leontief_inverse(a_before), y_before[:, None]],
        [leontief_inverse(a_after), y_after[:, None]],
    )
    return technology[:, 0], demand[:, 0]


def _matrix(factor: Floats) -> Floats:
    return np.diag(factor) if factor.ndim == 1 else factor


def _product(factors: Sequence[Floats]) -> Floats:
    return reduce(np.matmul, factors)
