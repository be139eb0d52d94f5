"""Who supplies whom with what: a multi-regional table in the form of Chenery and Moses.

Every user of product i in region r buys it from region k in the same share τ_i^kr (Chenery 1953,
Moses 1955), so that what moves can be followed: where output goes, supply and demand change, and
trade is brought to the new sums by RAS from the trade there was.
"""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.balancing import ras
from yanzhen.accounts.input_output import Floats, InputOutputTable
from yanzhen.accounts.multiregional import BOOKED_WHERE_MADE


@dataclass(frozen=True)
class SupplyWeb:
    """Flows of S products between N regions, in the study's money a year.

    Attributes
    ----------
    regions, sectors : labels of the axes
    output : (N, S) x
    inputs : (N, S, S) a_rij, domestic input of product i per unit of output of sector j in r
    final : (N, S) domestic final use of product i in region r
    booked : (N, S) exports, errors and stocks drawn down, where the product is made
    trade : (S, N, N) T_i^kr, sales of product i from region k to users in region r
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    output: Floats
    inputs: Floats
    final: Floats
    booked: Floats
    trade: Floats

    @property
    def shares(self) -> Floats:
        """(S, N, N) τ_i^kr, share of region k in what r buys; zero where r buys nothing."""
        bought = self.trade.sum(axis=1, keepdims=True)
        shares: Floats = np.divide(
            self.trade, bought, out=np.zeros_like(self.trade), where=bought > 0
        )
        return shares

    @property
    def purchases(self) -> Floats:
        """(N, S, S) domestic inputs of product i used by sector j of region r."""
        return self.inputs * self.output[:, None, :]

    @property
    def flows(self) -> Floats:
        """(N S, N S) Z, sales of product i of region k to sector j of region r."""
        n, s = self.output.shape
        flows: Floats = np.einsum("ikr,rij->kirj", self.shares, self.purchases)
        return flows.reshape(n * s, n * s)


def supply_web(table: InputOutputTable) -> SupplyWeb:
    """The web of a multi-regional table whose regions all have the same sectors.

    What a region buys of a product is added up over its users: where the table tells apart from
    whom each of them buys, that is lost. A gravity table has nothing to lose.
    """
    regions = tuple(dict.fromkeys(table.regions))
    sectors = tuple(dict.fromkeys(table.sectors))
    n, s = len(regions), len(sectors)
    if table.sectors != sectors * n:
        raise ValueError("the regions of the table have different sectors")
    output = table.output.reshape(n, s)
    domestic = table.domestic.reshape(n, s, n, s)
    booked_use = np.array([use in BOOKED_WHERE_MADE for use in table.final_uses])
    at_home = booked_use[None, :] | (table.final_domestic < 0)
    booked = np.where(at_home, table.final_domestic, 0.0).sum(axis=1).reshape(n, s)
    sold = np.where(at_home, 0.0, table.final_domestic)
    of_region = np.array([[name == region for region in regions] for name in table.final_regions])
    final = (sold @ of_region.astype(np.float64)).reshape(n, s, n)
    bought = domestic.sum(axis=0)
    inputs = np.divide(
        bought.transpose(1, 0, 2),
        output[:, None, :],
        out=np.zeros((n, s, s)),
        where=output[:, None, :] > 0,
    )
    return SupplyWeb(
        regions=regions,
        sectors=sectors,
        output=output,
        inputs=inputs,
        final=final.sum(axis=0).T.copy(),
        booked=booked,
        trade=(domestic.sum(axis=3) + final).transpose(1, 0, 2).copy(),
    )


def with_output(web: SupplyWeb, output: Floats, nearness: Floats) -> SupplyWeb:
    """The web after some output has moved.

    Inputs per unit of output stay those of the region (the nation's where the region made none),
    exports go with output, final use stays where it is and gives way where a product's supply and
    demand no longer add up to the same. Trade is the trade there was, brought to the new supply
    O_ki and demand D_ri by RAS; a region that begins to make or to use a product trades it by
    gravity, D_ri w_kr or O_ki w_kr.

    Parameters
    ----------
    output : (N, S) afterwards
    nearness : (N, N) w_kr > 0
    """
    inputs = _inputs_everywhere(web)
    booked = output * _rate(web.booked, web.output)
    supply = np.maximum(output - booked, 0.0)
    used = np.einsum("rij,rj->ri", inputs, output)
    left = np.maximum(supply.sum(axis=0) - used.sum(axis=0), 0.0)
    before = web.final.sum(axis=0)
    final = web.final * np.divide(left, before, out=np.zeros_like(left), where=before > 0)
    demand = used + final
    asked = demand.sum(axis=0)
    demand = demand * np.divide(
        supply.sum(axis=0), asked, out=np.zeros_like(asked), where=asked > 0
    )
    trade = np.stack(
        [
            _traded(web.trade[i], supply[:, i], demand[:, i], nearness)
            for i in range(len(web.sectors))
        ]
    )
    return SupplyWeb(web.regions, web.sectors, output, inputs, final, booked, trade)


def _traded(before: Floats, supply: Floats, demand: Floats, nearness: Floats) -> Floats:
    if not supply.any() or not demand.any():
        return np.zeros_like(before)
    seed = np.where(
        (before.sum(axis=1) > 0)[:, None], before, nearness * before.sum(axis=0)[None, :]
    )
    seed = np.where((seed.sum(axis=0) > 0)[None, :], seed, nearness * supply[:, None])
    trade = ras(seed, supply, demand).table
    # Sums of zero are only approached.
    return np.where((supply > 0)[:, None] & (demand > 0)[None, :], trade, 0.0)


def _inputs_everywhere(web: SupplyWeb) -> Floats:
    total = web.output.sum(axis=0)
    national = np.divide(
        web.purchases.sum(axis=0),
        total[None, :],
        out=np.zeros(web.inputs.shape[1:]),
        where=total[None, :] > 0,
    )
    return np.where((web.output > 0)[:, None, :], web.inputs, national[None])


def _rate(part: Floats, whole: Floats) -> Floats:
    """(N, S) part over whole, the nation's where a region has none."""
    total = whole.sum(axis=0)
    national = np.divide(part.sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
    rate = np.broadcast_to(national, whole.shape).copy()
    np.divide(part, whole, out=rate, where=whole > 0)
    return rate
