"""Attacks on 1,000 drawn sets of linked tables; and how long large tables take.

    python benchmarks/suppression.py attacks [SETS]
    python benchmarks/suppression.py size REGIONS INDUSTRIES STATES RECORDS

The second hides cells of one table of three hierarchies: so many macro-regions of 8 regions, so
many sections of 5 industries and so many states. All contributions are SYNTHETIC.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "exchange" / "statistics"))

from drawn_tables import (
    LINKED,
    cells_in,
    drawn,
    drawn_case,
    shown,
    tree,
)

from yanzhen.exchange.statistics.audit import audit
from yanzhen.exchange.statistics.cells import Table, cells_of
from yanzhen.exchange.statistics.heuristic import protect
from yanzhen.exchange.statistics.problem import problem_of
from yanzhen.exchange.statistics.published import published_tables
from yanzhen.exchange.statistics.rules import SafetyRule

RULE = SafetyRule()


def attacks(sets: int) -> None:
    """Attack drawn sets of linked tables, every other one rounded to tens."""
    told = programmes = sensitive = 0
    began, used = time.perf_counter(), time.process_time()
    for seed in range(sets):
        contributions, hierarchies = drawn_case(seed)
        cells = cells_in(contributions, hierarchies)
        unit = 10.0 if seed % 2 else 0.0
        tables = shown(cells, protect(problem_of(cells, RULE)), hierarchies, unit)
        found = audit(tables, contributions, hierarchies, LINKED, RULE, unit)
        told += len(found.findings)
        programmes += found.programmes
        sensitive += found.sensitive
        if seed % 100 == 99:
            print(f"{seed + 1} sets, {told} told", file=sys.stderr)
    print(f"{sets} sets, {sensitive} sensitive figures, {programmes} programmes: {told} told")
    print_times(began, used)


def size(regions: int, industries: int, states: int, records: int) -> None:
    """Hide cells of one large table, and audit it."""
    hierarchies = {
        "region": tree("R", (regions, 8)),
        "industry": tree("I", (industries, 5)),
        "state": tree("S", (states,)),
    }
    contributions = drawn(1, hierarchies, records)
    tables = [Table("table", dict.fromkeys(hierarchies))]
    began, used = time.perf_counter(), time.process_time()
    cells = cells_of(contributions, hierarchies, tables)
    problem = problem_of(cells, RULE)
    hidden = protect(problem, until=0.0)
    print(f"{len(cells)} cells, {problem.primary.sum()} sensitive, {hidden.sum()} hidden")
    print_times(began, used)
    began, used = time.perf_counter(), time.process_time()
    published = published_tables(cells, hidden, hierarchies, tables, 0.0)
    found = audit(published, contributions, hierarchies, tables, RULE)
    print(f"audit: {found.programmes} programmes, {len(found.findings)} told")
    print_times(began, used)


def print_times(began: float, used: float) -> None:
    """Say how long it took, and beside what load."""
    wall, processor = time.perf_counter() - began, time.process_time() - used
    print(f"  {wall:.1f} s, {processor:.1f} s of processor, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    kind, *numbers = sys.argv[1:]
    {"attacks": attacks, "size": size}[kind](*map(int, numbers or ["1000"]))
