"""Finding what a study consists of: a folder, a workbook, a database or an embedded example."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.database import is_installed, not_installed, read_tables
from yanzhen.study.encoding import text_of
from yanzhen.study.example import example_folder, example_names
from yanzhen.study.problem import Problem, StudyError, nearest
from yanzhen.study.raw import RawStudy, RawTable, table_named
from yanzhen.study.replacing import finish_replacing
from yanzhen.study.settings import TABLE, LineOf, no_line, read_settings
from yanzhen.study.study_toml import line_of, read_toml, unflatten
from yanzhen.study.table_file import TABLE_FORMS, damaged, read_table_file
from yanzhen.study.tables import TABLES
from yanzhen.study.words import same, words
from yanzhen.study.workbook import WORKBOOK_FORMS, read_sheets

SETTINGS_FILE = "study.toml"
OPTIONAL = "optional"
"""Folder of a new study with the tables that may be filled; they are read once moved up."""

_Found = Iterator[tuple[str, RawTable | None, list[Problem]]]


def read_raw(path_or_example: str | Path) -> RawStudy:
    """Read all tables of a source as they are, with what is wrong with their form."""
    path = _located(path_or_example)
    if path is None:
        return _nothing(str(path_or_example), _no_such_study(str(path_or_example)))
    if path.is_dir():
        try:
            finish_replacing(path)
        except OSError as error:
            return _nothing(str(path), _not_finished(path, error))
        gathered = _gathered(path, _folder_tables(path), path / SETTINGS_FILE)
        return replace(gathered, warnings=tuple(_left_in_optional(path)))
    if path.suffix.casefold() in (*WORKBOOK_FORMS, ".xls"):
        found = read_sheets(path)
    elif path.suffix.casefold() == ".duckdb":
        found = _database_tables(path)
    else:
        return _nothing(str(path), _no_such_form(path))
    return _gathered(path, found, path.parent / SETTINGS_FILE)


def _located(path_or_example: str | Path) -> Path | None:
    path = Path(path_or_example)
    if path.exists():
        return path
    return example_folder(str(path_or_example))


def _nothing(source: str, problem: Problem) -> RawStudy:
    return RawStudy(source, None, SETTINGS_FILE, no_line, {}, frozenset(TABLES), (problem,))


def _gathered(path: Path, found: _Found, settings_beside: Path) -> RawStudy:
    """Gather tables and settings, refusing tables that are not declared."""
    tables: dict[str, RawTable] = {}
    unreadable: set[str] = set()
    problems: list[Problem] = []
    settings: RawTable | None = None
    for name, raw, wrong in found:
        problems += wrong
        if name == TABLE and raw is not None:
            settings = raw
        elif name in tables or name in unreadable:
            problems.append(_twice(path, name))
        elif raw is None:
            unreadable |= {name} if name else set(TABLES)
        elif name in TABLES:
            tables[name] = raw
        else:
            problems.append(unknown_table(raw))
    if settings is not None and {"key", "value"} <= set(settings.cells.columns):
        file, (about, wrong, line) = settings.file, _settings_in_table(settings)
    else:
        file, (about, wrong, line) = SETTINGS_FILE, _settings_beside(settings_beside)
    return RawStudy(
        source=str(path),
        about=about,
        settings_file=file,
        line_of=line,
        tables=tables,
        unreadable=frozenset(unreadable),
        problems=tuple(wrong + problems),
    )


def _settings_in_table(settings: RawTable) -> tuple[About | None, list[Problem], LineOf]:
    cells = settings.cells.select(pl.col("key", "value").cast(pl.String).str.strip_chars())
    filled = cells.with_columns(row=settings.rows).drop_nulls("key")
    line = dict(filled.select("key", "row").iter_rows()).get
    pairs = filled.select("key", pl.col("value").fill_null("")).iter_rows()
    about, problems = read_settings(unflatten(pairs), settings.file, line)
    return about, problems, line


def _settings_beside(path: Path) -> tuple[About | None, list[Problem], LineOf]:
    if path.is_file():
        try:
            content = text_of(path, TABLE)
        except StudyError as error:
            return None, list(error.problems), no_line
        about, problems = read_toml(content, path.name)
        return about, problems, partial(line_of, content)
    return None, [Problem.of("no_settings", path.name, TABLE, None, "")], no_line


def _table_files(folder: Path) -> list[Path]:
    """Files of tables in a folder: every CSV and Parquet file, and workbooks named as a table."""
    if not folder.is_dir():
        return []
    return [
        path
        for path in sorted(folder.glob("[!.]*"))
        if path.is_file()
        and (form := path.suffix.casefold()) in TABLE_FORMS
        and (form not in WORKBOOK_FORMS or table_named(path.stem) in TABLES)
    ]


def _folder_tables(folder: Path) -> _Found:
    for path in _table_files(folder):
        table = table_named(path.stem)
        raw, problems = read_table_file(path, table)
        yield table, raw, problems


def _left_in_optional(folder: Path) -> Iterator[Problem]:
    """Name the tables that are filled in the folder `optional` of a study, which are not read."""
    beside = {table_named(path.stem): path.name for path in _table_files(folder)}
    for path in _table_files(folder / OPTIONAL):
        table = table_named(path.stem)
        raw, _ = read_table_file(path, table)
        if table not in TABLES or raw is None or not raw.cells.height:
            continue
        file = f"{OPTIONAL}/{path.name}"
        move = words("move_up", settings=SETTINGS_FILE, file=file)
        if table in beside:
            move = words("once_beside", other=beside[table], settings=SETTINGS_FILE)
        yield Problem.at(file, table, None, "", words("not_read", rows=raw.cells.height), move)


def _database_tables(path: Path) -> _Found:
    if not is_installed():
        yield "", None, [not_installed(path)]
        return
    try:
        for raw in read_tables(path):
            yield raw.table, raw, []
    except Exception as error:  # DuckDB's own errors, which cannot be named where it is missing
        yield "", None, [damaged(path, "", "DuckDB", error)]


def _twice(path: Path, name: str) -> Problem:
    files = [each.name for each in _table_files(path) if table_named(each.stem) == name]
    found = words("table_twice" if files else "two_sheets", listed=", ".join(files), name=name)
    return Problem.at(str(path), name, None, "", found, words("each_table_once"))


def unknown_table(raw: RawTable) -> Problem:
    """Report a table that no study has."""
    close, found = nearest(raw.table, TABLES), words("unknown_table", table=raw.table)
    expected = same(close) if close else words("one_of_the_tables", listed=", ".join(TABLES))
    return Problem.at(raw.file, raw.table, None, "", found, expected)


def _not_finished(path: Path, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    return Problem.of("not_finished", path.name, "", None, "", reason=reason)


def _no_such_form(path: Path) -> Problem:
    suffix = path.suffix or words("without_suffix")
    return Problem.of("unknown_form", path.name, "", None, "", suffix=suffix)


def _no_such_study(name: str) -> Problem:
    close = _like(name)
    hint = words("perhaps", close=close) if close else ""
    return Problem.of("no_such_study", name, "", None, "", hint=hint)


def _like(name: str) -> str | None:
    """Return the example or the neighbouring path whose name is most like a mistyped one."""
    return nearest(name, example_names()) or study_beside(Path(name))


def study_beside(path: Path) -> str | None:
    """Return what is named most like a mistyped path and can be a study, if anything beside it."""
    if not path.parent.is_dir():
        return None
    forms = (*WORKBOOK_FORMS, ".xls", ".duckdb")
    beside = path.parent.iterdir()
    names = [each.name for each in beside if each.is_dir() or each.suffix.casefold() in forms]
    close = nearest(path.name, names)
    return None if close is None else str(path.parent / close)
