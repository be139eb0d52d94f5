"""What every test may ask for."""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import databases, made_once
from tests.order import long_first

# How long an example takes says how busy the machine is, nothing about the code; what fails must
# fail again for whoever looks. Other examples: PYTEST_ARGS=--hypothesis-profile=anew make test
settings.register_profile("yanzhen", deadline=None, derandomize=True)
settings.register_profile("anew", deadline=None)
settings.load_profile("yanzhen")

REPOSITORY = Path(__file__).parents[1]
ROOM_IN_MEMORY = 4 << 30
"""Bytes that must be free."""
# The shell that draws without a window does half the work of the whole browser.
CHROMIUM = next(
    (
        path
        for path in map(Path, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium"))
        if path.exists()
    ),
    Path("/usr/bin/chromium-headless-shell"),
)
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def pytest_configure() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        made_once.rewrite_once()
        made_once.compile_once()
    else:
        # A worker a core: threads of each would only wait for those of the others.
        for threads in ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(threads, "1")
        _keep_in_memory()
        made_once.begin()


def _keep_in_memory() -> None:
    """Let temporary folders lie in memory where there is plenty: a disk notes each small file."""
    memory = Path("/dev/shm")
    is_there = memory.is_dir() and os.access(memory, os.W_OK)
    if is_there and "TMPDIR" not in os.environ and shutil.disk_usage(memory).free > ROOM_IN_MEMORY:
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # pytest-xdist tells each worker how many there are.
    told = getattr(config, "workerinput", None)
    if told is not None:
        items[:] = long_first(items, [item.nodeid for item in items], told["workercount"])


def pytest_collection_finish() -> None:
    # Five thousand tests live to the end: looked through again and again, they cost a twentieth.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        made_once.end()


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Figures of others that results are held against; they live beside the repository."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"reference data not found at {folder}")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test without the browser start event loops of its own beside the driver's."""
    asyncio._set_running_loop(DRIVER.loop if "browser" in item.fixturenames else None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(None)


class Driver:
    """What drives a worker's browser, once it has been started.

    Attributes
    ----------
    loop : of events; the driver takes it for running between its calls
    """

    loop: asyncio.AbstractEventLoop | None = None


DRIVER = Driver()


@pytest.fixture(scope="session")
def started() -> Iterator[Any]:
    """The browser of a worker, which reaches nothing beyond this machine."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with playwright.sync_playwright() as driver:
        DRIVER.loop = asyncio._get_running_loop()
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        yield browser
        asyncio._set_running_loop(DRIVER.loop)
        browser.close()
    DRIVER.loop = None


@pytest.fixture(scope="session")
def visitor(started: Any) -> Any:
    """Pages that keep what they fetched of a server for one another."""
    return started.new_context(viewport={"width": 1280, "height": 900})


@pytest.fixture(scope="module")
def browser(started: Any, visitor: Any) -> Iterator[Any]:
    """The browser; what a file left open in it is closed after its tests."""
    yield started
    # The test that ends the file may be one without the browser.
    asyncio._set_running_loop(DRIVER.loop)
    for context in started.contexts:
        if context is not visitor:
            context.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a store that only this test uses, ready for use, of each kind."""
    with databases.new_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Any]:
    """A store that only this test uses, of each kind."""
    from yanzhen.store.database.connection import Database

    opened = Database(database_url)
    yield opened
    opened.close()
