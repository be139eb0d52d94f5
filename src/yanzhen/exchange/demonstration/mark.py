"""The mark of a store whose exchange is made up: the first entry of its record of changes.

It cannot be put behind what people entered, nor taken out, and goes along with every backup.
"""

import json

from sqlalchemy import Connection, select

from yanzhen.store.audit.chain import record
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit

RESOURCE = "demonstration"


def mark_synthetic(connection: Connection, seed: int) -> None:
    """Begin the record of changes of an empty store with the mark.

    Parameters
    ----------
    seed : of what it is filled with
    """
    record(connection, None, "make", RESOURCE, "exchange", {"synthetic": True, "seed": seed})


def is_synthetic(database: Database) -> bool | None:
    """Return whether the exchange of a store is made up; None before anything is recorded.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    first = select(audit.c.resource, audit.c.change).where(audit.c.sequence == 1)
    with database.asking() as connection:
        row = connection.execute(first).first()
    if row is None:
        return None
    return row.resource == RESOURCE and bool(json.loads(row.change)["synthetic"])
