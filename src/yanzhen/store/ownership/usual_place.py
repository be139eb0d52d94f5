"""Where a user's store lies unless another place is named: among the user's data.

Older versions kept it among the caches, which a system may empty: what is there is taken over.
"""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from yanzhen.study.caches import SCRIPTS, SHARDS, WORKERS, cache_folder, data_folder

PART, HALF, LOCK = ".part", ".half", ".lock"
PATIENCE = 600.0
"""Seconds to wait for another process that takes a store over."""


def usual_place() -> tuple[Path, Path | None]:
    """Return the folder of the user's store, and from where it was just taken over, if it was.

    A move that was cut short is gone on with; one that another process makes is waited for.

    Raises
    ------
    OSError
        A file cannot be moved.
    """
    place, old = data_folder(), cache_folder()
    part = place.with_name(place.name + PART)
    if not _to_move(place, old) and not part.exists():
        return place, None
    place.parent.mkdir(0o700, parents=True, exist_ok=True)
    with _alone(place.with_name(place.name + LOCK)):
        kept = _to_move(place, old)
        if not kept and not part.exists():
            return place, old
        part.mkdir(0o700, exist_ok=True)
        for entry in kept:
            _move(entry, part / entry.name)
        if place.exists():
            place.rmdir()
        part.rename(place)
    return place, old


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time go on; a lock of SQLite's, which ends with its process."""
    with closing(sqlite3.connect(lock, PATIENCE, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        yield


def _move(entry: Path, moved: Path) -> None:
    """Move what is kept; what stands at its new place is whole, whenever a move is cut short."""
    half = moved.with_name(moved.name + HALF)
    _remove(half)
    if not moved.exists():
        try:
            entry.rename(moved)
            return
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
        # On another file system.
        if entry.is_dir():
            shutil.copytree(entry, half, symlinks=True)
        else:
            shutil.copy2(entry, half)
        half.rename(moved)
    _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)


def _to_move(place: Path, old: Path) -> list[Path]:
    """Return what of the caches is a store, its database last; nothing where there is a newer."""
    if old == place or not old.is_dir() or (place.exists() and any(place.iterdir())):
        return []
    caches = (SCRIPTS, SHARDS, WORKERS)
    entries = [each for each in old.iterdir() if each.name not in caches]
    return sorted(entries, key=lambda each: (each.is_file(), each.name))
