"""Contracts settled over years and projects, and homes paired with hosts: time and peak memory.

    python benchmarks/contracts.py [1000x30x100 ...]

Contracts x years x projects of each contract. The figures are random, SYNTHETIC.
"""

import argparse
import resource
import time
from fractions import Fraction

import numpy as np

from yanzhen.modes.coconstruction.contract.terms import (
    CONDITIONS,
    STATISTICS,
    TAX_KINDS,
    Cap,
    Contract,
    Period,
    Recovery,
    Split,
    StatisticsSplit,
    Terms,
    TopUp,
)
from yanzhen.modes.coconstruction.settlement.ledger import settle
from yanzhen.modes.coconstruction.settlement.projects import LAST_OF_ALL, Projects
from yanzhen.modes.coconstruction.surveys.pairing import pair

SIZES = ("1000x30x100",)
REGIONS = 337
FIRST_YEAR = 2020


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=SIZES, help="contracts x years x projects")
    for size in parser.parse_args().sizes:
        contracts, years, projects = (int(number) for number in size.split("x"))
        rows = random_projects(contracts, years, projects)
        agreed = [random_contract(number) for number in range(contracts)]
        began, used = time.perf_counter(), time.process_time()
        ledger = settle(agreed, rows)
        seconds, processor = time.perf_counter() - began, time.process_time() - used
        whole = int(ledger.tax.sum()) == int(rows.local_tax.sum())
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:>14}: {seconds:6.2f} s ({processor:.2f} s of processor), "
            f"peak {megabytes:,.0f} MB, conserved: {whole}"
        )
    rng = np.random.default_rng(0)
    names = tuple(str(number) for number in range(REGIONS))
    gains = rng.normal(size=(2, REGIONS, REGIONS))
    places = np.full(REGIONS, 5)
    began = time.perf_counter()
    found = pair(names, names, gains[0], gains[1], places, places)
    seconds = time.perf_counter() - began
    print(
        f"pairing {REGIONS}x{REGIONS}, 5 places: {seconds:6.2f} s, {found.pairs.height} pairs, "
        f"gap {found.gap / found.worth:.1e}, blocking {found.blocking / found.worth:.1e} of worth"
    )


def random_contract(number: int) -> Contract:
    """One of four kinds of contract: recovery, cap of each project, cap of all, increment."""
    periods = (Period(3, Split(50, 50)), Period(7, Split(40, 50, 10)))
    kinds = TAX_KINDS[:2]
    common = dict(title_zh="合成", title_en="SYNTHETIC", tax_kinds=kinds, third_party="province")
    both = StatisticsSplit(gdp=Split(50, 50), output=Split(50, 50))
    terms = (
        Terms(**common, periods=periods, recovery=Recovery(), counted_from="recovery"),
        Terms(
            **common,
            periods=periods,
            counted_from="production",
            cap=Cap(tax_before_years=3),
            extension_years=2,
            top_up=TopUp(share_of_shortfall=Fraction(1, 2)),
        ),
        Terms(**common, periods=periods, cap=Cap(amount=10**12), statistics=both),
        Terms(**common, periods=periods, base="increment", statistics=both),
    )[number % 4]
    return Contract(f"{number}", "home", "host", FIRST_YEAR, terms)


def random_projects(contracts: int, years: int, projects: int) -> Projects:
    """Projects paying up to 10 million yuan of each tax a year."""
    rng = np.random.default_rng(0)
    rows = contracts * projects
    return Projects(
        contract=np.repeat(np.arange(contracts), projects),
        name=tuple(f"SYNTHETIC {row}" for row in range(rows)),
        type=("",) * rows,
        first_year=FIRST_YEAR,
        local_tax=rng.integers(0, 10**9, size=(len(TAX_KINDS), rows, years)),
        tax_before=rng.integers(0, 10**9, size=(len(TAX_KINDS), rows, 3)),
        departure=np.full(rows, FIRST_YEAR),
        known_from=FIRST_YEAR - 3,
        stock_home=rng.integers(0, 10**8, size=rows),
        stock_host=rng.integers(0, 10**8, size=rows),
        outlay=rng.integers(0, 10**9, size=(rows, years)) * (np.arange(years) < 3),
        production_year=rng.integers(FIRST_YEAR, FIRST_YEAR + 3, size=rows),
        arrival=np.full(rows, FIRST_YEAR),
        exit=np.full(rows, LAST_OF_ALL),
        conditions=np.ones((len(CONDITIONS), rows), dtype=bool),
        profit=np.zeros((rows, years), dtype=np.int64),
        statistics=rng.integers(0, 10**9, size=(len(STATISTICS), rows, years)),
    )


if __name__ == "__main__":
    main()
