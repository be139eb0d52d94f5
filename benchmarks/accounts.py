"""One factorised economy asked many questions, time and peak memory beside plain SciPy.

    python benchmarks/accounts.py [337x42]

A random multi-regional table of regions x sectors, SYNTHETIC. Each column runs in a process of
its own. SciPy is `lu_factor(eye(n) - A)` and `lu_solve`, for the factorisation and one demand.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

SEED = 2024
Spent = dict[str, tuple[float, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", nargs="?", default="337x42", help="regions x sectors")
    parser.add_argument("--run", metavar="WHO", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    regions, sectors = (int(part) for part in arguments.shape.split("x"))
    if arguments.run:
        work = {"yanzhen": with_yanzhen, "scipy": with_scipy}[arguments.run]
        spent = work(regions, sectors)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"spent": spent, "megabytes": peak}))
        return
    print(f"{arguments.shape}, n = {regions * sectors}")
    for who in ("yanzhen", "scipy"):
        command = [sys.executable, __file__, arguments.shape, "--run", who]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        figures = json.loads(done.stdout.splitlines()[-1])
        print(f"{who}, peak {figures['megabytes']:.0f} MB")
        for name, (clock, processor) in figures["spent"].items():
            print(f"    {name:38} {clock:8.2f} s by the clock {processor:8.2f} s by the processor")


def with_yanzhen(regions: int, sectors: int) -> Spent:
    from yanzhen.accounts.extraction import factorised, output_for, without

    a, y = economy(regions, sectors)
    spent: Spent = {}
    factors = timed(spent, "factorisation", lambda: factorised(a))
    x = timed(spent, "a final-demand scenario", lambda: output_for(factors, y))
    middle = regions // 2
    questions = {
        "extraction of a region-sector": [middle * sectors],
        "extraction of a region": list(range(middle * sectors, (middle + 1) * sectors)),
        "extraction of a sector nation-wide": list(range(0, regions * sectors, sectors)),
    }
    for name, extracted in questions.items():
        left = timed(spent, name, lambda extracted=extracted: without(factors, y, extracted))
        assert abs(left[extracted]).max() < 1e-9 * x.max()
        assert (left <= x * (1 + 1e-9)).all()
    return spent


def with_scipy(regions: int, sectors: int) -> Spent:
    import numpy as np
    from scipy.linalg import lu_factor, lu_solve

    a, y = economy(regions, sectors)
    spent: Spent = {}
    factors = timed(spent, "factorisation", lambda: lu_factor(np.eye(len(a)) - a))
    timed(spent, "a final-demand scenario", lambda: lu_solve(factors, y))
    return spent


def economy(regions: int, sectors: int) -> "tuple[np.ndarray, np.ndarray]":
    """Coefficients with a tenth of the flows there, column sums of 0.2 to 0.8, and a demand."""
    import numpy as np

    n = regions * sectors
    generator = np.random.default_rng(SEED)
    a = np.empty((n, n))
    for start in range(0, n, 1024):
        block = a[start : start + 1024]
        generator.random(out=block)
        block -= 0.9
        np.maximum(block, 0.0, out=block)
    a *= generator.uniform(0.2, 0.8, n) / a.sum(axis=0)
    return a, generator.uniform(1.0, 100.0, n)


def timed(spent: Spent, name: str, work: Callable[[], Any]) -> Any:
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    spent[name] = (time.perf_counter() - clock, time.process_time() - processor)
    return result


if __name__ == "__main__":
    main()
