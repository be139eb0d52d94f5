"""Estimated classes as blocks of the market: each block copied once a class, with its weight."""

from dataclasses import replace

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.history.classes import Classes
from yanzhen.market.problem.market import Market


def class_blocks(market: Market, attributes: Floats, classes: Classes) -> Market:
    """Copy every block of a market once a class, its mass times the class's share.

    In class c block i has the payoff

        v_ijc = base[cell_i, j] + σ (Σ_d θ_cd a_cell_i,jd + Σ_k θ_ck x_ik z_jk),

    so that `base` holds what was not estimated, and choices show θ = β/σ.

    Parameters
    ----------
    market : blocks whose `intensities` and `qualities` are those of the choices, without tastes
    attributes : (C, J, D) a_cjd by the market's cells, NaN in any of them where refused
    classes : tastes of the attributes, then of the interactions

    Returns
    -------
    (classes · I) blocks, those of the first class first

    Raises
    ------
    ValueError
        If the tastes are not those of the attributes and interactions.
    """
    kinds, counts = market.intensities.shape[1], attributes.shape[2]
    for fitted in classes.fitted:
        if len(fitted.estimates) != counts + kinds:
            raise ValueError(
                f"{len(fitted.estimates)} tastes for {counts} attributes and {kinds} interactions"
            )
    admitted = np.logical_not(np.isnan(attributes).any(axis=2))
    known = np.where(admitted[:, :, None], attributes, 0.0)
    beta = market.sigma * np.array([fitted.estimates for fitted in classes.fitted])
    base = np.asarray(market.base)
    number, cells = len(beta), len(base)
    own = [base + np.where(admitted, known @ each[:counts], -np.inf) for each in beta]

    return replace(
        market,
        mass=np.concatenate([share * market.mass for share in classes.shares]),
        needs=np.tile(market.needs, (number, 1)),
        stay=np.tile(market.stay, number),
        cell=np.concatenate([market.cell + np.int32(c * cells) for c in range(number)]),
        base=np.concatenate(own),
        intensities=np.concatenate([market.intensities * each[counts:] for each in beta]),
        calibration=np.tile(market.calibration, number),
    )


def over_classes(values: Floats, classes: Classes) -> Floats:
    """(I, …) what the copies of each block come to, weighted by the classes' shares.

    Parameters
    ----------
    values : (classes · I, …) such as the probabilities at the prices that clear the copies
    """
    number = len(classes.shares)
    parts = values.reshape(number, len(values) // number, *values.shape[1:])
    found: Floats = np.tensordot(classes.shares, parts, axes=1)
    return found
