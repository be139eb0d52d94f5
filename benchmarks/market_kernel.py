"""The pass against what the machine can do.

Usage: python benchmarks/market_kernel.py [THREADS]

The limit of multiply-adds is measured with the pass's own tile and many terms from the nearest
cache, that of exponentials with one term. A pair of the pass takes as many multiply-adds as there
are terms, resources and coefficients of the exponential's polynomial but one; if multiply-adds were
all, limit / that number would be its speed.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

from yanzhen.market.large import simd as lanes
from yanzhen.market.large.demand_pass import evaluate_demand, pack, terms_at
from yanzhen.market.large.synth import marginals_of, synthetic_market
from yanzhen.study import read_study

LANES = lanes.VECTOR_BYTES // 4
TILE = lanes.VECTORS * LANES
POLYNOMIAL = 5
REPEATS = 5


@njit(nogil=True)
def many_tiles(weights, terms, base, rows, shift, out, sums, count, times):
    for _ in range(times):
        lanes.exponentials(weights, terms, base, rows, shift, out, sums, TILE, count, 0)


def tile_seconds(terms: int, times: int, threads: int) -> float:
    """Best seconds for `times` tiles of so many terms on each thread."""
    entries = lanes.ENTERPRISES

    def one(_: int) -> None:
        many_tiles(
            np.zeros(terms * entries, np.float32),
            np.zeros(terms * TILE, np.float32),
            np.zeros(TILE, np.float32),
            np.zeros(entries, np.int64),
            np.zeros(entries, np.float32),
            np.zeros(entries * TILE, np.float32),
            np.zeros(entries * LANES, np.float32),
            terms,
            times,
        )

    one(0)
    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(REPEATS):
            begun = time.perf_counter()
            list(pool.map(one, range(threads)))
            best = min(best, time.perf_counter() - begun)
    return best


def main(threads: int) -> None:
    pairs = lanes.ENTERPRISES * TILE
    multiply_adds = 200 * pairs * 100_000 * threads / tile_seconds(200, 100_000, threads)
    exponentials = pairs * 1_000_000 * threads / tile_seconds(1, 1_000_000, threads)
    market = synthetic_market(100_000, 2543, 5, 0.3, marginals_of(read_study("china-provinces")))
    enterprises = pack(market)
    terms = terms_at(market, np.full(market.capacity.shape, 0.1), np.zeros(0), 0.3)
    evaluate_demand(enterprises, terms, threads=threads)
    found = {}
    for name, keep in (("pairs_per_second", np.inf), ("with_choices_kept", 0.02)):
        best = np.inf
        for _ in range(REPEATS):
            begun = time.perf_counter()
            evaluate_demand(enterprises, terms, keep=keep, threads=threads)
            best = min(best, time.perf_counter() - begun)
        found[name] = 100_000 * 2543 / best
    needed = market.intensities.shape[1] + 2 * market.needs.shape[1] + POLYNOMIAL
    model = multiply_adds / needed
    print(
        json.dumps(
            {
                "threads": threads,
                "lanes": LANES,
                "multiply_adds_per_second": multiply_adds,
                "exponentials_per_second": exponentials,
                "multiply_adds_a_pair": needed,
                "limit_of_pairs_per_second": model,
                **found,
                "share_of_limit": found["pairs_per_second"] / model,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
