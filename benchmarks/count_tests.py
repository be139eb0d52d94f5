"""How many tests there are, and how many cases the property-based ones draw in a run.

python benchmarks/count_tests.py
"""

import contextlib
import io
from collections import Counter

import pytest


class Counted:
    """Counts what pytest collects."""

    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()
        self.drawn: Counter[str] = Counter()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            room = item.path.relative_to(item.config.rootpath / "tests").parts[0]
            self.tests[room] += 1
            function = getattr(item, "obj", None)
            if getattr(function, "is_hypothesis_test", False):
                settings = function._hypothesis_internal_use_settings
                self.drawn[room] += settings.max_examples


if __name__ == "__main__":
    counted = Counted()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", "-q", "-p", "no:xdist"], plugins=[counted])
    for room, tests in counted.tests.most_common():
        print(f"{room}: {tests:,} tests, {counted.drawn[room]:,} cases drawn")
    print(f"all: {counted.tests.total():,} tests, {counted.drawn.total():,} cases drawn")
