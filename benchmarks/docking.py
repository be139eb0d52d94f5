"""Docking lists of SYNTHETIC enterprises: seconds, memory, rounds and the certificate.

Usage: python benchmarks/docking.py [ENTERPRISES ...]

Each size runs in a process of its own. Five inputs a buyer, four suppliers for each: twenty pairs
an enterprise. One line of JSON a size.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, replace
from types import MappingProxyType

SEED = 20_250_701


def case(enterprises: int) -> dict[str, object]:
    import polars as pl

    from yanzhen.accounts.panel import output_panel
    from yanzhen.market.large.peak_memory import peak_memory
    from yanzhen.market.large.synth import marginals_of
    from yanzhen.modes.chain.docking.docking_lists import dock
    from yanzhen.modes.chain.docking.synthetic_enterprises import synthetic_enterprises
    from yanzhen.study import read_study
    from yanzhen.study.tables import TABLES

    study = read_study("china-provinces")
    panel = output_panel(study)
    rows = synthetic_enterprises(
        enterprises, SEED, marginals_of(study), panel.regions, panel.industries
    )
    columns = TABLES["enterprises"].columns()
    lacking = {
        name: pl.lit(None, column.dtype)
        for name, column in columns.items()
        if name not in rows.columns
    }
    tables = {**study.tables, "enterprises": rows.with_columns(**lacking)}
    study = replace(study, tables=MappingProxyType(tables))
    load = os.getloadavg()[0]
    before, processor = time.perf_counter(), time.process_time()
    found = dock(study, progress=lambda *told: print(*told, file=sys.stderr, flush=True))
    return {
        "enterprises": enterprises,
        "load_before": load,
        "seconds": time.perf_counter() - before,
        "processor_seconds": time.process_time() - processor,
        "peak_memory": peak_memory(),
        "needs": found.needs.height,
        "pairs": found.pairs.height,
        "rounds": found.rounds,
        "sweeps": found.sweeps,
        **asdict(found.certificate),
        "passed": found.certificate.passed,
    }


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--case"]:
        print(json.dumps(case(int(arguments[1]))), flush=True)
        return
    for size in arguments or ["10000", "100000", "1000000"]:
        subprocess.run([sys.executable, __file__, "--case", size], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
