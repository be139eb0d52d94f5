"""What people do with long work: ask for it, look at it, cancel it.

Everybody sees the jobs of their own organisation and no others.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    desc,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from yanzhen.store.audit.chain import record
from yanzhen.store.database import clock
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import jobs
from yanzhen.store.jobs.job import OUTSTANDING, Job, job_of, take_turn, work_hash
from yanzhen.store.jobs.limits import Limits, TooMany
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

LATEST = 200
"""Jobs that are listed at once."""


def enqueue(
    database: Database, viewer: Viewer, kind: str, subject: Mapping[str, str], limits: Limits
) -> Job:
    """Queue a piece of work; the same of the organisation that has not ended is returned instead.

    Raises
    ------
    TooMany
        The person has as many jobs waiting or running as are allowed.
    Unavailable
        The database does not answer.
    """
    work = work_hash(kind, subject)
    with database.writing() as connection:
        take_turn(connection)
        known = connection.execute(
            _seen(viewer).where(jobs.c.work_hash == work, jobs.c.state.in_(OUTSTANDING))
        ).first()
        if known is not None:
            return job_of(known)
        _require_room(connection, viewer, limits)
        name = secrets.token_hex(8)
        connection.execute(
            insert(jobs).values(
                id=name,
                organisation=viewer.organisation,
                owner=viewer.person,
                kind=kind,
                subject=dict(subject),
                work_hash=work,
                state="queued",
                queued_at=clock.moment_of(connection),
                problems=[],
            )
        )
        record(
            connection, viewer.actor, "start", "job", name, {"kind": kind, "subject": dict(subject)}
        )
        return job_of(connection.execute(_seen(viewer).where(jobs.c.id == name)).one())


def cancel(database: Database, viewer: Viewer, name: str) -> Job | None:
    """Stop a job that has not ended; one that has stays as it is. None where there is no such job.

    Whoever works at it finds out when looking next, and stops.
    """
    with database.writing() as connection:
        cancelled = connection.execute(
            update(jobs)
            .where(_mine(viewer), jobs.c.id == name, jobs.c.state.in_(OUTSTANDING))
            .values(state="cancelled", ended_at=clock.moment_of(connection), leased_until=None)
        )
        if cancelled.rowcount:
            record(connection, viewer.actor, "cancel", "job", name, {"state": "cancelled"})
        found = connection.execute(_seen(viewer).where(jobs.c.id == name)).first()
        return None if found is None else job_of(found)


def read(database: Database, viewer: Viewer, name: str) -> Job | None:
    """Return a job as it stands, None where there is no such job."""
    with database.asking() as connection:
        found = connection.execute(_seen(viewer).where(jobs.c.id == name)).first()
        return None if found is None else job_of(found)


def listed(database: Database, viewer: Viewer, most: int = LATEST, after: str = "") -> list[Job]:
    """Return the latest jobs, the newest first.

    Parameters
    ----------
    most : jobs
    after : name of the job behind which the list begins; the newest without one

    Raises
    ------
    LookupError
        There is no job `after` that the viewer sees.
    """
    newest_first = (desc(jobs.c.queued_at), desc(jobs.c.id))
    asked = _seen(viewer).order_by(*newest_first).limit(most)
    with database.reading() if after else database.asking() as connection:
        if after:
            place = select(jobs.c.queued_at, jobs.c.id).where(
                visible(jobs, viewer), jobs.c.id == after
            )
            last = connection.execute(place).first()
            if last is None:
                raise LookupError(after)
            asked = asked.where(tuple_(jobs.c.queued_at, jobs.c.id) < tuple_(*map(literal, last)))
        return [job_of(row) for row in connection.execute(asked)]


def latest(database: Database, viewer: Viewer, kind: str, subject: Mapping[str, str]) -> Job | None:
    """Return the latest job that makes this, None where there was none."""
    same = jobs.c.work_hash == work_hash(kind, subject)
    newest_first = (desc(jobs.c.queued_at), desc(jobs.c.id))
    with database.asking() as connection:
        found = connection.execute(_seen(viewer).where(same).order_by(*newest_first)).first()
        return None if found is None else job_of(found)


def anything_outstanding(database: Database) -> bool:
    """Whether any job of anybody waits or runs; for the server itself, not for its users."""
    with database.asking() as connection:
        one = select(jobs.c.id).where(jobs.c.state.in_(OUTSTANDING)).limit(1)
        return connection.execute(one).first() is not None


def outstanding_by_state(database: Database) -> dict[str, int]:
    """Return how many jobs of anybody wait and run; for who minds the server, not for its users."""
    counted = select(jobs.c.state, func.count()).group_by(jobs.c.state)
    with database.reading() as connection:
        rows = connection.execute(counted.where(jobs.c.state.in_(OUTSTANDING)))
        found = {state: count for state, count in rows}
    return {state: found.get(state, 0) for state in OUTSTANDING}


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    return visible(jobs, viewer)


def _seen(viewer: Viewer) -> Select[Any]:
    """Jobs that a viewer sees, each with its place among those of the organisation that wait."""
    other = jobs.alias()
    earlier = or_(
        other.c.queued_at < jobs.c.queued_at,
        and_(other.c.queued_at == jobs.c.queued_at, other.c.id <= jobs.c.id),
    )
    position = (
        select(func.count())
        .select_from(other)
        .where(
            jobs.c.state == "queued",
            other.c.state == "queued",
            other.c.organisation == jobs.c.organisation,
            earlier,
        )
        .correlate(jobs)
        .scalar_subquery()
    )
    return select(*jobs.c, position.label("position")).where(_mine(viewer))


def _require_room(connection: Connection, viewer: Viewer, limits: Limits) -> None:
    if limits.outstanding is None:
        return
    own = and_(jobs.c.owner == viewer.person, jobs.c.state.in_(OUTSTANDING))
    count = connection.execute(select(func.count()).select_from(jobs).where(own)).scalar_one()
    if count >= limits.outstanding:
        raise TooMany(limits.outstanding)
