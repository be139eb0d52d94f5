"""Steps of the clearing iteration: residuals, sampled curvature, prices held at their floor."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yanzhen.market.large.curvature import ChoiceModel, conjugate_gradients
from yanzhen.market.large.violation import by_constraint
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.constraints import Constraints, prices_of
from yanzhen.market.problem.market import Floats

LARGEST_LOGARITHM = 2.0
LARGEST_RATIO = 4.0
LARGEST_CHANGE = 4.0
"""Most that a step may change the payoff of a typical enterprise by one price, in σ."""
TINY = float(np.finfo(np.float64).tiny)
ACTIVE_SET_ROUNDS = 4


def log_residual(constraints: Constraints, x: Floats, demand: Floats) -> Floats:
    """(n,) log(D/K), for stayers log(S/Ŝ), clipped; 0 where the price is held at its floor."""
    room = np.where(constraints.limited, constraints.capacity, 1.0)
    residual = np.log(np.maximum(demand, TINY)) - np.log(np.maximum(room, TINY))
    residual[constraints.places :] *= -1.0
    residual = np.clip(residual, -LARGEST_LOGARITHM, LARGEST_LOGARITHM)
    held = (x <= constraints.floor) & (residual < 0)
    return np.where(constraints.limited & ~held, residual, 0.0)


@dataclass(frozen=True)
class Curvature:
    """Sampled Hessian of the dual, scaled to a measured demand.

    Attributes
    ----------
    model : sampled choices
    scale : (J, R) square root of measured over sampled demand
    added : (J, R, R) what is added to the product of sparse choices, site by site
    blocks : (J, R, R) its diagonal blocks by site
    diagonal : (n,)
    ridge : share of the diagonal added to it
    largest : (n,) most that a step may change each price
    """

    model: ChoiceModel
    scale: Floats
    added: Floats
    blocks: Floats
    diagonal: Floats
    ridge: float
    largest: Floats


def curvature(
    constraints: Constraints, model: ChoiceModel, demand: Floats, ridge: float
) -> Curvature:
    """Prepare a sampled Hessian for a measured (J, R) demand.

    Demand that the sparse choices miss adds to the diagonal as if it could only stay instead, so
    that a site no sampled enterprise wants still answers to its price.
    """
    at_sites = model.site_blocks()
    sampled = at_sites.demand_over_sigma
    typical = np.einsum("jrr->r", at_sites.whole) / np.maximum(sampled.sum(axis=0), TINY)
    ratio = demand / model.sigma / np.where(sampled > 0, sampled, 1.0)
    ratio = np.clip(np.where(sampled > 0, ratio, 1.0), 1 / LARGEST_RATIO, LARGEST_RATIO)
    scale = np.sqrt(ratio)
    both = scale[:, :, None] * scale[:, None, :]
    missed = np.maximum(demand / model.sigma - sampled * ratio, 0.0) * typical
    missed_blocks = missed[:, :, None] * np.eye(scale.shape[1])
    blocks = at_sites.whole * both + missed_blocks
    added = at_sites.lacking * both + missed_blocks
    diagonal = np.einsum("jrr->jr", blocks)
    market = constraints.market
    answer = 1.0 / np.where(typical > 0, typical, np.inf)
    largest = np.concatenate(
        [np.tile(answer, model.sites), answer[market.group_resource], np.ones(model.constants)]
    )
    return Curvature(
        model,
        scale,
        added,
        blocks,
        by_constraint(market, diagonal, at_sites.constants),
        ridge,
        LARGEST_CHANGE * model.sigma * largest,
    )


def pull(constraints: Constraints, demand: Floats) -> Floats:
    """(n,) demand less room, observed less predicted stayers: the dual's gradient turned round."""
    right = np.where(constraints.limited, demand - constraints.capacity, 0.0)
    right[constraints.places :] *= -1.0
    return right


def logarithmic_pull(constraints: Constraints, demand: Floats) -> Floats:
    """(n,) D log(D/K) in place of D − K, and Ŝ log(S/Ŝ): the linear step overshoots at D ≪ K."""
    room = np.where(constraints.limited, constraints.capacity, 1.0)
    ratio = np.log(np.maximum(demand, TINY)) - np.log(np.maximum(room, TINY))
    ratio[constraints.places :] *= -1.0
    right: Floats = demand * np.clip(ratio, -LARGEST_LOGARITHM, LARGEST_LOGARITHM)
    return right


def step(
    constraints: Constraints,
    hessian: Curvature,
    x: Floats,
    right: Floats,
    accuracy: float,
    threads: int | None = None,
) -> Floats:
    """(n,) change of prices: min ½ d'Hd − d'right with x + d ≥ floor, approximately.

    Solved on the prices that are free, which are chosen again a few times: those that would fall
    below their floor are held on it, those held with demand beyond their room are let go.
    """

    def product(change: Floats) -> Floats:
        return _product(constraints, hessian, change, threads)

    usable = constraints.limited & (hessian.diagonal > 0)
    free = usable & ((x > constraints.floor) | (right > 0))
    d = np.zeros_like(x)
    for _ in range(ACTIVE_SET_ROUNDS):
        held = np.where(usable & ~free, np.maximum(constraints.floor - x, d), 0.0)
        held[~np.isfinite(held)] = 0.0
        d = _solve_free(
            constraints, hessian, product, right, free, held, np.where(free, d, held), accuracy
        )
        below = free & (x + d < constraints.floor)
        left = right - product(np.maximum(d, constraints.floor - x))
        freed = usable & ~free & (left > 0)
        d[below] = (constraints.floor - x)[below]
        if not below.any() and not freed.any():
            break
        free = (free & ~below) | freed
    return np.clip(d, -hessian.largest, hessian.largest)


def _solve_free(
    constraints: Constraints,
    hessian: Curvature,
    product: Callable[[Floats], Floats],
    right: Floats,
    free: np.ndarray[tuple[int], np.dtype[np.bool_]],
    held: Floats,
    start: Floats,
    accuracy: float,
) -> Floats:
    own = constraints.at_sites
    inverse = _inverse_blocks(hessian, free[:own].reshape(len(hessian.scale), -1))
    rest = hessian.diagonal[own:] * (1.0 + hessian.ridge)
    rest_inverse = np.where(free[own:], 1.0 / np.where(rest > 0, rest, 1.0), 0.0)

    def precondition(r: Floats) -> Floats:
        at_sites = r[:own].reshape(len(hessian.scale), -1)
        return np.concatenate(
            [np.einsum("jrs,js->jr", inverse, at_sites).ravel(), rest_inverse * r[own:]]
        )

    def operator(d: Floats) -> Floats:
        return np.where(free, product(d), 0.0)

    rhs = right - product(held) if held.any() else right
    solved = conjugate_gradients(
        operator,
        precondition,
        np.where(free, rhs, 0.0),
        np.where(free, start, 0.0),
        accuracy,
        60,
    )
    return solved + held


def _product(
    constraints: Constraints, hessian: Curvature, d: Floats, threads: int | None
) -> Floats:
    change = prices_of(constraints, d)
    premium = total_premium(constraints.market, change)
    demand, staying = hessian.model.apply(premium * hessian.scale, change.constants, threads)
    demand = demand * hessian.scale + np.einsum("jrs,js->jr", hessian.added, premium)
    image = by_constraint(constraints.market, demand, staying)
    return image + hessian.ridge * hessian.diagonal * d


def _inverse_blocks(
    hessian: Curvature, free: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> Floats:
    """Inverses of the blocks by site on their free resources, 0 elsewhere."""
    resources = hessian.blocks.shape[1]
    both = free[:, :, None] & free[:, None, :]
    eye = np.eye(resources)
    diagonal = np.einsum("jrr->jr", hessian.blocks)
    kept = np.where(both, hessian.blocks, 0.0)
    kept += eye * np.where(free, (hessian.ridge + 1e-9) * diagonal, 1.0)[:, :, None]
    return np.where(both, np.linalg.inv(kept), 0.0)
