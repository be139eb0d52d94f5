"""The market with and without a contract: P0 and P1 at prices cleared again.

The calibrated constants of staying are kept as they were found without the contract: they stand
for unexplained inertia, which a contract does not change. Only prices move.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.large.study_clearing import clear_by_size, held_whole
from yanzhen.market.problem.choice import held, stay_payoff
from yanzhen.market.problem.market import Floats, Market, SummedPayoffs
from yanzhen.market.problem.tolerance import TOLERANCE


def choice_probability(cleared: ClearedStudy, block: int, site: int, payoff_change: float) -> float:
    """Probability that a block moves to a site when a contract changes its payoff there.

    With no change it is P0, `cleared.clearing.choice.probability[block, site]`.

    Parameters
    ----------
    cleared : the market without the contract
    block, site : numbers of row and column
    payoff_change : margin on output that the contract adds

    Raises
    ------
    NotCleared
        When prices that clear the changed market were not found.
    """
    changed = clear_with(cleared, np.array([block]), np.array([site]), np.array([payoff_change]))
    return float(changed.choice.probability[block, site])


def clear_with(
    cleared: ClearedStudy,
    blocks: NDArray[np.int64],
    sites: NDArray[np.int64],
    payoff_change: Floats,
) -> Clearing:
    """Clear the market again with changed payoffs of some blocks at some sites.

    Parameters
    ----------
    cleared : the market without the changes
    blocks, sites, payoff_change : (K,) rows, columns and margins on output, pairs all different
    """
    market, prices = cleared.formulation.market, cleared.clearing.prices
    market = held(market, stay_payoff(market, prices))
    start = replace(prices, constants=np.zeros(0))
    together = None
    if not held_whole(market):
        together = _of_one_origin(market, blocks, sites, payoff_change)
    if together is not None:
        return clear_by_size(replace(market, base=together), TOLERANCE, start)
    changed, row = np.unique(blocks, return_inverse=True)
    own = market.base[market.cell[changed]]
    np.add.at(own, (row, sites), payoff_change)
    cell = market.cell.copy()
    cell[changed] = market.base.shape[0] + np.arange(changed.size)
    market = replace(market, base=np.vstack([np.asarray(market.base), own]), cell=cell)
    return clear_by_size(market, TOLERANCE, start)


def _of_one_origin(
    market: Market, blocks: NDArray[np.int64], sites: NDArray[np.int64], change: Floats
) -> SummedPayoffs | None:
    """Base payoffs with a change that all of an origin have alike at a site; None for others."""
    base = market.base
    if not isinstance(base, SummedPayoffs) or not blocks.size:
        return None
    origin = market.cell // base.industry.shape[0]
    home, host = origin[blocks[0]], sites[0]
    own = np.flatnonzero(origin == home)
    admitted = own[np.isfinite(base[market.cell[own]][:, host])]
    alike = (sites == host).all() and (change == change[0]).all()
    if not alike or not np.array_equal(np.sort(blocks), admitted):
        return None
    changed = base.origin.copy()
    changed[home, host] += change[0]
    return replace(base, origin=changed)
