"""What each region's industries buy, by its own table, brought to the nation's table of a year.

The cost of industry j in region r has the shares q_rmj: of product m of the industries looked at,
of all other products, and of value added. A region's own table, of an earlier year 0 perhaps, says
how its shares differ from those of all own tables together, ρ_rmj = q⁰_rmj / q⁰_mj. The shares are

    q_rmj = λ_rj μ_mj q_mj ρ_rmj,     Σ_m q_rmj = 1,     Σ_r q_rmj x_rj = q_mj Σ_r x_rj,

by RAS: as near to the nation's shares q_mj times ρ as sums allow, adding up to the nation's table.
A region without a table, or that made none of j then, takes ρ = 1.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.balancing import ras
from yanzhen.accounts.input_output import Floats, InputOutputTable
from yanzhen.accounts.panel import Panel
from yanzhen.accounts.regional_tables import RegionalTables, regional_tables
from yanzhen.study import Study

LEAST = 1e-3
"""Least ρ: a purchase of nothing, or a negative value added, would let sums be out of reach."""
NOTHING = 1e-9
"""Output, over its mean, of a region that makes none: its shares are those it would have."""


@dataclass(frozen=True)
class RegionalInputs:
    """Shares of cost of S industries in N regions, by the regions' own tables.

    Attributes
    ----------
    year : of the own tables
    products : (N, S, S) input of product i of any origin per unit of output of industry j
    others : (N, S) inputs of all other products
    value_added : (N, S)
    own_share : (N, S) of product i that region r uses, made in r by its own table; NaN not known
    others_own_share : (N,) the same of all other products together
    """

    year: int
    products: Floats
    others: Floats
    value_added: Floats
    own_share: Floats
    others_own_share: Floats


def regional_inputs(
    study: Study, panel: Panel, output: Floats, nation: InputOutputTable
) -> RegionalInputs | None:
    """Inputs of a panel's industries by regions' own tables; None where the study has none.

    An industry that the own tables don't divide takes the ρ of the whole that it is a part of.

    Parameters
    ----------
    output : (N, S) completed output of the panel's last year
    nation : table with every industry of the panel, and others
    """
    own = regional_tables(study, panel.base_year)
    if own is None:
        return None
    at = _sectors_in(own, panel.industries, study.tables["industries"])
    known = _shares(own, at)
    relative, share = _relative(own, at, known), own.own_share
    place = {region: n for n, region in enumerate(own.regions)}
    rho = np.ones((len(panel.regions), len(at) + 2, len(at)))
    home = np.full((len(panel.regions), len(at)), np.nan)
    others_home, others = np.full(len(panel.regions), np.nan), _others_own_share(own, at)
    listed = np.flatnonzero(at >= 0)
    for n, region in enumerate(panel.regions):
        if region in place:
            rho[n] = relative[place[region]]
            home[n, listed] = share[place[region], at[listed]]
            others_home[n] = others[place[region]]
    shares = _balanced(rho, np.nan_to_num(output), _national_shares(nation, panel.industries))
    return RegionalInputs(own.year, shares[:, :-2], shares[:, -2], shares[:, -1], home, others_home)


def _sectors_in(
    own: RegionalTables, industries: tuple[str, ...], declared: pl.DataFrame
) -> NDArray[np.int64]:
    """(S,) sector of each industry in the own tables, or of the whole it is part of; −1 without."""
    above = dict(declared.select("industry", "parent").iter_rows())
    sector = {code: k for k, code in enumerate(own.sectors)}
    found = [sector.get(code, sector.get(above.get(code) or "", -1)) for code in industries]
    return np.array(found, dtype=np.int64)


def _others_own_share(own: RegionalTables, at: NDArray[np.int64]) -> Floats:
    """(N,) own part of what is used of the sectors that stand for no industry, where known."""
    share, used = np.delete(own.own_share, at[at >= 0], axis=1), np.delete(own.used, at[at >= 0], 1)
    known = np.isfinite(share)
    here, made = np.where(known, used, 0.0).sum(axis=1), np.nansum(share * used, axis=1)
    part: Floats = np.divide(made, here, out=np.full(len(here), np.nan), where=here > 0)
    return part


def _shares(own: RegionalTables, at: NDArray[np.int64]) -> Floats:
    """(N, S + 2, S) money paid for each product, all others and value added, by industry."""
    bought = own.purchases[:, :, at]
    kept = np.unique(at[at >= 0])
    others = bought.sum(axis=1) - bought[:, kept].sum(axis=1)
    paid = np.concatenate([bought[:, at], others[:, None], own.value_added[:, None, at]], axis=1)
    paid[:, :-2][:, at < 0] = 0.0
    paid[:, :, at < 0] = 0.0
    return paid


def _relative(own: RegionalTables, at: NDArray[np.int64], paid: Floats) -> Floats:
    """(N, S + 2, S) ρ, one where the region or all together paid nothing of it."""
    made = own.output[:, at][:, None]
    of_region = np.divide(paid, made, out=np.zeros_like(paid), where=made > 0)
    whole = made.sum(axis=0)
    of_all = np.divide(paid.sum(axis=0), whole, out=np.zeros(paid.shape[1:]), where=whole > 0)
    told = (made > 0) & (of_all > 0)[None]
    rho: Floats = np.divide(of_region, of_all[None], out=np.ones_like(paid), where=told)
    return np.maximum(rho, LEAST)


def _national_shares(nation: InputOutputTable, industries: tuple[str, ...]) -> Floats:
    """(S + 2, S) shares of cost in the nation's table; nothing of an industry without output."""
    at = [nation.sectors.index(code) for code in industries]
    bought = nation.intermediate[:, at]
    paid = np.vstack(
        [
            bought[at],
            bought.sum(axis=0) - bought[at].sum(axis=0),
            nation.value_added[:, at].sum(axis=0),
        ]
    )
    made = nation.output[at]
    shares: Floats = np.divide(paid, made, out=np.zeros_like(paid), where=made > 0)
    return shares


def _balanced(rho: Floats, output: Floats, nation: Floats) -> Floats:
    """(N, S + 2, S) q."""
    shares = np.zeros_like(rho)
    for j in range(output.shape[1]):
        if not nation[:, j].any():
            continue
        made = np.maximum(output[:, j], NOTHING * max(float(output[:, j].mean()), NOTHING))
        target = np.maximum(nation[:, j], 0.0)
        target = target / target.sum() * made.sum()
        found = ras(made[:, None] * nation[None, :, j].clip(0.0) * rho[:, :, j], made, target)
        shares[:, :, j] = found.table / found.table.sum(axis=1, keepdims=True)
    return shares
