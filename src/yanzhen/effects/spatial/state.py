"""A guess of what solves the exact-hat equations, how far a pass moves it, and both as vectors."""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.hat_system import HatSystem, Pass, one_pass
from yanzhen.effects.spatial.mobility import Immobile, Mobility, labour_step, with_all_people


@dataclass(frozen=True)
class State:
    """A guess of what solves the equations.

    Attributes
    ----------
    log_value_added, log_labour : (N,) log V̂, log L̂
    log_price : (N, S) log P̂
    spending : (N, S) X′
    """

    log_value_added: Floats
    log_labour: Floats
    log_price: Floats
    spending: Floats


@dataclass(frozen=True)
class Step:
    """Where a pass leads from a state: steps of logs, and the largest move among them.

    Attributes
    ----------
    value_added, labour : (N,)
    price, spending : (N, S)
    distance : infinite where a step is no number
    last : the pass
    """

    value_added: Floats
    labour: Floats
    price: Floats
    spending: Floats
    distance: float
    last: Pass


def unchanged(system: HatSystem) -> State:
    """The state before the shock."""
    return State(
        np.zeros(len(system.economy.regions)),
        np.log(system.shock.labour),
        np.zeros(system.economy.output.shape),
        np.where(system.used, system.economy.spending, 0.0),
    )


def step_from(system: HatSystem, mobility: Mobility, state: State) -> Step:
    """Go once through the equations from a state, however far it lies from any solution."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        last = one_pass(
            system, state.log_value_added, state.log_labour, state.log_price, state.spending
        )
        economy = system.economy
        towards = np.log(last.value_added / economy.value_added) - state.log_value_added
        towards = towards - np.log(last.value_added.sum() / economy.value_added.sum())
        spent = np.where(system.used, np.log(last.spending / state.spending), 0.0)
        price = last.log_price - state.log_price
        labour = np.zeros_like(towards)
        if not isinstance(mobility, Immobile):
            labour = labour_step(mobility, log_real_income(system, state, last), state.log_labour)
    moves = [float(np.abs(each).max(initial=0.0)) for each in (towards, labour, price, spent)]
    distance = max(moves) if np.isfinite(moves).all() else np.inf
    return Step(towards, labour, price, spent, distance, last)


def log_real_income(system: HatSystem, state: State, last: Pass) -> Floats:
    """(N,) log of the change of real income per head that a pass over a state gives."""
    economy = system.economy
    with np.errstate(invalid="ignore"):
        income = np.log(last.income / economy.income) - state.log_labour
    real: Floats = income - (economy.final_share * last.log_price).sum(axis=1)
    return real


def normal(system: HatSystem, mobility: Mobility, state: State) -> State:
    """A state with all value added what it was, and all people somewhere."""
    weight = system.economy.value_added
    world = float(np.log((weight @ np.exp(state.log_value_added)) / weight.sum()))
    labour = state.log_labour
    if not isinstance(mobility, Immobile):
        labour = with_all_people(mobility, labour)
    return State(state.log_value_added - world, labour, state.log_price, state.spending)


def packed(system: HatSystem, state: State) -> Floats:
    """(2 N + 2 used,) a state as one vector of logs."""
    used = system.used
    spending = np.log(np.maximum(state.spending[used], np.finfo(np.float64).tiny))
    return np.concatenate(
        [state.log_value_added, state.log_labour, state.log_price[used], spending]
    )


def packed_step(system: HatSystem, step: Step) -> Floats:
    """(2 N + 2 used,) a step as one vector."""
    used = system.used
    return np.concatenate([step.value_added, step.labour, step.price[used], step.spending[used]])


def unpacked(system: HatSystem, vector: Floats) -> State:
    """The state of a vector."""
    value_added, labour, price, spending = parts(system, vector)
    with np.errstate(under="ignore"):
        amounts = np.exp(np.clip(spending, -700, 700))
    return State(value_added, labour, price, np.where(system.used, amounts, 0.0))


def parts(system: HatSystem, vector: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(N,), (N,), (N, S), (N, S) of a vector, zero where nothing is bought."""
    regions, used = len(system.economy.regions), int(system.used.sum())
    price, spending = np.zeros(system.used.shape), np.zeros(system.used.shape)
    price[system.used] = vector[2 * regions : 2 * regions + used]
    spending[system.used] = vector[2 * regions + used :]
    return vector[:regions], vector[regions : 2 * regions], price, spending
