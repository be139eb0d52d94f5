"""Ratios that are defined, and those that are not.

A sum or a difference of figures is known no better than rounding leaves it: what lies within
`ROUNDING` of the amounts that went into it is nothing. A ratio to nothing is not defined: null, and
a text says so. 30 billion over 3e-14 jobs is no cost per job, and no share of 3e-14 is one.
"""

import polars as pl

ROUNDING = 1e-12
"""Part of the amounts summed below which their sum or difference is rounding."""


def ratio(
    part: float, whole: float, scale: float | None = None, nothing: float = ROUNDING
) -> float | None:
    """Return part / whole, None where the whole is not above nothing.

    Parameters
    ----------
    scale : size of the amounts that the whole is a sum or a change of; the whole's own where not
        given, so that zero alone is nothing
    nothing : part of the scale up to which the whole is nothing, larger for what is computed to a
        tolerance
    """
    least = nothing * abs(scale) if scale is not None else 0.0
    # False where a figure is NaN.
    return part / whole if whole > least else None


def ratio_column(
    part: pl.Expr, whole: pl.Expr, scale: pl.Expr | None = None, nothing: float = ROUNDING
) -> pl.Expr:
    """Return part / whole, null where the whole is not above nothing.

    Parameters
    ----------
    scale : as in `ratio`; the largest of the column's wholes where not given
    """
    size = whole.abs().max() if scale is None else scale.abs()
    return pl.when(whole.is_finite() & (whole > nothing * size)).then(part / whole)


def without_rounding(amount: float, summed: float) -> float:
    """Return an amount, or zero where it is the rounding of sums of size `summed`; never −0."""
    return 0.0 if abs(amount) <= ROUNDING * abs(summed) else amount


def difference_column(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Return one less the other, zero where that is rounding."""
    left = one - other
    return pl.when(left.abs() <= ROUNDING * (one.abs() + other.abs())).then(0.0).otherwise(left)
