"""Writing a backup while others work: the tables as they were at one moment."""

import json
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from yanzhen import __version__
from yanzhen.report.document.writing import beside
from yanzhen.store.audit.chain import head
from yanzhen.store.backup.contents import (
    FILES,
    FORM,
    MANIFEST,
    PASSING,
    TABLES,
    FileInBackup,
    Manifest,
    TableInBackup,
    files_brought,
)
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.migrating import revision_within
from yanzhen.store.database.tables import METADATA

AT_ONCE = 1000
"""Rows held in memory."""
OWNERS_ALONE = 0o600
"""Who may read a backup: it holds all that anybody entered."""
PART = 1 << 20


def write_backup(database: Database, folder: Path, file: Path) -> Manifest:
    """Write all that a store holds into one file, which is there whole or not at all.

    Parameters
    ----------
    database : of a store at this version's revision
    folder : of the store
    file : a ZIP archive, replaced where it is there

    Raises
    ------
    OSError
        A file cannot be read or written.
    Unavailable
        The database does not answer.
    """
    with beside(file) as part:
        part.touch(OWNERS_ALONE)
        with (
            zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive,
            database.reading() as connection,
        ):
            sequence, hash_ = head(connection)
            manifest = Manifest(
                version=__version__,
                revision=revision_within(connection) or "",
                made_at=now(),
                head=f"{sequence}:{hash_}",
                tables={
                    table.name: _write_table(connection, table, archive)
                    for table in METADATA.sorted_tables
                    if table.name not in PASSING
                },
                files={
                    name: _write_file(path, f"{FILES}{name}", archive)
                    for name, path in files_brought(folder)
                },
            )
            said = {"form": FORM, **asdict(manifest)}
            archive.writestr(MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))
    return manifest


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> TableInBackup:
    whole, count = sha256(), 0
    ordered = select(table).order_by(*table.primary_key.columns)
    rows = connection.execute(ordered, execution_options={"yield_per": AT_ONCE})
    with archive.open(f"{TABLES}{table.name}.jsonl", "w", force_zip64=True) as member:
        for lines in map(_lines, rows.partitions()):
            written = "".join(lines).encode()
            member.write(written)
            whole.update(written)
            count += len(lines)
    return TableInBackup(list(table.columns.keys()), count, whole.hexdigest())


def _lines(rows: Any) -> list[str]:
    return [f"{json.dumps(list(_plain(row)), ensure_ascii=False)}\n" for row in rows]


def _plain(row: Row[Any]) -> Iterator[Any]:
    for value in row:
        yield b64encode(value).decode() if isinstance(value, bytes) else value


def _write_file(path: Path, name: str, archive: zipfile.ZipFile) -> FileInBackup:
    whole, size = sha256(), 0
    with path.open("rb") as file, archive.open(name, "w", force_zip64=True) as member:
        while part := file.read(PART):
            member.write(part)
            whole.update(part)
            size += len(part)
    return FileInBackup(size, whole.hexdigest())
