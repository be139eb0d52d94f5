"""The market of what is listed under drawn parameters: how sure a shortlist is.

Every draw is one of a plan's (`yanzhen.market.plan.draws`): parameters triangular on their
intervals, jointly normal where the study states a covariance. What is listed stays as it is listed,
room included. The market is cleared again at each draw, and what it takes to judge a project then
is kept: a project can be asked about that was not in the clearing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats, positions
from yanzhen.advantage.attraction import locational_advantage_by_decay
from yanzhen.exchange.docking.listed_market import (
    ListedBlocks,
    Terrain,
    blocks_of_projects,
    logit_choice,
    market_of_listed,
    terrain_of,
)
from yanzhen.exchange.docking.offers import Offers
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.large.study_clearing import HELD_WHOLE
from yanzhen.market.plan.draws import SEED, draw
from yanzhen.market.plan.uncertainty import PARAMETERS
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.market import Prices
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.market.problem.payoff_terms import move_terms_of
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import StudyError

MOST = 60
LEAST = 12
PAIRS = 6_000_000
"""Pairs of project and site that all draws together may look at; above `HELD_WHOLE`, no draws."""


@dataclass(frozen=True)
class DrawnMarkets:
    """Markets of what is listed under draws, of which D cleared.

    Attributes
    ----------
    draws : number of draws
    parameters : of those that cleared
    place_worth : (D, N, S) margin that a region gives an industry
    posted, premium : (D, J, R)
    """

    draws: int
    parameters: Annotated[pl.DataFrame, PARAMETERS]
    place_worth: Floats
    posted: Floats
    premium: Floats


@dataclass(frozen=True)
class DrawnOutlook:
    """What a project would gain and choose under each draw that cleared.

    Attributes
    ----------
    gain, probability : (D, J)
    staying : (D,)
    """

    gain: Floats
    probability: Floats
    staying: Floats


def draws_for(projects: int, sites: int) -> int:
    """Return how many draws a market of some size is cleared under."""
    pairs = projects * sites
    return 0 if pairs > HELD_WHOLE else min(MOST, max(LEAST, PAIRS // max(pairs, 1)))


# Kept wide: the market that was cleared, and where to tell of the draws.
def drawn_markets(
    inputs: StudyInputs,
    offers: Offers,
    terrain: Terrain,
    prices: Prices,
    draws: int,
    tolerance: float,
    progress: Callable[[float], None] = lambda share: None,
) -> DrawnMarkets:
    """Clear the market of what is listed again under draws, from its prices.

    Parameters
    ----------
    offers : that were cleared
    terrain, prices : of the clearing
    tolerance : of the certificate; a draw that does not pass is left out and counted
    """
    ordered = inputs.parameters.sort("parameter")
    covariance = inputs.study.tables["parameter_covariance"]
    advantage_at = locational_advantage_by_decay(inputs.study, inputs.panel, inputs.advantage)
    rows: list[tuple[int, str, float]] = []
    worth, posted, premium = [], [], []
    for number in range(draws):
        values = draw(ordered, covariance, 0, SEED, number).parameters
        there = replace(inputs, advantage=advantage_at(values["access_decay"])).with_values(values)
        try:
            drawn = terrain_of(there, offers, terrain)
            market = market_of_listed(
                there, drawn, blocks_of_projects(there, drawn, offers.projects)
            )
            cleared = clear(market, tolerance, prices)
        except (NoPrices, StudyError):
            continue
        finally:
            progress((number + 1) / draws)
        rows += [(number, name, value) for name, value in values.items()]
        worth.append(drawn.place_terms.sum(axis=0))
        posted.append(drawn.room.posted)
        premium.append(total_premium(market, cleared.prices))
    shape = terrain.room.posted.shape
    return DrawnMarkets(
        draws,
        PARAMETERS.frame(rows),
        np.array(worth).reshape(len(worth), *terrain.place_terms.shape[1:]),
        np.array(posted).reshape(len(posted), *shape),
        np.array(premium).reshape(len(premium), *shape),
    )


# Kept wide: the draws, the clearing, the study, and the project.
def drawn_outlook(
    drawn: DrawnMarkets,
    inputs: StudyInputs,
    terrain: Terrain,
    projects: pl.DataFrame,
    blocks: ListedBlocks,
    admitted: np.ndarray,
) -> DrawnOutlook:
    """Return what one project would gain and choose under each draw.

    Parameters
    ----------
    projects, blocks : the project as `PROJECTS` and as a block
    admitted : (J,) sites that no rule closes to it
    """
    n, s = int(blocks.origin[0]), int(blocks.industry[0])
    room, count = terrain.room, drawn.premium.shape[0]
    place = positions(room.sites["region"], terrain.regions)
    outlook = DrawnOutlook(
        np.empty((count, admitted.size)), np.empty((count, admitted.size)), np.empty(count)
    )
    by_draw = drawn.parameters.partition_by("draw", maintain_order=True)
    for d, rows in enumerate(by_draw):
        there = inputs.with_values(dict(rows.select("parameter", "value").iter_rows()))
        paid = blocks_of_projects(there, terrain, projects).paid[0]
        worth = drawn.place_worth[d]
        gain = (
            worth[place, s]
            - worth[n, s]
            + move_terms_of(terrain.kilometres[[n]], room, there.values).sum(axis=0)[0]
            - (drawn.posted[d] + drawn.premium[d]) @ blocks.needs[0]
            + terrain.at_site @ paid
        )
        outlook.gain[d] = gain
        outlook.probability[d], outlook.staying[d] = logit_choice(
            gain, admitted, there.values["sigma"]
        )
    return outlook
