"""Solving the exact-hat equations: joint Anderson mixing, and damped rounds where that fails."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.hat_system import HatSystem, Pass, one_pass
from yanzhen.effects.spatial.mobility import Immobile, Mobility, labour_step, with_all_people
from yanzhen.market.large.anderson import AndersonMixing

TOLERANCE = 1e-12
"""On changes of logs from one pass to the next."""
DEPTH = 8
MOST_MIXED = 400
MOST_INNER, MOST_ROUNDS = 2_000, 3_000
WORSE = 1e3
"""Times the best distance so far beyond which mixing starts again from there."""
RESTARTS = 4


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
class Solved:
    """A state, the pass over it, how far a further pass moves it, and how it was found."""

    state: State
    last: Pass
    distance: float
    passes: int
    method: str


class NotSettled(Exception):
    """No equilibrium was found: neither mixing nor damped rounds came to rest."""


def unchanged(system: HatSystem) -> State:
    """The state before the shock."""
    return State(
        np.zeros(len(system.economy.regions)),
        np.log(system.shock.labour),
        np.zeros(system.economy.output.shape),
        np.where(system.used, system.economy.spending, 0.0),
    )


def solve(
    system: HatSystem,
    mobility: Mobility,
    start: State,
    progress: Callable[[int, float], None] = lambda passes, distance: None,
) -> Solved:
    """Find what solves the equations, from a start.

    Parameters
    ----------
    progress : told of passes done and the distance left

    Raises
    ------
    NotSettled
    """
    mixed = _mixed(system, mobility, start, progress)
    if mixed.distance <= TOLERANCE:
        return mixed
    damped = _in_rounds(system, mobility, start, mixed.passes, progress)
    if damped.distance <= TOLERANCE:
        return damped
    raise NotSettled(
        f"wages and prices did not come to rest in {damped.passes} passes: they still move by "
        f"{min(damped.distance, mixed.distance):.1e} a pass"
    )


@dataclass(frozen=True)
class _Step:
    """Where a pass leads from a state: steps of logs, and the largest move among them."""

    value_added: Floats
    labour: Floats
    price: Floats
    spending: Floats
    distance: float
    last: Pass


def _step(system: HatSystem, mobility: Mobility, state: State, caution: Floats) -> _Step:
    last = one_pass(
        system, state.log_value_added, state.log_labour, state.log_price, state.spending
    )
    economy = system.economy
    with np.errstate(divide="ignore", invalid="ignore"):
        towards = np.log(last.value_added / economy.value_added) - state.log_value_added
        towards = towards - np.log(last.value_added.sum() / economy.value_added.sum())
        spent = np.where(system.used, np.log(last.spending / state.spending), 0.0)
    price = last.log_price - state.log_price
    labour = np.zeros_like(towards)
    if not isinstance(mobility, Immobile):
        with np.errstate(invalid="ignore"):
            real = np.log(last.income / economy.income) - state.log_labour
        real = real - (economy.final_share * last.log_price).sum(axis=1)
        labour = labour_step(mobility, real, state.log_labour)
    moves = [float(np.abs(each).max(initial=0.0)) for each in (towards, labour, price, spent)]
    distance = max(moves) if np.isfinite(moves).all() else np.inf
    return _Step(towards / caution, labour, price, spent, distance, last)


def _caution(system: HatSystem) -> Floats:
    """(N,) how much income from sales falls when the own wage rises, per cent of each other."""
    economy = system.economy
    share = economy.trade_share
    demand = economy.spending.T[:, None, :]
    at_home = np.array(
        [np.einsum("n,ni,ni->i", x[0], one, one) for x, one in zip(demand, share, strict=True)]
    ).T
    sold = np.matmul(demand, share)[:, 0, :].T
    abroad = 1 - np.divide(at_home, sold, out=np.ones_like(sold), where=sold > 0)
    earned = economy.value_added_share * economy.output / economy.value_added[:, None]
    caution: Floats = 1 + (earned * economy.theta * economy.value_added_share * abroad).sum(axis=1)
    return caution


def _mixed(
    system: HatSystem,
    mobility: Mobility,
    start: State,
    progress: Callable[[int, float], None],
) -> Solved:
    caution = _caution(system)
    mixing = AndersonMixing(DEPTH)
    weight = np.ones(_packed(system, start).size)
    state, best = start, start
    step = _step(system, mobility, state, caution)
    found = Solved(state, step.last, step.distance, 1, "mixed")
    restarts = 0
    for passes in range(2, MOST_MIXED + 2):
        if found.distance <= TOLERANCE:
            break
        if not step.distance <= WORSE * found.distance or np.isinf(step.distance):
            restarts += 1
            if restarts > RESTARTS or np.isinf(found.distance):
                break
            mixing.forget()
            caution, state = 2 * caution, best
            step = _step(system, mobility, state, caution)
        moved = mixing.mixed(_packed(system, state), _packed_step(system, step), weight)
        state = _normal(system, mobility, _unpacked(system, moved))
        step = _step(system, mobility, state, caution)
        if step.distance < found.distance:
            best, found = state, Solved(state, step.last, step.distance, passes, "mixed")
        progress(passes, found.distance)
    return found


def _in_rounds(
    system: HatSystem,
    mobility: Mobility,
    start: State,
    passes: int,
    progress: Callable[[int, float], None],
) -> Solved:
    """Prices and spending to rest at given wages, then a part of the step of wages and labour."""
    caution, state = _caution(system), start
    damping, before = 1.0, np.inf
    best = None
    for _ in range(MOST_ROUNDS):
        step = _step(system, mobility, state, caution)
        for _ in range(MOST_INNER):
            passes += 1
            inner = max(
                float(np.abs(step.price).max(initial=0.0)),
                float(np.abs(step.spending).max(initial=0.0)),
            )
            if not inner > TOLERANCE / 10:
                break
            state = State(
                state.log_value_added,
                state.log_labour,
                step.last.log_price,
                np.where(system.used, step.last.spending, 0.0),
            )
            step = _step(system, mobility, state, caution)
        progress(passes, step.distance)
        if best is None or step.distance < best.distance:
            best = Solved(state, step.last, step.distance, passes, "damped")
        if best.distance <= TOLERANCE:
            break
        if step.distance > before:
            damping = max(damping / 2, 1e-3)
        before = step.distance
        state = _normal(
            system,
            mobility,
            State(
                state.log_value_added + damping * step.value_added,
                state.log_labour + damping * step.labour,
                state.log_price,
                state.spending,
            ),
        )
    assert best is not None
    return best


def _normal(system: HatSystem, mobility: Mobility, state: State) -> State:
    """A state with all value added what it was, and all people somewhere."""
    weight = system.economy.value_added
    world = float(np.log((weight @ np.exp(state.log_value_added)) / weight.sum()))
    labour = state.log_labour
    if not isinstance(mobility, Immobile):
        labour = with_all_people(mobility, labour)
    return State(
        state.log_value_added - world,
        labour,
        state.log_price,
        state.spending,
    )


def _packed(system: HatSystem, state: State) -> Floats:
    used = system.used
    return np.concatenate(
        [
            state.log_value_added,
            state.log_labour,
            state.log_price[used],
            np.log(np.maximum(state.spending[used], np.finfo(np.float64).tiny)),
        ]
    )


def _packed_step(system: HatSystem, step: _Step) -> Floats:
    used = system.used
    return np.concatenate([step.value_added, step.labour, step.price[used], step.spending[used]])


def _unpacked(system: HatSystem, packed: Floats) -> State:
    regions = len(system.economy.regions)
    price, spending = np.zeros(system.used.shape), np.zeros(system.used.shape)
    used = int(system.used.sum())
    rest = packed[2 * regions :]
    price[system.used] = rest[:used]
    spending[system.used] = np.exp(np.clip(rest[used:], -700, 700))
    return State(packed[:regions], packed[regions : 2 * regions], price, spending)
