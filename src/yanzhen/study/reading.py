"""A study in memory, and reading one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from yanzhen.phrasebook import language_of
from yanzhen.study.about import About, usual_settings, with_size
from yanzhen.study.checking import Checked, checked, checked_frames
from yanzhen.study.foreign_frames import polars_frame
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.raw import row_numbers
from yanzhen.study.sources import read_raw
from yanzhen.study.successions import succeeded, successors
from yanzhen.study.summary import study_html, study_text
from yanzhen.study.tables import all_tables
from yanzhen.study.years import with_base_year


@dataclass(frozen=True)
class Study:
    """A study: what it says about itself, and its tables.

    Attributes
    ----------
    about : title, units, base year, sources
    tables : every declared table with its declared columns and types, empty where not given
    path : folder, workbook or database that it was read from
    warnings : what `check` says without refusing the study
    sound : what was checked of it, the settings and the very frames; empty where nothing was
    rows : of tables as they were checked, the row of each as its file counts it (from 2, below the
        header), or the frame (from 1)
    """

    about: About
    tables: Mapping[str, pl.DataFrame]
    path: str
    warnings: tuple[Problem, ...] = ()
    sound: tuple[object, ...] = field(default=(), repr=False, compare=False)
    rows: Mapping[str, pl.Series] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False
    )

    def __repr__(self) -> str:
        return study_text(self.about, self.tables, len(self.warnings), language_of())

    def _repr_html_(self) -> str:
        return study_html(self.about, self.tables, len(self.warnings), language_of())

    @property
    def is_checked(self) -> bool:
        """Whether it is as it was checked: the same settings and the very same frames."""
        now = (self.about, *self.tables.values())
        return len(now) == len(self.sound) and all(
            part is before for part, before in zip(now, self.sound, strict=True)
        )

    def numbered(self, table: str) -> pl.DataFrame:
        """Return a table with the row of each in the column `row`, as messages name it.

        That is the row of the file where the table was read from one, null where regions merged
        and its rows with them; those of a frame in memory are counted from 1.
        """
        frame, rows = self.tables[table], self.rows.get(table)
        if rows is None or not any(frame is part for part in self.sound):
            rows = row_numbers(frame.height, first=1)
        return frame.with_columns(rows.cast(pl.Int64).alias("row"))


def read_study(path_or_example: str | Path) -> Study:
    """Read a study from a folder, a workbook, a database, or by the name of an example.

    Raises
    ------
    StudyError
        Anything is wrong with it; the error holds every problem of every table.
    """
    return study_of(checked(path_or_example), str(path_or_example))


def study_of(found: Checked, path: str) -> Study:
    """The study that was read and checked, each merged region counted as its successor.

    Raises
    ------
    StudyError
        Anything is wrong with it; the error holds every problem of every table.
    """
    if found.problems or found.about is None:
        raise StudyError(found.problems)
    into = successors(found.frames["regions"])
    about = found.about
    if into:
        flagged, in_full = (
            tuple(dict.fromkeys(into.get(code, code) for code in codes))
            for codes in (about.flagged_regions, about.coverage.in_full)
        )
        coverage = replace(about.coverage, in_full=in_full)
        about = replace(about, flagged_regions=flagged, coverage=coverage)
    tables = succeeded(found.frames)
    rows = {
        name: each
        if tables[name] is found.frames[name]
        else pl.repeat(None, tables[name].height, eager=True)
        for name, each in found.rows.items()
    }
    return replace(_sound(about, tables, path, found.warnings), rows=MappingProxyType(rows))


def study_from_frames(
    about: About, frames: Mapping[str, pl.DataFrame], source: str = "frames"
) -> Study:
    """Make a study of tables in memory, checked as one that is read from files.

    Parameters
    ----------
    about : title, units, base year, sources
    frames : by the names of declared tables; tables and columns that are not needed may be absent
    source : how the study is named in messages

    Raises
    ------
    StudyError
        Anything is wrong with it; rows are counted from 1, the first row of a frame.
    """
    return study_of(checked_frames(about, frames, source), source)


def read_frames(
    frames: Mapping[str, Any], about: About | None = None, source: str = "frames"
) -> Study:
    """Read tables in memory as strictly as the files of a study.

    Cells are read as those of a file are: text that is a number counts as one, and everything that
    `yanzhen check` refuses of a file is refused of a frame.

    Parameters
    ----------
    frames : by the names of declared tables (`yanzhen.study.TABLES`), Polars or pandas frames or
        what makes one, such as dictionaries of columns; the index of a pandas frame is no column;
        only `regions`, `industries` and
        `activity` must be there
    about : title, units, base year, sources; without it figures are in the usual units
        (`yanzhen.study.Units`), sizes are output, or the first of employment, energy use and
        emissions where there is none, and the base year is the last with any that may move
    source : how the study is named in messages

    Raises
    ------
    StudyError
        Anything is wrong with them; rows are counted from 1, the first row of a frame.

    Examples
    --------
    >>> study = read_frames(
    ...     {
    ...         "regions": {"region": ["A"], "name_zh": ["甲"], "name_en": ["Alpha"]},
    ...         "industries": {
    ...             "industry": ["F"],
    ...             "name_zh": ["食品"],
    ...             "name_en": ["Food"],
    ...             "sector": ["manufacturing"],
    ...         },
    ...         "activity": {"region": ["A"], "industry": ["F"], "year": [2017], "output": ["12"]},
    ...     }
    ... )
    >>> study.about.base_year, study.tables["activity"]["output"].item()
    (2017, 12.0)
    """
    tables = {name: polars_frame(frame) for name, frame in frames.items()}
    if about is None:
        usual = usual_settings(source)
        found = checked_frames(usual, tables, source).frames
        about = with_base_year(with_size(usual, found["activity"]), found)
    return study_from_frames(about, tables, source)


def require_checked(study: Study) -> Study:
    """Return a study as it is where it was checked so, and otherwise check it.

    A study that was read is not checked again; one whose tables or settings were replaced is.

    Raises
    ------
    StudyError
        Anything is wrong with it; rows are counted from 1, the first row of a frame.
    """
    if study.is_checked:
        return study
    return study_from_frames(study.about, study.tables, study.path)


def _sound(
    about: About,
    frames: Mapping[str, pl.DataFrame],
    path: str,
    warnings: tuple[Problem, ...] = (),
) -> Study:
    """A study of checked settings and frames."""
    return Study(about, MappingProxyType(dict(frames)), path, warnings, (about, *frames.values()))


def read_written(folder: Path) -> Study:
    """Read a study that `write_study` wrote as Parquet and nobody touched; nothing is checked."""
    raw = read_raw(folder)
    assert raw.about is not None
    frames = all_tables({name: table.cells for name, table in raw.tables.items()})
    return _sound(raw.about, frames, str(folder))
