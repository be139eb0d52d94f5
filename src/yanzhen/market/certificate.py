"""Whether prices clear a market: a check by code of its own, in double precision.

Nothing here comes from the solver: payoffs, probabilities, demand and the dual are computed again,
block by block of enterprises, so that a mistake there cannot hide here.
"""

from dataclasses import dataclass

import numpy as np

from yanzhen.market.instance import Floats, Market, Prices

ROWS_AT_A_TIME = 4096


@dataclass(frozen=True)
class Certificate:
    """Distance of prices from an equilibrium.

    Attributes
    ----------
    relative_excess_demand : max (D − K)⁺ / K over sites and groups, absolute where K = 0
    complementary_slackness : max (p − floor)(K − D)⁺ over sites and groups, the value of unused
        room priced above its floor, as a share of all rents (of the enterprises' surplus where
        there are none)
    price_below_floor : max (floor − p)⁺ over sites and groups
    duality_gap : (Φ − primal) / Σ −mass σ log P_i0 of a feasible assignment
    dual, primal : Φ and the value of the feasible assignment, money a year
    calibration_residual : max |staying − observed| / observed over calibration groups
    broken_gates : refused pairs whose flow is not zero
    tolerance : what each check must not exceed
    """

    relative_excess_demand: float
    complementary_slackness: float
    price_below_floor: float
    duality_gap: float
    dual: float
    primal: float
    calibration_residual: float
    broken_gates: int
    tolerance: float

    @property
    def checks(self) -> dict[str, float]:
        """The measures that decide, by name."""
        return {
            "relative_excess_demand": self.relative_excess_demand,
            "complementary_slackness": self.complementary_slackness,
            "price_below_floor": self.price_below_floor,
            "duality_gap": abs(self.duality_gap),
            "calibration_residual": self.calibration_residual,
            "broken_gates": float(self.broken_gates),
        }

    @property
    def passed(self) -> bool:
        """Whether every check is within the tolerance; no number is a failure."""
        return all(value <= self.tolerance for value in self.checks.values())


def certify(market: Market, prices: Prices, tolerance: float) -> Certificate:
    """Measure how far prices are from clearing a market.

    The gap is between the dual Φ(p) = Σ_i mass_i σ log Σ_k exp(ū_ik/σ) + Σ K p and the value of a
    feasible assignment P′: arrivals at over-demanded sites and groups are scaled down to capacity
    and the rest stays. With floors f the primal value has Σ f (K − D′) added, the rent that a floor
    keeps from falling. It is a bound by weak duality, whatever the prices (Galichon 2016, ch. 7).

    Parameters
    ----------
    market : the market
    prices : premiums and constants
    tolerance : bound of every check
    """
    premium = _premium(market, prices)
    demand = np.zeros_like(market.capacity)
    staying = np.zeros(market.stayers.size)
    inclusive_mass = 0.0
    surplus = 0.0
    broken = 0
    for rows in _row_blocks(market.mass.size):
        log_share, inclusive = _log_shares(market, prices, premium, rows)
        share = np.exp(log_share)
        mass = market.mass[rows]
        demand += share[:, 1:].T @ (mass[:, None] * market.needs[rows])
        inclusive_mass += float(mass @ inclusive)
        surplus += float(mass @ (-market.sigma * log_share[:, 0]))
        refused = np.isneginf(market.base[market.cell[rows]])
        broken += int(np.count_nonzero(share[:, 1:][refused] != 0))
        _add_staying(market, rows, mass * share[:, 0], staying)
    group_demand = _group_sums(market, demand)
    scale = _feasible_scale(market, demand, group_demand)
    primal, kept = _primal(market, prices, premium, scale)
    limited = np.isfinite(market.capacity)
    room = np.where(limited, market.capacity, 0.0)
    dual = (
        inclusive_mass
        + float((room * prices.site)[limited].sum())
        + float(market.group_capacity @ prices.group)
    )
    primal += float((market.floor * (room - kept))[limited].sum()) + float(
        market.group_floor @ (market.group_capacity - _group_sums(market, kept))
    )
    rents = float((prices.site * demand)[limited].sum() + prices.group @ group_demand)
    value = rents if rents > 0 else surplus
    slack = np.concatenate(
        [
            ((prices.site - market.floor) * np.maximum(room - demand, 0.0))[limited],
            (prices.group - market.group_floor)
            * np.maximum(market.group_capacity - group_demand, 0.0),
        ]
    )
    below = np.concatenate(
        [(market.floor - prices.site)[limited], market.group_floor - prices.group]
    )
    return Certificate(
        relative_excess_demand=_largest(
            np.concatenate(
                [
                    _relative_excess(demand[limited], market.capacity[limited]),
                    _relative_excess(group_demand, market.group_capacity),
                ]
            )
        ),
        complementary_slackness=_largest(slack) / value if value > 0 else _largest(slack),
        price_below_floor=_largest(below),
        duality_gap=(dual - primal) / surplus if surplus > 0 else dual - primal,
        dual=dual,
        primal=primal,
        calibration_residual=_largest(
            np.abs(staying - market.stayers) / np.where(market.stayers > 0, market.stayers, 1.0)
        ),
        broken_gates=broken,
        tolerance=tolerance,
    )


def _largest(values: Floats) -> float:
    return float(np.max(values, initial=0.0))


def _row_blocks(count: int) -> list[slice]:
    return [slice(k, min(k + ROWS_AT_A_TIME, count)) for k in range(0, count, ROWS_AT_A_TIME)]


def _premium(market: Market, prices: Prices) -> Floats:
    on_resource = np.zeros((market.group_resource.size, market.needs.shape[1]))
    on_resource[np.arange(market.group_resource.size), market.group_resource] = prices.group
    total: Floats = prices.site + market.group_member.T.astype(np.float64) @ on_resource
    return total


def _values(market: Market, prices: Prices, rows: slice) -> Floats:
    """(rows, 1 + J) payoffs before prices, staying first."""
    constants = np.append(prices.constants, 0.0)[market.calibration[rows]]
    sites = market.base[market.cell[rows]] + market.intensities[rows] @ market.qualities.T
    values: Floats = np.hstack([(market.stay[rows] + constants)[:, None], sites])
    return values


def _log_shares(
    market: Market, prices: Prices, premium: Floats, rows: slice
) -> tuple[Floats, Floats]:
    """(rows, 1 + J) log P_ik and (rows,) σ log Σ exp(ū/σ)."""
    payoff = _values(market, prices, rows)
    payoff[:, 1:] -= market.needs[rows] @ premium.T
    best = payoff.max(axis=1, keepdims=True)
    scaled = (payoff - best) / market.sigma
    log_sum = np.log(np.exp(scaled).sum(axis=1, keepdims=True))
    return scaled - log_sum, best[:, 0] + market.sigma * log_sum[:, 0]


def _add_staying(market: Market, rows: slice, staying: Floats, into: Floats) -> None:
    group = market.calibration[rows]
    np.add.at(into, group[group >= 0], staying[group >= 0])


def _group_sums(market: Market, demand: Floats) -> Floats:
    return np.array(
        [
            (member * demand[:, resource]).sum()
            for member, resource in zip(market.group_member, market.group_resource, strict=True)
        ]
    )


def _relative_excess(demand: Floats, capacity: Floats) -> Floats:
    return (demand - capacity) / np.where(capacity > 0, capacity, 1.0)


def _feasible_scale(market: Market, demand: Floats, group_demand: Floats) -> Floats:
    """(J,) share of its arrivals that each site can keep without breaking any limit."""
    over = np.where(demand > market.capacity, demand, 1.0)
    scale: Floats = np.where(demand > market.capacity, market.capacity / over, 1.0).min(axis=1)
    for g, member in enumerate(market.group_member):
        if group_demand[g] > market.group_capacity[g]:
            share = market.group_capacity[g] / group_demand[g]
            scale[member > 0] = np.minimum(scale[member > 0], share)
    return scale


def _primal(market: Market, prices: Prices, premium: Floats, scale: Floats) -> tuple[float, Floats]:
    """Value Σ mass [Σ P′ū⁰ − σ Σ P′ log P′] of the scaled assignment, and its (J, R) demand."""
    value = 0.0
    kept = np.zeros_like(market.capacity)
    for rows in _row_blocks(market.mass.size):
        share = np.exp(_log_shares(market, prices, premium, rows)[0])
        share[:, 1:] *= scale
        share[:, 0] = np.maximum(1.0 - share[:, 1:].sum(axis=1), 0.0)
        payoff = np.where(share > 0, _values(market, prices, rows), 0.0)
        entropy = share * np.log(np.where(share > 0, share, 1.0))
        mass = market.mass[rows]
        value += float(mass @ (share * payoff - market.sigma * entropy).sum(axis=1))
        kept += share[:, 1:].T @ (mass[:, None] * market.needs[rows])
    return value, kept
