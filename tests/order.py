"""The order in which tests begin: what takes long first, so that no worker ends with it alone."""

from collections.abc import Sequence
from typing import TypeVar

Test = TypeVar("Test")
LONG = (
    "tests/test_house.py::test_mypy_strict_finds_nothing",
    "tests/whole/test_what_check_passes.py",
    "tests/whole/test_later_rooms.py",
    "tests/notebook/test_gallery.py",
    "tests/api/test_serving.py",
    "tests/api/test_jobs.py",
    "tests/market/large/test_demand_providers.py",
    "tests/test_docstrings.py",
    "tests/web/test_sizes.py",
    "tests/web/test_prerender.py",
    "tests/test_pipeline.py",
    "tests/web/test_moved_cap.py",
    "tests/web/test_behind_proxy.py",
    "tests/test_tutorial.py",
    "tests/test_how_to.py::test_every_output",
    "tests/web/test_prefix.py",
    "tests/notebook/test_examples_run.py",
    "tests/web/test_staying.py",
)
"""How names of tests begin that take long, each with what it shares; benchmarks/README.md."""


def long_first(tests: Sequence[Test], names: Sequence[str], workers: int) -> list[Test]:
    """Return tests in the order in which they are to be dealt out.

    pytest-xdist gives each worker as many neighbours as the next, who takes of what others have
    left once it has done: each run of neighbours begins with some that take long.

    Parameters
    ----------
    names : (T,) of the tests
    """
    long: list[list[Test]] = [[] for _ in LONG]
    usual: list[Test] = []
    for test, name in zip(tests, names, strict=True):
        group = next((k for k, begin in enumerate(LONG) if name.startswith(begin)), None)
        (usual if group is None else long[group]).append(test)
    dealt: list[Test] = []
    for worker in range(workers):
        own = [test for group in long[worker::workers] for test in group]
        share = (len(tests) - len(dealt)) // (workers - worker)
        others = max(share - len(own), 0)
        dealt += [*own, *usual[:others]]
        del usual[:others]
    return dealt + usual
