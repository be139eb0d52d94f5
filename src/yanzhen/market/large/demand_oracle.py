"""Enterprises of one sample, or all of them, and what the last pass over them found."""

from abc import ABC, abstractmethod

import numpy as np

from yanzhen.market.large.curvature import ChoiceModel, listed_model
from yanzhen.market.large.demand_pass import KEEP_NONE, Demand
from yanzhen.market.large.demand_provider import DemandProvider, Quote
from yanzhen.market.large.listed_pass import Candidates, evaluate_listed_demand
from yanzhen.market.large.newton_step import curvature, step
from yanzhen.market.large.population import Moments
from yanzhen.market.large.violation import by_constraint
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.constraints import Constraints, prices_of
from yanzhen.market.problem.market import Floats, Market

SAMPLE_ENTRIES, ENTRIES = 4e6, 1.2e7
"""Most choices kept for the curvature, of a sample on the way and at the end."""
PAIRS_AN_ENTRY = 100
FEWEST_ENTRIES = 3e5
"""Few pairs keep fewer choices, so that a step costs about as much as a pass."""
ALL_KEPT, LEAST_KEEP, MOST_KEEP = 1e-9, 1e-4, 0.05


class DemandOracle(ABC):
    """Enterprises of one sample, or all of them, and what the last pass over them found.

    `moving` is the share of output that moves; `pairs` are those of an enterprise and a site in all
    passes so far; `typical_need` is the mean over resources and enterprises, and `precision` the
    relative spacing of payoffs.
    """

    typical_need: float
    precision: float

    def __init__(
        self, market: Market, mass: float, count: int, pairs_a_pass: int, threads: int | None
    ) -> None:
        self.market = market
        self.mass = mass
        self.count = count
        self.pairs_a_pass = pairs_a_pass
        self.threads = threads
        self.sigma = market.sigma
        self.moving = 0.0
        self.passes = 0
        self.pairs = 0
        self._passed: Demand | None = None

    @property
    def passed(self) -> Demand:
        """What the last pass found."""
        assert self._passed is not None
        return self._passed

    def demand(self, constraints: Constraints, x: Floats, sigma: float, split: bool) -> Floats:
        """(n,) demand by constraint at prices x: one pass."""
        prices = prices_of(constraints, x)
        premium = total_premium(self.market, prices)
        passed = self._passed = self._pass(premium, prices.constants, sigma, split)
        self.moving = 1.0 - passed.stayed / self.mass
        self.passes += 1
        self.pairs += self.pairs_a_pass
        return by_constraint(self.market, passed.demand, passed.staying)

    def demand_alone(
        self, constraints: Constraints, x: Floats, sigma: float, split: bool
    ) -> Floats:
        """The same where choices for the curvature are not wanted."""
        return self.demand(constraints, x, sigma, split)

    def newton_step(
        self,
        constraints: Constraints,
        x: Floats,
        right: Floats,
        by_site: Floats,
        ridge: float,
        accuracy: float,
    ) -> Floats:
        """(n,) step from the choices of the last pass, for (J, R) demand measured there or here."""
        hessian = curvature(constraints, self.model(), by_site, ridge)
        return step(constraints, hessian, x, right, accuracy, self.threads)

    @abstractmethod
    def _pass(self, premium: Floats, constants: Floats, sigma: float, split: bool) -> Demand:
        """Pass over all pairs."""

    @abstractmethod
    def model(self) -> ChoiceModel:
        """Choices of the last pass."""


class PackedDemandOracle(DemandOracle):
    """Enterprises who choose among all sites, asked by way of a provider."""

    def __init__(
        self,
        market: Market,
        provider: DemandProvider,
        moments: Moments,
        threads: int | None,
        most_entries: float = SAMPLE_ENTRIES,
    ) -> None:
        pairs = provider.count * market.capacity.shape[0]
        super().__init__(market, moments.mass, provider.count, pairs, threads)
        self.provider = provider
        self.entries = entries_for(pairs, most_entries)
        self.keep = MOST_KEEP
        self.typical_need = float(moments.use.mean()) / moments.mass
        self.precision = provider.precision

    def _pass(self, premium: Floats, constants: Floats, sigma: float, split: bool) -> Demand:
        self.sigma = sigma
        passed = self.provider.evaluate(Quote(premium, constants, sigma, split), self.keep)
        if self.keep <= MOST_KEEP:
            self.keep = self.keep_for(self.entries, passed)
        return passed

    def demand_alone(
        self, constraints: Constraints, x: Floats, sigma: float, split: bool
    ) -> Floats:
        keep, self.keep = self.keep, KEEP_NONE
        demand = self.demand(constraints, x, sigma, split)
        self.keep = keep
        return demand

    def keep_for(self, entries: float, passed: Demand) -> float:
        """Probability from which to keep choices for so many entries, judged by a pass."""
        kept = passed.choices
        wanted = kept.threshold * kept.entries / entries
        return min(max(wanted, ALL_KEPT if self.pairs_a_pass <= entries else LEAST_KEEP), MOST_KEEP)

    def model(self) -> ChoiceModel:
        return self.provider.choice_model()


def entries_for(pairs: int, most: float) -> float:
    """Choices to keep of a pass over so many pairs."""
    return min(max(pairs / PAIRS_AN_ENTRY, FEWEST_ENTRIES), most)


class ListedDemandOracle(DemandOracle):
    """Enterprises with lists of candidates, all of them; every choice is kept."""

    def __init__(self, market: Market, candidates: Candidates, threads: int | None) -> None:
        mass = float(market.mass.sum())
        super().__init__(market, mass, market.mass.size, candidates.site.size, threads)
        self.candidates = candidates
        self.typical_need = float(market.needs[:4096].mean())
        self.precision = float(np.finfo(np.float64).eps)

    def _pass(self, premium: Floats, constants: Floats, sigma: float, split: bool) -> Demand:
        self.sigma = sigma
        return evaluate_listed_demand(
            self.market, self.candidates, premium, constants, sigma, self.threads
        )

    def model(self) -> ChoiceModel:
        return listed_model(self.market, self.sigma, self.passed.choices)
