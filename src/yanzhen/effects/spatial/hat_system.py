"""The equations of the exact-hat model as passes over trade shares, without any larger matrix.

    ĉ_ns = (V̂_n / L̂_n^β_n)^γ_ns Π_k P̂_nk^γ_nks / (Â_ns ℓ̂_ns^φ_s),   ℓ̂_ns = Ŷ_ns L̂_n / V̂_n
    P̂_ns = [Σ_i π_nis N̂_is (κ̂_nis ĉ_is)^−θ_s]^(−1/θ_s)
    Y′_is = Σ_n π′_nis X′_ns / (1 + τ′_nis)
    X′_ns = Σ_k γ_nsk Y′_nk + α_ns I′_n,   I′_n = V′_n + R′_n + D′_n
    V′_n = Σ_s γ_ns Y′_ns

V is value added, κ̂ the ratio of trade cost with tariffs (Caliendo and Parro 2015, equations 10 to
14; N̂ as the mass of varieties, β < 1 with a factor that doesn't move, ℓ the industry's labour with
external economies of scale φ, Kucheryavyy, Lyn and Rodríguez-Clare 2023). Since π′ = π κ̂^−θ times
what depends on the seller alone, over what depends on the buyer alone, π′ is never written out.
"""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.effects.spatial.economy import Economy, inputs_of
from yanzhen.effects.spatial.shock import Shock


@dataclass(frozen=True)
class HatSystem:
    """An economy and a shock, arranged for passes.

    Attributes
    ----------
    economy, shock : what it is made of
    labour_share : (N,) β, part of value added that is labour's; the rest is of a fixed factor
    weight : (S, N, N) π κ̂^−θ
    net_weight : (S, N, N) the same over 1 + τ′; `weight` itself without tariffs
    log_productivity : (N, S) log Â + log N̂ / θ, −∞ where no enterprise is left
    used : (N, S) where something is bought
    made : (N, S) where something is made
    """

    economy: Economy
    shock: Shock
    labour_share: Floats
    weight: Floats
    net_weight: Floats
    log_productivity: Floats
    used: Booleans
    made: Booleans


@dataclass(frozen=True)
class Pass:
    """What one pass over the equations gives.

    Attributes
    ----------
    log_cost : (N, S) log ĉ
    log_price : (N, S) log P̂
    spending : (N, S) X′
    output : (N, S) Y′
    revenue, income, value_added : (N,) R′, I′, V′
    """

    log_cost: Floats
    log_price: Floats
    spending: Floats
    output: Floats
    revenue: Floats
    income: Floats
    value_added: Floats


def hat_system(economy: Economy, shock: Shock, labour_share: Floats) -> HatSystem:
    """Arrange an economy and a shock for passes."""
    dearer = bool((shock.trade_cost != 1).any())
    taxed_anew = shock.tariff is not economy.tariff
    weight = economy.trade_share
    if dearer or taxed_anew:
        cost = shock.trade_cost * ((1 + shock.tariff) / (1 + economy.tariff))
        weight = weight * cost ** -economy.theta[:, None, None]
    net = weight / (1 + shock.tariff) if shock.tariff.any() else weight
    with np.errstate(divide="ignore"):
        productivity = np.log(shock.productivity) + np.log(shock.mass) / economy.theta
    used = economy.trade_share.sum(axis=2).T > 0
    made = (economy.trade_share.sum(axis=1).T > 0) & (shock.mass > 0)
    return HatSystem(economy, shock, labour_share, weight, net, productivity, used, made)


def one_pass(
    system: HatSystem,
    log_value_added: Floats,
    log_labour: Floats,
    log_price: Floats,
    spending: Floats,
) -> Pass:
    """Go once through the equations from guesses of value added, labour, prices and spending.

    Parameters
    ----------
    log_value_added, log_labour : (N,) log V̂ and log L̂
    log_price : (N, S) log P̂ of inputs
    spending : (N, S) X′
    """
    costs = unit_costs(system, log_value_added, log_labour, log_price, spending)
    return _sales(system, log_value_added, costs, spending)


def unit_costs(
    system: HatSystem,
    log_value_added: Floats,
    log_labour: Floats,
    log_price: Floats,
    spending: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Costs and prices that follow from guesses of value added, labour, prices and spending.

    Returns
    -------
    (N, S) log ĉ and log P̂, and the factors of (S, N) sellers z and buyers 1 / m with which
    π′ = z π κ̂^−θ / m
    """
    economy = system.economy
    bundle = log_value_added - system.labour_share * log_labour
    inputs = np.matmul(log_price[:, None, :], economy.input_share)[:, 0, :]
    cost = economy.value_added_share * bundle[:, None] + inputs
    if economy.scale.any():
        wage = log_value_added - log_labour
        workers = _log_workers(system, cost, wage, demand_at_prices(system, log_price, spending))
        cost = cost - economy.scale * workers
    offered = np.where(system.made, cost - system.log_productivity, np.inf)
    least = offered.min(axis=0)
    least = np.where(np.isfinite(least), least, 0.0)
    seller = np.exp(-economy.theta * (offered - least)).T
    sums = np.matmul(system.weight, seller[:, :, None])[:, :, 0]
    with np.errstate(divide="ignore"):
        price = np.where(system.used, least - np.log(sums.T) / economy.theta, 0.0)
        buyer = np.where(system.used.T, 1 / sums, 0.0)
    return cost - np.log(system.shock.productivity), price, seller, buyer


def demand_at_prices(system: HatSystem, log_price: Floats, spending: Floats) -> Floats:
    """(S, N) X′ P̂^θ by buyer: with π′ = π (κ̂ ĉ)^−θ P̂^θ, what its guessed prices make it ask for."""
    asked: Floats = spending.T * np.exp(system.economy.theta[:, None] * log_price.T)
    return asked


def _log_workers(system: HatSystem, cost: Floats, wage: Floats, asked: Floats) -> Floats:
    """(N, S) log ℓ̂ at which costs with economies of scale and the sales they lead to agree.

    Sales fall with the cost by θ and the cost with labour by φ, so that with φ θ < 1 there is one
    such ℓ̂ for costs (N, S) before scale, wages (N,) and demand (S, N) at guessed prices.
    """
    economy = system.economy
    sold = np.matmul(asked[:, None, :], system.net_weight)[:, 0, :].T
    with np.errstate(divide="ignore", invalid="ignore"):
        output = np.log(sold / economy.output)
    output = output - economy.theta * (cost - system.log_productivity)
    workers = (output - wage[:, None]) / (1 - economy.theta * economy.scale)
    return np.where(system.made, workers, 0.0)


def _sales(
    system: HatSystem,
    log_value_added: Floats,
    costs: tuple[Floats, Floats, Floats, Floats],
    spending: Floats,
) -> Pass:
    economy = system.economy
    cost, price, seller, buyer = costs
    demand = spending.T * buyer
    output = (seller * np.matmul(demand[:, None, :], system.net_weight)[:, 0, :]).T
    revenue = np.zeros(len(economy.regions))
    if system.net_weight is not system.weight:
        net = np.matmul(system.net_weight, seller[:, :, None])[:, :, 0]
        revenue = (spending - (demand * net).T).sum(axis=1)
    earned = economy.value_added * np.exp(log_value_added)
    income = earned + revenue + system.shock.deficit
    spent = inputs_of(economy.input_share, output) + economy.final_share * income[:, None]
    return Pass(
        cost,
        price,
        spent,
        output,
        revenue,
        income,
        (economy.value_added_share * output).sum(axis=1),
    )
