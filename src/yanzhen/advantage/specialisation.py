"""How much a region's mix of industries differs from the nation's."""

import numpy as np
import polars as pl

from yanzhen.advantage.cross_table import (
    CrossTable,
    Floats,
    cross_table,
    long_frame,
    require_amounts,
)


def location_quotient(x: Floats) -> Floats:
    """Share of an industry in a region over its share in the nation (Balassa 1965).

        LQ_rs = (x_rs / Σ_s x_rs) / (Σ_r x_rs / Σ_rs x_rs)

    Sums run over the cells that are there, so a table with holes should be completed first.
    A missing cell stays NaN; a cell of a region or an industry whose sum is zero is NaN, as its
    share is not defined.

    Parameters
    ----------
    x : (N, S) amounts, NaN where missing

    Raises
    ------
    ValueError
        If an amount is negative or infinite.
    """
    require_amounts(x)
    region = np.nansum(x, axis=1, keepdims=True)
    industry = np.nansum(x, axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = (x / region) / (industry / region.sum())
    quotient[~np.isfinite(quotient)] = np.nan
    return quotient


def location_quotient_by_population(x: Floats, population: Floats) -> Floats:
    """Amount of an industry per head over the nation's.

        LQ_rs = (x_rs / P_r) / (Σ_r x_rs / Σ_r P_r)

    The nation of an industry is made of the regions whose cell and population are both there.

    Parameters
    ----------
    x : (N, S) amounts, NaN where missing
    population : (N,), NaN where missing; a region without people has no quotient

    Raises
    ------
    ValueError
        If an amount or a population is negative or infinite.
    """
    require_amounts(x)
    require_amounts(population[:, None])
    there = ~np.isnan(x) & ~np.isnan(population)[:, None]
    people = np.where(there, population[:, None], 0.0).sum(axis=0)
    total = np.where(there, x, 0.0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = (x / population[:, None]) / (total / people)
    quotient[~np.isfinite(quotient)] = np.nan
    return quotient


def presence(quotient: Floats, threshold: float = 1.0) -> Floats:
    """1 where the quotient reaches the threshold, 0 where it does not, NaN where it is missing."""
    return np.where(np.isnan(quotient), np.nan, (quotient >= threshold).astype(np.float64))


def location_quotients(frame: pl.DataFrame, value: str) -> pl.DataFrame:
    """Location quotients of a long frame (region, industry, `value`), one year.

    Returns
    -------
    region, industry, location_quotient (null where missing)
    """
    table: CrossTable = cross_table(frame, value)
    return long_frame(
        table.regions,
        table.industries,
        {"location_quotient": location_quotient(table.values)},
    )
