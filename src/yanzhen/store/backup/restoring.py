"""Restoring a backup into a store: all of it, or nothing."""

import shutil
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    true,
)

from yanzhen.store.backup.contents import Manifest, folders_brought
from yanzhen.store.backup.reading import (
    PHRASES,
    NotABackup,
    check_backup,
    read_manifest,
    rows_of,
    unpack_files,
)
from yanzhen.store.database.connection import Database
from yanzhen.store.database.migrating import (
    NOTHING,
    downgrade_within,
    revision_within,
    revisions,
    upgrade_within,
)
from yanzhen.store.database.tables import METADATA, organisations, persons
from yanzhen.store.ownership.project_words import index_anew
from yanzhen.store.people.viewer import LOCAL
from yanzhen.study.unreadable import Unreadable, reading_file

STAGED, BEFORE = ".restored", ".before"
AT_ONCE = 1000
"""Rows written together."""


class NewerBackup(ValueError):
    """A backup is of a newer version, or of none that is known."""


class NotEmpty(Exception):
    """A store holds something already, which would be lost."""


def restore_backup(
    file: Path, database: Database, folder: Path, replacing: bool = False
) -> Manifest:
    """Make a store what a backup says: all of it, or nothing is changed.

    The backup may be of another kind of database, or of an older version of Yanzhen.

    Parameters
    ----------
    file : of the backup
    database, folder : of the store
    replacing : whether what the store holds goes

    Raises
    ------
    NotABackup
        The file is no whole backup.
    NewerBackup
        The backup is of a newer version.
    NewerStore
        What the store holds is of a newer version.
    NotEmpty
        The store holds something.
    OSError
        A file cannot be read or written.
    Unavailable
        The database does not answer.
    """
    try:
        with reading_file():
            archive = zipfile.ZipFile(file)
    except Unreadable:
        raise NotABackup([PHRASES.words("no_archive")]) from None
    with archive:
        manifest = read_manifest(archive)
        check_backup(archive, manifest)
        if manifest.revision not in revisions():
            raise NewerBackup(manifest.revision)
        folder.mkdir(parents=True, exist_ok=True)
        with _staged(folder / STAGED) as staged:
            unpack_files(archive, manifest, staged)
            with database.writing() as connection:
                if not replacing and not (
                    holds_nothing(connection) and not folders_brought(folder)
                ):
                    raise NotEmpty(str(folder))
                _restore_tables(archive, manifest, connection)
                with _replaced(folder, staged):
                    # Files and rows change together: what fails after this puts the files back.
                    connection.commit()
    return manifest


def holds_nothing(connection: Connection) -> bool:
    """Whether a database holds nothing but the local user."""
    if revision_within(connection) is None:
        return True
    own = {
        organisations: organisations.c.id != LOCAL.organisation,
        persons: persons.c.id != LOCAL.person,
    }
    return not any(
        connection.execute(select(table).where(own.get(table, true())).limit(1)).first()
        for table in METADATA.sorted_tables
    )


def _restore_tables(archive: zipfile.ZipFile, manifest: Manifest, connection: Connection) -> None:
    if revision_within(connection) is not None:
        downgrade_within(connection, NOTHING)
    upgrade_within(connection, manifest.revision)
    unknown = set(manifest.tables) - set(inspect(connection).get_table_names())
    if unknown:
        raise NotABackup([PHRASES.words("table_unknown", name=name) for name in sorted(unknown)])
    # As the schema was then, which need not be that of this version.
    then = MetaData()
    then.reflect(connection, only=list(manifest.tables))
    for table in then.sorted_tables:
        columns = manifest.tables[table.name].columns
        rows = (_row(table, columns, values) for values in rows_of(archive, table.name))
        while batch := list(islice(rows, AT_ONCE)):
            connection.execute(insert(table), batch)
        _count_on(connection, table)
    upgrade_within(connection)
    index_anew(connection)


def _row(table: Table, columns: list[str], values: list[Any]) -> dict[str, Any]:
    row = dict(zip(columns, values, strict=True))
    for name, value in row.items():
        if isinstance(table.c[name].type, LargeBinary) and value is not None:
            row[name] = b64decode(value)
    return row


def _count_on(connection: Connection, table: Table) -> None:
    """Let a server number new rows after those restored; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer):
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            largest = select(func.max(column)).scalar_subquery()
            last = func.coalesce(largest, 1)
            connection.execute(select(func.setval(sequence, last, largest.is_not(None))))


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Give an empty folder that is gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _replaced(folder: Path, staged: Path) -> Iterator[None]:
    """Put files in the place of what people brought before; back where the block fails."""
    moved: list[tuple[Path, Path]] = []

    def move(path: Path, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)
        moved.append((path, to))

    with _staged(folder / BEFORE) as before:
        try:
            for brought in folders_brought(folder):
                move(brought, before / brought.relative_to(folder))
            for brought in folders_brought(staged):
                move(brought, folder / brought.relative_to(staged))
            yield
        except BaseException:
            for path, to in reversed(moved):
                to.rename(path)
            raise
