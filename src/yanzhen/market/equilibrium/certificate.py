"""Whether prices clear a market: a check by code of its own, in double precision.

Nothing here comes from the solver: payoffs, probabilities, demand and the dual are computed again,
block by block of enterprises, so that a mistake there cannot hide here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from yanzhen.market.problem.market import Floats, Market, Prices
from yanzhen.study.problem import Words

ROWS_AT_A_TIME = 4096
CHECKS: Mapping[str, Words] = MappingProxyType(
    {
        "relative_excess_demand": (
            "largest excess of demand over room (share of it)",
            "需求超出空间的最大比例",
        ),
        "complementary_slackness": ("premium where room is left", "空间有余处的溢价"),
        "price_below_floor": ("shortfall of a price below its floor", "低于价格下限的差额"),
        "duality_gap": ("distance from the best possible (share)", "距理论最优的比例"),
        "calibration_residual": (
            "difference of what stays from what was observed (share)",
            "留守产值与观测相差的比例",
        ),
        "broken_gates": ("moves through closed gates", "违反准入的转移条数"),
    }
)
"""What each check of a certificate measures, in a sentence."""


@dataclass(frozen=True)
class Certificate:
    """Distance of prices from an equilibrium.

    Attributes
    ----------
    relative_excess_demand : max (D − K)⁺ / K over sites and groups, absolute where K = 0
    complementary_slackness : max (K − D)⁺ / K over sites and groups priced above their floor, each
        weighed by min(1, (p − floor) / the mean of such prices)
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
        return not self.failed()

    def failed(self) -> list[tuple[str, float]]:
        """The checks that are beyond the tolerance, or no number, with what they measured."""
        return [(key, value) for key, value in self.checks.items() if not value <= self.tolerance]


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
    premium = premium_of(market, prices)
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
    scale = feasible_scale(market, demand)
    value, kept = _value_of_scaled(market, prices, premium, scale)
    sums = Sums(demand, kept, staying, inclusive_mass, surplus, value, broken)
    return assembled(market, prices, sums, tolerance)


@dataclass(frozen=True)
class Sums:
    """Sums over all enterprises that a certificate is made of.

    Attributes
    ----------
    demand : (J, R) at the prices
    kept : (J, R) demand of the feasible assignment
    staying : (M,) output that stays in each calibration group
    inclusive : Σ mass σ log Σ exp(ū/σ)
    surplus : Σ −mass σ log P_i0
    value : Σ mass [Σ P′ū⁰ − σ Σ P′ log P′] of the feasible assignment
    broken_gates : refused pairs whose flow is not zero
    """

    demand: Floats
    kept: Floats
    staying: Floats
    inclusive: float
    surplus: float
    value: float
    broken_gates: int


def assembled(market: Market, prices: Prices, sums: Sums, tolerance: float) -> Certificate:
    """Put sums over all enterprises together into a certificate."""
    limited = np.isfinite(market.capacity)
    room = np.concatenate([market.capacity[limited], market.group_capacity])
    price = np.concatenate([prices.site[limited], prices.group])
    floor = np.concatenate([market.floor[limited], market.group_floor])
    wanted = np.concatenate([sums.demand[limited], group_sums(market, sums.demand)])
    given = np.concatenate([sums.kept[limited], group_sums(market, sums.kept)])
    dual = sums.inclusive + float(room @ price)
    primal = sums.value + float(floor @ (room - given))
    observed = market.stayers
    return Certificate(
        relative_excess_demand=_largest((wanted - room) / np.where(room > 0, room, 1.0)),
        complementary_slackness=_slackness(price - floor, room, wanted),
        price_below_floor=_largest(floor - price),
        duality_gap=(dual - primal) / sums.surplus if sums.surplus > 0 else dual - primal,
        dual=dual,
        primal=primal,
        calibration_residual=_largest(
            np.abs(sums.staying - observed) / np.where(observed > 0, observed, 1.0)
        ),
        broken_gates=sums.broken_gates,
        tolerance=tolerance,
    )


def _slackness(above_floor: Floats, room: Floats, wanted: Floats) -> float:
    """Largest unused share of a room whose price is above its floor.

    Each weighed by that price over the mean of such prices, one at most.
    """
    priced = above_floor[above_floor > 0]
    mean = float(priced.mean()) if priced.size else 1.0
    unused = np.maximum(room - wanted, 0.0) / np.where(room > 0, room, 1.0)
    return _largest(np.minimum(above_floor / mean, 1.0) * unused)


def _largest(values: Floats) -> float:
    return float(np.max(values, initial=0.0))


def _row_blocks(count: int) -> list[slice]:
    return [slice(k, min(k + ROWS_AT_A_TIME, count)) for k in range(0, count, ROWS_AT_A_TIME)]


def premium_of(market: Market, prices: Prices) -> Floats:
    """(J, R) price of a resource at a site, those of its groups with it."""
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


def group_sums(market: Market, demand: Floats) -> Floats:
    """(G,) demand of each group's resource over its sites, from (J, R) demand."""
    return np.array(
        [
            (member * demand[:, resource]).sum()
            for member, resource in zip(market.group_member, market.group_resource, strict=True)
        ]
    )


def feasible_scale(market: Market, demand: Floats) -> Floats:
    """(J,) share of its arrivals that each site can keep without breaking any limit."""
    group_demand = group_sums(market, demand)
    over = np.where(demand > market.capacity, demand, 1.0)
    scale: Floats = np.where(demand > market.capacity, market.capacity / over, 1.0).min(axis=1)
    for g, member in enumerate(market.group_member):
        if group_demand[g] > market.group_capacity[g]:
            share = market.group_capacity[g] / group_demand[g]
            scale[member > 0] = np.minimum(scale[member > 0], share)
    return scale


def _value_of_scaled(
    market: Market, prices: Prices, premium: Floats, scale: Floats
) -> tuple[float, Floats]:
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
