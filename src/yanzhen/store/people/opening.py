"""Opening a store: brought to this version's schema, with the one local user in it."""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.inserting import insert_if_new
from yanzhen.store.database.migrating import upgrade
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.people.viewer import LOCAL


def open_store(url: str) -> Database:
    """Return a store that is ready for use; a new one is made where there is none.

    Raises
    ------
    NotADatabase
        The address names no database that the store can use.
    NewerStore
        A newer version made it.
    Unavailable
        The database does not answer.
    """
    database = Database(url)
    _keep_from_others(database)
    try:
        upgrade(database)
        _make_the_local_user(database)
    except BaseException:
        database.close()
        raise
    return database


def _keep_from_others(database: Database) -> None:
    """Let the file of a database be one that its owner alone reads, as what stands beside."""
    if database.is_sqlite:
        # Where its folder is lacking, whoever opens it is told so.
        with suppress(OSError):
            file = Path(str(database.url.database))
            file.touch(0o600)
            file.chmod(0o600)


def _make_the_local_user(database: Database) -> None:
    there = select(persons.c.id).where(persons.c.id == LOCAL.person)
    with database.reading() as connection:
        if connection.execute(there).first():
            return
    made = now()
    organisation = {"id": LOCAL.organisation, "name": "local", "made_at": made}
    person = {
        "id": LOCAL.person,
        "organisation": LOCAL.organisation,
        "login": "local",
        "name": "local",
        "role": LOCAL.role,
        "made_at": made,
    }
    # Another process may begin with the same store at the same moment.
    with database.writing() as connection:
        insert_if_new(connection, organisations, organisation)
        insert_if_new(connection, persons, person)
