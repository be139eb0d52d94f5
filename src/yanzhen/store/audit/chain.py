"""The record of what was changed, by whom: rows are only added, each hashed with the one before."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, desc, insert, select, text

from yanzhen.store.database.clock import now
from yanzhen.store.database.tables import audit

FIRST = "0" * 64
"""What stands before the first row."""
# A lock of its own: one on the table would wait for the server's own tidying of it.
TURN = text("SELECT pg_advisory_xact_lock(6101969)")
HASHED = ("sequence", "at", "person", "organisation", "action", "resource", "subject", "change")


class Change(NamedTuple):
    """What a row of the record tells.

    Attributes
    ----------
    action : what was done: make, change, remove, log in, …
    resource : to what kind of thing
    subject : its identity
    change : what is different now; no secrets
    """

    action: str
    resource: str
    subject: str
    change: Mapping[str, Any]


def record(
    connection: Connection,
    by: tuple[str, str] | None,
    action: str,
    resource: str,
    subject: str,
    change: Mapping[str, Any],
) -> None:
    """Add a row, in the transaction of the change that it tells of, and last in it.

    Who records and only then changes what another has changed already waits for him as he does
    for the record, and one of the two fails.

    Parameters
    ----------
    connection : of a transaction that writes
    by : person and organisation; None for the operator's own commands
    action, resource, subject, change : as in `Change`
    """
    record_all(connection, by, [Change(action, resource, subject, change)])


def record_all(
    connection: Connection, by: tuple[str, str] | None, changes: Iterable[Change]
) -> None:
    """Add a row for each of several changes, as `record` does."""
    if connection.dialect.name == "postgresql":
        connection.execute(TURN)
    newest, previous = head(connection)
    person, organisation = by or (None, None)
    rows = []
    for sequence, change in enumerate(changes, start=newest + 1):
        row: dict[str, Any] = {
            "sequence": sequence,
            "at": now(),
            "person": person,
            "organisation": organisation,
            "action": change.action,
            "resource": change.resource,
            "subject": change.subject,
            "change": json.dumps(change.change, ensure_ascii=False, sort_keys=True),
        }
        rows.append({**row, "previous": previous, "hash": hash_of(row, previous)})
        previous = rows[-1]["hash"]
    if rows:
        connection.execute(insert(audit), rows)


def head(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the newest row; 0 and `FIRST` where there is none."""
    newest = select(audit.c.sequence, audit.c.hash).order_by(desc(audit.c.sequence)).limit(1)
    last = connection.execute(newest).first()
    return (last.sequence, last.hash) if last else (0, FIRST)


def hash_of(row: Mapping[str, Any], previous: str) -> str:
    """Return the hash of a row and of all before it (SHA-256, hexadecimal)."""
    said = json.dumps([row[name] for name in HASHED], ensure_ascii=False)
    return sha256(f"{previous}\n{said}".encode()).hexdigest()
