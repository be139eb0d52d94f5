"""Clearing SYNTHETIC nations: seconds, memory, passes and the certificate.

Usage: python benchmarks/market_national.py [ENTERPRISES] [ZONES] [SIGMA ...]

Each case runs in a process of its own, so that its peak memory is its own, for the three seeds
below, on none of which anything was tuned. One line of JSON a case.
"""

import json
import os
import subprocess
import sys
import time

SEEDS = (31, 20_261_127, 987_654_321)
TOLERANCE = 1e-5


def case(enterprises: int, zones: int, sigma: float, seed: int) -> dict[str, object]:
    from yanzhen.market.equilibrium.newton_dense import NotCleared
    from yanzhen.market.large.peak_memory import peak_memory
    from yanzhen.market.large.record import clear_and_record
    from yanzhen.market.large.synth import marginals_of, synthetic_market
    from yanzhen.study import read_study

    market = synthetic_market(
        enterprises, zones, seed, sigma, marginals_of(read_study("china-provinces"))
    )
    described = {
        "enterprises": enterprises,
        "zones": zones,
        "sigma": sigma,
        "seed": seed,
        "load_before": os.getloadavg()[0],
        "rss_of_the_draw": peak_memory(),
    }
    processor = time.process_time()
    try:
        _, _, record = clear_and_record(market, TOLERANCE)
    except NotCleared as error:
        return {**described, "not_cleared": str(error)}
    spent = time.process_time() - processor
    return {**described, **record.as_json(), "processor_seconds_with_certificate": spent}


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--case"]:
        enterprises, zones, seed = (int(argument) for argument in arguments[1:4])
        print(json.dumps(case(enterprises, zones, float(arguments[4]), seed)), flush=True)
        return
    enterprises = int(arguments[0]) if arguments else 3_300_000
    zones = int(arguments[1]) if len(arguments) > 1 else 2543
    for sigma in [float(argument) for argument in arguments[2:]] or [1.0, 0.3, 0.1]:
        for seed in SEEDS:
            case_of = [str(enterprises), str(zones), str(seed), str(sigma)]
            subprocess.run([sys.executable, __file__, "--case", *case_of], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
