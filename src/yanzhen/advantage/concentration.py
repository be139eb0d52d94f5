"""How concentrated an industry is in space, and how unequal regions are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.advantage.cross_table import Floats, cross_table, require_amounts
from yanzhen.advantage.specialisation import ROUNDING


@dataclass(frozen=True)
class TheilDecomposition:
    """Theil's T, its part between groups of regions and its part within them."""

    total: float
    between: float
    within: float


def herfindahl_index(x: Floats) -> Floats:
    """Concentration of an industry on few regions, H_s = Σ_r (x_rs / Σ_k x_ks)².

    Parameters
    ----------
    x : (N, S) amounts, NaN where missing, which leaves the sums

    Returns
    -------
    (S,), NaN for an industry without amounts
    """
    share = _shares_of_industry(x)
    return np.where(np.isnan(share).all(axis=0), np.nan, np.nansum(share**2, axis=0))


def hoover_index(x: Floats, reference: Floats) -> Floats:
    """Part of an industry that would have to move to lie as the reference lies (Hoover 1936).

        H_s = ½ Σ_r |x_rs / Σ_k x_ks − a_r / Σ_k a_k|,

    sums over the regions whose cell is there.

    Parameters
    ----------
    x : (N, S) amounts, NaN where missing
    reference : (N,) a, such as population or all employment

    Returns
    -------
    (S,), NaN for an industry without amounts, or where the reference is nothing
    """
    share, other = _shares_of_industry(x), _reference_shares(x, reference)
    distance = np.abs(share - other)
    return np.where(np.isnan(distance).all(axis=0), np.nan, np.nansum(distance, axis=0) / 2)


def locational_gini(x: Floats, reference: Floats) -> Floats:
    """Area between the Lorenz curve of an industry over the reference and the diagonal.

    Regions are ordered by x_rs / a_r; 0 where the industry lies as the reference, towards ½
    where it is all in a small place (Krugman 1991, appendix D).

    Parameters
    ----------
    x : (N, S) amounts, NaN where missing
    reference : (N,) a

    Returns
    -------
    (S,), NaN for an industry without amounts, or where the reference is nothing
    """
    share, other = _shares_of_industry(x), _reference_shares(x, reference)
    gini = np.full(x.shape[1], np.nan)
    for s in np.flatnonzero(~np.isnan(share).all(axis=0)):
        there = ~np.isnan(share[:, s]) & ((other[:, s] > 0) | (share[:, s] > 0))
        y, a = share[there, s], other[there, s]
        with np.errstate(divide="ignore"):
            order = np.argsort(y / a, kind="stable")
        height = np.concatenate([[0.0], np.cumsum(y[order])])
        under = float((a[order] * (height[1:] + height[:-1]) / 2).sum())
        gini[s] = max(0.5 - under, 0.0) if np.isfinite(under) else np.nan
    return gini


def gini(y: Floats) -> float:
    """Gini coefficient, Σ_ij |y_i − y_j| / (2 n Σ_i y_i), missing values left out.

    NaN if nothing is there or all is zero.
    """
    require_amounts(y[:, None])
    there = np.sort(y[~np.isnan(y)])
    n, total = len(there), there.sum()
    if total == 0:
        return float("nan")
    return float(2 * (np.arange(1, n + 1) * there).sum() / (n * total) - (n + 1) / n)


def theil(amount: Floats, people: Floats) -> float:
    """Theil's T of amounts per head (Theil 1967), missing values left out.

        T = Σ_i (Y_i / Y) ln[(Y_i / Y) / (P_i / P)]

    Parameters
    ----------
    amount : (n,) Y, such as GDP
    people : (n,) P > 0; with ones, the plain index of the amounts
    """
    return _theil(*_both_there(amount, people)[:2])


def theil_decomposition(
    amount: Floats, people: Floats, groups: Sequence[str]
) -> TheilDecomposition:
    """Theil's T between groups of regions and within them, which add up to it.

        T = Σ_g (Y_g / Y) ln[(Y_g / Y) / (P_g / P)] + Σ_g (Y_g / Y) T_g

    Parameters
    ----------
    amount : (n,) Y
    people : (n,) P > 0
    groups : (n,) group of each region, such as its macro-region
    """
    y, p, there = _both_there(amount, people)
    names, member = np.unique(np.asarray(groups)[there], return_inverse=True)
    group_y, group_p = np.zeros(len(names)), np.zeros(len(names))
    np.add.at(group_y, member, y)
    np.add.at(group_p, member, p)
    total, between = _theil(y, p), _theil(group_y, group_p)
    return TheilDecomposition(total, between, total - between)


def ellison_glaeser(x: Floats, reference: Floats, plants: Floats) -> Floats:
    """Concentration beyond what the size of enterprises alone brings (Ellison and Glaeser 1997).

        γ_s = (G_s / (1 − Σ_r a_r²) − H_s) / (1 − H_s),   G_s = Σ_r (s_rs − a_r)²

    Parameters
    ----------
    x : (N, S) amounts, NaN where missing
    reference : (N,), a_r its shares over the regions whose cell is there
    plants : (S,) H_s, Herfindahl index of enterprise sizes; see `enterprise_herfindahl`

    Returns
    -------
    (S,), NaN without amounts, without H_s, where one enterprise makes all, or where one region
    is all of the reference
    """
    share, other = _shares_of_industry(x), _reference_shares(x, reference)
    spread = 1 - np.nansum(other**2, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.nansum((share - other) ** 2, axis=0) / spread
        gamma = (raw - plants) / (1 - plants)
    nothing = np.isnan(share - other).all(axis=0)
    alone = (plants >= 1 - ROUNDING) | (spread <= ROUNDING)
    return np.where(nothing | alone, np.nan, gamma)


def enterprise_herfindahl(enterprises: pl.DataFrame, size: str) -> pl.DataFrame:
    """Herfindahl index of enterprise sizes, from the study's `enterprises` table.

        H_s = Σ_i n_i w_i² / (Σ_i n_i w_i)²

    over the blocks i of industry s, n_i enterprises of size w_i each.

    Returns
    -------
    industry, herfindahl; null where a block of the industry has no size, or nothing is made
    """
    n, w = pl.col("count"), pl.col(size)
    total = (n * w).sum()
    known = w.is_not_null().all() & n.is_not_null().all() & (total > 0)
    return (
        enterprises.group_by("industry", maintain_order=True)
        .agg(herfindahl=pl.when(known).then((n * w**2).sum() / total**2))
        .sort("industry")
    )


def concentration(frame: pl.DataFrame, value: str, reference: pl.DataFrame) -> pl.DataFrame:
    """How concentrated each industry of a long frame (region, industry, `value`) is, one year.

    Parameters
    ----------
    reference : region, reference: what the industry is set against, such as population

    Returns
    -------
    industry, herfindahl, hoover, locational_gini, gini (null without amounts), cells (there)
    """
    table = cross_table(frame, value)
    joined = pl.DataFrame({"region": table.regions}, schema={"region": pl.String}).join(
        reference, on="region", how="left", maintain_order="left"
    )
    a = joined["reference"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    x = np.where(np.isnan(a)[:, None], np.nan, table.values)
    measures = {
        "herfindahl": herfindahl_index(x),
        "hoover": hoover_index(x, a),
        "locational_gini": locational_gini(x, a),
        "gini": np.array([gini(column) for column in x.T]),
    }
    return pl.DataFrame(
        {"industry": table.industries}, schema={"industry": pl.String}
    ).with_columns(
        *(pl.Series(name, values, nan_to_null=True) for name, values in measures.items()),
        pl.Series("cells", (~np.isnan(x)).sum(axis=0), dtype=pl.Int64),
    )


def _shares_of_industry(x: Floats) -> Floats:
    require_amounts(x)
    total = np.nansum(x, axis=0)
    share: Floats = np.full(x.shape, np.nan)
    np.divide(x, total, out=share, where=total > 0)
    return share


def _reference_shares(x: Floats, reference: Floats) -> Floats:
    """(N, S) shares of the reference over the regions whose cell is there."""
    require_amounts(reference[:, None])
    if (~np.isnan(x) & np.isnan(reference)[:, None]).any():
        raise ValueError("a region with amounts has no reference; leave its cells out first")
    a = np.where(np.isnan(x), np.nan, reference[:, None])
    total = np.nansum(a, axis=0)
    share: Floats = np.full(x.shape, np.nan)
    np.divide(a, total, out=share, where=total > 0)
    return share


def _both_there(amount: Floats, people: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    require_amounts(amount[:, None])
    there = ~np.isnan(amount) & ~np.isnan(people)
    if (people[there] <= 0).any():
        raise ValueError("a region without people has no amount per head")
    return amount[there], people[there], there


def _theil(y: Floats, p: Floats) -> float:
    if y.sum() == 0:
        return float("nan")
    share, weight = y / y.sum(), p / p.sum()
    made = share > 0
    return float((share[made] * np.log(share[made] / weight[made])).sum())
