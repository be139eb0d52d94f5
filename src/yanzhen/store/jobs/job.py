"""A job as those see it who wait for it, and what its row in the table says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any, Literal

from sqlalchemy import Connection, Row, text

from yanzhen.store.database.clock import time_of

State = Literal["queued", "running", "done", "failed", "cancelled"]
OUTSTANDING: tuple[State, ...] = ("queued", "running")
ENDED: frozenset[State] = frozenset({"done", "failed", "cancelled"})
WHERE_FROM = "source"
"""What of a subject does not say what is made, only where its study lies."""
# Any number that no other use of the same database takes.
TURN = text("SELECT pg_advisory_xact_lock(7214430)")


@dataclass(frozen=True)
class Job:
    """A piece of long work.

    Attributes
    ----------
    job : its name
    kind : what is done: plan, diagnosis or comparison
    subject : what it is done to, as keys and values
    state : queued, running, done, failed or cancelled
    stage : the stage that runs
    share : done so far, 0 to 1
    made, ended : seconds since 1970
    error, error_zh : why it failed
    problems : of the study, where these are the reason
    owner : person who asked for it
    attempt : how often it was begun; more than once where a process died
    position : place among those of the organisation that wait, 1 for the next; 0 once it has begun
    """

    job: str
    kind: str
    subject: dict[str, str]
    state: State
    stage: str = ""
    share: float = 0.0
    made: float = 0.0
    ended: float | None = None
    error: str = ""
    error_zh: str = ""
    problems: list[dict[str, Any]] = field(default_factory=list)
    owner: str = ""
    attempt: int = 0
    position: int = 0


def job_of(row: Row[Any]) -> Job:
    """Return what a row of the table, with its position, says."""
    return Job(
        row.id,
        row.kind,
        dict(row.subject),
        row.state,
        row.stage,
        row.share,
        time_of(row.queued_at).timestamp(),
        None if row.ended_at is None else time_of(row.ended_at).timestamp(),
        row.error,
        row.error_zh,
        list(row.problems),
        row.owner,
        row.attempt,
        row.position if row.state == "queued" else 0,
    )


def work_hash(kind: str, subject: Mapping[str, str]) -> str:
    """Return what two jobs share that make the same (SHA-256, hexadecimal)."""
    said = {name: value for name, value in subject.items() if name != WHERE_FROM}
    return sha256(dumps([kind, said], sort_keys=True).encode()).hexdigest()


def take_turn(connection: Connection) -> None:
    """Wait until nobody else queues or claims a job, and let nobody until the transaction ends.

    SQLite lets one writer in at a time by itself.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(TURN)
