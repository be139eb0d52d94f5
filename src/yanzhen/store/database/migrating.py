"""Bringing a store to the schema of this version, and back (Alembic)."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from yanzhen.store.database.connection import Database

NEWEST, NOTHING = "head", "base"
MIGRATING = 6_101_968
"""The number of the lock under which one process at a time migrates a database on a server."""


class NewerStore(ValueError):
    """A store was made by a newer version, or by none that is known."""


def upgrade(database: Database, revision: str = NEWEST) -> None:
    """Bring a store up to a revision; one that is there already stays as it is.

    Raises
    ------
    NewerStore
        It is at a revision that this version does not know.
    Unavailable
        The database does not answer.
    """
    if revision == NEWEST and revision_of(database) == revisions()[-1]:
        return
    with database.writing() as connection:
        upgrade_within(connection, revision)


def upgrade_within(connection: Connection, revision: str = NEWEST) -> None:
    """Bring a store up to a revision, as a part of a transaction.

    Raises
    ------
    NewerStore
        It is at a revision that this version does not know.
    """
    _begin(connection)
    command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take a store down to a revision.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        downgrade_within(connection, revision)


def downgrade_within(connection: Connection, revision: str) -> None:
    """Take a store down to a revision, as a part of a transaction.

    Raises
    ------
    NewerStore
        It is at a revision that this version does not know.
    """
    _begin(connection)
    command.downgrade(_config(connection), revision)


def revision_of(database: Database) -> str | None:
    """Return the revision that a store is at, None where it is empty."""
    with database.reading() as connection:
        return revision_within(connection)


def revision_within(connection: Connection) -> str | None:
    """Return the revision that a store is at, as a connection sees it."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def revisions() -> tuple[str, ...]:
    """Return every revision, the oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return tuple(reversed([script.revision for script in scripts.walk_revisions()]))


def _begin(connection: Connection) -> None:
    """Let no other process migrate meanwhile, nor a store that this version does not know."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
    revision = revision_within(connection)
    if revision is not None and revision not in revisions():
        raise NewerStore(revision)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "yanzhen.store.database:migrations")
    config.attributes["connection"] = connection
    return config
