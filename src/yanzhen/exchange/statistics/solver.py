"""The solver of linear and mixed-integer programmes, as the tables' arithmetic uses it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import highspy

STDOUT = 1


def quiet_solver() -> Any:
    """Return a HiGHS solver that says nothing, on one thread, so that it repeats itself."""
    _greet()
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(option, value)
    return solver


@cache
def _greet() -> None:
    """Let the first solver of a process write its name where nobody reads it.

    It does so before any option can be set, and on stdout, which belongs to results alone.
    """
    with _stdout_aside():
        highspy.Highs()  # type: ignore[no-untyped-call]


@contextmanager
def _stdout_aside() -> Iterator[None]:
    try:
        kept = os.dup(STDOUT)
    except OSError:
        # A service may have none.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, STDOUT)
        yield
    finally:
        os.dup2(kept, STDOUT)
        os.close(kept)
        os.close(nowhere)
