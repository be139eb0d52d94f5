"""How workers hold jobs: a lease on a row, renewed while the work goes on, lost when it is not.

A claim gives a job a new attempt and a name of its own for who holds it. Every later change asks,
in the same transaction, whether that very claim still holds: whoever lost the lease changes nothing
and publishes nothing.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, update

from yanzhen.store.database import clock
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import jobs
from yanzhen.store.jobs.fairness import Standing, in_turn
from yanzhen.store.jobs.job import take_turn
from yanzhen.store.jobs.limits import Limits

Waiting = Row[Any, Any, Any, Any, Any]
FREE: Mapping[str, object] = {
    **{"state": "queued", "stage": "", "share": 0.0},
    **{"worker": None, "leased_until": None, "deadline": None},
}
DIED = "The process that did this died {count} time(s){how}; there may be too little memory."
DIED_ZH = "执行此任务的进程中止了{count}次{how}；可能是内存不足。"
SILENT = (", at last without a word", "，最后一次没有留下消息")
WITH_CODE = (", at last with code {code}", "，最后一次的代码为{code}")


@dataclass(frozen=True)
class Lease:
    """A claim on a job.

    Attributes
    ----------
    job : name
    organisation : whose it is
    kind, subject : what is to be done
    attempt : which one this is, from 1
    worker : who holds it; another name for each claim
    seconds : that the work may take
    """

    job: str
    organisation: str
    kind: str
    subject: dict[str, str]
    attempt: int
    worker: str
    seconds: float


@dataclass(frozen=True)
class Held:
    """A job that somebody works at, as its row says.

    Attributes
    ----------
    job, attempt, worker : as of the lease
    leased_until : moment until which it was last renewed; another after each renewal
    """

    job: str
    attempt: int
    worker: str
    leased_until: str


@dataclass(frozen=True)
class Outcome:
    """How work ended.

    Attributes
    ----------
    state : done or failed
    error, error_zh : why it failed
    problems : of the study, where these are the reason
    """

    state: Literal["done", "failed"]
    error: str = ""
    error_zh: str = ""
    problems: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Outlook:
    """What a worker sees when it looks at the table.

    Attributes
    ----------
    held : every job that somebody works at
    waiting : whether any job waits
    """

    held: tuple[Held, ...]
    waiting: bool


def look(database: Database) -> Outlook:
    """Return what is worked at, and whether anything waits."""
    columns = (jobs.c.id, jobs.c.attempt, jobs.c.worker, jobs.c.leased_until)
    waits = select(jobs.c.id).where(jobs.c.state == "queued").limit(1)
    with database.reading() as connection:
        rows = connection.execute(select(*columns).where(jobs.c.state == "running")).all()
        held = tuple(Held(*row) for row in rows)
        waiting = connection.execute(waits).first() is not None
        return Outlook(held, waiting)


def claim(database: Database, worker: str, limits: Limits, lasts: float) -> Lease | None:
    """Take the job whose turn it is; None where none may begin.

    Parameters
    ----------
    worker : name of who asks, at most 40 characters
    limits : of persons and kinds of work
    lasts : seconds that the lease lasts unless it is renewed
    """
    with database.writing() as connection:
        take_turn(connection)
        waiting = _standing(connection, "queued")
        if not waiting:
            return None
        served = _served(connection, waiting)
        for job in in_turn(waiting, _standing(connection, "running"), served, limits.running):
            row = _unlocked(connection, job.job)
            if row is not None:
                return _begin(connection, row, worker, limits, lasts)
    return None


def renew(database: Database, lease: Lease, stage: str, share: float, lasts: float) -> bool:
    """Hold a job for longer and say how far it is; whether it was still held.

    Parameters
    ----------
    stage, share : that the work is at
    lasts : seconds from now
    """
    with database.writing() as connection:
        until = clock.later(clock.moment_of(connection), lasts)
        said = {"stage": stage, "share": share, "leased_until": until}
        renewed = connection.execute(update(jobs).where(_holds(lease)).values(**said))
        return bool(renewed.rowcount)


def finish(database: Database, lease: Lease, outcome: Outcome, publish: Callable[[], None]) -> bool:
    """End a job; whether it was still held, and thus ended so.

    Parameters
    ----------
    publish : makes the result the one that readers see; called in the transaction, and only where
        the lease holds, so that nobody else can take the job meanwhile
    """
    ended = {
        **{"state": outcome.state, "leased_until": None, "error": outcome.error},
        **{"error_zh": outcome.error_zh, "problems": list(outcome.problems)},
        **({"stage": "done", "share": 1.0} if outcome.state == "done" else {}),
    }
    with database.writing() as connection:
        moment = clock.moment_of(connection)
        held = connection.execute(
            update(jobs).where(_holds(lease)).values(**ended, ended_at=moment)
        )
        if held.rowcount:
            publish()
        return bool(held.rowcount)


def hand_back(database: Database, lease: Lease) -> bool:
    """Put a job that was not finished back into the queue; this attempt does not count."""
    back = {**FREE, "attempt": lease.attempt - 1}
    with database.writing() as connection:
        return bool(connection.execute(update(jobs).where(_holds(lease)).values(**back)).rowcount)


def report_death(database: Database, lease: Lease, code: int, limits: Limits) -> None:
    """Put a job whose process died back into the queue; after the last attempt it has failed.

    Parameters
    ----------
    code : that the process ended with
    """
    en, zh = WITH_CODE
    how = (en.format(code=code), zh.format(code=code))
    with database.writing() as connection:
        _free(connection, _holds(lease), lease.attempt, how, limits)


def take_back(database: Database, held: Iterable[Held], limits: Limits) -> None:
    """Put jobs whose worker is silent back into the queue; after the last attempt they have failed.

    A lease that was renewed since it was looked at stays.
    """
    for each in held:
        same = and_(_holds(each), jobs.c.leased_until == each.leased_until)
        with database.writing() as connection:
            _free(connection, same, each.attempt, SILENT, limits)


def _holds(lease: Lease | Held) -> ColumnElement[bool]:
    return and_(
        jobs.c.id == lease.job,
        jobs.c.state == "running",
        jobs.c.attempt == lease.attempt,
        jobs.c.worker == lease.worker,
    )


def _free(
    connection: Connection,
    which: ColumnElement[bool],
    attempt: int,
    how: tuple[str, str],
    limits: Limits,
) -> None:
    values: Mapping[str, object] = FREE
    if attempt >= limits.attempts:
        values = {
            "state": "failed",
            "leased_until": None,
            "ended_at": clock.moment_of(connection),
            "error": DIED.format(count=attempt, how=how[0]),
            "error_zh": DIED_ZH.format(count=attempt, how=how[1]),
        }
    connection.execute(update(jobs).where(which).values(**values))


def _standing(connection: Connection, state: str) -> list[Standing]:
    columns = (jobs.c.id, jobs.c.organisation, jobs.c.owner, jobs.c.queued_at)
    rows = connection.execute(select(*columns).where(jobs.c.state == state))
    return [Standing(*row) for row in rows]


def _served(connection: Connection, waiting: Iterable[Standing]) -> dict[str, str]:
    """When each that waits was served last: organisations and persons, by identity."""
    waiting = list(waiting)
    who = {
        **{job.organisation: jobs.c.organisation for job in waiting},
        **{job.owner: jobs.c.owner for job in waiting},
    }
    latest = {
        each: connection.execute(
            select(func.max(jobs.c.started_at)).where(column == each)
        ).scalar_one()
        for each, column in who.items()
    }
    return {each: began for each, began in latest.items() if began is not None}


def _unlocked(connection: Connection, name: str) -> Waiting | None:
    """A job that waits, locked; None where somebody else, who cancels it, holds the lock."""
    columns = (jobs.c.id, jobs.c.organisation, jobs.c.kind, jobs.c.subject, jobs.c.attempt)
    waits = select(*columns).where(jobs.c.id == name, jobs.c.state == "queued")
    return connection.execute(waits.with_for_update(skip_locked=True)).first()


def _begin(
    connection: Connection, row: Waiting, worker: str, limits: Limits, lasts: float
) -> Lease:
    moment, seconds = clock.moment_of(connection), limits.seconds_for(row.kind)
    lease = Lease(
        row.id,
        row.organisation,
        row.kind,
        dict(row.subject),
        row.attempt + 1,
        f"{worker} {secrets.token_hex(8)}",
        seconds,
    )
    connection.execute(
        update(jobs)
        .where(jobs.c.id == row.id)
        .values(
            state="running",
            attempt=lease.attempt,
            worker=lease.worker,
            started_at=moment,
            leased_until=clock.later(moment, lasts),
            deadline=clock.later(moment, seconds),
        )
    )
    return lease
