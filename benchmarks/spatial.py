"""Spatial general equilibrium of random SYNTHETIC economies: passes, seconds, memory, residuals.

Usage: python benchmarks/spatial.py [REGIONSxINDUSTRIES[+free|+tastes] ...]

Each size runs in a process of its own: a shock of trade costs and productivity from nothing, then a
little more of it from there (warm). With +free labour moves freely, with +tastes by Fréchet tastes
against costs. One line of JSON a size. Up to 5,000 regions times industries, where nobody moves, a
plain dense solve of the same shock stands beside it: costs by repetition, spending from an equation
for each region and industry, wages step by step.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace

SEED = 20_151_129
SIZES = ("31x40", "31x17+free")
MOST_DENSE = 5_000
"""Regions times industries up to which the dense solve is run beside."""
WITHIN = 1e-10


def case(size: str) -> dict[str, object]:
    import numpy as np

    from yanzhen.effects.spatial.economy import Economy, no_tariff
    from yanzhen.effects.spatial.equilibrium import equilibrium, with_deficits
    from yanzhen.effects.spatial.mobility import FreeMovement, Immobile, Migration
    from yanzhen.effects.spatial.shock import no_shock
    from yanzhen.market.large.peak_memory import peak_memory

    plain, _, moving = size.partition("+")
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
    near = people * np.exp(-kilometres / 300)
    mobility = {
        "": Immobile(),
        "free": FreeMovement(people, np.ones(n), 0.3),
        "tastes": Migration(
            near / near.sum(axis=1, keepdims=True), people, np.ones((n, n)), np.ones(n), 2.0, 0.3
        ),
    }[moving]
    labour_share = np.full(n, 0.7 if moving else 1.0)
    load = os.getloadavg()[0]
    cold, cold_seconds = _timed(lambda: equilibrium(economy, shock, mobility, labour_share))
    warm, warm_seconds = _timed(
        lambda: equilibrium(economy, more, mobility, labour_share, cold.changes)
    )
    beside: dict[str, object] = {}
    if not moving and n * s <= MOST_DENSE:
        (value_added, rounds), seconds = _timed(lambda: dense_solve(economy, shock))
        apart = np.abs(value_added / cold.changes.value_added - 1).max()
        beside = {"dense_seconds": seconds, "dense_rounds": rounds, "dense_apart": float(apart)}
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
        **beside,
    }


def dense_solve(economy, shock):  # type: ignore[no-untyped-def]
    """(N,) ratio of value added after a shock of productivity, nobody moving, and the rounds."""
    import numpy as np

    n, s = economy.output.shape
    theta = economy.theta[:, None]
    value_added, log_price = np.ones(n), np.zeros((n, s))
    for rounds in range(1, 10_000):
        while True:
            cost = economy.value_added_share * np.log(value_added)[:, None]
            cost = cost + np.einsum("nk,nks->ns", log_price, economy.input_share)
            offered = np.exp(-theta * (cost - np.log(shock.productivity)).T)
            price = -np.log(np.einsum("smn,sn->ms", economy.trade_share, offered)) / theta.T
            moved, log_price = np.abs(price - log_price).max(), price
            if moved < WITHIN / 100:
                break
        share = economy.trade_share * offered[:, None, :] * np.exp(theta * log_price.T)[:, :, None]
        uses = np.einsum("nks,smn->nkms", economy.input_share, share).reshape(n * s, n * s)
        income = economy.value_added * value_added
        final = (economy.final_share * income[:, None]).ravel()
        spending = np.linalg.solve(np.eye(n * s) - uses, final).reshape(n, s)
        earned = (economy.value_added_share * np.einsum("smn,ms->ns", share, spending)).sum(axis=1)
        if np.abs(earned / income - 1).max() < WITHIN:
            return value_added, rounds
        value_added = value_added * (earned / income) ** 0.3
        value_added *= economy.value_added.sum() / (economy.value_added * value_added).sum()
    raise RuntimeError("the dense solve did not settle")


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
