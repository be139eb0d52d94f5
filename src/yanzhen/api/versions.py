"""Which version of a result readers see: a file beside the versions says so, and changes whole."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanzhen.report.document.writing import write_text

CURRENT = "current.json"


@dataclass(frozen=True)
class Version:
    """A version of a result, written whole in a folder of its name.

    Attributes
    ----------
    folder : of all versions
    name : changes when the content does
    made_by : hash of the sources that made it
    """

    folder: Path
    name: str
    made_by: str


def publish(version: Version) -> None:
    """Make a version the one that readers see.

    The version before stays for those who are reading it, older ones go.
    """
    before = pointer(version.folder)
    said = {"version": version.name, "made_by": version.made_by}
    write_text(version.folder / CURRENT, json.dumps(said))
    kept = {version.name, *([] if before is None else [str(before["version"])])}
    for old in version.folder.iterdir():
        if old.is_dir() and old.name not in kept:
            shutil.rmtree(old, ignore_errors=True)


def pointer(folder: Path) -> dict[str, Any] | None:
    """Return what is said of the version that readers see; None where there is none."""
    path = folder / CURRENT
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
