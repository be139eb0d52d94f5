"""Clearing the market of a study by the solver that its size asks for.

Up to `HELD_WHOLE` pairs of block and site the market is held whole (`newton_dense`); beyond, prices
come from the passes of this room, by origin and industry where payoffs are such sums, else from the
fused pass. The certificate is made by code of its own either way.
"""

from dataclasses import dataclass

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.certificate_large import certify_blocks
from yanzhen.market.equilibrium.newton_dense import Clearing, NotCleared, clear, reason, settled
from yanzhen.market.large.full_market import NotConverged
from yanzhen.market.large.separable import Cells, cells_of
from yanzhen.market.large.solver import solve, solve_cells
from yanzhen.market.problem.choice import choose, group_demand, site_demand
from yanzhen.market.problem.labels import Labels
from yanzhen.market.problem.market import Market, Prices

HELD_WHOLE = 1_000_000
"""Pairs of block and site up to which a market is held whole."""
WITHIN = 0.3
"""Share of the tolerance that the solver reaches: its pass and the certificate round apart."""


@dataclass(frozen=True)
class Priced:
    """Prices that clear a market too large to hold, with their proof.

    Attributes
    ----------
    cells : the market by origin and industry, None where it is no such sum
    steps : passes over all blocks
    """

    prices: Prices
    certificate: Certificate
    cells: Cells | None
    steps: int


def held_whole(market: Market) -> bool:
    """Whether a market is small enough to be held whole."""
    return bool(market.mass.size * market.capacity.shape[0] <= HELD_WHOLE)


def clear_by_size(
    market: Market, tolerance: float, start: Prices | None = None, labels: Labels | None = None
) -> Clearing:
    """Find prices that clear a market of any size, and certify them, as `clear` does.

    Raises
    ------
    NotCleared
        When the certificate does not pass.
    """
    if held_whole(market):
        return clear(market, tolerance, start, labels)
    found = priced(market, tolerance, start, labels)
    choice = choose(market, found.prices)
    demand = site_demand(market, choice)
    by_group = group_demand(market, demand)
    return Clearing(found.prices, choice, demand, by_group, found.certificate, found.steps)


def priced(
    market: Market, tolerance: float, start: Prices | None = None, labels: Labels | None = None
) -> Priced:
    """Find prices that clear a large market, holding nothing of its size.

    Raises
    ------
    NotCleared
        When the certificate does not pass.
    """
    cells = cells_of(market)
    try:
        if cells is None:
            solution = solve(market, WITHIN * tolerance, start)
        else:
            solution = solve_cells(market, cells, WITHIN * tolerance, start)
        prices, passes = solution.prices, solution.passes
    except NotConverged as best:
        prices, passes = best.prices, best.passes
    prices = settled(market, prices)
    certificate = certify_blocks(market, prices, tolerance)
    if not certificate.passed:
        raise NotCleared(certificate, reason(market, labels))
    return Priced(prices, certificate, cells, passes)
