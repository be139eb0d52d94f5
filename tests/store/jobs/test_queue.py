"""Asking for long work: the same only once, one's own organisation's alone, within limits."""

import pytest
from sqlalchemy import select

from tests.store.jobs.people import ANNA, BO, CHEN, with_people
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit
from yanzhen.store.jobs.leases import Outcome, claim, finish
from yanzhen.store.jobs.limits import OF_ONE, Limits, TooMany
from yanzhen.store.jobs.queue import anything_outstanding, cancel, enqueue, latest, listed, read

SUBJECT = {"study": "s", "source": "/studies/s"}


@pytest.fixture
def store(database: Database) -> Database:
    return with_people(database)


def ask(store: Database, viewer: object, **subject: str) -> str:
    said = {**SUBJECT, **subject}
    return enqueue(store, viewer, "plan", said, OF_ONE).job  # type: ignore[arg-type]


def test_the_same_work_of_an_organisation_waits_once(store: Database) -> None:
    first = ask(store, ANNA)
    assert ask(store, BO, source="/moved/s") == first
    assert ask(store, CHEN) != first
    assert ask(store, ANNA, study="t") != first
    cancel(store, ANNA, first)
    assert ask(store, ANNA) != first


def test_jobs_of_another_organisation_are_not_there(store: Database) -> None:
    name = ask(store, ANNA)
    assert read(store, BO, name) is not None
    assert read(store, CHEN, name) is None and cancel(store, CHEN, name) is None
    assert listed(store, CHEN) == [] and latest(store, CHEN, "plan", SUBJECT) is None
    assert read(store, ANNA, name).state == "queued"  # type: ignore[union-attr]


def test_a_job_knows_its_place_among_those_of_its_organisation(store: Database) -> None:
    ask(store, CHEN)
    first, second = ask(store, ANNA, study="a"), ask(store, BO, study="b")
    assert [(job.job, job.position) for job in listed(store, ANNA)] == [(second, 2), (first, 1)]
    cancel(store, ANNA, first)
    assert [job.position for job in listed(store, ANNA)] == [1, 0]


def test_the_latest_job_of_some_work_is_found_wherever_its_study_lies(store: Database) -> None:
    cancel(store, ANNA, ask(store, ANNA))
    again = ask(store, ANNA, source="/elsewhere/s")
    found = latest(store, ANNA, "plan", {"study": "s"})
    assert found is not None and found.job == again
    assert latest(store, ANNA, "diagnosis", {"study": "s"}) is None


def test_a_person_has_so_many_jobs_and_no_more(store: Database) -> None:
    limits = Limits(outstanding=2)
    for study in "ab":
        enqueue(store, ANNA, "plan", {"study": study}, limits)
    with pytest.raises(TooMany):
        enqueue(store, ANNA, "plan", {"study": "c"}, limits)
    # What waits already is given back, and others have room of their own.
    enqueue(store, ANNA, "plan", {"study": "a"}, limits)
    enqueue(store, BO, "plan", {"study": "c"}, limits)


def test_what_has_ended_cannot_be_cancelled(store: Database) -> None:
    name = ask(store, ANNA)
    assert anything_outstanding(store)
    lease = claim(store, "w", OF_ONE, 30.0)
    assert lease is not None and finish(store, lease, Outcome("done"), lambda: None)
    job = cancel(store, ANNA, name)
    assert job is not None and (job.state, job.share) == ("done", 1.0)
    assert job.ended is not None and job.ended >= job.made
    assert not anything_outstanding(store)


def test_starting_and_cancelling_are_in_the_audit_and_nothing_else(store: Database) -> None:
    name = ask(store, ANNA)
    ask(store, BO)
    cancel(store, BO, name)
    cancel(store, ANNA, name)
    with store.reading() as connection:
        said = select(audit.c.person, audit.c.action, audit.c.subject).order_by(audit.c.sequence)
        rows = [tuple(row) for row in connection.execute(said)]
    assert rows == [("anna", "start", name), ("bo", "cancel", name)]
