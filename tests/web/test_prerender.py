"""After the server's start every page has been made, and no page waits for what it needs later."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.made_store import MadeStore, made_store
from tests.waiting import SILENCE
from yanzhen.api.workbench import Workbench
from yanzhen.report.text.words import LANGUAGES
from yanzhen.web.pages import PAGES
from yanzhen.web.prerender import Readers, make_pages

# Run where NiceGUI does not take it for a test of its own.
FIRST_READER = """
import asyncio, sys
from pathlib import Path
from httpx import ASGITransport, AsyncClient
from yanzhen.api import plans
from yanzhen.api import result_store
from yanzhen.api.workbench import Workbench
from yanzhen.web import bundle, server
from yanzhen.web.pages import PAGES
from yanzhen.web.prerender import make_pages

def refuse(*_):
    raise AssertionError("read while a reader waits")

store, study = sys.argv[1:]
bench = Workbench(Path(store), [study])
app = server.make_server(bench, "zh", "127.0.0.1")
paths = [page.path for page in PAGES]
asyncio.run(make_pages(app, paths, "zh", lambda: True))
result_store.load = result_store.read_written = plans.load = refuse

async def reader():
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for path in paths:
            for lang in ("en", "zh"):
                answer = await client.get(path, params={"lang": lang})
                assert answer.status_code == 200, path
                assert "SYNTHETIC" in answer.text
                print(path, lang)

asyncio.run(reader())
assert bundle.vega.cache_info().currsize == 0, "a page waited for the Vega bundle"
bench.close()
"""


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> MadeStore:
    return made_store(tmp_path_factory.mktemp("warming"))


def test_after_the_start_a_reader_waits_for_nothing_to_be_read(given: MadeStore) -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "NICEGUI_"))
    }
    command = [sys.executable, "-c", FIRST_READER, str(given.store), str(given.study)]
    done = subprocess.run(command, env=kept, capture_output=True, text=True, timeout=SILENCE)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split("\n")) - 1 == len(PAGES) * len(LANGUAGES)


def test_what_is_there_is_not_made_again_when_the_server_starts(
    given: MadeStore, tmp_path: Path
) -> None:
    study = shutil.copytree(given.study, tmp_path / given.study.name)
    bench = Workbench(given.store, [str(study)])
    key = bench.studies.all()[0].key
    for made in given.store.glob(f"*/{given.study.name}-*"):
        shutil.copytree(made, made.with_name(key))
    bench.prepare()
    assert bench.jobs.all() == []
    figures = study / "regions.csv"
    figures.write_bytes(figures.read_bytes().replace(b"SYNTHETIC", b"SYNTHETIC other", 1))
    try:
        bench.prepare()
        assert {job.kind for job in bench.jobs.all()} == {"plan", "diagnosis", "chain"}
    finally:
        bench.close()


def test_pages_are_made_only_while_nobody_reads() -> None:
    app, readers, asked = FastAPI(), Readers(), []
    turns = iter([False, False, True, False, True, *[True] * 9])
    app.middleware("http")(readers.see)

    @app.get("/{path}")
    def page(path: str, lang: str) -> None:
        asked.append((path, lang))

    before = readers.last
    asyncio.run(make_pages(app, ["/a", "/b"], "en", lambda: next(turns)))
    assert asked == [("a", "en"), ("b", "en"), ("a", "zh"), ("b", "zh")]
    assert readers.last == before
    TestClient(app).get("/a?lang=zh")
    assert readers.last > before and not readers.rest
