"""Results of stages on disk: written beside and renamed, read back by their declared types.

The study that a result is about is not written with it: whoever reads the result back holds it.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import polars as pl

from yanzhen.report.document.writing import write_text
from yanzhen.study import Study
from yanzhen.study.replacing import UNFINISHED

SOURCES = ("*.py", "*.toml", "*.html", "*.css", "*.js", "*.typ")
T = TypeVar("T")


def store(result: object, folder: Path, key: str) -> None:
    """Write a stage's result beside its folder, then put it in place whole."""
    beside = folder.with_name(folder.name + ".part")
    for leftover in (beside, folder):
        if leftover.exists():
            shutil.rmtree(leftover)
    try:
        beside.mkdir(parents=True)
        _store_fields(result, beside)
        write_json(beside / "stage.json", {"key": key})
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def stored_key(folder: Path) -> str | None:
    """The key that a finished stage was stored with; None where there is none."""
    path = folder / "stage.json"
    return str(read_json(path)["key"]) if path.exists() else None


def load(kind: type[T], folder: Path, study: Study | None = None) -> T:
    """Read a result that `store` wrote; arrays, frames and nested dataclasses by field.

    Parameters
    ----------
    study : that the result is about, where it says so
    """
    hints = get_type_hints(kind)
    plain = read_json(folder / "values.json")
    parts: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        hint, path = hints[field.name], folder / field.name
        nested = [option for option in (hint, *get_args(hint)) if is_dataclass(option)]
        if hint is Study:
            if study is None:
                raise ValueError(f"{kind.__name__} is about a study; none was given to read it")
            parts[field.name] = study
        elif field.name in plain:
            value = plain[field.name]
            parts[field.name] = tuple(value) if get_origin(hint) is tuple else value
        elif nested and path.is_dir():
            parts[field.name] = load(nested[0], path, study)  # type: ignore[arg-type]
        elif path.with_suffix(".parquet").exists():
            parts[field.name] = pl.read_parquet(path.with_suffix(".parquet"))
        else:
            parts[field.name] = np.load(path.with_suffix(".npy"))
    return kind(**parts)


def _store_fields(result: object, folder: Path) -> None:
    plain: dict[str, object] = {}
    for field in fields(result):  # type: ignore[arg-type]
        value, path = getattr(result, field.name), folder / field.name
        if isinstance(value, Study):
            continue
        if isinstance(value, pl.DataFrame):
            value.write_parquet(path.with_suffix(".parquet"))
        elif isinstance(value, np.ndarray):
            np.save(path.with_suffix(".npy"), value)
        elif is_dataclass(value):
            path.mkdir()
            _store_fields(value, path)
        else:
            plain[field.name] = value
    write_json(folder / "values.json", plain)


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write JSON beside its place, then put it there."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_text(path, text + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read JSON that `write_json` wrote."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def output_hashes(folder: Path) -> dict[str, str]:
    """Hash of every file of a report, by its path in the folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name not in ("manifest.json", "run.json", UNFINISHED)
        and "stages" not in path.relative_to(folder).parts
    }


def table_hash(table: pl.DataFrame) -> str:
    """Hash of a table's cells."""
    return hashlib.sha256(table.write_csv().encode()).hexdigest()


def content_hash(content: Mapping[str, object]) -> str:
    """Hash of JSON-able content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@cache
def sources_hash() -> str:
    """Hash of the package's modules, words and pages, which shape what is kept."""
    package = Path(str(files("yanzhen")))
    digest = hashlib.sha256()
    for path in sorted(each for kind in SOURCES for each in package.rglob(kind)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(package).as_posix()} {content}\n".encode())
    return digest.hexdigest()
