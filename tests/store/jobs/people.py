"""Persons of some organisations, whose jobs tests ask for."""

from sqlalchemy import delete, insert

from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit, jobs, organisations, persons
from yanzhen.store.people.viewer import Viewer

PEOPLE = tuple(
    Viewer(person, organisation, "analyst")
    for person, organisation in (("anna", "park"), ("bo", "park"), ("chen", "fund"))
)
"""Two of one organisation, one of another."""
ANNA, BO, CHEN = PEOPLE


def with_people(database: Database) -> Database:
    """Let the persons and their organisations be in a store."""
    with database.writing() as connection:
        for name in sorted({viewer.organisation for viewer in PEOPLE}):
            connection.execute(insert(organisations).values(id=name, name=name, made_at=now()))
        for viewer in PEOPLE:
            connection.execute(
                insert(persons).values(
                    id=viewer.person,
                    organisation=viewer.organisation,
                    login=viewer.person,
                    name=viewer.person,
                    role=viewer.role,
                    made_at=now(),
                )
            )
    return database


def without_jobs(database: Database) -> Database:
    """Take every job out of a store."""
    with database.writing() as connection:
        for table in (jobs, audit):
            connection.execute(delete(table))
    return database
