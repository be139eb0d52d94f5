"""Reading the record of changes, for who runs the server."""

from typing import Any

from sqlalchemy import select

from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit


def newest_changes(database: Database, count: int) -> list[dict[str, Any]]:
    """Return the newest rows of the record, of all organisations, the newest first.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    newest = select(audit).order_by(audit.c.sequence.desc()).limit(count)
    with database.reading() as connection:
        return [row._asdict() for row in connection.execute(newest)]
