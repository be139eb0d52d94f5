"""Threads of pages: what belongs to whoever asks is looked for as that person."""

import asyncio
from pathlib import Path

import yanzhen.web
from yanzhen.store.people.viewer import LOCAL, Viewer
from yanzhen.store.people.viewing import current_viewer, viewing_as
from yanzhen.web.threads import in_thread

ADA = Viewer("ada", "ministry", "planner")


def test_a_thread_works_as_the_person_who_asked() -> None:
    async def asked() -> Viewer | None:
        with viewing_as(ADA):
            return await in_thread(current_viewer)

    assert asyncio.run(asked()) == ADA != LOCAL


def test_no_page_starts_a_thread_that_knows_of_nobody() -> None:
    folder = Path(yanzhen.web.__file__).parent
    paths = {path.name for path in folder.rglob("*.py") if "run.io_bound(" in path.read_text()}
    assert paths == {"threads.py"}
