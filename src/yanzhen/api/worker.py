"""Workers: processes that take jobs off the table and do them, each in a process of its own.

A worker is small, for it only minds: it claims jobs, holds their leases, tells of their progress,
stops those that were cancelled, took too long or were lost, and shows results to readers. The work
needs the whole of the package and much memory, and can be killed: it has its own process.
"""

import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanzhen.api.at_work import AtWork
from yanzhen.api.logs import set_logs
from yanzhen.api.versions import Version, publish
from yanzhen.exchange.notices.sending import Courier, Sends, sends_of
from yanzhen.store.database.connection import Database, Unavailable
from yanzhen.store.jobs.leases import (
    Lease,
    Outcome,
    claim,
    finish,
    hand_back,
    look,
    renew,
    report_death,
    take_back,
)
from yanzhen.store.jobs.limits import Limits
from yanzhen.store.jobs.silence import Watch
from yanzhen.store.ownership.own_folder import folder_of

DATABASE = "store.sqlite"
"""File of the store's database in its folder, unless another is named."""
LOG = logging.getLogger(__name__)
TOO_LONG = (
    "This took longer than the {seconds:,.0f} seconds that are allowed.",
    "任务用时超过所允许的{seconds:,.0f}秒。",
)


@dataclass(frozen=True)
class Pace:
    """How often a worker does what, in seconds.

    Attributes
    ----------
    lease : that a job is held unless it is held for longer
    heartbeat : between two renewals
    look : between two looks at the table
    tell : at least between two words on a job's progress
    """

    lease: float = 30.0
    heartbeat: float = 5.0
    look: float = 0.5
    tell: float = 0.5

    @property
    def surely(self) -> float:
        """Seconds after the last renewal at which a job is given up: nobody else has it yet."""
        return self.lease - self.heartbeat


USUAL_PACE = Pace()


class Worker:
    """One worker, which minds several jobs at once.

    Parameters
    ----------
    database : that holds the jobs
    store : folder that results go to
    slots : jobs at once
    limits : of persons and kinds of work
    pace : how often it does what
    """

    def __init__(
        self, database: Database, store: Path, slots: int, limits: Limits, pace: Pace
    ) -> None:
        self.database, self.store, self.slots = database, store, slots
        self.limits, self.pace = limits, pace
        self.ending, self.wake = threading.Event(), threading.Event()
        self._name = f"{socket.gethostname()[:28]}:{os.getpid()}"
        self._at_work: list[AtWork] = []
        self._watch = Watch(pace.lease)

    def end(self) -> None:
        """Let `run` end soon."""
        self.ending.set()
        self.wake.set()

    def run(self) -> None:
        """Work until `end` is called; what is not finished then goes back into the queue."""
        is_answered = True
        while not self.ending.is_set():
            self.wake.clear()
            try:
                self._turn()
                is_answered = True
            except Unavailable as error:
                if is_answered:
                    LOG.warning("the database does not answer: %s", error)
                is_answered = False
            self.wake.wait(self.pace.look)
        self._leave()

    def _turn(self) -> None:
        self._give_up_unrenewed()
        for job in list(self._at_work):
            self._settle(job)
        for job in list(self._at_work):
            self._hold(job)
        outlook = look(self.database)
        own = {job.lease.worker for job in self._at_work}
        mine = {held.worker for held in outlook.held if held.worker in own}
        # Cancelled, or taken by somebody else.
        self._drop(job for job in list(self._at_work) if job.lease.worker not in mine)
        silent = self._watch.silent(outlook.held, time.monotonic())
        lapsed = [held for held in silent if held.worker not in own]
        take_back(self.database, lapsed, self.limits)
        if outlook.waiting or lapsed:
            self._claim()

    def _claim(self) -> None:
        while len(self._at_work) < self.slots and not self.ending.is_set():
            ticks = time.monotonic()
            lease = claim(self.database, self._name, self.limits, self.pace.lease)
            if lease is None:
                return
            LOG.info("job %s begun: %s", lease.job, lease.kind, extra=_named(lease))
            store = folder_of(self.store, lease.organisation)
            address = self.database.url.render_as_string(hide_password=False)
            server = {"folder": str(self.store), "database": address}
            self._at_work.append(AtWork(lease, store, server, ticks, self.wake))

    def _settle(self, job: AtWork) -> None:
        """End a job that has said how it ended, whose process died, or that took too long."""
        lease, code = job.lease, job.code
        if job.outcome is not None:
            finish(self.database, lease, *_read(job.outcome))
            LOG.info("job %s ended: %s", lease.job, job.outcome["state"], extra=_named(lease))
        elif code is not None:
            report_death(self.database, lease, code, self.limits)
            LOG.warning("job %s: its process died, %d", lease.job, code, extra=_named(lease))
        elif time.monotonic() - job.began > lease.seconds:
            job.kill()
            finish(self.database, lease, _too_long(lease), _nothing)
            LOG.warning("job %s took too long", lease.job, extra=_named(lease))
        else:
            return
        self._drop([job])

    def _hold(self, job: AtWork) -> None:
        """Renew a lease that is due, and say what is new of the progress."""
        ticks, said = time.monotonic(), (job.stage, job.share)
        is_due = ticks - job.renewed >= self.pace.heartbeat
        is_news = said != job.told and ticks - job.told_at >= self.pace.tell
        if not is_due and not is_news:
            return
        if renew(self.database, job.lease, *said, self.pace.lease):
            job.renewed = job.told_at = ticks
            job.told = said
        else:
            self._drop([job])

    def _give_up_unrenewed(self) -> None:
        ticks = time.monotonic()
        self._drop(job for job in list(self._at_work) if ticks - job.renewed >= self.pace.surely)

    def _drop(self, gone: Iterable[AtWork]) -> None:
        for job in gone:
            job.kill()
            self._at_work.remove(job)

    def _leave(self) -> None:
        for job in list(self._at_work):
            try:
                self._settle(job)
                if job in self._at_work:
                    job.kill()
                    hand_back(self.database, job.lease)
                    LOG.info("job %s handed back", job.lease.job, extra=_named(job.lease))
            except Unavailable:
                # Its lease lapses, and somebody else takes it.
                job.kill()


def _named(lease: Lease) -> dict[str, object]:
    """What a line of the log says of a job, for programs."""
    return {"job": lease.job, "kind": lease.kind, "attempt": lease.attempt}


def usual_slots() -> int:
    """Return how many jobs a machine can well do at once, beside answering."""
    return max(1, (os.cpu_count() or 2) - 1)


def work_alone(worker: Worker, sends: Sends) -> None:
    """Let a worker work, and deliver notices, until the process is asked to end."""

    def end(*_: object) -> None:
        # In a thread: the worker may hold the very lock that this asks for.
        threading.Thread(target=worker.end).start()

    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, end)
    courier = Courier(worker.database, sends)
    courier.start()
    worker.run()
    courier.end()


def main() -> None:
    """Work for a server, which says how on standard input and ends it by closing that."""
    set_logs()
    given = json.loads(sys.stdin.buffer.readline())
    worker = Worker(
        Database(given["database"]),
        Path(given["store"]),
        given["slots"],
        Limits(**given["limits"]),
        Pace(**given["pace"]),
    )
    threading.Thread(target=_heed_the_server, args=(worker,), daemon=True).start()
    work_alone(worker, sends_of(given["sends"]))


def _heed_the_server(worker: Worker) -> None:
    # Not through a buffer, whose lock would be asked for at the end of the process.
    while os.read(sys.stdin.fileno(), 4096):
        worker.wake.set()
    worker.end()


def _read(said: dict[str, Any]) -> tuple[Outcome, Callable[[], None]]:
    """What a job's process said of its end, and what makes its result visible."""
    if said["state"] == "done":
        made = said["version"]
        version = Version(Path(made["folder"]), made["name"], made["made_by"])
        return Outcome("done"), lambda: publish(version)
    problems = tuple(said.get("problems", ()))
    return Outcome("failed", said["error"], said["error_zh"], problems), _nothing


def _too_long(lease: Lease) -> Outcome:
    en, zh = (each.format(seconds=lease.seconds) for each in TOO_LONG)
    return Outcome("failed", en, zh)


def _nothing() -> None:
    """Show nothing: no result was made."""


if __name__ == "__main__":
    main()
