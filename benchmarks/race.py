"""The subsidy race at full size: 337 cities on 10,000 SYNTHETIC blocks.

Usage: python benchmarks/race.py [CITIES] [BLOCKS]

Prints rounds, residual, waste and seconds of the Nash equilibrium from three starts and of the
coordinated choice, and the most that a city would gain by deviating.
"""

import sys
import time

import numpy as np

from yanzhen.market.counterfactuals.subsidy_competition import Contest, race
from yanzhen.market.problem.market import Market

SIGMA = 0.03
TRIED = 6


def synthetic(cities: int, blocks: int, seed: int = 20220114) -> Contest:
    rng = np.random.default_rng(seed)
    mass = rng.lognormal(2.0, 1.0, blocks)
    weight = rng.lognormal(0.0, 1.0, cities)
    # A tenth of the output moves at no price; a third of the cities have too little room for it.
    capacity = 0.1 * mass.sum() * weight / weight.sum() * rng.uniform(0.5, 3.0, cities)
    market = Market(
        mass=mass,
        needs=np.ones((blocks, 1)),
        stay=np.full(blocks, SIGMA * np.log(9.0)),
        cell=np.arange(blocks, dtype=np.int32),
        base=SIGMA * np.log(weight / weight.sum())[None]
        + rng.normal(scale=SIGMA / 2, size=(blocks, cities)),
        intensities=np.zeros((blocks, 1)),
        qualities=np.zeros((cities, 1)),
        capacity=capacity[:, None],
        floor=np.zeros((cities, 1)),
        group_member=np.zeros((0, cities), dtype=bool),
        group_resource=np.zeros(0, dtype=np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(blocks, -1, dtype=np.int32),
        stayers=np.zeros(0),
        sigma=SIGMA,
    )
    return Contest(
        market,
        np.arange(cities, dtype=np.int32),
        rng.uniform(0.04, 0.09, blocks),
        np.ones((cities, 1)),
        0.3,
    )


def main(cities: int, blocks: int) -> None:
    contest = synthetic(cities, blocks)
    began = time.perf_counter()
    found = race(contest, 1e-8, most_deviating=TRIED)
    seconds = time.perf_counter() - began
    print(f"SYNTHETIC: {cities} cities, {blocks} blocks")
    for name, one in (("Nash", found.nash), ("coordinated", found.coordinated)):
        full = int((one.clearing.prices.site > 1e-9).sum())
        print(
            f"{name:12} {one.rounds:4d} rounds, residual {one.residual:.1e}, "
            f"mean subsidy {one.rates.mean():.4f}, outlay {one.outlay.sum():.1f}, "
            f"{full} cities full at a price"
        )
    print(f"waste {found.waste:.3f} of {found.coordinated.welfare.sum():.3f} a year")
    print(f"{found.equilibria.shape[0]} equilibria, {found.failed_starts} starts failed")
    print(f"largest gain by deviating {found.largest_gain:.1e} ({found.deviations_tried} tried)")
    print(f"{seconds:.1f} s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3] or ("337", "10000")))
