"""A job's progress as server-sent events (HTML Standard, 9.2): one an event of news, to its end.

An event's identity is that of the state it tells, so that a reader who comes back with the header
Last-Event-ID is not told again what is known.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from hashlib import sha256

from starlette.concurrency import run_in_threadpool

from yanzhen.api.jobs import ENDED, Job
from yanzhen.store.database.connection import Unavailable

LOOK = 0.3
"""Seconds between two looks at a job."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent, so that no proxy takes the line for dead."""
COME_BACK = 2000
"""Milliseconds after which a reader whose line broke comes back."""


async def job_events(
    read: Callable[[], Job | None],
    known: str = "",
    look: float = LOOK,
    heartbeat: float = HEARTBEAT,
) -> AsyncIterator[str]:
    """Say what becomes of a job until it ends.

    Parameters
    ----------
    read : looks at the job
    known : identity of the last event that the reader got
    look, heartbeat : seconds between two looks, and of silence
    """
    yield f"retry: {COME_BACK}\n\n"
    spoke = time.monotonic()
    while True:
        job = await _looked_at(read)
        if job is not None:
            said = json.dumps(asdict(job), ensure_ascii=False)
            identity = event_id(job)
            if identity != known:
                yield f"id: {identity}\ndata: {said}\n\n"
                known, spoke = identity, time.monotonic()
            if job.state in ENDED:
                return
        if time.monotonic() - spoke >= heartbeat:
            yield ": still here\n\n"
            spoke = time.monotonic()
        await asyncio.sleep(look)


def event_id(job: Job) -> str:
    """Return the identity of the event that tells how a job stands."""
    said = json.dumps(asdict(job), ensure_ascii=False, sort_keys=True)
    return sha256(said.encode()).hexdigest()[:16]


async def _looked_at(read: Callable[[], Job | None]) -> Job | None:
    """A job as it stands; none while the database does not answer."""
    try:
        return await run_in_threadpool(read)
    except Unavailable:
        return None
