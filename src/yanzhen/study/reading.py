"""A study in memory, and reading one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.checking import Checked, checked
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.sources import read_raw
from yanzhen.study.tables import TABLES


@dataclass(frozen=True)
class Study:
    """A study: what it says about itself, and its tables.

    Attributes
    ----------
    about : title, units, base year, sources
    tables : every declared table with its declared columns and types, empty where not given
    path : folder, workbook or database that it was read from
    warnings : what `check` says without refusing the study
    """

    about: About
    tables: Mapping[str, pl.DataFrame]
    path: str
    warnings: tuple[Problem, ...] = ()


def read_study(path_or_example: str | Path) -> Study:
    """Read a study from a folder, a workbook, a database, or by the name of an example.

    Raises
    ------
    StudyError
        Anything is wrong with it; the error holds every problem of every table.
    """
    return study_of(checked(path_or_example), str(path_or_example))


def study_of(found: Checked, path: str) -> Study:
    """The study that was read and checked.

    Raises
    ------
    StudyError
        Anything is wrong with it; the error holds every problem of every table.
    """
    if found.problems or found.about is None:
        raise StudyError(found.problems)
    frames = {
        name: TABLES[name].validate(frame) if frame.height else frame
        for name, frame in found.frames.items()
    }
    return Study(found.about, MappingProxyType(frames), path, found.warnings)


def read_written(folder: Path) -> Study:
    """Read a study that `write_study` wrote as Parquet and nobody touched; nothing is checked."""
    raw = read_raw(folder)
    assert raw.about is not None
    frames = {
        name: raw.tables[name].cells if name in raw.tables else schema.create_empty()
        for name, schema in TABLES.items()
    }
    return Study(raw.about, MappingProxyType(frames), str(folder))
