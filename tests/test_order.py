"""Every test runs, whatever the order and however many workers there are."""

import pytest

from tests.order import LONG, long_first

NAMES = [f"tests/test_{k}.py::test" for k in range(20)] + [f"{begin}[part]" for begin in LONG]


@pytest.mark.parametrize("workers", [1, 2, 3, 7, 40])
def test_no_test_is_lost_and_each_worker_begins_with_one_that_takes_long(workers: int) -> None:
    dealt = long_first(NAMES, NAMES, workers)
    assert sorted(dealt) == sorted(NAMES)
    if workers <= 3:
        runs = [0]
        while len(runs) < workers:
            runs.append(runs[-1] + (len(NAMES) - runs[-1]) // (workers - len(runs) + 1))
        assert [dealt[k] for k in runs if not dealt[k].startswith(LONG)] == []


def test_what_is_said_to_take_long_is_there(request: pytest.FixtureRequest) -> None:
    root = request.config.rootpath
    assert [begin for begin in LONG if not (root / begin.partition("::")[0]).is_file()] == []
