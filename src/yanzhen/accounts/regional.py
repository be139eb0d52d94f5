"""A region's input coefficients estimated from the nation's by location quotients."""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.input_output import (
    Floats,
    InputOutputTable,
    leontief_inverse,
    technical_coefficients,
)


@dataclass(frozen=True)
class Fit:
    """How near estimated flows are to known ones.

    Attributes
    ----------
    total_error : Σ |ẑ − z| / Σ z, the standardised total percentage error (Jensen 1980)
    bias : Σ (ẑ − z) / Σ z
    correlation : between the cells
    multiplier_error : mean |m̂ − m| / m of the output multipliers
    """

    total_error: float
    bias: float
    correlation: float
    multiplier_error: float


def simple_quotient(output: Floats, nation: Floats) -> Floats:
    """(S,) SLQ_i = (x_i / Σ x) / (X_i / Σ X) of a region's output x in a nation's X.

    0 for a product that the nation does not make.
    """
    quotient: Floats = np.zeros(len(nation))
    np.divide(output / output.sum(), nation / nation.sum(), out=quotient, where=nation > 0)
    return quotient


def cross_industry_quotient(output: Floats, nation: Floats) -> Floats:
    """(S, S) CILQ_ij = (x_i / X_i) / (x_j / X_j) of seller i and buyer j, SLQ_i on the diagonal.

    0 where the buyer makes nothing.
    """
    simple = simple_quotient(output, nation)
    shape = (len(simple), len(simple))
    quotient = np.divide(simple[:, None], simple, out=np.zeros(shape), where=simple > 0)
    np.fill_diagonal(quotient, simple)
    return quotient


def flegg_quotient(output: Floats, nation: Floats, delta: float) -> Floats:
    """(S, S) FLQ_ij = CILQ_ij [log₂(1 + Σ x / Σ X)]^δ (Flegg and Webber 1997).

    A smaller region buys more from outside; δ = 0 is the cross-industry quotient. Estimates of
    δ lie mostly between 0.2 and 0.4 and should come from a table that is known (`fit`).
    """
    size = np.log2(1 + output.sum() / nation.sum()) ** delta
    return cross_industry_quotient(output, nation) * float(size)


def regional_coefficients(a: Floats, quotient: Floats) -> Floats:
    """(S, S) inputs from the region itself per unit of output, a_ij min(1, q_ij).

    The rest of a_ij comes from other regions.

    Parameters
    ----------
    a : (S, S) the nation's coefficients of domestic flows
    quotient : (S, S), or (S,) of the sellers
    """
    q = quotient[:, None] if quotient.ndim == 1 else quotient
    return a * np.minimum(q, 1.0)


def fit(estimated: Floats, known: Floats, output: Floats) -> Fit:
    """How near (n, n) estimated flows are to the known ones of an economy of (n,) output."""
    total = float(known.sum())
    true = leontief_inverse(technical_coefficients(known, output)).sum(axis=0)
    multipliers = leontief_inverse(technical_coefficients(estimated, output)).sum(axis=0)
    return Fit(
        total_error=float(np.abs(estimated - known).sum()) / total,
        bias=float((estimated - known).sum()) / total,
        correlation=float(np.corrcoef(estimated.ravel(), known.ravel())[0, 1]),
        multiplier_error=float(np.mean(np.abs(multipliers - true) / true)),
    )


def flegg_fit(known: InputOutputTable, delta: float) -> dict[str, Fit]:
    """Fit of the FLQ on a multi-regional table that is known, region by region.

    The nation is the table added up over its regions; what a region buys from itself is then
    estimated from it and held against the table.
    """
    names = sorted(set(known.regions))
    x = {r: known.output[[k == r for k in known.regions]] for r in names}
    nation = np.sum(list(x.values()), axis=0)
    count = len(nation)
    a = technical_coefficients(added_up(known.domestic, count), nation)
    fits = {}
    for region in names:
        at = np.flatnonzero([k == region for k in known.regions])
        estimated = regional_coefficients(a, flegg_quotient(x[region], nation, delta)) * x[region]
        fits[region] = fit(estimated, known.domestic[np.ix_(at, at)], x[region])
    return fits


def added_up(z: Floats, sectors: int) -> Floats:
    """(S, S) flows between sectors, of (N S, N S) flows with the regions' sectors in blocks."""
    regions = len(z) // sectors
    total: Floats = z.reshape(regions, sectors, regions, sectors).sum(axis=(0, 2))
    return total
