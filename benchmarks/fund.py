"""Time the choice of a fund's portfolio on SYNTHETIC projects.

    python benchmarks/fund.py

Limits: a budget of a sixth of all amounts, yearly tranches, regions and industries of at most a
fifth of the budget, a number of holdings. Half of the worth is the mean of the worst tenth of the
draws. Prints seconds, gap, memory and, where it is small enough, the time of one mixed-integer
programme with a row for every draw (Rockafellar and Uryasev), the usual formulation.
"""

import argparse
import resource
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from yanzhen.finance.fund.portfolio import Limit, Supports, best_portfolio
from yanzhen.finance.fund.risk import Risk

RISK = Risk(0.1, 0.5)


def made(projects: int, products: int, draws: int, seed: int) -> tuple[Supports, list[Limit]]:
    """A SYNTHETIC case with correlated draws."""
    rng = np.random.default_rng(seed)
    n = projects * products
    project = np.repeat(np.arange(projects), products)
    region, industry = rng.integers(0, 31, projects), rng.integers(0, 17, projects)
    size = rng.lognormal(0, 1, projects)
    amount = size[project] * rng.uniform(0.1, 0.5, n)
    mean = size[project] * rng.gamma(1.5, 0.5, n) * amount / size[project]
    common = rng.normal(0, 0.3, (draws, 1)) + rng.normal(0, 0.4, (draws, 31))[:, region[project]]
    benefit = mean * np.exp(common + rng.normal(0, 0.3, (draws, n)))
    budget = float(amount.sum() / products / 6)
    limits = [Limit("budget", amount, -np.inf, budget)]
    share = rng.dirichlet(np.ones(3), n)
    limits += [
        Limit(f"year:{year}", amount * share[:, year], -np.inf, 0.4 * budget) for year in range(3)
    ]
    for name, of in (("region", region), ("industry", industry)):
        limits += [
            Limit(f"{name}:{k}", np.where(of[project] == k, amount, 0.0), -np.inf, budget / 5)
            for k in range(of.max() + 1)
        ]
    limits.append(Limit("holdings", np.ones(n), 0.0, projects / 8))
    return Supports(project, benefit), limits


def usual(supports: Supports, limits: list[Limit], gap: float, seconds: float) -> tuple[float, str]:
    """Seconds of one programme with a row a draw."""
    draws, n = supports.benefit.shape
    rows = np.array([limit.weight for limit in limits])
    projects = int(supports.project.max()) + 1
    once = coo_array((np.ones(n), (supports.project, np.arange(n))), shape=(projects, n))
    worth = (1 - RISK.weight) * supports.benefit.mean(axis=0)
    goal = np.concatenate(
        [-worth, [-RISK.weight], np.full(draws, RISK.weight / (RISK.tail * draws))]
    )
    fall = hstack([csr_array(supports.benefit), csr_array(-np.ones((draws, 1))), eye_array(draws)])
    none = csr_array((len(limits) + projects, 1 + draws))
    matrix = vstack([hstack([vstack([csr_array(rows), once]), none]), fall], format="csr")
    high = np.concatenate(
        [[limit.high for limit in limits], np.ones(projects), np.full(draws, np.inf)]
    )
    low = np.concatenate(
        [[limit.low for limit in limits], np.full(projects, -np.inf), np.zeros(draws)]
    )
    began = time.perf_counter()
    found = milp(
        goal,
        integrality=np.concatenate([np.ones(n), np.zeros(1 + draws)]),
        bounds=Bounds(
            np.concatenate([np.zeros(n), [-np.inf], np.zeros(draws)]),
            np.concatenate([np.ones(n), np.full(1 + draws, np.inf)]),
        ),
        constraints=LinearConstraint(matrix, low, high),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )
    gap_found = "none" if found.mip_gap is None else f"{found.mip_gap:.4f}"
    return time.perf_counter() - began, gap_found


def main() -> None:
    """Print a line a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-seconds", type=float, default=300.0)
    asked = parser.parse_args()
    for projects, products, draws, gap, peer in (
        (200, 4, 200, 0.01, True),
        (2_000, 4, 200, 0.01, True),
        (10_000, 8, 500, 0.02, False),
    ):
        supports, limits = made(projects, products, draws, 1)
        began = time.perf_counter()
        found = best_portfolio(supports, tuple(limits), RISK, gap)
        took = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        line = f"{projects} x {products} x {draws}: {took:.1f} s, gap {found.gap:.5f}, "
        line += f"{int(found.chosen.sum())} held, {memory:.2f} GiB"
        if peer:
            seconds, reached = usual(supports, limits, gap, asked.peer_seconds)
            line += f"; a row a draw {seconds:.1f} s, gap {reached}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
