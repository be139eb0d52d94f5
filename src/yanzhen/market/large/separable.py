"""The pass where payoffs are a sum of an origin's part and an industry's: two matrix products.

Where all enterprises of an industry need the same of every resource per unit of output, the payoff
of those of origin n and industry s at site j is b_nj + a_sj, with the prices in a, and

    e^{ū/σ} = K_nj E_sj,  Z_ns = e^{v_ns0/σ} + Σ_j K_nj E_sj,  D_sj = E_sj Σ_n K_nj mass_ns / Z_ns,

so that demand of N S J pairs takes exponentials of (N + S) J numbers and two products of matrices
(the scaling form of entropic transport: Cuturi 2013). So do products with the curvature, which is
whole here and not of a sample.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from yanzhen.market.large.curvature import ChoiceModel, SiteBlocks
from yanzhen.market.large.demand_oracle import DemandOracle
from yanzhen.market.large.demand_pass import KEEP_NONE, Demand, Reals, SparseChoices
from yanzhen.market.problem.market import Floats, Integers, Market, SummedPayoffs

MOST_SPREAD = 300.0
"""Spread of a part of the payoffs, in σ, up to which its exponentials keep their digits."""
LARGEST_SINGLE = 1e15
"""Share over the largest exponential up to which curvature is reckoned in single precision."""
CALIBRATIONS, ENOUGH = 30, 1e-6


@dataclass(frozen=True)
class Cells:
    """A market whose payoffs are sums, by origin and industry.

    Attributes
    ----------
    mass : (N, S) output
    stay : (N, S) payoff of staying before the constant
    calibration : (N, S) group whose constant is added, −1 for none
    needs : (S, R)
    near : (N, J) part of the origin, b
    offered : (S, J) part of the industry before prices, a
    """

    mass: Floats
    stay: Floats
    calibration: Integers
    needs: Floats
    near: Floats
    offered: Floats


def cells_of(market: Market) -> Cells | None:
    """Lay a market out by origin and industry; None where its payoffs are no such sums.

    They are none either where a part spreads so far that its exponentials lose digits.
    """
    base = market.base
    if not isinstance(base, SummedPayoffs):
        return None
    shape = base.origin.shape[0], base.industry.shape[0]
    industry = market.cell % shape[1]
    needs = np.zeros((shape[1], market.needs.shape[1]))
    intensities = np.zeros((shape[1], market.intensities.shape[1]))
    needs[industry], intensities[industry] = market.needs, market.intensities
    stay, calibration = np.zeros(base.shape[0]), np.full(base.shape[0], -1, np.int32)
    stay[market.cell], calibration[market.cell] = market.stay, market.calibration
    alike = (
        np.array_equal(needs[industry], market.needs)
        and np.array_equal(intensities[industry], market.intensities)
        and np.array_equal(stay[market.cell], market.stay)
        and np.array_equal(calibration[market.cell], market.calibration)
    )
    offered = base.industry + intensities @ market.qualities.T
    if not alike or max(_spread(base.origin), _spread(offered)) > MOST_SPREAD * market.sigma:
        return None
    mass = np.bincount(market.cell, weights=market.mass, minlength=base.shape[0])
    return Cells(
        mass.astype(np.float64).reshape(shape),
        stay.reshape(shape),
        calibration.reshape(shape),
        needs,
        base.origin,
        offered,
    )


def _spread(part: Floats) -> float:
    """Largest difference of a part's payoffs within a row."""
    known = np.isfinite(part)
    highest = np.where(known, part, -np.inf).max(axis=1, initial=-np.inf)
    lowest = np.where(known, part, np.inf).min(axis=1, initial=np.inf)
    return float((highest - lowest)[known.any(axis=1)].max(initial=0.0))


@dataclass(frozen=True)
class CellChoices:
    """What the enterprises of every origin and industry choose at some prices.

    The probability of site j is `near[n, j] * wanted[s, j] * share[n, s]`.

    Attributes
    ----------
    near : (N, J) K
    wanted : (S, J) E
    share : (N, S) 1 / Z
    stayed : (N, S) P_ns0
    log_sum : (N, S) log Z of payoffs, not scaled
    arrivals : (S, J) output arriving by industry
    """

    near: Floats
    wanted: Floats
    share: Floats
    stayed: Floats
    log_sum: Floats
    arrivals: Floats


def choose_cells(cells: Cells, premium: Floats, constants: Floats, sigma: float) -> CellChoices:
    """Logit choice of every origin and industry (McFadden 1974).

    Parameters
    ----------
    premium : (J, R) p̃_jr
    constants : (M,) a_m
    """
    near, nearest = _exponentials(cells.near, sigma)
    wanted, best = _exponentials(cells.offered - cells.needs @ premium.T, sigma)
    scale = (nearest[:, None] + best[None]) / sigma
    stay = (cells.stay + np.append(constants, 0.0)[cells.calibration]) / sigma
    moving = near @ wanted.T
    with np.errstate(divide="ignore"):
        log_sum = np.logaddexp(stay, np.log(moving) + scale)
    share = np.where(moving > 0, np.exp(np.where(moving > 0, scale - log_sum, 0.0)), 0.0)
    arrivals = wanted * ((cells.mass * share).T @ near)
    return CellChoices(near, wanted, share, np.exp(stay - log_sum), log_sum, arrivals)


def _exponentials(part: Floats, sigma: float) -> tuple[Floats, Floats]:
    """Exponentials of a part over σ, the largest of every row one, and those largest."""
    largest = part.max(axis=1, initial=-np.inf)
    largest = np.where(np.isfinite(largest), largest, 0.0)
    return np.exp((part - largest[:, None]) / sigma), largest


def calibrated(cells: Cells, found: CellChoices, stayers: Floats, sigma: float) -> Floats:
    """(M,) changes of the constants at which those stay who were observed, at the same premiums.

    Newton's steps of each constant alone, no longer than one σ.

    Parameters
    ----------
    found : choices at some constants
    stayers : (M,) observed staying output
    """
    groups = stayers.size + 1
    group = cells.calibration.ravel() % groups
    mass, change = cells.mass.ravel(), np.zeros(groups)
    with np.errstate(divide="ignore"):
        odds = np.log(found.stayed.ravel()) - np.log1p(-np.minimum(found.stayed.ravel(), 1 - 1e-16))
    for _ in range(CALIBRATIONS):
        stayed = expit(odds + change[group])
        staying = np.bincount(group, mass * stayed, groups)[:-1]
        slope = np.bincount(group, mass * stayed * (1.0 - stayed), groups)[:-1]
        step = np.where(slope > 0, (stayers - staying) / np.where(slope > 0, slope, 1.0), 0.0)
        change[:-1] += np.clip(step, -1.0, 1.0)
        if (np.abs(step) < ENOUGH).all():
            break
    return sigma * change[:-1]


class CellDemandOracle(DemandOracle):
    """All enterprises of a market whose payoffs are sums, by origin and industry."""

    def __init__(self, market: Market, cells: Cells) -> None:
        count = market.mass.size
        super().__init__(
            market, float(market.mass.sum()), count, count * market.capacity.shape[0], None
        )
        self.cells = cells
        self.typical_need = float(cells.needs.mean()) if cells.needs.size else 1.0
        self.precision = float(np.finfo(np.float64).eps)
        self._choices: CellChoices | None = None

    @property
    def choices(self) -> CellChoices:
        """What the last pass found."""
        assert self._choices is not None
        return self._choices

    def _pass(self, premium: Floats, constants: Floats, sigma: float, split: bool) -> Demand:
        self.sigma = sigma
        found = self._choices = choose_cells(self.cells, premium, constants, sigma)
        stayed = self.cells.mass * found.stayed
        return Demand(
            found.arrivals.T @ self.cells.needs,
            _by_group(self.cells, stayed, self.market.stayers.size),
            float(stayed.sum()),
            sigma * float((self.cells.mass * found.log_sum).sum()),
            SparseChoices((), KEEP_NONE),
        )

    def model(self) -> ChoiceModel:
        return _CellModel(self.cells, self.choices, self.sigma, self.market.stayers.size)


class _CellModel(ChoiceModel):
    """Curvature by products of matrices; the whole of it."""

    def __init__(self, cells: Cells, choices: CellChoices, sigma: float, constants: int) -> None:
        self.cells, self.choices = cells, choices
        self.sigma, self.constants = sigma, constants
        self.sites = cells.near.shape[1]
        self.resources = cells.needs.shape[1]
        self.weight = cells.mass / sigma
        # A direction needs no more digits; where shares would leave the range it keeps them.
        small = float(choices.share.max(initial=0.0)) < LARGEST_SINGLE
        precision: type[Any] = np.float32 if small else np.float64
        self.near: Reals = choices.near.astype(precision)
        self.wanted: Reals = choices.wanted.astype(precision)
        self.moving: Reals = (self.weight * choices.share).astype(precision)

    def apply(
        self, premium: Floats, constants: Floats, threads: int | None = None
    ) -> tuple[Floats, Floats]:
        cells, choices = self.cells, self.choices
        cost = cells.needs @ premium.T
        change = np.append(constants, 0.0)[cells.calibration]
        paid = self.near @ (self.wanted * cost.astype(self.wanted.dtype)).T
        mean = choices.stayed * change - choices.share * paid
        answer = choices.arrivals / self.sigma * cost + self.wanted * (
            (self.moving * mean.astype(self.moving.dtype)).T @ self.near
        )
        staying = _by_group(cells, self.weight * choices.stayed * (change - mean), self.constants)
        demand: Floats = (answer.T @ cells.needs).astype(np.float64)
        return demand, staying

    def site_blocks(self) -> SiteBlocks:
        cells, choices = self.cells, self.choices
        squared = choices.wanted**2 * (
            (self.weight * choices.share**2).astype(self.near.dtype).T @ self.near**2
        )
        own = choices.arrivals / self.sigma - squared
        whole = np.einsum("sj,sr,sq->jrq", own, cells.needs, cells.needs)
        return SiteBlocks(
            whole,
            np.zeros_like(whole),
            _by_group(cells, self.weight * choices.stayed * (1.0 - choices.stayed), self.constants),
            choices.arrivals.T @ cells.needs / self.sigma,
        )


def _by_group(cells: Cells, values: Floats, groups: int) -> Floats:
    """(M,) sums over origins and industries of each calibration group."""
    group = cells.calibration.ravel() % (groups + 1)
    summed = np.bincount(group, weights=values.ravel(), minlength=groups + 1)
    return summed.astype(np.float64)[:-1]
