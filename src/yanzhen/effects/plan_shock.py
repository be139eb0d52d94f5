"""A plan as a shock to an economy: what its moves do to the number of enterprises."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats, positions
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.shock import Shock, mass_of_moves, no_shock
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.balances import arriving, leaving


@dataclass(frozen=True)
class PlanMoves:
    """What moves, by the regions and industries of an economy.

    Attributes
    ----------
    arrivals, departures : (N, S) output
    """

    arrivals: Floats
    departures: Floats

    @property
    def net(self) -> Floats:
        """(N, S) arrivals less departures."""
        return self.arrivals - self.departures


def moves_of_market(cleared: ClearedStudy, economy: Economy) -> PlanMoves:
    """What a cleared market moves."""
    gone, come = (of(cleared.formulation, cleared.clearing) for of in (leaving, arriving))
    return moves_of_frames(economy, gone, come)


def moves_of_frames(economy: Economy, gone: pl.DataFrame, come: pl.DataFrame) -> PlanMoves:
    """What moves by tables of industry, output and the region, called `origin` in `gone`."""
    arrivals, departures = np.zeros(economy.output.shape), np.zeros(economy.output.shape)
    for total, rows, region in ((departures, gone, "origin"), (arrivals, come, "region")):
        at = (
            positions(rows[region], economy.regions),
            positions(rows["industry"], economy.industries),
        )
        np.add.at(total, at, rows["output"].to_numpy())
    return PlanMoves(arrivals, departures)


def within_reach(economy: Economy, moves: PlanMoves) -> PlanMoves:
    """The moves that the model can follow: those to where the industry is made already.

    A ratio to nothing is not defined, so that what arrives where the industry is not made yet is
    left out, with as much of the industry's departures everywhere. No more leaves than is made.
    """
    made = economy.output > 0
    departures = np.where(made, np.minimum(moves.departures, economy.output), 0.0)
    arrivals = np.where(made, moves.arrivals, 0.0)
    come, gone = arrivals.sum(axis=0), departures.sum(axis=0)
    both = np.minimum(come, gone)
    return PlanMoves(
        *(
            amounts * np.divide(both, total, out=np.zeros_like(both), where=total > 0)
            for amounts, total in ((arrivals, come), (departures, gone))
        )
    )


def plan_shock(economy: Economy, moves: PlanMoves) -> Shock:
    """The shock of moves that the model can follow, N̂ = (Y + arrivals − departures) / Y."""
    mass = mass_of_moves(economy, moves.arrivals, moves.departures)
    return replace(no_shock(economy), mass=mass)
