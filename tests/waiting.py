"""Waiting for others' work: as long as it goes on, however slow the machine is."""

import time
from collections.abc import Callable
from pathlib import Path

SILENCE = 600.0
"""Seconds without any progress after which work hangs; no wait ends sooner."""
BROWSER_SILENCE = 1000 * SILENCE
"""The same in milliseconds, as a browser's driver counts."""


def wait_until(done: Callable[[], bool], progress: Callable[[], object]) -> None:
    """Wait until something is done; fail once `progress` has said the same for too long."""
    last, since = progress(), time.monotonic()
    while not done():
        now = progress()
        if now != last:
            last, since = now, time.monotonic()
        assert time.monotonic() - since < SILENCE, f"nothing has moved since {last}"
        time.sleep(0.02)


def children(process: int) -> set[int]:
    """Return the processes that a process began itself and that live."""
    found: set[int] = set()
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found |= {int(each) for each in listed.read_text().split()}
        except OSError:
            continue
    return found


def descendants(process: int) -> list[int]:
    """Return the processes that a process began and that live, and theirs."""
    found: list[int] = []
    for child in sorted(children(process)):
        found += [child, *descendants(child)]
    return found


def all_ticks(process: int) -> list[int | None]:
    """Return what a process and each that it began have used of the processor."""
    return [processor_ticks(each) for each in (process, *descendants(process))]


def processor_ticks(process: int) -> int | None:
    """Return what a process and its ended children have used of the processor; None once gone."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as stat:
            counted = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    return sum(int(ticks) for ticks in counted[11:15])
