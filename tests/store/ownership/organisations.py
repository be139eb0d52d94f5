"""Two organisations of a store, and a member of each."""

from sqlalchemy import insert

from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.people.viewer import Viewer

OURS = Viewer("ann", "ours", "planner")
OTHERS = Viewer("bo", "others", "planner")


def add_organisations(database: Database) -> None:
    """Add them to a store."""
    for viewer in (OURS, OTHERS):
        named = {"id": viewer.organisation, "name": viewer.organisation, "made_at": now()}
        person = {"login": viewer.person, "name": viewer.person, "role": viewer.role}
        belongs = {"id": viewer.person, "organisation": viewer.organisation, "made_at": now()}
        with database.writing() as connection:
            connection.execute(insert(organisations).values(**named))
            connection.execute(insert(persons).values(**person, **belongs))
