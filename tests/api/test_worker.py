"""A worker that minds the processes of jobs, on both databases."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import all_ticks, children, wait_until
from yanzhen.api.worker import Pace, Worker
from yanzhen.store.database.connection import Database
from yanzhen.store.jobs.job import ENDED, Job
from yanzhen.store.jobs.limits import OF_ONE, Limits
from yanzhen.store.jobs.queue import cancel, enqueue, read
from yanzhen.store.people.viewer import LOCAL

SUBJECT = {"study": "china-provinces", "source": "china-provinces"}
QUICK = Pace(look=0.05, tell=0.05)


@dataclass(frozen=True)
class Working:
    """A worker at work in this process, which may have begun others before."""

    work: Future[None]
    before: set[int]

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so, as long as the worker works."""
        wait_until(lambda: self.work.done() or is_so(), lambda: all_ticks(os.getpid()))

    def processes(self) -> set[int]:
        """The processes of its jobs."""
        return children(os.getpid()) - self.before


@contextmanager
def working(database: Database, folder: Path, limits: Limits = OF_ONE) -> Iterator[Working]:
    """Let a worker work."""
    worker = Worker(database, folder, 1, limits, QUICK)
    before = children(os.getpid())
    with ThreadPoolExecutor(1) as pool:
        at_work = Working(pool.submit(worker.run), before)
        try:
            yield at_work
        finally:
            worker.end()
            at_work.work.result()
        assert at_work.processes() == set()


def ask(database: Database) -> str:
    return enqueue(database, LOCAL, "plan", SUBJECT, OF_ONE).job


def now(database: Database, name: str) -> Job:
    job = read(database, LOCAL, name)
    assert job is not None
    return job


def test_a_job_whose_process_dies_each_time_has_failed_and_says_so(
    database: Database, tmp_path: Path
) -> None:
    name, killed = ask(database), set[int]()

    with working(database, tmp_path) as at_work:

        def kill_until_it_has_ended() -> bool:
            for process in at_work.processes() - killed:
                os.kill(process, signal.SIGKILL)
                killed.add(process)
            return now(database, name).state in ENDED

        at_work.until(kill_until_it_has_ended)
    job = now(database, name)
    assert (job.state, job.attempt, len(killed)) == ("failed", 3, 3)
    assert "3 time(s)" in job.error and "-9" in job.error and "-9" in job.error_zh


def test_a_job_that_takes_too_long_is_ended(database: Database, tmp_path: Path) -> None:
    name = ask(database)
    with working(database, tmp_path, Limits(seconds_of={"plan": 0.2})) as at_work:
        at_work.until(lambda: now(database, name).state in ENDED)
    job = now(database, name)
    assert job.state == "failed" and "longer than" in job.error and "用时超过" in job.error_zh


def test_a_job_that_is_cancelled_is_stopped(database: Database, tmp_path: Path) -> None:
    name = ask(database)
    with working(database, tmp_path) as at_work:
        at_work.until(lambda: at_work.processes() != set())
        cancel(database, LOCAL, name)
        at_work.until(lambda: at_work.processes() == set())
    assert now(database, name).state == "cancelled"


def test_a_worker_that_ends_hands_back_what_it_did(database: Database, tmp_path: Path) -> None:
    name = ask(database)
    with working(database, tmp_path) as at_work:
        at_work.until(lambda: now(database, name).state == "running")
    assert (now(database, name).state, now(database, name).attempt) == ("queued", 0)
