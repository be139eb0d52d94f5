"""One workbench with all that can be made of the small SYNTHETIC study."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.made_store import made_store
from tests.waiting import all_ticks, wait_until
from yanzhen.api.app import make_app
from yanzhen.api.jobs import ENDED, Job
from yanzhen.api.workbench import Workbench


def ended(bench: Workbench, name: str) -> Job:
    """Wait until a job has ended, as long as it goes on."""

    def job() -> Job:
        found = bench.jobs.read(name)
        assert found is not None
        return found

    wait_until(lambda: job().state in ENDED, lambda: (job(), all_ticks(os.getpid())))
    return job()


def quietly(stage: str, share: float) -> None:
    assert stage and 0 <= share <= 1


# Its worker looks for work twice a second: it ends with the tests of the API.
@pytest.fixture(scope="package")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    given = made_store(tmp_path_factory.mktemp("bench"))
    made = Workbench(given.store, [str(given.study)])
    yield made
    made.close()


@pytest.fixture(scope="package")
def study(bench: Workbench) -> str:
    return bench.studies.all()[0].key


@pytest.fixture(scope="package")
def client(bench: Workbench) -> TestClient:
    return TestClient(make_app(bench))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workbench]:
    made = Workbench(tmp_path / "store")
    yield made
    made.close()
