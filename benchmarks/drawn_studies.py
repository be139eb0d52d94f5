"""Studies drawn at random through `check` and every command that it passes.

python benchmarks/drawn_studies.py [STUDIES] [PROCESSES] [--reports] [--rooms]

With --rooms they have tables of the later rooms too, and go through these: finance, funds, effects,
goals, tracked projects, technology.

Prints how many studies were drawn, how many `check` passed, and every fault: a traceback, a
refusal that `check` did not announce, a table that does not add up. Ends with 1 where there is one.
"""

import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import own_tests  # noqa: F401
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.whole.drawn_rooms import studies_of_later_rooms
from tests.whole.drawn_study import DrawnStudy, drawn_studies, write_drawn
from tests.whole.later_way import later_way
from tests.whole.whole_way import whole_way

BATCH = 100


def batch(number: int, reports: bool, rooms: bool) -> Counter[str]:
    """Draw a batch of studies by its number; count those passed, those refused and each fault."""
    counted: Counter[str] = Counter()

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(studies_of_later_rooms() if rooms else drawn_studies())
    def take(drawn: DrawnStudy) -> None:
        with tempfile.TemporaryDirectory() as folder:
            study = write_drawn(drawn, Path(folder) / "study")
            way = (later_way if rooms else whole_way)(study, Path(folder) if reports else None)
            counted["passed" if way.passed else "refused"] += 1
            counted.update(f"{fault} (batch {number})" for fault in way.faults)

    take()
    return counted


def main(studies: int, processes: int, reports: bool, rooms: bool) -> int:
    began = time.perf_counter()
    counted: Counter[str] = Counter()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        batches = -(-studies // BATCH)
        options = [reports] * batches, [rooms] * batches
        for done, one in enumerate(pool.map(batch, range(batches), *options), start=1):
            counted += one
            seconds = time.perf_counter() - began
            print(f"\r{done * BATCH:,} studies, {seconds:,.0f} s", end="", file=sys.stderr)
    print(file=sys.stderr)
    passed, refused = counted.pop("passed", 0), counted.pop("refused", 0)
    print(f"{passed + refused:,} studies drawn, {passed:,} passed by check, {refused:,} refused")
    print(f"{counted.total():,} faults in {time.perf_counter() - began:,.0f} s")
    kinds = Counter(re.sub(r"\d[\d.e+-]*", "#", fault) for fault in counted.elements())
    for kind, times in kinds.most_common(40):
        print(f"{times:7,} × {kind[:200]}")
    return 1 if counted else 0


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    said = ("--reports" in sys.argv, "--rooms" in sys.argv)
    raise SystemExit(main(*[*numbers, *(20_000, 2)[len(numbers) :]], *said))
