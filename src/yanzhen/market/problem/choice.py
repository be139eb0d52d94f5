"""Choice probabilities of a small market held whole, in double precision."""

from dataclasses import dataclass, replace

import numpy as np

from yanzhen.market.problem.market import Floats, Market, Prices

ROWS_AT_A_TIME = 8192
"""Blocks whose payoffs are held at once beside the choices."""


@dataclass(frozen=True)
class Choice:
    """What the blocks choose at given prices.

    Attributes
    ----------
    probability : (I, J) P_ij of moving to each site
    stay : (I,) P_i0
    log_stay : (I,) log P_i0, finite and exact where P_i0 rounds to one or to zero
    inclusive : (I,) σ log Σ_k exp(ū_ik / σ), expected payoff per unit of output
    """

    probability: Floats
    stay: Floats
    log_stay: Floats
    inclusive: Floats

    @property
    def moving(self) -> Floats:
        """(I,) 1 − P_i0, exact where P_i0 rounds to one."""
        share: Floats = self.probability.sum(axis=1)
        return share


def total_premium(market: Market, prices: Prices) -> Floats:
    """(J, R) p̃_jr = p_jr + Σ_{g ∋ j, r_g = r} p_g."""
    premium = prices.site.copy()
    for g, resource in enumerate(market.group_resource):
        premium[:, resource] += market.group_member[g] * prices.group[g]
    return premium


def payoff_before_prices(market: Market) -> Floats:
    """(I, J) v_ij, −inf where refused."""
    value: Floats = market.base[market.cell] + market.intensities @ market.qualities.T
    return value


def stay_payoff(market: Market, prices: Prices) -> Floats:
    """(I,) v_i0 + a_{m(i)}."""
    stay: Floats = market.stay + np.append(prices.constants, 0.0)[market.calibration]
    return stay


def held(market: Market, stay: Floats) -> Market:
    """A market with (I,) payoffs of staying, constants among them, and nothing to calibrate."""
    nobody = np.full_like(market.calibration, -1)
    return replace(market, stay=stay, calibration=nobody, stayers=np.zeros(0))


def choose(market: Market, prices: Prices) -> Choice:
    """Logit choice of every block at given prices (McFadden 1974)."""
    blocks, premium = market.mass.size, total_premium(market, prices)
    if blocks <= ROWS_AT_A_TIME:
        return _choose(market, prices, premium, slice(None))
    whole = Choice(
        np.empty((blocks, market.capacity.shape[0])), *(np.empty(blocks) for _ in range(3))
    )
    for first in range(0, blocks, ROWS_AT_A_TIME):
        rows = slice(first, first + ROWS_AT_A_TIME)
        part = _choose(market, prices, premium, rows)
        whole.probability[rows], whole.stay[rows] = part.probability, part.stay
        whole.log_stay[rows], whole.inclusive[rows] = part.log_stay, part.inclusive
    return whole


def _choose(market: Market, prices: Prices, premium: Floats, rows: slice) -> Choice:
    """Choice of some blocks."""
    moving = market.base[market.cell[rows]] + market.intensities[rows] @ market.qualities.T
    moving -= market.needs[rows] @ premium.T
    payoff = np.column_stack([stay_payoff(market, prices)[rows], moving]) / market.sigma
    best = payoff.max(axis=1)
    probability = np.exp(payoff - best[:, None])
    total = probability.sum(axis=1)
    probability /= total[:, None]
    moving = np.minimum(probability[:, 1:].sum(axis=1), 0.5)
    log_stay = np.where(
        probability[:, 0] > 0.5, np.log1p(-moving), payoff[:, 0] - best - np.log(total)
    )
    inclusive = market.sigma * (best + np.log(total))
    return Choice(probability[:, 1:], probability[:, 0], log_stay, inclusive)


def worth_over_staying(market: Market, choice: Choice) -> Floats:
    """(I,) −σ log P_i0, what the market is worth to a block over staying, per unit of output."""
    worth: Floats = -market.sigma * choice.log_stay
    return worth


def mover_surplus(market: Market, choice: Choice) -> Floats:
    """(I,) −σ log P_i0 / (1 − P_i0), what moving is worth to those who move; σ where none do.

    The limit for P_i0 → 1 is σ, the mean of what is left of a Gumbel taste beyond a bound so high
    that nobody else passes it.
    """
    moving = choice.moving
    ratio = np.divide(-choice.log_stay, moving, out=np.ones_like(moving), where=moving > 0)
    surplus: Floats = market.sigma * ratio
    return surplus


def site_demand(market: Market, choice: Choice) -> Floats:
    """(J, R) Σ_i mass_i needs_ir P_ij."""
    demand: Floats = choice.probability.T @ (market.mass[:, None] * market.needs)
    return demand


def group_demand(market: Market, demand: Floats) -> Floats:
    """(G,) demand of each group's resource summed over its sites, from (J, R) site demand."""
    members = market.group_member.astype(np.float64)
    found: Floats = np.einsum("gj,jg->g", members, demand[:, market.group_resource])
    return found


def staying_output(market: Market, choice: Choice) -> Floats:
    """(M,) output that stays in each calibration group."""
    calibrated = market.calibration >= 0
    return np.bincount(
        market.calibration[calibrated],
        weights=(market.mass * choice.stay)[calibrated],
        minlength=market.stayers.size,
    ).astype(np.float64)
