"""Results kept on disk, whole or not at all, and read back without computing anything.

A result is kept in a folder named after its version, beside a file `current.json` that says which
version to read. A reader sees the old result or the new, never half of one. What other sources of
Yanzhen kept is not read, whatever they call their version: it is made again.
"""

import json
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from yanzhen.api.versions import Version, pointer, publish
from yanzhen.modes.coconstruction.settlement.agreements import terms_files
from yanzhen.pipeline.storage import load, sources_hash, store
from yanzhen.report.document.writing import write_text
from yanzhen.study import Problem, Study, read_written, write_study
from yanzhen.study.table_file import form_of
from yanzhen.study.writing import FileForm

WARNINGS = "warnings.json"
T = TypeVar("T")


def put(folder: Path, version: str, write: Callable[[Path], None]) -> None:
    """Write a version and make it current.

    Parameters
    ----------
    folder : of all versions
    version : name that changes when the content does
    write : fills a new folder
    """
    publish(written(folder, version, write))


def written(folder: Path, version: str, write: Callable[[Path], None]) -> Version:
    """Write a version, beside first, and not again where it is there; readers don't see it yet.

    Parameters
    ----------
    folder, version, write : as for `put`
    """
    place = folder / version
    if not place.exists() or current(folder) is None:
        # Another process may be at the same, or may have died at it.
        part = folder / f"{version}.{secrets.token_hex(4)}.part"
        part.mkdir(parents=True)
        write(part)
        if current(folder) == place:
            # Somebody else was faster; it is the same.
            shutil.rmtree(part, ignore_errors=True)
        else:
            shutil.rmtree(place, ignore_errors=True)
            part.rename(place)
    return Version(folder, version, sources_hash())


def current(folder: Path) -> Path | None:
    """Return the folder of the current version, None where nothing is kept."""
    said = pointer(folder)
    if said is None:
        return None
    place = folder / str(said["version"])
    return place if said["made_by"] == sources_hash() and place.is_dir() else None


def keep(result: Any, folder: Path) -> None:
    """Keep a plan or a diagnosis with the study it is about, so that neither can change."""
    write_whole(result.study, folder / "study", "parquet")
    warnings = [asdict(warning) for warning in result.study.warnings]
    write_text(folder / WARNINGS, json.dumps(warnings, ensure_ascii=False))
    store(result, folder / "result", folder.name)


def kept(kind: type[T], folder: Path) -> T:
    """Read what `keep` wrote; the results read last are remembered."""
    found: T = _kept(kind, folder)  # type: ignore[arg-type]
    return found


@lru_cache(maxsize=16)
def _kept(kind: type[Any], folder: Path) -> Any:
    said = json.loads((folder / WARNINGS).read_text(encoding="utf-8"))
    warnings = tuple(Problem(**warning) for warning in said)
    study = replace(read_written(folder / "study"), warnings=warnings)
    return load(kind, folder / "result", study)


def write_whole(study: Study, folder: Path, form: FileForm = "csv") -> None:
    """Write a study to a folder, with the files of terms that its agreements name."""
    write_study(study, folder, form)
    for path in terms_files(study):
        shutil.copyfile(path, folder / path.name)


def write_with(study: Study, table: str, content: bytes, folder: Path) -> None:
    """Write a study to a folder, one of its tables as the file that a reader brings."""
    write_whole(study, folder)
    (folder / f"{table}.csv").unlink(missing_ok=True)
    (folder / f"{table}{form_of(content)}").write_bytes(content)


def digest_with(study: Study, content: bytes) -> str:
    """Return what changes when anything in a study does, or in what a reader adds to it."""
    return sha256(f"{digest_of(study)}\n".encode() + content).hexdigest()[:12]


def digest_of(study: Study) -> str:
    """Return what changes when anything in a study does, its agreements' files of terms too."""
    digest = sha256(repr(study.about).encode())
    for name, table in sorted(study.tables.items()):
        digest.update(f"{name}\n{table.write_csv()}".encode())
    for path in terms_files(study):
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
