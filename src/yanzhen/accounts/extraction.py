"""One factorised economy asked many questions: demand scenarios, and what falls if a part goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.linalg import lapack

from yanzhen.accounts.input_output import Floats, InputOutputTable, technical_coefficients


@dataclass(frozen=True)
class Factorisation:
    """The LU factors of (I − A)′, to be solved again and again.

    The transpose, since a table by rows is a transposed one by columns, as LAPACK wants it.

    Attributes
    ----------
    lu : (n, n) both factors in one array, in Fortran order
    pivots : (n,)
    """

    lu: Floats
    pivots: NDArray[np.int32]

    @property
    def sectors(self) -> int:
        return len(self.lu)


def factorised(a: Floats) -> Factorisation:
    """LU factors of I − A, in one array beside A itself.

    Parameters
    ----------
    a : (n, n) technical coefficients, left as they are

    Raises
    ------
    ValueError
        If I − A is singular.
    """
    remainder = np.negative(a, dtype=np.float64, order="C")
    remainder[np.diag_indices_from(remainder)] += 1.0
    lu, pivots, info = lapack.dgetrf(remainder.T, overwrite_a=True)
    if info > 0:
        raise ValueError("I − A is singular: some sectors use up all that they make")
    return Factorisation(lu, pivots)


def output_for(economy: Factorisation, y: Floats) -> Floats:
    """Output x = (I − A)⁻¹ y for one final demand (n,) or for k of them (n, k)."""
    return _solved(economy, y, transposed=True)


def prices_for(economy: Factorisation, v: Floats) -> Floats:
    """Prices p′ = v′ (I − A)⁻¹ of primary costs (n,), or (n, k), per unit of output."""
    return _solved(economy, v, transposed=False)


def without(economy: Factorisation, y: Floats, extracted: Sequence[int]) -> Floats:
    """Output of the economy if some sectors are gone altogether (Miller and Lahr 2001, case 1).

    Their sales, purchases and final demand fall away, and the others import what they sold. With
    K the extracted sectors, E_K their unit vectors, ỹ the demand without theirs and L the
    Leontief inverse,

        x* = L ỹ − L E_K L_KK⁻¹ (L ỹ)_K,

    the block inverse without any new factorisation: |K| + 1 solutions.

    Parameters
    ----------
    y : (n,) final demand
    extracted : positions K

    Returns
    -------
    (n,), zero at K
    """
    kept = y.copy()
    kept[list(extracted)] = 0.0
    x = output_for(economy, kept)
    return _less(x, x[list(extracted)], _columns(economy, extracted), extracted)


def without_purchases(economy: Factorisation, y: Floats, extracted: Sequence[int]) -> Floats:
    """Output if some sectors buy nothing from anyone at home, their columns of A zero.

    The backward part of the extraction (Dietzenbacher and van der Linden 1997):
    x* = L y − (L − I) E_K L_KK⁻¹ (L y)_K, as (L − I)_KK + I = L_KK.
    """
    x = output_for(economy, y)
    columns = _columns(economy, extracted)
    own = x[list(extracted)]
    response = np.linalg.solve(columns[list(extracted)], own)
    fallen: Floats = x - columns @ response
    fallen[list(extracted)] += response
    return fallen


def without_sales(economy: Factorisation, y: Floats, extracted: Sequence[int]) -> Floats:
    """Output if some sectors sell nothing to anyone's production, their rows of A zero.

    They keep their final demand: x* = L y − L E_K L_KK⁻¹ ((L y)_K − y_K), as A L = L − I. The
    output lost upstream of their customers is read from it; the forward part in the Ghosh
    sense is `without_purchases` on the transposed allocation coefficients.
    """
    x = output_for(economy, y)
    own = x[list(extracted)] - y[list(extracted)]
    return _less(x, own, _columns(economy, extracted), extracted)


def losses(table: InputOutputTable, parts: Mapping[str, Sequence[int]]) -> pl.DataFrame:
    """What the rest of the economy would lose with each of some parts gone, the heaviest first.

    Parameters
    ----------
    table : of domestic flows
    parts : rows of the table that make up each part, such as a region or a sector everywhere

    Returns
    -------
    part, own (its output), elsewhere (output that the others lose), share (of all output)
    """
    economy = factorised(technical_coefficients(table.domestic, table.output))
    y = table.final_domestic.sum(axis=1)
    x, rows = output_for(economy, y), []
    for part, places in parts.items():
        own = float(x[list(places)].sum())
        elsewhere = float((x - without(economy, y, places)).sum()) - own
        rows.append((part, own, elsewhere, elsewhere / float(x.sum())))
    schema = {"part": pl.String, "own": pl.Float64, "elsewhere": pl.Float64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort(
        "elsewhere", "part", descending=[True, False]
    )


def _columns(economy: Factorisation, places: Sequence[int]) -> Floats:
    """(n, |K|) L E_K."""
    units = np.zeros((economy.sectors, len(places)), order="F")
    units[list(places), np.arange(len(places))] = 1.0
    return output_for(economy, units)


def _less(x: Floats, own: Floats, columns: Floats, extracted: Sequence[int]) -> Floats:
    places = list(extracted)
    remaining: Floats = x - columns @ np.linalg.solve(columns[places], own)
    return remaining


def _solved(economy: Factorisation, right: Floats, transposed: bool) -> Floats:
    if len(right) != economy.sectors:
        raise ValueError(f"{len(right)} values for {economy.sectors} sectors")
    x, _ = lapack.dgetrs(economy.lu, economy.pivots, right, trans=int(transposed))
    solution: Floats = x
    return solution
