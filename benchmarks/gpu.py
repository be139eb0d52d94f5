"""One graphics processor: the pass, the nation cleared, and draws of its parameters.

Usage: python benchmarks/gpu.py [ENTERPRISES] [ZONES] [DRAWS]

Needs the extra `gpu` and a CUDA device. Lines of JSON, each as soon as it is known:

1. the pass in single precision for several numbers of sites a thread: median seconds of five, pairs
   a second, whether the bits are the same each time, and how far demand is from that in double
   precision, relative to the largest;
2. the nation cleared, with the certificate apart;
3. draws, each with every cap and every room changed by some 10 %, cleared from the prices that
   stand.

About a minute for 3.3 million enterprises beside drawing them, if a pass takes as long as the
prototype's.
"""

import json
import sys
import time
from dataclasses import replace
from statistics import median

import numpy as np

TOLERANCE = 1e-5
SEED = 31
SITES_A_THREAD = (4, 8, 10)
PASSES = 5


def main(enterprises: int, zones: int, draws: int) -> None:
    from yanzhen.market.large.cuda_demand import CudaDemand, require_device
    from yanzhen.market.large.demand_pass import KEEP_NONE, pack
    from yanzhen.market.large.demand_provider import Quote
    from yanzhen.market.large.record import clear_and_record
    from yanzhen.market.large.solver import solve
    from yanzhen.market.large.synth import marginals_of, synthetic_market
    from yanzhen.study import read_study

    require_device()
    marginals = marginals_of(read_study("china-provinces"))
    market = synthetic_market(enterprises, zones, SEED, 0.3, marginals)
    quote = Quote(np.full(market.capacity.shape, 0.1), np.zeros(0), market.sigma, False)
    exact = CudaDemand(market, pack(market, precision=np.float64)).evaluate(quote, KEEP_NONE)
    packed = pack(market)
    for each in SITES_A_THREAD:
        device = CudaDemand(market, packed, sites_a_thread=each)
        first = device.evaluate(quote, KEEP_NONE)
        seconds = []
        same = True
        for _ in range(PASSES):
            begun = time.perf_counter()
            again = device.evaluate(quote, KEEP_NONE)
            seconds.append(time.perf_counter() - begun)
            same &= again.demand.tobytes() == first.demand.tobytes()
        off = np.abs(first.demand - exact.demand).max() / exact.demand.max()
        print(
            json.dumps(
                {
                    "sites_a_thread": each,
                    "pass_s": median(seconds),
                    "pairs_a_second": enterprises * zones / median(seconds),
                    "same_bits": same,
                    "off_double_precision": float(off),
                }
            ),
            flush=True,
        )
    solution, _, record = clear_and_record(market, TOLERANCE, provide=CudaDemand)
    print(json.dumps(record.as_json()), flush=True)
    random = np.random.default_rng(SEED)
    begun = time.perf_counter()
    for done in range(1, draws + 1):
        drawn = replace(
            market,
            capacity=market.capacity * np.exp(random.normal(0.0, 0.1, market.capacity.shape)),
            group_capacity=market.group_capacity
            * np.exp(random.normal(0.0, 0.1, market.group_capacity.shape)),
        )
        solve(drawn, TOLERANCE, solution.prices, provide=CudaDemand)
        if done in (10, draws):
            spent = time.perf_counter() - begun
            print(json.dumps({"draws": done, "seconds": spent}), flush=True)


if __name__ == "__main__":
    asked = [int(argument) for argument in sys.argv[1:]]
    defaults = [3_300_000, 2543, 200]
    main(*asked, *defaults[len(asked) :])
