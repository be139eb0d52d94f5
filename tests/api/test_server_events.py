"""Progress as server-sent events: what is new, a sign of life, and the end."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

from fastapi.testclient import TestClient

from yanzhen.api.app import make_app
from yanzhen.api.jobs import Job
from yanzhen.api.server_events import event_id, job_events
from yanzhen.api.workbench import Workbench
from yanzhen.client.following import events
from yanzhen.store.database.connection import Unavailable

JOB = Job("a", "plan", {"study": "s"}, "running", "market", 0.5)
DONE = replace(JOB, state="done", share=1.0)


def told(read: Callable[[], Job | None], known: str = "", heartbeat: float = 60.0) -> str:
    async def all_of_it() -> str:
        return "".join([each async for each in job_events(read, known, 0.0, heartbeat)])

    return asyncio.run(all_of_it())


def read_from(*states: Job | Exception) -> Callable[[], Job]:
    left = list(states)

    def read() -> Job:
        now = left.pop(0)
        if isinstance(now, Exception):
            raise now
        return now

    return read


def test_each_state_is_told_once_with_its_identity_until_the_end() -> None:
    said = told(read_from(JOB, JOB, Unavailable("gone"), DONE))
    found = list(events(said.splitlines()))
    assert [identity for identity, _ in found] == [event_id(JOB), event_id(DONE)]
    assert [json.loads(data)["state"] for _, data in found] == ["running", "done"]


def test_who_comes_back_is_told_what_is_new() -> None:
    found = list(events(told(read_from(JOB, DONE), event_id(JOB)).splitlines()))
    assert [identity for identity, _ in found] == [event_id(DONE)]


def test_a_silent_job_gives_signs_of_life() -> None:
    assert told(read_from(JOB, JOB, DONE), heartbeat=0.0).count("\n: ") >= 1


def test_who_knows_the_end_need_not_come_back(empty: Workbench) -> None:
    client = TestClient(make_app(empty))
    queued = empty.jobs.start("plan", {"study": "s", "source": "s"})
    cancelled = empty.jobs.cancel(queued.job)
    assert cancelled is not None
    address = f"/api/v1/jobs/{queued.job}/events"
    assert "cancelled" in client.get(address).text
    known = {"Last-Event-ID": event_id(cancelled)}
    assert client.get(address, headers=known).status_code == 204
