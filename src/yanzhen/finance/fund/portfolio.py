"""Which supports a fund holds: the best under its limits, with a bound that proves how good it is.

    max_x f(B x),   low ≤ W x ≤ high,   Σ_{j of project i} x_j ≤ 1,   x binary,

f the worth of the benefit over draws (`risk`). f is the least of linear functions, one for each
weighting of the draws, which are added as they are found (Kelley 1960; for CVaR Künzi-Bay and Mayer
2006): the relaxation's value bounds every choice from above. A mixed-integer programme (HiGHS) over
the supports that the relaxation leaves open gives a choice; where its gap to the bound is not small
enough, one over all supports follows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.finance.fund.risk import Risk, worst_weights

MOST_ROUNDS = 200
OPEN = (200, 2_000)
"""Supports that the first integer programmes choose among, those nearest to being turned."""
MOST_NODES = 20_000
"""Of the search of an integer programme; what it has found by then counts, with its bound."""
ENOUGH = 1e-9
"""Part of a value that a further cut must promise."""


@dataclass(frozen=True)
class Supports:
    """What a fund chooses from: one support of one project a column.

    Attributes
    ----------
    project : (n,) number of the project
    benefit : (D, n) of each draw, in one unit
    """

    project: NDArray[np.int64]
    benefit: Floats


@dataclass(frozen=True)
class Limit:
    """low ≤ Σ_j weight_j x_j ≤ high.

    Attributes
    ----------
    name : budget, or whatever names it
    weight : (n,)
    """

    name: str
    weight: Floats
    low: float
    high: float


@dataclass(frozen=True)
class Portfolio:
    """A choice, how good it is, and what the limits cost.

    Attributes
    ----------
    chosen : (n,)
    value : f of its benefit
    bound : no choice is worth more
    gap : (bound − value) / |bound|
    price : (L,) shadow price of each limit in the relaxation: worth of one unit more of it
    net : (n,) benefit at the relaxation's weights of the draws less the price of what it takes
    """

    chosen: Booleans
    value: float
    bound: float
    gap: float
    price: Floats
    net: Floats


class NoPortfolio(Exception):
    """No choice keeps all limits."""


@dataclass(frozen=True)
class _Relaxed:
    x: Floats
    bound: float
    cuts: Floats
    price: Floats
    net: Floats
    reduced: Floats


def best_portfolio(
    supports: Supports, limits: tuple[Limit, ...], risk: Risk, gap: float = 0.01
) -> Portfolio:
    """Choose the supports of most worth.

    Parameters
    ----------
    gap : largest (bound − value) / |bound| that is good enough; 0 asks for the best

    Raises
    ------
    NoPortfolio
        When no choice keeps all limits.
    """
    relaxed = _relaxation(supports, limits, risk)
    everything = np.ones(supports.project.size, dtype=np.bool_)
    best, value, bound, cuts = None, -np.inf, relaxed.bound, relaxed.cuts
    for among in _choices_among(relaxed, everything):
        for _ in range(MOST_ROUNDS):
            found = _integral(supports, limits, cuts, relaxed.x, among, gap / 4)
            if found is None:
                break
            chosen, promised, of_these = found
            benefit = supports.benefit @ chosen
            weights = worst_weights(benefit, risk)
            worth = float(weights @ benefit)
            if worth > value:
                best, value = chosen, worth
            if among.all():
                bound = min(bound, of_these)
            if _gap(bound, value) <= gap or promised - worth <= ENOUGH * max(1.0, abs(worth)):
                break
            cuts = np.vstack([cuts, weights @ supports.benefit])
        if _gap(bound, value) <= gap:
            break
    if best is None:
        raise NoPortfolio
    bound = max(bound, value)
    return Portfolio(best > 0.5, value, bound, _gap(bound, value), relaxed.price, relaxed.net)


def _choices_among(relaxed: _Relaxed, everything: Booleans) -> Iterator[Booleans]:
    """The supports that an integer programme chooses among: first few, then all."""
    fractional = np.minimum(relaxed.x, 1 - relaxed.x) > 1e-7
    nearest = np.argsort(np.where(fractional, -1.0, np.abs(relaxed.reduced)), kind="stable")
    for count in OPEN:
        if count < everything.size:
            few = np.zeros_like(everything)
            few[nearest[: max(count, int(fractional.sum()))]] = True
            yield few
    yield everything


def _gap(bound: float, value: float) -> float:
    if not np.isfinite(value):
        return np.inf
    return (
        max(bound - value, 0.0) / max(abs(bound), np.finfo(float).tiny) if bound != value else 0.0
    )


def _rows(supports: Supports, limits: tuple[Limit, ...]) -> tuple[csr_array, Floats, Floats]:
    """Limits, then one row a project: matrix, low and high."""
    n, projects = supports.project.size, int(supports.project.max(initial=-1)) + 1
    once = coo_array((np.ones(n), (supports.project, np.arange(n))), shape=(projects, n)).tocsr()
    weights = csr_array(np.array([limit.weight for limit in limits]).reshape(len(limits), n))
    low = np.concatenate([[limit.low for limit in limits], np.full(projects, -np.inf)])
    high = np.concatenate([[limit.high for limit in limits], np.ones(projects)])
    return vstack([weights, once], format="csr"), low, high


def _relaxation(supports: Supports, limits: tuple[Limit, ...], risk: Risk) -> _Relaxed:
    """The linear relaxation, by cutting planes."""
    n, draws = supports.project.size, supports.benefit.shape[0]
    matrix, low, high = _rows(supports, limits)
    above, below = np.isfinite(high), np.isfinite(low)
    sides = vstack([matrix[above], -matrix[below]], format="csr")
    room = np.concatenate([high[above], -low[below]])
    sides = hstack([sides, csr_array((sides.shape[0], 1))], format="csr")
    cuts = np.full((1, draws), 1.0 / draws) @ supports.benefit
    bounds = np.vstack([np.tile([0.0, 1.0], (n, 1)), [[-np.inf, np.inf]]])
    goal = np.append(np.zeros(n), -1.0)
    for _ in range(MOST_ROUNDS):
        of_cuts = hstack([csr_array(-cuts), csr_array(np.ones((len(cuts), 1)))], format="csr")
        # The stubs of SciPy do not know that a sparse matrix may be given.
        solved: Any = linprog(  # type: ignore[call-overload]
            goal,
            A_ub=vstack([of_cuts, sides], format="csr"),
            b_ub=np.concatenate([np.zeros(len(cuts)), room]),
            bounds=bounds,
            method="highs",
        )
        if solved.status == 2:
            raise NoPortfolio
        if not solved.success:
            raise ArithmeticError(f"the relaxation was not solved: {solved.message}")
        x, bound = np.clip(solved.x[:n], 0.0, 1.0), float(solved.x[n])
        benefit = supports.benefit @ x
        weights = worst_weights(benefit, risk)
        if bound - float(weights @ benefit) <= ENOUGH * max(1.0, abs(bound)):
            break
        cuts = np.vstack([cuts, weights @ supports.benefit])
    dual = -np.asarray(solved.ineqlin.marginals)
    of_cut, of_side = dual[: -room.size][: len(cuts)], dual[-room.size :]
    signed = np.zeros(low.size)
    signed[above] += of_side[: int(above.sum())]
    signed[below] -= of_side[int(above.sum()) :]
    price = signed[: len(limits)]
    worth = of_cut @ cuts[: of_cut.size]
    net = worth - matrix[: len(limits)].T @ price
    return _Relaxed(
        x, bound, cuts, price, net, net - matrix[len(limits) :].T @ signed[len(limits) :]
    )


def _integral(
    supports: Supports,
    limits: tuple[Limit, ...],
    cuts: Floats,
    start: Floats,
    among: Booleans,
    gap: float,
) -> tuple[Floats, float, float] | None:
    """The best choice at some cuts among some supports, the others as they start; None if none is.

    With its value by the cuts, and the bound of the programme.
    """
    matrix, low, high = _rows(supports, limits)
    fixed = np.where(among, 0.0, np.round(start))
    taken, given = matrix @ fixed, cuts @ fixed
    part = matrix[:, among]
    count = int(among.sum())
    rows = vstack(
        [
            hstack([csr_array(-cuts[:, among]), csr_array(np.ones((len(cuts), 1)))]),
            hstack([part, csr_array((part.shape[0], 1))]),
        ],
        format="csr",
    )
    solved: Any = milp(
        np.append(np.zeros(count), -1.0),
        integrality=np.append(np.ones(count), 0),
        bounds=Bounds(np.append(np.zeros(count), -np.inf), np.append(np.ones(count), np.inf)),
        constraints=LinearConstraint(
            rows,
            np.concatenate([np.full(len(cuts), -np.inf), low - taken]),
            np.concatenate([given, high - taken]),
        ),
        options={"mip_rel_gap": gap, "node_limit": MOST_NODES},
    )
    if solved.status == 2:
        return None
    if solved.x is None:
        raise ArithmeticError(f"the choice was not solved: {solved.message}")
    chosen = fixed.copy()
    chosen[among] = np.round(solved.x[:count])
    return chosen, float(np.min(cuts @ chosen)), float(-solved.mip_dual_bound)
