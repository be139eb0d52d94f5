"""Reading a backup: everything in it is held against its manifest before anything is done."""

import json
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, cast

from yanzhen.phrasebook import Phrasebook, Words
from yanzhen.store.backup.contents import (
    BROUGHT,
    FILES,
    FORM,
    MANIFEST,
    TABLES,
    FileInBackup,
    Manifest,
    TableInBackup,
)
from yanzhen.store.ownership.own_folder import ORGANISATIONS
from yanzhen.study.unreadable import Unreadable, reading_file

PHRASES = Phrasebook("yanzhen.store.backup")
PART = 1 << 20


class NotABackup(ValueError):
    """A file is no whole backup.

    Parameters
    ----------
    faults : everything that is wrong with it, in both languages
    """

    def __init__(self, faults: list[Words]) -> None:
        super().__init__("; ".join(english for english, _ in faults))
        self.faults = tuple(faults)


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Return what a backup says that it holds.

    Raises
    ------
    NotABackup
        It says nothing that this version can read.
    """
    try:
        with reading_file():
            said = json.loads(archive.read(MANIFEST))
        form = said.pop("form")
        tables = {name: TableInBackup(**each) for name, each in said.pop("tables").items()}
        files = {name: FileInBackup(**each) for name, each in said.pop("files").items()}
        manifest = Manifest(**said, tables=tables, files=files)
    except (KeyError, TypeError, ValueError, AttributeError, Unreadable) as error:
        raise NotABackup([PHRASES.words("no_manifest")]) from error
    if form != FORM:
        raise NotABackup([PHRASES.words("other_form", form=form, known=FORM)])
    return manifest


def check_backup(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Hold everything in a backup against its manifest.

    Raises
    ------
    NotABackup
        With everything that is missing, changed or should not be there.
    """
    wanted = {
        **{f"{TABLES}{name}.jsonl": each.sha256 for name, each in manifest.tables.items()},
        **{f"{FILES}{name}": each.sha256 for name, each in manifest.files.items()},
    }
    there = set(archive.namelist()) - {MANIFEST}
    faults = [
        *(PHRASES.words("member_missing", name=name) for name in sorted(set(wanted) - there)),
        *(PHRASES.words("member_unknown", name=name) for name in sorted(there - set(wanted))),
        *(PHRASES.words("member_astray", name=name) for name in manifest.files if _astray(name)),
        *(
            PHRASES.words("member_changed", name=name)
            for name in sorted(set(wanted) & there)
            if _hash_of(archive, name) != wanted[name]
        ),
    ]
    if faults:
        raise NotABackup(faults)


def rows_of(archive: zipfile.ZipFile, table: str) -> Iterator[list[Any]]:
    """Give the rows of a table of a backup."""
    with archive.open(f"{TABLES}{table}.jsonl") as member:
        for line in member:
            yield cast(list[Any], json.loads(line))


def unpack_files(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    """Write the files of a backup that was checked into a folder."""
    for name in manifest.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(f"{FILES}{name}") as member, path.open("wb") as file:
            while part := member.read(PART):
                file.write(part)


def _hash_of(archive: zipfile.ZipFile, name: str) -> str:
    whole = sha256()
    try:
        with reading_file(), archive.open(name) as member:
            while part := member.read(PART):
                whole.update(part)
    except (Unreadable, OSError):
        return ""
    return whole.hexdigest()


def _astray(name: str) -> bool:
    """Whether a path leads anywhere but to what people bring."""
    parts = PurePosixPath(name).parts
    below = parts[2:] if parts[:1] == (ORGANISATIONS,) else parts
    return len(below) < 2 or below[0] not in BROUGHT or ".." in parts or "\\" in name
