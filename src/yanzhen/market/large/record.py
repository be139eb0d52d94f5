"""One clearing with its certificate and what it cost."""

import time
from dataclasses import asdict, dataclass

import numpy as np

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.certificate_large import certify_blocks
from yanzhen.market.equilibrium.newton_dense import NotCleared
from yanzhen.market.large.demand_pass import evaluate_demand, pack, terms_at
from yanzhen.market.large.demand_provider import Provide
from yanzhen.market.large.descent import Progress
from yanzhen.market.large.full_market import NotConverged, Solution
from yanzhen.market.large.peak_memory import peak_memory
from yanzhen.market.large.population import HeldPopulation, Population
from yanzhen.market.large.solver import solve, solve_population
from yanzhen.market.problem.market import Market

CLOSER = 0.5
"""Share of the tolerance that the solver aims at, single precision being blind to the rest."""


@dataclass(frozen=True)
class Record:
    """What was reached and what it took.

    Attributes
    ----------
    seconds, certificate_seconds, compile_seconds : of clearing, of the certificate, of compilation
        before (next to nothing once cached)
    peak_rss_bytes : largest memory of the process so far
    passes : passes over all enterprises
    pairs_per_second : enterprise-site pairs of all passes, samples with them, over `seconds`
    relative_excess_demand, complementary_slackness, duality_gap, broken_gates : of the certificate
    binding_share : share of limited site resources priced above their floor
    binding_groups : number of groups priced above their floor
    moving_share : share of output that moves
    """

    seconds: float
    certificate_seconds: float
    compile_seconds: float
    peak_rss_bytes: int
    passes: int
    pairs_per_second: float
    relative_excess_demand: float
    complementary_slackness: float
    duality_gap: float
    binding_share: float
    binding_groups: int
    moving_share: float
    broken_gates: int

    def as_json(self) -> dict[str, float]:
        """Numbers by name."""
        return asdict(self)


def clear_and_record(
    market: Market,
    tolerance: float,
    threads: int | None = None,
    progress: Progress | None = None,
    provide: Provide | None = None,
) -> tuple[Solution, Certificate, Record]:
    """Clear a market of any size, certify it by other code and say what it took.

    Parameters
    ----------
    market, tolerance, threads, progress, provide : as for `solve`

    Raises
    ------
    NotCleared
        When the solver doesn't reach the tolerance, or the certificate doesn't pass.
    """
    compile_seconds = compile_ahead()
    population = HeldPopulation(market, threads, provide)
    return clear_population(population, tolerance, threads, progress, compile_seconds)


def clear_population(
    population: Population,
    tolerance: float,
    threads: int | None = None,
    progress: Progress | None = None,
    compile_seconds: float = 0.0,
) -> tuple[Solution, Certificate, Record]:
    """Clear enterprises wherever they are held; as `clear_and_record`.

    Parameters
    ----------
    compile_seconds : what compilation took before
    """
    begun = time.perf_counter()
    try:
        solution = solve_population(
            population, CLOSER * tolerance, threads=threads, progress=progress
        )
    except NotConverged as unsettled:
        certificate = population.certified(unsettled.prices, tolerance)
        raise NotCleared(certificate, str(unsettled)) from unsettled
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    certificate = population.certified(solution.prices, tolerance)
    certificate_seconds = time.perf_counter() - begun
    if not certificate.passed:
        raise NotCleared(certificate, "the solver's pass and the certificate disagree")
    record = Record(
        seconds,
        certificate_seconds,
        compile_seconds,
        peak_memory(),
        solution.passes,
        solution.pairs / seconds,
        certificate.relative_excess_demand,
        certificate.complementary_slackness,
        certificate.duality_gap,
        solution.binding_share,
        solution.binding_groups,
        solution.moving_share,
        certificate.broken_gates,
    )
    return solution, certificate, record


def compile_ahead() -> float:
    """Compile all that clearing needs, or load it; returns the seconds it took."""
    begun = time.perf_counter()
    market = _tiny()
    solution = solve(market, 1e-6)
    enterprises = pack(market)
    terms = terms_at(market, solution.prices.site, np.zeros(0), market.sigma)
    evaluate_demand(enterprises, terms)
    for precision in (np.float64, np.float32):
        certify_blocks(market, solution.prices, 1e-6, precision=precision)
    return time.perf_counter() - begun


def _tiny() -> Market:
    sites, blocks = 3, 16
    flat = np.ones((blocks, 1))
    return Market(
        mass=np.ones(blocks),
        needs=flat,
        stay=np.zeros(blocks),
        cell=np.zeros(blocks, np.int32),
        base=np.zeros((1, sites)),
        intensities=flat,
        qualities=np.linspace(0.0, 1.0, sites)[:, None],
        capacity=np.full((sites, 1), 2.0),
        floor=np.zeros((sites, 1)),
        group_member=np.zeros((0, sites), np.bool_),
        group_resource=np.zeros(0, np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(blocks, -1, np.int32),
        stayers=np.zeros(0),
        sigma=1.0,
    )
