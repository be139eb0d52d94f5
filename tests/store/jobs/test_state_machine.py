"""Jobs through any order of asking, working, dying, stalling and cancelling, on both databases."""

import secrets
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import literal, select

from tests.store.jobs.people import PEOPLE, with_people, without_jobs
from yanzhen.store.database import clock
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import jobs as table
from yanzhen.store.jobs.job import ENDED, Job, job_of
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
from yanzhen.store.jobs.limits import Limits, TooMany
from yanzhen.store.jobs.queue import cancel, enqueue
from yanzhen.store.jobs.silence import Watch

EVERY = select(*table.c, literal(0).label("position")).order_by(table.c.queued_at, table.c.id)
LASTS = 30.0
SURELY = 25.0
LIMITS = Limits(outstanding=4, running=2, attempts=3)
DRAWN = settings(max_examples=15, stateful_step_count=25)


@dataclass
class Time:
    """Seconds since the start, a clock on the wall that may be set, and names in their order."""

    ticks: float = 0.0
    wall: float = 1_000_000.0
    names: int = 0

    def name(self, _: int) -> str:
        self.names += 1
        return f"{self.names:016x}"

    def moment_of(self, _: object) -> str:
        # No two moments are the same.
        self.wall += 1e-6
        return clock.later("2026-01-01T00:00:00.000000Z", self.wall)


@dataclass
class Holder:
    """Who works at a job, for all it knows."""

    lease: Lease
    renewed: float


@dataclass
class Seen:
    """What became of one job."""

    published: int = 0
    ended: tuple[object, ...] | None = None


class Machine(RuleBasedStateMachine):
    """Workers, people and a watch, none of which knows what the others do."""

    def __init__(self, store: Database, time: Time) -> None:
        super().__init__()
        self.store, self.time = without_jobs(store), time
        self.watch = Watch(LASTS)
        # Every claim that was ever given stays: who lost it may still try.
        self.holders: list[Holder] = []
        self.seen: dict[str, Seen] = {}

    def jobs(self) -> list[Job]:
        with self.store.reading() as connection:
            return [job_of(row) for row in connection.execute(EVERY)]

    def holder(self, data: st.DataObject) -> Holder:
        running = {job.job for job in self.jobs() if job.state == "running"}
        at_work = [holder for holder in self.holders if holder.lease.job in running]
        return data.draw(st.sampled_from(at_work or self.holders))

    def holds(self, holder: Holder) -> bool:
        """Whether this is the last claim on its job."""
        claims = [each for each in self.holders if each.lease.job == holder.lease.job]
        return claims[-1] is holder

    @initialize(studies=st.lists(st.sampled_from("abcd"), min_size=1, max_size=4))
    def ask_first(self, studies: list[str]) -> None:
        for number, study in enumerate(studies):
            self.ask(PEOPLE[number % 3], study)

    @rule(viewer=st.sampled_from(PEOPLE), study=st.sampled_from("abcdef"))
    def ask(self, viewer: object, study: str) -> None:
        own = [job for job in self.jobs() if job.owner == viewer.person]  # type: ignore[attr-defined]
        outstanding = sum(job.state not in ENDED for job in own)
        try:
            job = enqueue(self.store, viewer, "plan", {"study": study}, LIMITS)  # type: ignore[arg-type]
        except TooMany:
            assert outstanding == LIMITS.outstanding
            return
        assert job.state not in ENDED
        self.seen.setdefault(job.job, Seen())

    @rule(seconds=st.floats(0.5, 40.0))
    def wait(self, seconds: float) -> None:
        self.time.ticks += seconds
        self.time.wall += seconds

    @rule()
    def take_while_another_thinks_it_holds(self) -> None:
        """What a worker that stalls comes back to: its job was taken back and is another's."""
        self.take()
        self.wait(2 * LASTS)
        take_back(self.store, look(self.store).held, LIMITS)
        self.take()

    @rule(deaths=st.sampled_from([1, 4]))
    def die_again_and_again(self, deaths: int) -> None:
        for _ in range(deaths):
            before = len(self.holders)
            self.take()
            for holder in self.holders[before:]:
                report_death(self.store, holder.lease, -9, LIMITS)
                holder.renewed = -LASTS

    @rule()
    def take(self) -> None:
        began = self.time.ticks
        before = {job.job: job for job in self.jobs()}
        lease = claim(self.store, "worker", LIMITS, LASTS)
        if lease is None:
            return
        job = before[lease.job]
        assert job.state == "queued"
        own = [each for each in before.values() if each.owner == job.owner]
        assert sum(each.state == "running" for each in own) < 2
        waiting = [(each.made, each.job) for each in own if each.state == "queued"]
        assert (job.made, job.job) == min(waiting)
        self.holders.append(Holder(lease, began))

    @precondition(lambda self: self.holders)
    @rule(data=st.data(), share=st.floats(0.0, 1.0))
    def hold(self, data: st.DataObject, share: float) -> None:
        holder = self.holder(data)
        if renew(self.store, holder.lease, "market", share, LASTS):
            assert self.holds(holder)
            holder.renewed = self.time.ticks
        else:
            holder.renewed = -LASTS

    @precondition(lambda self: self.holders)
    @rule(data=st.data(), state=st.sampled_from(["done", "failed"]))
    def end(self, data: st.DataObject, state: str) -> None:
        holder = self.holder(data)
        seen = self.seen[holder.lease.job]

        def publish() -> None:
            seen.published += 1

        ended = finish(self.store, holder.lease, Outcome(state), publish)  # type: ignore[arg-type]
        assert self.holds(holder) or not ended
        assert ended or holder.renewed < self.time.ticks - SURELY or seen.ended is not None
        holder.renewed = -LASTS

    @precondition(lambda self: self.holders)
    @rule(data=st.data(), how=st.sampled_from(["death", "back"]))
    def leave(self, data: st.DataObject, how: str) -> None:
        holder = self.holder(data)
        if how == "death":
            report_death(self.store, holder.lease, -9, LIMITS)
        else:
            hand_back(self.store, holder.lease)
        holder.renewed = -LASTS

    @rule(seconds=st.sampled_from([1.0, 12.0, LASTS]), jump=st.sampled_from([0.0, 3600.0, -3600.0]))
    def look_for_silence(self, seconds: float, jump: float) -> None:
        """Look twice; meanwhile some time goes by, and somebody sets the clock."""
        self.watch.silent(look(self.store).held, self.time.ticks)
        self.wait(seconds)
        self.time.wall += jump
        lapsed = self.watch.silent(look(self.store).held, self.time.ticks)
        take_back(self.store, lapsed, LIMITS)
        self.take()

    @rule(data=st.data(), viewer=st.sampled_from(PEOPLE))
    def cancel_one(self, data: st.DataObject, viewer: object) -> None:
        if not self.seen:
            return
        name = data.draw(st.sampled_from(list(self.seen)))
        job = cancel(self.store, viewer, name)  # type: ignore[arg-type]
        assert job is None or job.state in ENDED

    @invariant()
    def all_is_in_order(self) -> None:
        jobs = self.jobs()
        self.what_has_ended_stays_so_and_was_published_once(jobs)
        self.attempts_are_limited_and_nothing_is_lost(jobs)
        self.no_two_are_sure_to_work_at_a_job()

    def what_has_ended_stays_so_and_was_published_once(self, jobs: list[Job]) -> None:
        for job in jobs:
            seen = self.seen[job.job]
            assert seen.published <= 1
            if seen.ended is not None:
                assert seen.ended == (job.state, job.ended, job.attempt, job.error)
            elif job.state in ENDED:
                seen.ended = (job.state, job.ended, job.attempt, job.error)
            assert job.state not in ("queued", "running", "cancelled") or not seen.published

    def no_two_are_sure_to_work_at_a_job(self) -> None:
        sure = [
            holder.lease.job
            for holder in self.holders
            if self.time.ticks - holder.renewed < SURELY
            and self.seen[holder.lease.job].ended is None
        ]
        assert len(sure) == len(set(sure))

    def attempts_are_limited_and_nothing_is_lost(self, jobs: list[Job]) -> None:
        assert {job.job for job in jobs} == set(self.seen)
        for job in jobs:
            assert job.attempt <= LIMITS.attempts
            assert (job.state == "failed") <= bool(job.error or self.seen[job.job].published)
            assert job.attempt >= 1 or job.state in ("queued", "cancelled")


def test_jobs_stay_in_order_whatever_happens(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_people(database)
    time = Time()
    monkeypatch.setattr(clock, "moment_of", time.moment_of)
    monkeypatch.setattr(secrets, "token_hex", time.name)

    def machine() -> Machine:
        time.ticks, time.wall, time.names = 0.0, 1_000_000.0, 0
        return Machine(database, time)

    run_state_machine_as_test(machine, settings=DRAWN)
