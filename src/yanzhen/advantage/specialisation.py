"""How much a region's mix of industries differs from the nation's."""

import numpy as np
import polars as pl
from scipy.special import entr

from yanzhen.advantage.cross_table import (
    Floats,
    cross_table,
    require_amounts,
)

ROUNDING = 1e-10
"""Part by which a figure may miss another that it equals but for rounding of the arithmetic."""


def least(threshold: float) -> float:
    """Smallest figure that counts as reaching a threshold.

    A quotient of regions all alike is 1 only to the last few of its sixteen digits; what is to be
    on one side of a threshold and what on the other is decided here and nowhere else.
    """
    return threshold * (1 - ROUNDING)


def location_quotient(x: Floats) -> Floats:
    """Share of an industry in a region over its share in the nation (Balassa 1965).

        LQ_rs = (x_rs / Σ_t x_rt) / (Σ_k x_ks / Σ_t Σ_k x_kt)

    The sums over t run over the industries whose cell in region r is there, in both shares, so
    that a hole does not raise the region's other quotients; the sums over k over the regions
    whose cell is there. A missing cell stays NaN; a cell of a region or an industry whose sum is
    zero is NaN, as its share is not defined.

    Parameters
    ----------
    x : (N, S) amounts, NaN where missing

    Raises
    ------
    ValueError
        If an amount is negative or infinite.
    """
    region, industry, nation = _sums(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = x * (nation / region)[:, None]
        quotient /= industry
    quotient[:, industry == 0] = np.nan
    return quotient


def shares(x: Floats) -> tuple[Floats, Floats]:
    """Shares of industries in each region, and in the nation over the same industries.

        s_rs = x_rs / Σ_t x_rt,   n_rs = Σ_k x_ks / Σ_t Σ_k x_kt,   t over the cells of r there.

    Returns
    -------
    (N, S) and (N, S); NaN where the cell is missing or the region has nothing
    """
    region, industry, nation = _sums(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = x / region[:, None]
        national = industry / nation[:, None]
    return own, np.where(np.isnan(own), np.nan, national)


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
    """1 where the quotient reaches the threshold, 0 where it does not, NaN where it is missing.

    A quotient within `ROUNDING` of the threshold reaches it, so that regions that are all alike
    are all present, whatever the last digit of their figures.
    """
    m = (quotient >= least(threshold)).astype(np.float64)
    m[np.isnan(quotient)] = np.nan
    return m


def krugman_index(x: Floats) -> Floats:
    """How far a region's mix is from the nation's, K_r = Σ_s |s_rs − n_rs| (Krugman 1991).

    0 for the nation's own mix, at most 2; half of it is Hoover's coefficient of specialisation.
    Shares as in `shares`.

    Returns
    -------
    (N,), NaN for a region without amounts
    """
    own, national = shares(x)
    return _sum_there(np.abs(own - national))


def hachman_index(x: Floats) -> Floats:
    """How alike a region's mix is to the nation's, 1 / Σ_s s_rs LQ_rs (Hachman 1995).

    1 for the nation's own mix, towards 0 for an industry that is found nowhere else.

    Returns
    -------
    (N,), NaN for a region without amounts
    """
    own, _ = shares(x)
    return 1.0 / _sum_there(own * location_quotient(x))


def region_herfindahl(x: Floats) -> Floats:
    """Concentration of a region on few industries, H_r = Σ_s s_rs² (Herfindahl 1950).

    Returns
    -------
    (N,), NaN for a region without amounts
    """
    own, _ = shares(x)
    return _sum_there(own**2)


def effective_industries(x: Floats) -> Floats:
    """How many industries of equal size are as mixed as a region's own, exp(−Σ_s s_rs ln s_rs).

    The Hill number of order one (Hill 1973, eq. 5): 1 for one industry, S for S alike.

    Returns
    -------
    (N,), NaN for a region without amounts
    """
    own, _ = shares(x)
    return np.exp(_sum_there(entr(own)))


def specialisation(frame: pl.DataFrame, value: str) -> pl.DataFrame:
    """How specialised each region of a long frame (region, industry, `value`) is, one year.

    Returns
    -------
    region, krugman, hachman, herfindahl, effective_industries (null where the region has no
    amounts), cells (there)
    """
    table = cross_table(frame, value)
    measures = {
        "krugman": krugman_index(table.values),
        "hachman": hachman_index(table.values),
        "herfindahl": region_herfindahl(table.values),
        "effective_industries": effective_industries(table.values),
    }
    return pl.DataFrame({"region": table.regions}, schema={"region": pl.String}).with_columns(
        *(pl.Series(name, values, nan_to_null=True) for name, values in measures.items()),
        pl.Series("cells", (~np.isnan(table.values)).sum(axis=1), dtype=pl.Int64),
    )


def _sums(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Sums of the regions, of the industries, and of the industries there in each region."""
    require_amounts(x)
    there = ~np.isnan(x)
    region: Floats = x.sum(axis=1, where=there)
    industry: Floats = x.sum(axis=0, where=there)
    nation = np.full(len(x), industry.sum()) if there.all() else there @ industry
    return region, industry, nation


def _sum_there(terms: Floats) -> Floats:
    """Sum of each row over its cells that are there, NaN for a row without any."""
    total: Floats = np.nansum(terms, axis=1)
    return np.where(np.isnan(terms).all(axis=1), np.nan, total)
