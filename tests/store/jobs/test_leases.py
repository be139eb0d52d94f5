"""Claims on jobs: one at a time, refused to who lost them, and only so many attempts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.store.jobs.people import ANNA, BO, CHEN, with_people
from yanzhen.store.database.connection import Database
from yanzhen.store.jobs.job import Job
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
from yanzhen.store.jobs.limits import OF_ONE, Limits
from yanzhen.store.jobs.queue import cancel, enqueue, listed, read

DONE = Outcome("done")
LASTS = 30.0


@pytest.fixture
def store(database: Database) -> Database:
    return with_people(database)


def taken(store: Database, limits: Limits = OF_ONE) -> Lease:
    lease = claim(store, "worker", limits, LASTS)
    assert lease is not None
    return lease


def now(store: Database, name: str) -> Job:
    job = read(store, ANNA, name)
    assert job is not None
    return job


def ask(store: Database, study: str = "s") -> str:
    return enqueue(store, ANNA, "plan", {"study": study}, OF_ONE).job


def nothing() -> None:
    pass


def test_workers_that_ask_at_once_get_different_jobs(store: Database) -> None:
    names = {ask(store, str(number)) for number in range(6)}
    with ThreadPoolExecutor(6) as pool:
        leases = list(pool.map(lambda _: claim(store, "w", OF_ONE, LASTS), range(8)))
    assert sorted(lease.job for lease in leases if lease is not None) == sorted(names)


def test_who_lost_the_lease_changes_and_publishes_nothing(store: Database) -> None:
    name = ask(store)
    lost = taken(store)
    take_back(store, look(store).held, OF_ONE)
    holds = taken(store)
    assert (holds.job, holds.attempt) == (name, 2)
    published: list[str] = []
    assert not finish(store, lost, DONE, lambda: published.append("lost"))
    assert not renew(store, lost, "market", 0.9, LASTS) and not hand_back(store, lost)
    report_death(store, lost, -9, OF_ONE)
    assert renew(store, holds, "market", 0.5, LASTS)
    assert (now(store, name).stage, now(store, name).share) == ("market", 0.5)
    assert finish(store, holds, DONE, lambda: published.append("holds"))
    assert not finish(store, holds, DONE, lambda: published.append("again"))
    assert published == ["holds"]


def test_a_result_that_cannot_be_shown_leaves_the_job_as_it_is(store: Database) -> None:
    name, lease = ask(store), taken(store)

    def fail() -> None:
        raise OSError("no space left")

    with pytest.raises(OSError):
        finish(store, lease, DONE, fail)
    assert now(store, name).state == "running"
    assert finish(store, lease, DONE, nothing)


def test_a_lease_renewed_since_it_was_looked_at_stays(store: Database) -> None:
    name, lease = ask(store), taken(store)
    seen = look(store).held
    assert renew(store, lease, "", 0.0, LASTS + 1)
    take_back(store, seen, OF_ONE)
    assert now(store, name).state == "running"


def test_after_the_last_attempt_a_job_has_failed_with_how_often_it_died(store: Database) -> None:
    name, limits = ask(store), Limits(attempts=2)
    report_death(store, taken(store, limits), -9, limits)
    assert now(store, name).state == "queued"
    report_death(store, taken(store, limits), -9, limits)
    job = now(store, name)
    assert (job.state, job.attempt) == ("failed", 2)
    assert "2 time(s)" in job.error and "-9" in job.error
    assert "2次" in job.error_zh and "-9" in job.error_zh


def test_what_is_handed_back_does_not_count_as_an_attempt(store: Database) -> None:
    name, limits = ask(store), Limits(attempts=1)
    first = taken(store, limits)
    assert hand_back(store, first)
    again = taken(store, limits)
    assert again.attempt == 1 and again.worker != first.worker
    assert not finish(store, first, DONE, nothing)
    assert now(store, name).state == "running"


def test_a_job_that_was_cancelled_cannot_be_finished(store: Database) -> None:
    name, lease = ask(store), taken(store)
    cancel(store, ANNA, name)
    assert look(store).held == ()
    assert not renew(store, lease, "", 0.0, LASTS)
    assert not finish(store, lease, DONE, nothing)
    assert now(store, name).state == "cancelled"


def test_organisations_take_turns(store: Database) -> None:
    for study in "abc":
        ask(store, study)
    for viewer in (BO, CHEN):
        enqueue(store, viewer, "plan", {"study": viewer.person}, OF_ONE)
    owners = []
    for _ in range(5):
        lease = taken(store)
        owners.append(next(job.owner for job in _all(store) if job.job == lease.job))
        finish(store, lease, DONE, nothing)
    assert owners == ["anna", "chen", "bo", "anna", "anna"]


def test_a_job_says_how_long_it_may_take(store: Database) -> None:
    ask(store)
    limits = Limits(seconds=5.0, seconds_of={"plan": 9.0})
    assert taken(store, limits).seconds == 9.0
    assert replace(limits, seconds_of={}).seconds_for("plan") == 5.0


def _all(store: Database) -> list[Job]:
    return [*listed(store, ANNA), *listed(store, CHEN)]
