"""Where a user's store lies unless another place is named: among the user's data.

Older versions kept it among the caches, which a system may empty: what is there is taken over.
"""

import shutil
from pathlib import Path

from yanzhen.study.caches import SCRIPTS, SHARDS, cache_folder, data_folder

PART = ".part"


def usual_place() -> tuple[Path, Path | None]:
    """Return the folder of the user's store, and from where it was just taken over, if it was.

    A move that was cut short is gone on with.

    Raises
    ------
    OSError
        A file cannot be moved.
    """
    place, old = data_folder(), cache_folder()
    part = place.with_name(place.name + PART)
    is_empty = not place.exists() or not any(place.iterdir())
    kept = _kept(old) if old != place and is_empty else []
    if not kept and not part.exists():
        return place, None
    part.mkdir(0o700, parents=True, exist_ok=True)
    for entry in kept:
        moved = part / entry.name
        # A copy that was cut short, of what is still whole.
        if moved.is_dir():
            shutil.rmtree(moved)
        shutil.move(entry, moved)
    if place.exists():
        place.rmdir()
    part.rename(place)
    return place, old


def _kept(old: Path) -> list[Path]:
    """Return what of the caches is a store, its database last."""
    if not old.is_dir():
        return []
    entries = [each for each in old.iterdir() if each.name not in (SCRIPTS, SHARDS)]
    return sorted(entries, key=lambda each: (each.is_file(), each.name))
