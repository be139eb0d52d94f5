"""What was changed in one's organisation, read from the record of all changes.

Its numbers are not shown: gaps between them would tell what others do.
"""

import json
from typing import Any

from sqlalchemy import desc, select

from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit, persons
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer


def changes_of(
    database: Database, viewer: Viewer, before: str = "", limit: int = 100
) -> list[dict[str, Any]]:
    """Return the changes of the viewer's organisation, the newest first.

    Parameters
    ----------
    before : hash of the change before which to go on; the newest without one
    limit : changes at most

    Returns
    -------
    list of dict
        `at`, `login` and `name` of who did it (None for the operator), `action`, `resource`,
        `subject`, `change`, `hash`
    """
    asked = (
        select(audit, persons.c.login, persons.c.name)
        .outerjoin(persons, persons.c.id == audit.c.person)
        .where(visible(audit, viewer))
        .order_by(desc(audit.c.sequence))
        .limit(limit)
    )
    if before:
        last = select(audit.c.sequence).where(audit.c.hash == before, visible(audit, viewer))
        asked = asked.where(audit.c.sequence < last.scalar_subquery())
    with database.reading() as connection:
        return [
            {
                "at": row.at,
                "login": row.login,
                "name": row.name,
                "action": row.action,
                "resource": row.resource,
                "subject": row.subject,
                "change": json.loads(row.change),
                "hash": row.hash,
            }
            for row in connection.execute(asked)
        ]
