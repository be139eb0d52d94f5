"""What small changes of a guess do to the pass over it: products with the Jacobian, matrix-free."""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.economy import inputs_of
from yanzhen.effects.spatial.hat_system import HatSystem, Pass, demand_at_prices, unit_costs
from yanzhen.effects.spatial.state import State


@dataclass(frozen=True)
class Linearised:
    """The pass over a state, and what its derivatives are made of.

    Attributes
    ----------
    system, state, last : the equations, the guess, and the pass over it
    seller : (S, N) z
    buyer : (S, N) 1 / m
    demand : (S, N) X′ / m
    asked : (S, N) X′ P̂^θ, the same at guessed prices
    sold : (S, N) what of that reaches each seller, before its own cost
    net : (S, N) what of m is left without tariffs
    """

    system: HatSystem
    state: State
    last: Pass
    seller: Floats
    buyer: Floats
    demand: Floats
    asked: Floats
    sold: Floats
    net: Floats


@dataclass(frozen=True)
class PassChange:
    """Derivatives of a pass along a direction.

    Attributes
    ----------
    log_price : (N, S) of log P̂
    spending : (N, S) of X′
    income, value_added : (N,) of I′ and V′
    """

    log_price: Floats
    spending: Floats
    income: Floats
    value_added: Floats


def linearised(system: HatSystem, state: State, last: Pass) -> Linearised:
    """What a state's derivatives are made of, for any number of directions."""
    *_, seller, buyer = unit_costs(
        system, state.log_value_added, state.log_labour, state.log_price, state.spending
    )
    taxed = system.net_weight is not system.weight
    net = np.matmul(system.net_weight, seller[:, :, None])[:, :, 0] if taxed else 1 / buyer
    asked = demand_at_prices(system, state.log_price, state.spending)
    sold = np.matmul(asked[:, None, :], system.net_weight)[:, 0, :]
    demand = state.spending.T * buyer
    return Linearised(system, state, last, seller, buyer, demand, asked, sold, net)


def pass_change(
    at: Linearised,
    log_value_added: Floats,
    log_labour: Floats,
    log_price: Floats,
    log_spending: Floats,
) -> PassChange:
    """Derivative of the pass along changes of log V̂, log L̂ (N,), log P̂ and log X′ (N, S)."""
    system, economy = at.system, at.system.economy
    bundle = log_value_added - system.labour_share * log_labour
    inputs = np.matmul(log_price[:, None, :], economy.input_share)[:, 0, :]
    cost = economy.value_added_share * bundle[:, None] + inputs
    if economy.scale.any():
        asked = at.asked * (log_spending + economy.theta * log_price).T
        sales = np.matmul(asked[:, None, :], system.net_weight)[:, 0, :]
        grown = np.divide(sales, at.sold, out=np.zeros_like(sales), where=at.sold > 0).T
        wage = (log_value_added - log_labour)[:, None]
        workers = (grown - economy.theta * cost - wage) / (1 - economy.theta * economy.scale)
        cost = cost - economy.scale * workers
    offered = -economy.theta[:, None] * np.where(system.made, cost, 0.0).T
    sold = at.seller * offered
    sums = np.matmul(system.weight, sold[:, :, None])[:, :, 0] * at.buyer
    price = -(sums / economy.theta[:, None]).T
    demand = at.demand * (log_spending.T - sums)
    output = at.seller * np.matmul(demand[:, None, :], system.net_weight)[:, 0, :]
    output = (output + offered * at.last.output.T).T
    revenue = np.zeros_like(log_value_added)
    if system.net_weight is not system.weight:
        net = np.matmul(system.net_weight, sold[:, :, None])[:, :, 0]
        paid = at.state.spending * log_spending - (demand * at.net + at.demand * net).T
        revenue = paid.sum(axis=1)
    earned = economy.value_added * np.exp(at.state.log_value_added) * log_value_added
    income = earned + revenue
    spending = inputs_of(economy.input_share, output) + economy.final_share * income[:, None]
    return PassChange(price, spending, income, (economy.value_added_share * output).sum(axis=1))
