"""Attacks on 1,000 drawn sets of linked tables; and how long large tables take.

    python benchmarks/suppression.py attacks [SETS]
    python benchmarks/suppression.py size REGIONS INDUSTRIES STATES RECORDS
    python benchmarks/suppression.py together REGIONS INDUSTRIES STATES RECORDS

The second hides cells of one table of three hierarchies: so many macro-regions of 8 regions, so
many sections of 5 industries and so many states. The third does so twice, the second time with a
third more records, and attacks both publications together. All contributions are SYNTHETIC.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "exchange" / "statistics"))

import polars as pl
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
from yanzhen.exchange.statistics.differencing import Version, audit_versions
from yanzhen.exchange.statistics.heuristic import BY_LOOKING, protect
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.problem import problem_of
from yanzhen.exchange.statistics.published import published_tables
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.suppression import suppress

RULE = SafetyRule()
SECONDS = 60.0
"""Of `suppress`: 0.6 of them for the pattern."""


def attacks(sets: int) -> None:
    """Attack drawn sets of linked tables, every other one rounded to tens.

    Each is hidden twice, by programmes and by hypercubes, and attacked by programmes alone.
    """
    told = programmes = sensitive = 0
    began, used = time.perf_counter(), time.process_time()
    for seed in range(sets):
        contributions, hierarchies = drawn_case(seed)
        cells = cells_in(contributions, hierarchies)
        unit = 10.0 if seed % 2 else 0.0
        for by_looking in (BY_LOOKING, 0):
            pattern = protect(problem_of(cells, RULE), by_looking=by_looking)
            tables = shown(cells, pattern.hidden, hierarchies, unit)
            found = audit(tables, contributions, hierarchies, LINKED, RULE, unit)
            told += len(found.findings)
            programmes += found.programmes
            sensitive += found.sensitive
        if seed % 100 == 99:
            print(f"{seed + 1} sets, {told} told", file=sys.stderr)
    print(f"{sets} sets, {sensitive} sensitive figures, {programmes} programmes: {told} told")
    print_times(began, used)


def trees(regions: int, industries: int, states: int) -> dict[str, Hierarchy]:
    """Return hierarchies of so many groups."""
    return {
        "region": tree("R", (regions, 8)),
        "industry": tree("I", (industries, 5)),
        "state": tree("S", (states,)),
    }


def size(regions: int, industries: int, states: int, records: int) -> None:
    """Hide cells of one large table, and audit it."""
    hierarchies = trees(regions, industries, states)
    contributions = drawn(1, hierarchies, records)
    tables = [Table("table", dict.fromkeys(hierarchies))]
    began, used = time.perf_counter(), time.process_time()
    cells = cells_of(contributions, hierarchies, tables)
    found = suppress(cells, RULE, seconds=SECONDS)
    told = problem_of(cells, RULE).primary.sum()
    print(f"{len(cells)} cells, {told} sensitive, {found.hidden.sum()} hidden")
    print(f"  loss {found.loss:.0f}, no pattern's below {found.bound:.0f}, gap {found.gap:.1%}")
    print_times(began, used)
    began, used = time.perf_counter(), time.process_time()
    published = published_tables(cells, found.hidden, hierarchies, tables, 0.0)
    attacked = audit(
        *(published, contributions, hierarchies, tables, RULE), witnesses=found.witnesses
    )
    checked = f"{attacked.witnessed} of {attacked.sensitive} sensitive figures by witnesses"
    print(f"audit: {checked}, {attacked.programmes} programmes, {len(attacked.findings)} told")
    print_times(began, used)


def together(regions: int, industries: int, states: int, records: int) -> None:
    """Attack a publication together with the one before it."""
    hierarchies = trees(regions, industries, states)
    tables = [Table("table", dict.fromkeys(hierarchies))]
    first = drawn(1, hierarchies, records)
    versions = []
    for name, given in (
        ("first", first),
        ("second", pl.concat([first, drawn(2, hierarchies, records // 3)])),
    ):
        cells = cells_of(given, hierarchies, tables)
        hidden = suppress(cells, RULE, seconds=1.0).hidden
        print(f"{name}: {len(cells)} cells, {hidden.sum()} hidden")
        published = published_tables(cells, hidden, hierarchies, tables, 0.0)
        versions.append(Version(name, published, given, hierarchies, tables, 0.0))
    began, used = time.perf_counter(), time.process_time()
    told = audit_versions(versions[:1], versions[1], RULE)
    print(f"attacked together: {len(told)} told")
    print_times(began, used)


def print_times(began: float, used: float) -> None:
    """Say how long it took, and beside what load."""
    wall, processor = time.perf_counter() - began, time.process_time() - used
    print(f"  {wall:.1f} s, {processor:.1f} s of processor, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    kind, *numbers = sys.argv[1:]
    {"attacks": attacks, "size": size, "together": together}[kind](*map(int, numbers or ["1000"]))
