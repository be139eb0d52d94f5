"""Clearing the market over what is listed: indicative prices, and what each project expects."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.exchange.docking.drawn import DrawnMarkets, drawn_markets, draws_for
from yanzhen.exchange.docking.listed_market import (
    ListedBlocks,
    Tell,
    Terrain,
    blocks_of_projects,
    market_industries,
    market_of_listed,
    measured_offers,
    needs_of,
    terrain_of,
)
from yanzhen.exchange.docking.offers import Offers, offers_of
from yanzhen.exchange.docking.plausibility import BOUNDS, without_odd
from yanzhen.exchange.listings.kinds import Content, Status
from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.large.study_clearing import Priced, held_whole, priced
from yanzhen.market.problem.choice import choose, total_premium
from yanzhen.market.problem.market import Market, Prices
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study.result_columns import columns

TOLERANCE = 1e-4
"""Bound of every check of the certificate: indicative prices need no more."""
ROWS_AT_A_TIME = 2048
PRICES = columns("site resource capacity posted premium")
"""`capacity` is null where not limited, in the study's units. Everybody sees them, so they say
nothing of expected demand: where few projects look at a site it would tell what one of them needs.
"""


class NothingToClear(ValueError):
    """No site or no project is listed that the market can take."""


@dataclass(frozen=True)
class ExchangeClearing:
    """Prices that clear the market of what is listed, and what is needed to judge a pair at them.

    Attributes
    ----------
    on : day for which it was cleared
    terrain : of the listed sites
    premium : (J, R) scarcity premium per unit and year, those of groups among them
    prices : `PRICES`
    projects : project, industry, origin, output; in the order of the arrays
    origin, industry, needs, paid : as in `ListedBlocks`
    inclusive : (I,) σ log Σ exp(ū/σ) of each project
    staying : (I,) probability to stay
    left_out : listings that the market cannot take, and why, as `LEFT_OUT`
    status : of the figures, the least sure of the study's and of what took part
    sigma : of the tastes
    drawn : the market again under drawn parameters
    certificate : by code of its own
    """

    on: str
    terrain: Terrain
    premium: Floats
    prices: pl.DataFrame
    projects: pl.DataFrame
    origin: NDArray[np.int64]
    industry: NDArray[np.int64]
    needs: Floats
    paid: Floats
    inclusive: Floats
    staying: Floats
    left_out: pl.DataFrame
    status: Status
    sigma: float
    drawn: DrawnMarkets
    certificate: Certificate


def clear_listed(
    inputs: StudyInputs,
    listed: list[tuple[str, Content]],
    on: date,
    tell: Tell = lambda stage, share: None,
) -> ExchangeClearing:
    """Clear the market over what is listed.

    Parameters
    ----------
    inputs : of the study whose payoffs and parameters hold
    listed : identities and contents of sites and projects
    on : day
    tell : called with the stage at work and the share done

    Raises
    ------
    NothingToClear
        No site or no project that the market can take.
    yanzhen.market.problem.no_prices.NoPrices
        Prices that clear the market were not found.
    yanzhen.study.StudyError
        The study's rules or policies cannot be used.
    """
    tell("offers", 0.0)
    offers = offers_of(listed, inputs.study, inputs.panel.regions, market_industries(inputs))
    if offers.sites.is_empty() or offers.projects.is_empty():
        raise NothingToClear
    tell("market", 0.1)
    offers, found = _cleared(inputs, measured_offers(inputs, offers))
    terrain, blocks, market, cleared = found.terrain, found.blocks, found.market, found.cleared
    drawn = _drawn(inputs, offers, found, tell)
    tell("shortlists", 0.9)
    premium = total_premium(market, cleared.prices)
    inclusive, staying = _outlook(market, cleared.prices)
    took_part = {*terrain.room.sites["site"], *blocks.frame["project"]}
    return ExchangeClearing(
        on.isoformat(),
        terrain,
        premium,
        _priced(terrain, premium),
        blocks.frame.select("project", "industry", "origin", "output"),
        blocks.origin,
        blocks.industry,
        blocks.needs,
        blocks.paid,
        inclusive,
        staying,
        pl.concat([offers.left_out, blocks.left_out]),
        _status(inputs, (content for listing, content in listed if listing in took_part)),
        market.sigma,
        drawn,
        cleared.certificate,
    )


@dataclass(frozen=True)
class _Found:
    """A market of what is listed, and the prices that clear it."""

    terrain: Terrain
    blocks: ListedBlocks
    market: Market
    cleared: Clearing | Priced


def _cleared(inputs: StudyInputs, offers: Offers) -> tuple[Offers, _Found]:
    """Clear over all offers, or without those that keep the market from clearing."""
    attempts = [offers]
    needs = needs_of(inputs, offers.projects)
    for bound in BOUNDS:
        without = without_odd(offers, needs, bound)
        if without.left_out.height > attempts[-1].left_out.height:
            attempts.append(without)
    for attempt in attempts[:-1]:
        try:
            return attempt, _market_cleared(inputs, attempt)
        except NoPrices:
            continue
    return attempts[-1], _market_cleared(inputs, attempts[-1])


def _market_cleared(inputs: StudyInputs, offers: Offers) -> _Found:
    if offers.sites.is_empty():
        raise NothingToClear
    terrain = terrain_of(inputs, offers)
    blocks = blocks_of_projects(inputs, terrain, offers.projects)
    if blocks.frame.is_empty():
        raise NothingToClear
    market = market_of_listed(inputs, terrain, blocks)
    cleared = clear(market, TOLERANCE) if held_whole(market) else priced(market, TOLERANCE)
    return _Found(terrain, blocks, market, cleared)


def _drawn(inputs: StudyInputs, offers: Offers, found: _Found, tell: Tell) -> DrawnMarkets:
    tell("draws", 0.5)
    sizes = found.blocks.frame.height, found.terrain.room.sites.height
    return drawn_markets(
        inputs,
        offers,
        found.terrain,
        found.cleared.prices,
        draws_for(*sizes),
        TOLERANCE,
        lambda share: tell("draws", 0.5 + 0.4 * share),
    )


def _outlook(market: Market, prices: Prices) -> tuple[Floats, Floats]:
    """(I,) inclusive value and staying probability of each project."""
    count = market.mass.size
    inclusive, staying = np.empty(count), np.empty(count)
    nobody = replace(prices, constants=np.zeros(0))
    for first in range(0, count, ROWS_AT_A_TIME):
        rows = slice(first, first + ROWS_AT_A_TIME)
        found = choose(market.of_rows(rows), nobody)
        inclusive[rows], staying[rows] = found.inclusive, found.stay
    return inclusive, staying


def _status(inputs: StudyInputs, contents: Iterable[Content]) -> Status:
    found = {each.status for each in contents}
    if inputs.study.about.synthetic or "synthetic" in found:
        return "synthetic"
    return "estimated" if "estimated" in found else "observed"


def _priced(terrain: Terrain, premium: Floats) -> pl.DataFrame:
    room = terrain.room
    sites, resources = room.capacity.shape
    j, r = (each.ravel() for each in np.indices((sites, resources)))
    frame = pl.DataFrame(
        {
            "site": room.sites["site"].gather(j),
            "resource": pl.Series(room.resources, dtype=pl.String).gather(r),
            "capacity": np.where(np.isfinite(room.capacity), room.capacity, np.nan)[j, r],
            "posted": room.posted[j, r],
            "premium": premium[j, r],
        }
    )
    return frame.with_columns(pl.col("capacity").fill_nan(None)).select(*PRICES)
