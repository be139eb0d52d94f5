"""What a backup holds: one ZIP archive with every table as rows and every file that people brought.

A line of `tables/NAME.jsonl` is a row. The form is the same for each kind of database, so that
what was backed up from one can be restored into another. `manifest.json` names the columns and the
revision of the schema, and for everything else in the archive its length and hash.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yanzhen.store.ownership.own_folder import ORGANISATIONS
from yanzhen.store.ownership.studies import STUDIES

FORM = 1
MANIFEST = "manifest.json"
PASSING = frozenset({"sessions", "attempts", "openid_logins", "alembic_version"})
"""Tables that are left out: who is logged in does not outlive a restoration."""
DOCUMENTS = "documents"
"""The folder of documents, each named by the hash of its content; rows say whose they are."""
BROUGHT = (STUDIES, DOCUMENTS, "imports", "lists", "scenarios", "feedback", "listings")
"""Folders with what people brought; all others hold what can be made again."""
FILES, TABLES = "files/", "tables/"


@dataclass(frozen=True)
class TableInBackup:
    """A table of a backup.

    Attributes
    ----------
    columns : in the order in which a row gives them
    rows : their number
    sha256 : of all rows
    """

    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class FileInBackup:
    """A file of a backup.

    Attributes
    ----------
    size : bytes
    sha256 : of its content
    """

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    Attributes
    ----------
    version : of Yanzhen
    revision : of the schema
    made_at : moment
    head : of the record of changes
    tables : by name
    files : by path in the store's folder
    """

    version: str
    revision: str
    made_at: str
    head: str
    tables: dict[str, TableInBackup]
    files: dict[str, FileInBackup]


def folders_brought(folder: Path) -> list[Path]:
    """Return the folders of a store with what people brought, of every organisation."""
    homes = [folder, *sorted((folder / ORGANISATIONS).glob("*"))]
    return [place for home in homes for name in BROUGHT if (place := home / name).is_dir()]


def files_brought(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the files that people brought, each with its path in the store's folder.

    What is only being written, which begins with a dot, is no file yet.
    """
    for brought in folders_brought(folder):
        for path in sorted(brought.rglob("*")):
            below = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") for part in below.parts):
                yield below.as_posix(), path
