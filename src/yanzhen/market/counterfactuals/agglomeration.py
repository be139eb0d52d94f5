"""Chains that draw chains: a payoff that rises with the suppliers and buyers expected at a site.

The payoff of industry s at site j has γ λ_sj added,

    λ_sj(x) = Σ_k w_sk x_kj / Σ_l x_kl,    w_sk = a_ks + b_sk,

x_kj the output of industry k that is expected to arrive at j, a_ks what s buys of k per unit of its
output, b_sk the share of its output that s sells to k (both domestic): γ is the margin gained when
everything that s buys from and sells to moves to one site with it. Expectations come true in a
fixed point x = T(x), T the arrivals of the market cleared at those payoffs. The first is followed
from γ = 0 in small steps; other starts show whether there are several.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.input_output import allocation_coefficients, technical_coefficients
from yanzhen.accounts.panel import Floats
from yanzhen.accounts.study_table import national_table_of
from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.problem.market import Market, Prices
from yanzhen.study import Study

STEPS = 8
MOST_ROUNDS = 300
SLOWEST = 1 / 16
SAME = 1e-4


@dataclass(frozen=True)
class Linkages:
    """A market whose industries draw one another.

    Attributes
    ----------
    market : with nothing left to calibrate
    industry : (I,) of each block
    linkage : (S, S) w, row the industry that is drawn
    strength : γ, margin on output
    """

    market: Market
    industry: NDArray[np.int64]
    linkage: Floats
    strength: float


@dataclass(frozen=True)
class FixedPoint:
    """Expectations that come true.

    Attributes
    ----------
    arrivals : (S, J) output expected and arriving
    clearing : of the market at the payoffs they make
    residual : Σ |T(x) − x| over Σ x
    rounds : rounds taken
    converged : whether the residual is within the tolerance
    """

    arrivals: Floats
    clearing: Clearing
    residual: float
    rounds: int
    converged: bool


@dataclass(frozen=True)
class Agglomeration:
    """Fixed points of a market whose industries draw one another.

    Attributes
    ----------
    without : arrivals (S, J) at γ = 0
    followed : the fixed point followed from there
    others : different fixed points that other starts led to
    starts : starts tried besides, failed ones included
    failed_starts : starts that did not converge
    """

    without: Floats
    followed: FixedPoint
    others: tuple[FixedPoint, ...]
    starts: int
    failed_starts: int


def agglomeration(
    chains: Linkages,
    tolerance: float,
    start: Prices | None = None,
    sites_tried: int = 3,
    seed: int = 0,
) -> Agglomeration:
    """Find where industries that draw one another settle.

    Starts besides the one followed from γ = 0: everything expected at one site, for each of the
    `sites_tried` that draw most without chains, and expectations drawn at random.

    Parameters
    ----------
    tolerance : of the residual of a fixed point, and of the market's clearing
    start : prices to clear from

    Raises
    ------
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market were not found.
    """
    none = clear(chains.market, tolerance, start)
    without = _arrivals(chains, none)
    arrivals, prices = without, none.prices
    for step in range(1, STEPS + 1):
        part = replace(chains, strength=chains.strength * step / STEPS)
        followed = fixed_point(part, arrivals, tolerance, prices)
        arrivals, prices = followed.arrivals, followed.clearing.prices
    kept: list[FixedPoint] = []
    failed = 0
    starts = _starts(without, sites_tried, seed)
    for first in starts:
        other = fixed_point(chains, first, tolerance, none.prices)
        failed += not other.converged
        if other.converged and all(_apart(other, known) for known in (followed, *kept)):
            kept.append(other)
    return Agglomeration(without, followed, tuple(kept), len(starts), failed)


def fixed_point(
    chains: Linkages, first: Floats, tolerance: float, start: Prices | None = None
) -> FixedPoint:
    """Expectations that come true, from first ones; steps are halved where they don't get closer.

    Parameters
    ----------
    first : (S, J) arrivals expected at first
    tolerance : of the residual, and of the market's clearing
    start : prices to clear from
    """
    expected, prices = first, start
    length, before, rounds = 1.0, np.inf, 0
    while True:
        clearing = clear(drawn(chains, expected), tolerance, prices)
        prices = clearing.prices
        found = _arrivals(chains, clearing)
        residual = float(np.abs(found - expected).sum() / max(found.sum(), 1e-300))
        rounds += 1
        if residual <= tolerance or rounds >= MOST_ROUNDS:
            return FixedPoint(found, clearing, residual, rounds, residual <= tolerance)
        if residual > before:
            length = max(length / 2, SLOWEST)
        before = residual
        expected = expected + length * (found - expected)


def drawn(chains: Linkages, arrivals: Floats) -> Market:
    """The market at the payoffs that expected arrivals, (S, J), make."""
    market = chains.market
    total = arrivals.sum(axis=1, keepdims=True)
    share = np.divide(arrivals, total, out=np.zeros_like(arrivals), where=total > 0)
    worth = chains.strength * (chains.linkage @ share)
    count = market.mass.size
    return replace(
        market,
        cell=np.arange(count, dtype=np.int32),
        base=market.base[market.cell] + worth[chains.industry],
    )


def linkage(study: Study, industries: Sequence[str], year: int) -> Floats:
    """(S, S) w_sk = a_ks + b_sk of the national table nearest to a year.

    Raises
    ------
    WantOfData, StudyError
        As `study_table`.
    """
    national = national_table_of(study, year, industries)
    place = [national.sectors.index(name) for name in industries]
    a = technical_coefficients(national.domestic, national.output)
    b = allocation_coefficients(national.domestic, national.output)
    found: Floats = a[np.ix_(place, place)].T + b[np.ix_(place, place)]
    return found


def arrivals_table(
    found: Agglomeration, industries: Sequence[str], sites: Sequence[str]
) -> pl.DataFrame:
    """Arrivals without chains and at each fixed point; industry, site, point, output.

    `point` is without, followed, or the number of another fixed point from 1.
    """
    points = {"without": found.without, "followed": found.followed.arrivals}
    points |= {str(k): other.arrivals for k, other in enumerate(found.others, start=1)}
    s, j = np.indices(found.without.shape)
    return pl.concat(
        [
            pl.DataFrame(
                {
                    "industry": pl.Series(industries, dtype=pl.String).gather(s.ravel()),
                    "site": pl.Series(sites, dtype=pl.String).gather(j.ravel()),
                    "point": [name] * s.size,
                    "output": arrivals.ravel(),
                }
            )
            for name, arrivals in points.items()
        ]
    )


def _arrivals(chains: Linkages, clearing: Clearing) -> Floats:
    """(S, J) output arriving by industry."""
    moving = chains.market.mass[:, None] * clearing.choice.probability
    found = np.zeros((chains.linkage.shape[0], moving.shape[1]))
    np.add.at(found, chains.industry, moving)
    return found


def _starts(without: Floats, sites_tried: int, seed: int) -> list[Floats]:
    """Expectations to start from: all at one site, and drawn."""
    total = without.sum(axis=1, keepdims=True)
    largest = np.argsort(-without.sum(axis=0), kind="stable")[:sites_tried]
    starts = []
    for site in largest:
        first = np.zeros_like(without)
        first[:, [site]] = total
        starts.append(first)
    weight = np.random.Generator(np.random.Philox(key=[seed, 0])).random(without.shape)
    return [*starts, total * weight / weight.sum(axis=1, keepdims=True)]


def _apart(one: FixedPoint, other: FixedPoint) -> bool:
    """Whether two fixed points differ by more than a trifle of all that arrives."""
    return float(np.abs(one.arrivals - other.arrivals).sum()) > SAME * float(other.arrivals.sum())
