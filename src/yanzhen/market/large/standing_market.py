"""A cleared market that stands ready for other caps: what a planner who moves one asks of it.

Enterprises stay packed and prices start from those that stand, so that σ need not come down again.
A sample, whose room is corrected by the demand that it missed, tells where prices go; a few passes
over all enterprises with the sample's curvature bring them there. Nothing is given out before the
certificate, whose code is its own, has passed: first to `FIRST_TOLERANCE` in single precision,
whose rounding is a thousandth of that, then, of the same caps, to the market's tolerance in double.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.certificate_large import certify_blocks
from yanzhen.market.equilibrium.newton_dense import NotCleared
from yanzhen.market.large.demand_oracle import MOST_KEEP, PackedDemandOracle
from yanzhen.market.large.demand_pass import pack
from yanzhen.market.large.demand_provider import ThreadedDemand
from yanzhen.market.large.descent import Progress
from yanzhen.market.large.full_market import NotConverged, correct, resolve_sample
from yanzhen.market.large.population import HeldPopulation, Precision
from yanzhen.market.large.sampling import systematic_sample
from yanzhen.market.large.solver import (
    PROBE,
    is_small,
    needs_double,
    payoff_spread,
    solve_population,
)
from yanzhen.market.large.violation import by_constraint
from yanzhen.market.problem.choice import group_demand
from yanzhen.market.problem.constraints import constraints_of, start_vector
from yanzhen.market.problem.market import Floats, Market, Prices
from yanzhen.study.ratios import ratio
from yanzhen.study.result_columns import columns

FIRST_TOLERANCE = 1e-3
"""Of the prices shown first."""
SAMPLE = 20_000
SAMPLE_GOAL = 5e-4
"""Root mean square of the log residual to which the sample is solved, about what it errs by."""
CLOSER = 0.5
"""Share of a tolerance that passes reach before the certificate is made."""


@dataclass(frozen=True)
class Standing:
    """Certified prices of a market under some caps.

    Attributes
    ----------
    group_capacity : (G,) the caps
    prices : clearing premiums and constants
    demand : (J, R) demand at sites
    staying : (M,) predicted stayers
    certificate : by code of its own, to the tolerance that it names
    passes : over all enterprises since the caps were moved
    """

    group_capacity: Floats
    prices: Prices
    demand: Floats
    staying: Floats
    certificate: Certificate
    passes: int


CAPS = columns("region cap used price", cap="share", used="share", price="measure")
"""`cap` is a share of the group's own, `used` of the cap as moved; null where there is none."""


def caps_of(market: Market, standing: Standing, regions: Sequence[str]) -> pl.DataFrame:
    """Caps of a market's groups as they were moved, how much of each is used, and its price.

    Parameters
    ----------
    market : with its own caps
    regions : (G,) the region that each group is
    """
    moved = replace(market, group_capacity=standing.group_capacity)
    used, room = group_demand(moved, standing.demand), standing.group_capacity
    return pl.DataFrame(
        {
            "region": regions,
            "cap": [ratio(*each) for each in zip(room, market.group_capacity, strict=True)],
            "used": [ratio(*each) for each in zip(used, room, strict=True)],
            "price": standing.prices.group,
        },
        schema=CAPS.types,
    )


class StandingMarket:
    """A market with prices that clear it, to be cleared again under other caps.

    Parameters
    ----------
    market : the market
    tolerance : bound of every check of the certificate
    threads : threads to use; the result does not depend on it
    progress : told each step

    Raises
    ------
    NotCleared
        When prices that clear the market were not found.
    """

    def __init__(
        self,
        market: Market,
        tolerance: float,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        population = HeldPopulation(market, threads)
        self.market = market = population.market
        self.tolerance = tolerance
        self._threads = threads
        self._tell = progress or (lambda _: None)
        try:
            found = solve_population(
                population, CLOSER * tolerance, threads=threads, progress=progress
            )
        except NotConverged as best:
            raise self._not_cleared(market, best) from best
        certificate = self._certified(market, found.prices, tolerance)
        count, random = population.count, np.random.default_rng(0)
        probe = np.sort(random.choice(count, min(PROBE, count), replace=False))
        (probed,) = population.rows([probe])
        fine = is_small(market, count) or needs_double(
            market, payoff_spread(probed), CLOSER * tolerance
        )
        precision: Precision = np.float64 if fine else np.float32
        moments = population.moments
        self._everyone = PackedDemandOracle(market, population.demand(precision), moments, threads)
        self._sample: PackedDemandOracle | None = None
        if count >= 2 * SAMPLE:
            units, factor = systematic_sample(population.outputs(), SAMPLE, random)
            (own,) = population.rows([units])
            packed = pack(own, np.arange(units.size), factor, precision)
            some = ThreadedDemand(market, packed, threads)
            self._sample = PackedDemandOracle(market, some, moments, threads)
        self.standing = Standing(
            market.group_capacity,
            found.prices,
            found.demand,
            self._staying(found.prices),
            certificate,
            found.passes,
        )

    def moved(self, group_capacity: Floats) -> Iterator[Standing]:
        """Clear the market under other caps, from the prices that stand.

        Gives prices certified to `FIRST_TOLERANCE`, where that is more than the tolerance, then
        prices certified to the tolerance, which stand from then on.

        Parameters
        ----------
        group_capacity : (G,) the caps, each positive

        Raises
        ------
        NotCleared
            When prices that clear the market were not found; those before stand.
        """
        market = replace(self.market, group_capacity=group_capacity)
        constraints = constraints_of(market)
        before = self._everyone.passes
        x = start_vector(constraints, self.standing.prices)
        if self._sample is not None:
            demand = by_constraint(market, self.standing.demand, self.standing.staying)
            x = resolve_sample(self._sample, constraints, x, demand, SAMPLE_GOAL, self._tell)
        for tolerance in sorted({max(FIRST_TOLERANCE, self.tolerance), self.tolerance})[::-1]:
            # The sample's curvature is as good as theirs, and they pass faster without choices.
            self._everyone.keep = MOST_KEEP
            try:
                found = correct(
                    self._everyone,
                    self._sample,
                    constraints,
                    x,
                    CLOSER * tolerance,
                    0,
                    self._tell,
                )
            except NotConverged as best:
                raise self._not_cleared(market, best) from best
            certificate = self._certified(market, found.prices, tolerance)
            standing = Standing(
                group_capacity,
                found.prices,
                found.demand,
                self._everyone.passed.staying,
                certificate,
                self._everyone.passes - before,
            )
            if tolerance == self.tolerance:
                self.standing = standing
            yield standing
            x = start_vector(constraints, found.prices)

    def _certified(self, market: Market, prices: Prices, tolerance: float) -> Certificate:
        precision = np.float32 if tolerance > self.tolerance else np.float64
        certificate = certify_blocks(market, prices, tolerance, self._threads, precision)
        if not certificate.passed:
            raise NotCleared(certificate, "the solver's pass and the certificate disagree")
        return certificate

    def _not_cleared(self, market: Market, best: NotConverged) -> NotCleared:
        certificate = certify_blocks(market, best.prices, self.tolerance, self._threads)
        return NotCleared(certificate, str(best))

    def _staying(self, prices: Prices) -> Floats:
        """(M,) predicted stayers."""
        constraints = constraints_of(self.market)
        x = start_vector(constraints, prices)
        self._everyone.demand_alone(constraints, x, self.market.sigma, False)
        return self._everyone.passed.staying
