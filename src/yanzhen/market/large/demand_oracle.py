"""Enterprises of one sample, or all of them, and what the last pass over them found."""

import numpy as np

from yanzhen.market.large.constraints import Constraints, by_constraint, premium_and_constants
from yanzhen.market.large.curvature import ChoiceModel, choice_model, listed_model
from yanzhen.market.large.demand_pass import (
    KEEP_NONE,
    Demand,
    Enterprises,
    Reals,
    Terms,
    evaluate_demand,
    first_shift,
    terms_at,
)
from yanzhen.market.large.listed_pass import Candidates, evaluate_listed_demand
from yanzhen.market.large.newton_step import curvature, step
from yanzhen.market.problem.market import Floats, Market

SAMPLE_ENTRIES, ENTRIES = 4e6, 1.2e7
"""Most choices kept for the curvature, of a sample on the way and at the end."""
PAIRS_AN_ENTRY = 100
FEWEST_ENTRIES = 3e5
"""Few pairs keep fewer choices, so that a step costs about as much as a pass."""
ALL_KEPT, LEAST_KEEP, MOST_KEEP = 1e-9, 1e-4, 0.05


class DemandOracle:
    """Enterprises of one sample, or all of them, and what the last pass over them found."""

    def __init__(
        self,
        market: Market,
        enterprises: Enterprises,
        threads: int | None,
        most_entries: float = SAMPLE_ENTRIES,
        keep: float = MOST_KEEP,
    ) -> None:
        self.market = market
        self.enterprises = enterprises
        self.threads = threads
        self.entries = entries_for(enterprises.count * market.capacity.shape[0], most_entries)
        self.count = enterprises.count
        self.share = enterprises.count / market.mass.size
        self.mass = float(enterprises.mass.sum(dtype=np.float64))
        self.shift: Reals = first_shift(enterprises, market.sigma)
        self.sigma = market.sigma
        self.keep = keep
        self.moving = 0.0
        self.passes = 0
        self.pairs = 0
        self.terms: Terms | None = None
        self.swept: Demand | None = None

    def demand(self, constraints: Constraints, x: Floats, sigma: float, split: bool) -> Floats:
        """(n,) demand by constraint at prices x: one pass."""
        if sigma != self.sigma:
            self.shift *= self.shift.dtype.type(self.sigma / sigma)
            self.sigma = sigma
        premium, constants = premium_and_constants(constraints, x)
        precision = self.enterprises.mass.dtype.type
        self.terms = terms_at(self.market, premium, constants, sigma, precision, split)
        self.swept = evaluate_demand(
            self.enterprises, self.terms, self.shift, keep=self.keep, threads=self.threads
        )
        if self.keep <= MOST_KEEP:
            self.keep = self.keep_for(self.entries)
        self.moving = 1.0 - self.swept.stayed / self.mass
        self.passes += 1
        self.pairs += self.count * constraints.sites
        return by_constraint(constraints, self.swept.demand, self.swept.staying)

    def demand_alone(
        self, constraints: Constraints, x: Floats, sigma: float, split: bool
    ) -> Floats:
        """The same, without choices for the curvature."""
        keep, self.keep = self.keep, KEEP_NONE
        demand = self.demand(constraints, x, sigma, split)
        self.keep = keep
        return demand

    def keep_for(self, entries: float) -> float:
        """Probability from which to keep choices for so many entries, judged by the last pass."""
        kept = self.passed.choices
        wanted = kept.threshold * kept.entries / entries
        least = ALL_KEPT if self.count * self.market.qualities.shape[0] <= entries else LEAST_KEEP
        return min(max(wanted, least), MOST_KEEP)

    @property
    def passed(self) -> Demand:
        """What the last pass found."""
        assert self.swept is not None
        return self.swept

    @property
    def typical_need(self) -> float:
        """Mean need, over resources and some of the enterprises."""
        kinds = self.enterprises.weights.shape[1] - self.enterprises.resources
        return float(self.enterprises.weights[:4096, kinds:].mean(dtype=np.float64))

    @property
    def precision(self) -> float:
        """Relative spacing of payoffs."""
        return float(np.finfo(self.enterprises.mass.dtype).eps)

    def model(self) -> ChoiceModel:
        """Choices of the last pass."""
        assert self.terms is not None
        return choice_model(self.enterprises, self.terms, self.passed.choices)

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


def entries_for(pairs: int, most: float) -> float:
    """Choices to keep of a pass over so many pairs."""
    return min(max(pairs / PAIRS_AN_ENTRY, FEWEST_ENTRIES), most)


class ListedDemandOracle:
    """Enterprises with lists of candidates, all of them."""

    def __init__(self, market: Market, candidates: Candidates, threads: int | None) -> None:
        self.market = market
        self.candidates = candidates
        self.threads = threads
        self.count = market.mass.size
        self.sigma = market.sigma
        self.typical_need = float(market.needs[:4096].mean())
        self.precision = float(np.finfo(np.float64).eps)
        self.moving = 0.0
        self.passes = 0
        self.pairs = 0
        self.swept: Demand | None = None

    def demand(self, constraints: Constraints, x: Floats, sigma: float, split: bool) -> Floats:
        """(n,) demand by constraint at prices x: one pass."""
        premium, constants = premium_and_constants(constraints, x)
        self.sigma = sigma
        self.swept = evaluate_listed_demand(
            self.market, self.candidates, premium, constants, sigma, self.threads
        )
        self.moving = 1.0 - self.swept.stayed / float(self.market.mass.sum())
        self.passes += 1
        self.pairs += self.candidates.site.size
        return by_constraint(constraints, self.swept.demand, self.swept.staying)

    def demand_alone(
        self, constraints: Constraints, x: Floats, sigma: float, split: bool
    ) -> Floats:
        """The same; lists are short, so that their choices are kept anyway."""
        return self.demand(constraints, x, sigma, split)

    @property
    def passed(self) -> Demand:
        """What the last pass found."""
        assert self.swept is not None
        return self.swept

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
        model = listed_model(self.market, self.sigma, self.passed.choices)
        hessian = curvature(constraints, model, by_site, ridge)
        return step(constraints, hessian, x, right, accuracy, self.threads)
