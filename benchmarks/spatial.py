"""Spatial general equilibrium of random SYNTHETIC economies: passes, seconds, memory, residuals.

Usage: python benchmarks/spatial.py [REGIONSxINDUSTRIES[+free] ...]

Each size runs in a process of its own: a shock of trade costs and productivity from nothing, then a
little more of it from there (warm). With +free labour moves freely. One line of JSON a size.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace

SEED = 20_151_129
SIZES = ("31x40", "31x17+free")


def case(size: str) -> dict[str, object]:
    import numpy as np

    from yanzhen.effects.spatial.economy import Economy, no_tariff
    from yanzhen.effects.spatial.equilibrium import equilibrium, with_deficits
    from yanzhen.effects.spatial.mobility import FreeMovement, Immobile
    from yanzhen.effects.spatial.shock import no_shock
    from yanzhen.market.large.record import peak_memory

    plain, _, free = size.partition("+")
    n, s = map(int, plain.split("x"))
    rng = np.random.default_rng(SEED)
    points = rng.uniform(0, 3000, (n, 2))
    kilometres = np.linalg.norm(points[:, None] - points[None], axis=2) + 100
    weight = rng.lognormal(0, 1, (s, 1, n)) / kilometres
    share = weight / weight.sum(axis=2, keepdims=True)
    added = rng.uniform(0.2, 0.6, (n, s))
    inputs = rng.dirichlet(np.ones(s), s).T[None] * (1 - added)[:, None, :]
    final = rng.dirichlet(np.ones(s), n)
    people = rng.lognormal(0, 1, n)
    guess = np.full((n, s), people.mean() / s)
    drawn = Economy(
        tuple(f"r{k}" for k in range(n)), tuple(f"i{k}" for k in range(s)),
        share, added, inputs, final, rng.uniform(3, 9, s), no_tariff(n, s),
        people, np.zeros(n), people, guess, guess, np.zeros(s),
    )  # fmt: skip
    economy = with_deficits(drawn, np.zeros(n))
    shock = replace(no_shock(economy), productivity=rng.lognormal(0, 0.1, (n, s)))
    more = replace(shock, productivity=shock.productivity * rng.lognormal(0, 0.001, (n, s)))
    mobility = FreeMovement(people, np.ones(n), 0.3) if free else Immobile()
    labour_share = np.full(n, 0.7 if free else 1.0)
    load = os.getloadavg()[0]
    cold, cold_seconds = _timed(lambda: equilibrium(economy, shock, mobility, labour_share))
    warm, warm_seconds = _timed(
        lambda: equilibrium(economy, more, mobility, labour_share, cold.changes)
    )
    return {
        "size": size,
        "load_before": load,
        "cold_seconds": cold_seconds,
        "cold_passes": cold.passes,
        "warm_seconds": warm_seconds,
        "warm_passes": warm.passes,
        "method": cold.method,
        "largest_residual": max(cold.certificate.residuals.values()),
        "peak_memory": peak_memory(),
    }


def _timed(solve):  # type: ignore[no-untyped-def]
    before = time.perf_counter()
    found = solve()
    return found, time.perf_counter() - before


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--case"]:
        print(json.dumps(case(arguments[1])), flush=True)
        return
    for size in arguments or SIZES:
        subprocess.run([sys.executable, __file__, "--case", size], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
