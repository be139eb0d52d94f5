"""A multi-regional table estimated from a national one, with gravity between the regions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.balancing import ras
from yanzhen.accounts.input_output import Floats, InputOutputTable, technical_coefficients
from yanzhen.accounts.regional import Fit, added_up, fit

BOOKED_WHERE_MADE = ("exports", "statistical_error")


SURE = 0.01, 0.99
"""Own shares beyond these leave room for sums to be met."""


@dataclass(frozen=True)
class Technology:
    """Inputs per unit of output of S sectors in N regions.

    Attributes
    ----------
    domestic, imported : (N, S, S) of product i
    value_added : (N, V, S) items of the nation's table
    """

    domestic: Floats
    imported: Floats
    value_added: Floats


def national_technology(nation: InputOutputTable, regions: int) -> Technology:
    """The nation's inputs per unit of output, the same in every region."""
    parts = (nation.domestic, nation.imported, nation.value_added)
    each = (technical_coefficients(part, nation.output) for part in parts)
    return Technology(*(np.broadcast_to(a, (regions, *a.shape)) for a in each))


# Kept whole: half of it states the model, and the rest fills one table by it.
def gravity_table(
    nation: InputOutputTable,
    regions: Sequence[str],
    output: Floats,
    size: Floats,
    weight: Floats,
    technology: Technology | None = None,
    own_share: Floats | None = None,
) -> InputOutputTable:
    """A multi-regional table with trade by gravity.

    For each product i, region k supplies O_ki = x_ki less what is booked where it is made, and
    region r demands D_ri = Σ_j a_rij x_rj + y_i size_r. Trade is doubly constrained gravity
    (Wilson 1970): T_i^kr = α_k β_r O_ki D_ri w_kr with both sums held. Every user of r buys
    product i from k in the share τ_i^kr = T_i^kr / D_ri (Chenery 1953, Moses 1955):

        Z_ij^kr = τ_i^kr a_rij x_rj.

    Where the share s_ri is known that r's own supply had in D_ri, trade starts from it: w_rr is
    such that gravity alone gives it. Exports, statistical errors and negative entries (stocks
    drawn down) are booked where the product is made, in the proportion of output. The table
    balances, and adds up to the nation's; its status is estimated.

    Parameters
    ----------
    nation : a table of one region
    regions : (N,) codes
    output : (N, S) x, adding up to the nation's output in every sector
    size : (N,) weight of each region in final demand, such as its GDP
    weight : (N, N) w_kr > 0, nearness of seller k and buyer r
    technology : of each region, adding up to the nation's table; the nation's where not given
    own_share : (N, S) s_ri, NaN where not known

    Raises
    ------
    ValueError
        If the nation has several regions, an output is missing or the sums differ from the
        nation's, or a product that is made is demanded nowhere.
    """
    _require_fitting(nation, output, weight)
    n, s = output.shape
    x, share = nation.output, size / size.sum()
    technology = technology or national_technology(nation, n)
    own = np.full((n, s), np.nan) if own_share is None else own_share
    buys = technology.domestic * output[:, None, :]
    booked = np.array([use in BOOKED_WHERE_MADE for use in nation.final_uses])
    at_home = booked | (nation.final_domestic < 0)
    made, sold = np.where(at_home, nation.final_domestic, 0.0), nation.final_domestic.copy()
    sold[at_home] = 0.0
    made_by = output / np.where(x > 0, x, 1.0)
    supply = made_by * (x - made.sum(axis=1))
    demand = buys.sum(axis=2) + share[:, None] * sold.sum(axis=1)
    tau = np.stack([_trade_shares(supply[:, i], demand[:, i], weight, own[:, i]) for i in range(s)])
    uses = len(nation.final_uses)
    final = np.einsum("ikr,r,if->kirf", tau, share, sold)
    home = np.arange(n)
    final[home, :, home, :] += made_by[:, :, None] * made[None]
    imported = np.zeros((n, s, n, s))
    imported[home, :, home, :] = technology.imported * output[:, None, :]
    final_imported = np.zeros((n, s, n, uses))
    final_imported[home, :, home, :] = share[:, None, None] * nation.final_imported[None]
    value_added = technology.value_added * output[:, None, :]
    return InputOutputTable(
        year=nation.year,
        status="synthetic" if nation.status == "synthetic" else "estimated",
        regions=tuple(region for region in regions for _ in range(s)),
        sectors=nation.sectors * n,
        domestic=np.einsum("ikr,rij->kirj", tau, buys).reshape(n * s, n * s),
        imported=imported.reshape(n * s, n * s),
        final_regions=tuple(region for region in regions for _ in range(uses)),
        final_uses=nation.final_uses * n,
        final_domestic=final.reshape(n * s, n * uses),
        final_imported=final_imported.reshape(n * s, n * uses),
        value_added_items=nation.value_added_items,
        value_added=value_added.transpose(1, 0, 2).reshape(-1, n * s),
        output=output.ravel(),
    )


def nation_of(table: InputOutputTable, name: str) -> InputOutputTable:
    """A multi-regional table added up to one region; its regions must have the same sectors."""
    s = len(set(table.sectors))
    n, f = len(table.sectors) // s, len(set(table.final_uses))
    if table.sectors != table.sectors[:s] * n or table.final_uses != table.final_uses[:f] * n:
        raise ValueError("the regions of the table have different sectors or final uses")

    def by_use(y: Floats) -> Floats:
        total: Floats = y.reshape(n, s, n, f).sum(axis=(0, 2))
        return total

    return InputOutputTable(
        year=table.year,
        status=table.status,
        regions=(name,) * s,
        sectors=table.sectors[:s],
        domestic=added_up(table.domestic, s),
        imported=added_up(table.imported, s),
        final_regions=(name,) * f,
        final_uses=table.final_uses[:f],
        final_domestic=by_use(table.final_domestic),
        final_imported=by_use(table.final_imported),
        value_added_items=table.value_added_items,
        value_added=table.value_added.reshape(-1, n, s).sum(axis=1),
        output=table.output.reshape(n, s).sum(axis=0),
    )


def gravity_fit(known: InputOutputTable, size: Floats, weight: Floats) -> Fit:
    """Fit of the gravity table on a multi-regional table that is known.

    The known table is added up to a nation, estimated again from it and the regions' output,
    and the flows of both are compared.

    Parameters
    ----------
    known : (N S) table
    size, weight : as in `gravity_table`
    """
    regions = tuple(dict.fromkeys(known.regions))
    output = known.output.reshape(len(regions), -1)
    again = gravity_table(nation_of(known, "nation"), regions, output, size, weight)
    return fit(again.domestic, known.domestic, known.output)


def _trade_shares(supply: Floats, demand: Floats, weight: Floats, own: Floats) -> Floats:
    """(N, N) share of each seller k in what r buys; zero where r buys nothing."""
    if not demand.any() and not supply.any():
        return np.zeros_like(weight)
    seed = supply[:, None] * demand * weight
    away = seed.sum(axis=0) - np.diagonal(seed)
    kept = np.clip(own, *SURE)
    known = np.isfinite(kept) & (supply > 0) & (away > 0)
    home = np.where(known, away * kept / (1 - kept), np.diagonal(seed))
    np.fill_diagonal(seed, home)
    # Sums of the two agree to rounding, which scaling must not be asked to mend.
    demand = demand * (supply.sum() / demand.sum())
    flows = ras(seed, supply, demand).table
    return np.divide(flows, demand, out=np.zeros_like(flows), where=demand > 0)


def _require_fitting(nation: InputOutputTable, output: Floats, weight: Floats) -> None:
    if len(set(nation.regions)) != 1:
        raise ValueError("the table to start from has several regions; add it up with nation_of")
    if not (output >= 0).all():
        raise ValueError("an output is missing or negative: complete the activity table first")
    if not (weight > 0).all():
        raise ValueError("nearness is positive: every region can trade with every other")
    gap = np.abs(output.sum(axis=0) - nation.output)
    wrong = np.flatnonzero(gap > 1e-6 * np.maximum(nation.output, 1e-9 * nation.output.max()))
    if wrong.size:
        k = wrong[0]
        raise ValueError(
            f"the regions' output of {wrong.size} sectors does not add up to the nation's, the "
            f"first {nation.sectors[k]}: {output[:, k].sum():.6g} and {nation.output[k]:.6g}"
        )
