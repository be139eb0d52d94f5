"""A SYNTHETIC nation: enterprises, zones and room drawn at random with realistic marginals."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.completion import completed
from yanzhen.accounts.panel import output_panel
from yanzhen.market.large.demand_pass import evaluate_demand, pack, terms_at
from yanzhen.market.large.population import shard_bounds
from yanzhen.market.problem.market import Floats, Integers, Market
from yanzhen.study import Study

CHARACTERISTICS = 16
RESOURCES = ("land", "jobs", "energy")
DEMAND_OVER_ROOM = 1.5
MOVING_AT_ZERO_PRICES = 0.28
PROBE = 20_000
PILOT = 100_000
"""Enterprises by whom the room of a nation drawn in shards is set."""
SIZE_SPREAD = 1.3
"""Standard deviation of the logarithm of enterprises' output."""
TRADE_OFF = 0.65
"""Correlation of an enterprise's need of energy with that of land, and of jobs, sign turned."""


@dataclass(frozen=True)
class Marginals:
    """What is known of the nation that the draw respects.

    Attributes
    ----------
    output : (provinces, industries) manufacturing output a year
    position : (provinces, 2) longitude and latitude
    """

    output: Floats
    position: Floats


def marginals_of(study: Study) -> Marginals:
    """Output of the study's base year by region and industry, and where its regions are.

    Cells that stay missing after completion are given a hundredth of what their region's and
    industry's shares would make, since the draw needs a figure; it is a draw, not an estimate.

    Parameters
    ----------
    study : such as the embedded provinces of China
    """
    panel = output_panel(study)
    year = panel.years.index(panel.base_year)
    output = completed(panel)[:, :, year]
    known = np.where(np.isfinite(output), output, 0.0)
    expected = np.outer(known.sum(axis=1), known.sum(axis=0)) / known.sum()
    regions = study.tables["regions"].select("region", "longitude", "latitude")
    place = pl.DataFrame({"region": list(panel.regions)}).join(
        regions, on="region", how="left", maintain_order="left"
    )
    return Marginals(
        np.where(known > 0, known, 0.01 * expected),
        place.select("longitude", "latitude").to_numpy(),
    )


def synthetic_market(
    enterprises: int, zones: int, seed: int, sigma: float, marginals: Marginals
) -> Market:
    """Draw a SYNTHETIC national market.

    Enterprises follow the provinces' and industries' output, with log-normal sizes, and zones the
    provinces' output. Land and jobs are limited zone by zone, energy province by province. Room is
    drawn apart from demand; only its total is set, demand at zero prices being
    `DEMAND_OVER_ROOM` times as much. Payoffs are scaled to a spread of 1 across zones.

    Parameters
    ----------
    enterprises, zones : how many
    seed : of the draw; the same seed gives the same market
    sigma : scale of the taste, in units of the payoffs' spread across zones
    marginals : the nation's figures
    """
    return _drawn(enterprises, zones, seed, sigma, marginals).market


@dataclass(frozen=True)
class _Drawn:
    """A market with what more enterprises of the same nation would be drawn from.

    Attributes
    ----------
    industry_needs : (S, R) typical needs of each industry
    level : of the payoff of staying
    """

    market: Market
    industry_needs: Floats
    level: float


def synthetic_shards(
    enterprises: int, zones: int, seed: int, sigma: float, marginals: Marginals
) -> tuple[Market, Iterator[Market]]:
    """Draw a SYNTHETIC national market shard by shard, so that it is never held whole.

    Sites, room and the level of staying are those of a nation of `PILOT` enterprises of the same
    seed; every shard has a seed of its own. Parameters as for `synthetic_market`, whose market of
    the same seed is another.

    Returns
    -------
    market : sites and limits
    shards : the enterprises, in the order of their cells
    """
    pilot = _drawn(min(PILOT, enterprises), zones, seed, sigma, marginals)
    flat = marginals.output.ravel()
    count = _shares(flat, enterprises)
    cell = np.repeat(np.arange(flat.size, dtype=np.int32), count)
    typical = flat / np.maximum(count, 1) / np.exp(SIZE_SPREAD**2 / 2)

    def shards() -> Iterator[Market]:
        for number, (start, stop) in enumerate(shard_bounds(enterprises)):
            random = np.random.default_rng([seed, number])
            own = cell[start:stop]
            size = np.exp(random.normal(0.0, SIZE_SPREAD, own.size))
            needs = pilot.industry_needs[own % marginals.output.shape[1]]
            yield replace(
                pilot.market,
                cell=own,
                mass=typical[own] * size,
                intensities=random.exponential(1.0, (own.size, CHARACTERISTICS)),
                needs=needs * _own_needs(random, own.size),
                stay=random.normal(pilot.level, 1.0, own.size),
                calibration=np.full(own.size, -1, np.int32),
            )

    return pilot.market, shards()


# Kept whole: one draw after another, in an order that a seed's nation depends on.
def _drawn(enterprises: int, zones: int, seed: int, sigma: float, marginals: Marginals) -> _Drawn:
    random = np.random.default_rng(seed)
    provinces, industries = marginals.output.shape
    province = _zone_provinces(zones, marginals.output.sum(axis=1))
    cell, mass = _enterprises(random, enterprises, marginals.output)
    base = _base(random, marginals, province)
    intensities = random.exponential(1.0, (enterprises, CHARACTERISTICS))
    qualities = random.normal(0.0, 1.0, (zones, CHARACTERISTICS))
    qualities -= qualities.mean(axis=1, keepdims=True)
    qualities *= 1.4 / np.linalg.norm(qualities, axis=1, keepdims=True)
    industry_needs = np.exp(random.normal(0.0, 0.5, (industries, len(RESOURCES))))
    needs = industry_needs[cell % industries]
    needs *= _own_needs(random, enterprises)
    stay = random.normal(0.0, 1.0, enterprises)
    member = province[None, :] == np.arange(provinces)[:, None]
    capacity = np.full((zones, len(RESOURCES)), np.inf)
    capacity[:, :2] = _drawn_room(random, zones)
    drawn_caps = member.sum(axis=1) * np.exp(random.normal(0.0, 0.15, provinces))
    market = Market(
        mass=mass,
        needs=needs,
        stay=stay,
        cell=cell,
        base=base,
        intensities=intensities,
        qualities=qualities,
        capacity=capacity,
        floor=np.zeros_like(capacity),
        group_member=member,
        group_resource=np.full(provinces, RESOURCES.index("energy"), np.int32),
        group_capacity=drawn_caps,
        group_floor=np.zeros(provinces),
        calibration=np.full(enterprises, -1, np.int32),
        stayers=np.zeros(0),
        sigma=sigma,
    )
    probe = np.sort(random.choice(enterprises, min(PROBE, enterprises), replace=False))
    market, level = _with_room(_with_unit_spread(market, probe), probe)
    return _Drawn(market, industry_needs, level)


def _round(values: Floats) -> Floats:
    """Values that single precision holds exactly."""
    rounded: Floats = values.astype(np.float32).astype(np.float64)
    return rounded


def _shares(weight: Floats, total: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to weights that sum to the total, by largest remainder."""
    exact = weight / weight.sum() * total
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: total - whole.sum()]] += 1
    return whole


def _zone_provinces(zones: int, output: Floats) -> Integers:
    number = _shares(np.sqrt(output), zones)
    provinces: Integers = np.repeat(np.arange(output.size, dtype=np.int32), number)
    return provinces


def _enterprises(
    random: np.random.Generator, number: int, output: Floats
) -> tuple[Integers, Floats]:
    """Cell (origin × industry) and output of every enterprise, sorted by cell."""
    flat = output.ravel()
    count = _shares(flat, number)
    cell = np.repeat(np.arange(flat.size, dtype=np.int32), count)
    mass = np.exp(random.normal(0.0, SIZE_SPREAD, number))
    total = np.bincount(cell, mass, minlength=flat.size)
    mass *= (flat / np.where(total > 0, total, 1.0))[cell]
    return cell, mass


def _own_needs(random: np.random.Generator, number: int) -> Floats:
    """(number, 3) needs relative to the industry's; those heavy on energy take less of the rest.

    So dear land and jobs don't free energy, and provincial caps bind beside them.
    """
    land, jobs, own = random.normal(0.0, 0.6, (3, number))
    energy = -TRADE_OFF * (land + jobs) + np.sqrt(1.0 - 2.0 * TRADE_OFF**2) * own
    needs: Floats = np.exp(np.column_stack([land, jobs, energy]))
    return needs


def _base(random: np.random.Generator, marginals: Marginals, province: Integers) -> Floats:
    """(origin × industry, zones) relatedness by province, distance and qualities of zones."""
    output = marginals.output
    provinces, industries = output.shape
    share = output / output.sum(axis=1, keepdims=True)
    quotient = share / (output.sum(axis=0) / output.sum())
    relatedness = np.clip(np.log(np.maximum(quotient, 1e-3)), -2.0, 2.0)
    apart = np.linalg.norm(marginals.position[:, None, :] - marginals.position[None, :, :], axis=2)
    distance = apart / apart.mean()
    zones = province.size
    quality = random.normal(0.0, 0.1, zones)
    suited = random.normal(0.0, 0.4, (industries, zones))
    base = (
        0.3 * relatedness.T[None, :, province]
        - 0.6 * distance[:, None, province]
        + quality
        + suited[None, :, :]
    )
    return _round(base.reshape(provinces * industries, zones))


def _drawn_room(random: np.random.Generator, zones: int) -> Floats:
    """(zones, 2) land and jobs before their totals are set."""
    size = random.normal(0.0, 0.35, zones)
    mix = random.normal(0.0, 0.12, zones)
    room: Floats = np.exp(np.column_stack([size + mix, size - mix]))
    return room


def _with_unit_spread(market: Market, probe: NDArray[np.int64]) -> Market:
    values = market.base[market.cell[probe[:2000]]]
    values = values + market.intensities[probe[:2000]] @ market.qualities.T
    spread = float(np.sqrt(values.var(axis=1).mean()))
    return replace(
        market,
        base=_round(np.asarray(market.base) / spread),
        qualities=_round(market.qualities / spread),
    )


def _with_room(market: Market, probe: NDArray[np.int64]) -> tuple[Market, float]:
    """Set the level of staying for the share that moves at zero prices, and the totals of room."""
    factor = np.full(probe.size, market.mass.sum() / market.mass[probe].sum())
    no_price = np.zeros_like(market.capacity)
    terms = terms_at(market, no_price, np.zeros(0), market.sigma)
    sample = pack(market, probe, factor)
    low, high = -20.0, 40.0
    for _ in range(24):
        level = 0.5 * (low + high)
        trial = replace(sample, stay=sample.stay + np.float32(level))
        swept = evaluate_demand(trial, terms)
        share = 1.0 - swept.stayed / float(sample.mass.sum(dtype=np.float64))
        low, high = (level, high) if share > MOVING_AT_ZERO_PRICES else (low, level)
    total = swept.demand.sum(axis=0) / DEMAND_OVER_ROOM
    capacity = market.capacity.copy()
    capacity[:, :2] *= total[:2] / capacity[:, :2].sum(axis=0)
    with_room = replace(
        market,
        stay=market.stay + level,
        capacity=capacity,
        group_capacity=market.group_capacity * total[2] / market.group_capacity.sum(),
    )
    return with_room, level
