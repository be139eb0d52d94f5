"""ECI, PCI, proximity and relatedness density beside the packages, time and peak memory.

    python benchmarks/advantage.py [337x552 2800x1380 ...]

Each package runs in a process of its own on the same random Poisson table, a long frame in and
long results out; its results are held against ours. The table is SYNTHETIC.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHAPES = ("337x552", "2800x1380")
PACKAGES = ("yanzhen", "ecomplexity", "econcomplex")
Spent = tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", default=SHAPES, help="regions x industries")
    parser.add_argument("--run", nargs=2, metavar=("WHO", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        run(arguments.run[0], Path(arguments.run[1]), arguments.shapes[0])
        return
    for shape in arguments.shapes:
        with tempfile.TemporaryDirectory() as folder:
            child("table", folder, shape)
            figures = {who: child(who, folder, shape) for who in PACKAGES}
            figures |= {"difference": child("compare", folder, shape)}
        report(shape, figures)


def child(who: str, folder: str, shape: str) -> dict[str, float]:
    command = [sys.executable, __file__, shape, "--run", who, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(shape: str, figures: dict[str, dict[str, float]]) -> None:
    ours = figures["yanzhen"]
    print(f"{shape:12} {'clock':>10} {'processor':>12} {'peak':>10}   beside ours")
    for who in PACKAGES:
        own = figures[who]
        ratios = " ".join(f"{own[k] / ours[k]:6.1f} x" for k in own)
        print(
            f"{who:12} {own['seconds']:8.2f} s {own['processor']:10.2f} s "
            f"{own['megabytes']:7.0f} MB   {ratios}"
        )
    for name, value in figures["difference"].items():
        print(f"largest difference, {name}: {value:.1e}")


def run(who: str, folder: Path, shape: str) -> None:
    if who == "table":
        write_table(folder, shape)
        print("{}")
        return
    if who == "compare":
        print(json.dumps(differences(folder)))
        return
    seconds, processor = measured(who, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": peak}))


def write_table(folder: Path, shape: str) -> None:
    """Counts of enterprises: sizes lognormal, what industries need and places have at random."""
    import numpy as np
    import polars as pl

    n, s = (int(part) for part in shape.split("x"))
    generator = np.random.default_rng(2024)
    size = generator.lognormal(0, 1.2, n)[:, None] * generator.lognormal(0, 1.2, s)
    places, needs = generator.normal(size=(n, 4)), generator.normal(size=(s, 4))
    counts = generator.poisson(0.35 * size * np.exp(0.6 * places @ needs.T))
    counts[np.arange(n), generator.integers(0, s, n)] += 1
    counts[generator.integers(0, n, s), np.arange(s)] += 1
    print(f"{(counts > 0).mean():.0%} of the cells are not empty", file=sys.stderr)
    pl.DataFrame(
        {
            "year": np.full(n * s, 2017),
            "region": np.repeat([f"r{k:05d}" for k in range(n)], s),
            "industry": np.tile([f"s{k:05d}" for k in range(s)], n),
            "value": counts.ravel().astype(float),
        }
    ).write_parquet(folder / "table.parquet")


def measured(who: str, folder: Path) -> Spent:
    work = {
        "yanzhen": with_yanzhen,
        "ecomplexity": with_ecomplexity,
        "econcomplex": with_econcomplex,
    }
    return work[who](folder)


def with_yanzhen(folder: Path) -> Spent:
    import numpy as np
    import polars as pl

    from yanzhen.advantage.complexity import complexity
    from yanzhen.advantage.cross_table import cross_table, long_frame
    from yanzhen.advantage.relatedness import proximity, relatedness_density
    from yanzhen.advantage.specialisation import location_quotient, presence

    columns = ["region", "industry", "value"]
    frame = pl.read_parquet(folder / "table.parquet", columns=columns)

    def work() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        regions, industries, m = presences()
        found = complexity(m)
        density = relatedness_density(m, proximity(m))
        del m
        return (
            long_frame(regions, industries, {"density": density}),
            pl.DataFrame({"region": regions, "eci": found.eci}),
            pl.DataFrame({"industry": industries, "pci": found.pci}),
        )

    def presences() -> tuple[tuple[str, ...], tuple[str, ...], "np.ndarray"]:
        table = cross_table(frame, "value")
        return table.regions, table.industries, presence(location_quotient(table.values))

    spent, (cells, regions, industries) = timed(work)
    np.savez(
        folder / "yanzhen.npz",
        eci=regions["eci"].to_numpy(),
        pci=industries["pci"].to_numpy(),
        density=cells["density"].to_numpy(),
    )
    return spent


def with_ecomplexity(folder: Path) -> Spent:
    import numpy as np
    import pandas as pd
    from ecomplexity import ecomplexity

    frame = pd.read_parquet(folder / "table.parquet")
    columns = {"time": "year", "loc": "region", "prod": "industry", "val": "value"}
    spent, found = timed(
        lambda: ecomplexity(frame, columns, verbose=False, check_logsupermodularity=False)
    )
    found = found.sort_values(["region", "industry"])
    np.savez(
        folder / "ecomplexity.npz",
        eci=found.groupby("region")["eci"].first().to_numpy(),
        pci=found.groupby("industry")["pci"].first().to_numpy(),
        density=found["density"].to_numpy(),
    )
    return spent


def with_econcomplex(folder: Path) -> Spent:
    import econcomplex
    import numpy as np
    import pandas as pd

    frame = pd.read_parquet(folder / "table.parquet")

    columns = {"loc": "region", "act": "industry", "val": "value"}
    spent, found = timed(
        lambda: econcomplex.compute_complexity(frame, columns, compute_coi_cog=False)
    )
    eci = found.groupby("region")["eci"].first()
    pci = found.groupby("industry")["pci"].first()
    np.savez(folder / "econcomplex.npz", eci=eci.to_numpy(), pci=pci.to_numpy())
    return spent


def timed(work: Callable[[], Any]) -> tuple[Spent, Any]:
    """Seconds by the clock and by the processor, which other work on the machine leaves alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clock, processor = time.perf_counter(), time.process_time()
        result = work()
        return (time.perf_counter() - clock, time.process_time() - processor), result


def differences(folder: Path) -> dict[str, float]:
    """Largest difference of what both give; econcomplex scales the PCI by itself, sign included."""
    import numpy as np

    ours, theirs, others = (np.load(folder / f"{who}.npz") for who in PACKAGES)

    def standard(x: "np.ndarray") -> "np.ndarray":
        return (x - x.mean()) / x.std()

    pci, other = standard(ours["pci"]), standard(others["pci"])
    return {
        "ECI with ecomplexity": float(np.abs(ours["eci"] - theirs["eci"]).max()),
        "PCI with ecomplexity": float(np.abs(ours["pci"] - theirs["pci"]).max()),
        "density with ecomplexity": float(np.abs(ours["density"] - theirs["density"]).max()),
        "ECI with econcomplex": float(np.abs(ours["eci"] - standard(others["eci"])).max()),
        "PCI with econcomplex": float(np.abs(pci - np.sign(pci @ other) * other).max()),
    }


if __name__ == "__main__":
    main()
