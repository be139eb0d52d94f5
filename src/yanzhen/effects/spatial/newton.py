"""Newton's method on the exact-hat equations, each step by GMRES on products with the Jacobian.

After Knoll and Keyes (2004), sections 2.1 and 2.3; how exactly a step is solved for follows
Eisenstat and Walker (1996).
"""

from collections.abc import Callable

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.hat_system import HatSystem
from yanzhen.effects.spatial.linearised import Linearised, linearised, pass_change
from yanzhen.effects.spatial.mobility import Immobile, Mobility, labour_step_change
from yanzhen.effects.spatial.state import (
    State,
    Step,
    log_real_income,
    normal,
    packed,
    packed_step,
    parts,
    step_from,
    unpacked,
)

MOST_STEPS, MOST_HALVINGS = 100, 20
KRYLOV, ROUNDS = 100, 5
LONGEST = 1.0
"""Longest step of a log."""


def by_newton(
    system: HatSystem,
    mobility: Mobility,
    start: State,
    tolerance: float,
    progress: Callable[[int, float], None] = lambda steps, distance: None,
) -> tuple[State, Step, int]:
    """Solve from a start; the state that came nearest, the step from it, and passes made."""
    state = start
    step = step_from(system, mobility, state)
    passes = 1
    for _ in range(MOST_STEPS):
        if step.distance <= tolerance or np.isinf(step.distance):
            break
        at = linearised(system, state, step.last)
        left = packed_step(system, step)
        direction, products = _direction(at, mobility, left, step.distance)
        passes += products
        direction *= min(1.0, LONGEST / float(np.abs(direction).max(initial=1e-300)))
        begin, size = packed(system, state), float(np.linalg.norm(left))
        for halvings in range(MOST_HALVINGS):
            part = 0.5**halvings
            tried = normal(system, mobility, unpacked(system, begin + part * direction))
            reached = step_from(system, mobility, tried)
            passes += 1
            if np.linalg.norm(packed_step(system, reached)) < (1 - 1e-4 * part) * size:
                break
        else:
            break
        state, step = tried, reached
        progress(passes, step.distance)
    return state, step, passes


def step_change(at: Linearised, mobility: Mobility, direction: Floats) -> Floats:
    """(2 N + 2 used,) derivative of the step along a direction, both as `packed_step` has them."""
    system, last = at.system, at.last
    value_added, labour, price, spending = parts(system, direction)
    change = pass_change(at, value_added, labour, price, spending)
    towards = change.value_added / last.value_added - value_added
    towards = towards - change.value_added.sum() / last.value_added.sum()
    moved = np.zeros_like(labour)
    if not isinstance(mobility, Immobile):
        with np.errstate(divide="ignore", invalid="ignore"):
            real = change.income / last.income - labour
        real = real - (system.economy.final_share * change.log_price).sum(axis=1)
        worth = log_real_income(system, at.state, last)
        moved = labour_step_change(mobility, worth, at.state.log_labour, real, labour)
    spent = np.divide(
        change.spending, last.spending, out=np.zeros_like(spending), where=last.spending > 0
    )
    used = system.used
    return np.concatenate(
        [towards, moved, (change.log_price - price)[used], (spent - spending)[used]]
    )


def _direction(
    at: Linearised, mobility: Mobility, left: Floats, distance: float
) -> tuple[Floats, int]:
    """Newton's step where the pass leaves `left`, and how many products it took."""
    products = 0

    def product(direction: Floats) -> Floats:
        nonlocal products
        products += 1
        return step_change(at, mobility, direction)

    size = left.size
    jacobian = LinearOperator((size, size), matvec=product, dtype=np.float64)
    direction, _ = gmres(
        jacobian, -left, rtol=min(1e-2, max(distance, 1e-10)), restart=min(size, KRYLOV),
        maxiter=ROUNDS,
    )  # fmt: skip
    found: Floats = np.asarray(direction)
    return found, products
