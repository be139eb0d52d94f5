"""Solving the exact-hat equations: by Anderson mixing, else Newton's method, else damped rounds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.hat_system import HatSystem, Pass
from yanzhen.effects.spatial.mobility import Mobility
from yanzhen.effects.spatial.newton import by_newton
from yanzhen.effects.spatial.state import (
    State,
    Step,
    normal,
    packed,
    packed_step,
    step_from,
    unpacked,
)
from yanzhen.effects.words import words
from yanzhen.market.large.anderson import AndersonMixing
from yanzhen.phrasebook import Words

TOLERANCE = 1e-12
"""On changes of logs from one pass to the next."""
DEPTH = 8
MOST_MIXED = 400
MOST_INNER, MOST_ROUNDS, MOST_STALLED = 2_000, 3_000, 100
"""Passes within a round, rounds, and rounds that may go by without coming nearer."""
WORSE = 1e3
"""Times the best distance so far beyond which mixing starts again from there."""
RESTARTS = 4


@dataclass(frozen=True)
class Solved:
    """A state, the pass over it, how far a further pass moves it, and how it was found."""

    state: State
    last: Pass
    distance: float
    passes: int
    method: str


class NotSettled(Exception):
    """No equilibrium was found: mixing, Newton's method and damped rounds did not come to rest.

    `said` says so in both languages.
    """

    def __init__(self, said: Words) -> None:
        super().__init__(said[0])
        self.said = said


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
    found = [_mixed(system, mobility, start, progress)]
    if found[-1].distance > TOLERANCE:
        found.append(_newton(system, mobility, found[-1], progress))
    if found[-1].distance > TOLERANCE:
        found.append(_in_rounds(system, mobility, start, found[-1].passes, progress))
    if found[-1].distance > TOLERANCE:
        found.append(_newton(system, mobility, found[-1], progress))
    if found[-1].distance > TOLERANCE:
        raise NotSettled(_why(system, found))
    return found[-1]


def _why(system: HatSystem, found: list[Solved]) -> Words:
    """Say how far it came, and which regions owe more than they can be relied on to earn."""
    earned = system.economy.value_added * np.exp(found[0].state.log_value_added)
    owing = [
        words("owing_each", region=region, owed=owed, earned=own)
        for region, owed, own in zip(
            system.economy.regions, -system.shock.deficit, earned, strict=True
        )
        if not owed < own / 2
    ]
    named = ", ".join(each[0] for each in owing), "、".join(each[1] for each in owing)
    return words(
        "not_settled",
        passes=found[-1].passes,
        distance=min(each.distance for each in found),
        owing=words("owing", regions=named) if owing else "",
    )


def _newton(
    system: HatSystem, mobility: Mobility, near: Solved, progress: Callable[[int, float], None]
) -> Solved:
    state, step, passes = by_newton(system, mobility, near.state, TOLERANCE, progress)
    return Solved(state, step.last, step.distance, near.passes + passes, "Newton")


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


def _cautious(step: Step, caution: Floats) -> Step:
    return replace(step, value_added=step.value_added / caution)


def _mixed(
    system: HatSystem,
    mobility: Mobility,
    start: State,
    progress: Callable[[int, float], None],
) -> Solved:
    caution = _caution(system)
    mixing = AndersonMixing(DEPTH)
    weight = np.ones(packed(system, start).size)
    state, best = start, start
    step = _cautious(step_from(system, mobility, state), caution)
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
            step = _cautious(step_from(system, mobility, state), caution)
        moved = mixing.mixed(packed(system, state), packed_step(system, step), weight)
        state = normal(system, mobility, unpacked(system, moved))
        step = _cautious(step_from(system, mobility, state), caution)
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
    best, stalled = None, 0
    for _ in range(MOST_ROUNDS):
        step = _cautious(step_from(system, mobility, state), caution)
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
            step = _cautious(step_from(system, mobility, state), caution)
        progress(passes, step.distance)
        stalled += 1
        if best is None or step.distance < best.distance:
            best, stalled = Solved(state, step.last, step.distance, passes, "damped"), 0
        if best.distance <= TOLERANCE or stalled > MOST_STALLED:
            break
        if step.distance > before:
            damping = max(damping / 2, 1e-3)
        before = step.distance
        state = normal(
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
