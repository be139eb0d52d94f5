"""The order in which tests begin: what takes long first, so that no worker ends with it alone."""

from collections.abc import Sequence
from typing import TypeVar

Test = TypeVar("Test")
LONG = (
    "tests/test_house.py::test_mypy_strict_finds_nothing",
    "tests/test_tutorial.py",
    "tests/whole/test_what_check_passes.py",
    "tests/notebook/test_gallery.py",
    "tests/web/test_sizes.py",
    "tests/web/test_prerender.py",
    "tests/web/test_staying.py",
    "tests/test_pipeline.py",
    "tests/api/test_jobs.py",
    "tests/api/test_serving.py",
)
"""How names of tests begin that take long, each with what it shares; benchmarks/README.md."""


def long_first(tests: Sequence[Test], names: Sequence[str], workers: int) -> list[Test]:
    """Return tests in the order in which they are to be dealt out.

    Each worker is given a run of neighbours, and takes of what others have left once it has done:
    each begins with some that take long, by turns.

    Parameters
    ----------
    names : (T,) of the tests
    """
    long: list[list[Test]] = [[] for _ in LONG]
    usual: list[Test] = []
    for test, name in zip(tests, names, strict=True):
        group = next((k for k, begin in enumerate(LONG) if name.startswith(begin)), None)
        (usual if group is None else long[group]).append(test)
    share = -(-len(usual) // workers)
    return [
        test
        for worker in range(workers)
        for group in (*long[worker::workers], usual[worker * share : (worker + 1) * share])
        for test in group
    ]
