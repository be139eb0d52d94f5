"""Agreements settled year by year: statements, journals and their checks. Time and peak memory.

    python benchmarks/settlement.py [1000x30x5 ...]

Agreements x years x projects of each. Every statement is issued on what is known up to its year,
so that the contract is settled anew over all its years each time. The figures are random,
SYNTHETIC. `checked` is the part that holds every journal against its own sums and chain.
"""

import argparse
import gc
import resource
import time

import numpy as np
from contracts import random_contract, random_projects

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.books import Books
from yanzhen.exchange.settlement.declared import Declared, joined, through
from yanzhen.exchange.settlement.dues import dues
from yanzhen.exchange.settlement.journal import faults, totals
from yanzhen.exchange.settlement.period import Period
from yanzhen.modes.coconstruction.contract.terms_toml import write_terms
from yanzhen.modes.coconstruction.settlement.projects import AXES, Projects

SIZES = ("1000x30x5",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=SIZES, help="agreements x years x projects")
    for size in parser.parse_args().sizes:
        count, years, projects = (int(number) for number in size.split("x"))
        agreed = [random_agreement(number) for number in range(count)]
        declared = parted(random_projects(count, years, projects), count)
        # Nothing here refers to itself: looking for what does would take half of the time.
        gc.disable()
        began, used = time.perf_counter(), time.process_time()
        books = [Books(agreement) for agreement in agreed]
        for year in range(agreed[0].start_year, agreed[0].start_year + years):
            known = [through(each, year) for each in declared]
            for each, due in zip(books, dues(agreed, known, Period(year)), strict=True):
                each.issue(due)
        issued = time.perf_counter() - began
        wrong = [fault for each in books for fault in faults(each.entries)]
        seconds, processor = time.perf_counter() - began, time.process_time() - used
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        received = sum(totals(each.entries).get("treasury:host", 0) for each in books)
        paid = int(joined(declared).projects.local_tax.sum())
        print(
            f"{size:>12}: {seconds:6.2f} s, {seconds - issued:.2f} s of them checked "
            f"({processor:.2f} s of processor), peak {megabytes:,.0f} MB, "
            f"{sum(each.number for each in books):,} statements, "
            f"{sum(len(each.entries) for each in books):,} entries, faults: {len(wrong)}, "
            f"every fen of tax received: {received == paid}"
        )


def random_agreement(number: int) -> Agreement:
    contract = random_contract(number)
    terms = write_terms(contract.terms)
    return Agreement(str(number), "home", "host", contract.start_year, terms, None, True)


def parted(rows: Projects, count: int) -> list[Declared]:
    """The projects of each agreement by themselves."""
    ends = [*rows.starts.tolist(), len(rows.name)]
    found = []
    for number in range(count):
        own = slice(ends[number], ends[number + 1])
        arrays = {
            name: np.take(getattr(rows, name), range(own.start, own.stop), axes.index("N"))
            for name, axes in AXES.items()
        }
        arrays["contract"] = np.zeros(own.stop - own.start, dtype=np.int64)
        projects = Projects(
            name=rows.name[own],
            type=rows.type[own],
            first_year=rows.first_year,
            known_from=rows.known_from,
            **arrays,
        )
        found.append(Declared(projects, 2 * projects.local_tax))
    return found


if __name__ == "__main__":
    main()
