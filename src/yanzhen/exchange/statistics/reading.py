"""Contributions, hierarchies and declarations of tables, read from files and checked."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import polars as pl

from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.hierarchy import Hierarchy, NoTree
from yanzhen.phrasebook import Phrasebook, Words
from yanzhen.study import StudyError
from yanzhen.study.encoding import marked_as_text, text_of
from yanzhen.study.problem import Problem

PHRASES = Phrasebook("yanzhen.exchange.statistics")
FIXED_SET = "fixed_set.toml"
ALL = "all"
FIRST = 2
"""The row of the first entry, as a spreadsheet counts."""


def read_hierarchy(path: Path) -> Hierarchy:
    """Read a hierarchy: columns `code`, `parent` (empty at the root), and `zh`, `en` if named.

    Raises
    ------
    yanzhen.study.StudyError
        The file or the tree is none.
    """
    read = _csv(path, ("code", "parent"))
    parents = dict(zip(read["code"], read["parent"], strict=True))
    names: dict[str, Words] = {}
    if {"zh", "en"} <= set(read.columns):
        for code, en, zh in read.select("code", "en", "zh").iter_rows():
            names[code] = en or code, zh or code
    try:
        return Hierarchy(parents, names)
    except NoTree as error:
        listed = ", ".join(map(str, error.codes))
        raise StudyError([_problem("tree", path, None, "parent", codes=listed)]) from None


def read_contributions(path: Path, hierarchies: Mapping[str, Hierarchy]) -> pl.DataFrame:
    """Read contributions: columns `enterprise`, `value` and each dimension, a row for each record.

    Raises
    ------
    yanzhen.study.StudyError
        With everything that is wrong, row by row.
    """
    read = _csv(path, ("enterprise", "value", *hierarchies))
    problems, values = [], []
    for row, entry in enumerate(read.iter_rows(named=True), FIRST):
        if not (entry["enterprise"] or "").strip():
            problems.append(_problem("empty", path, row, "enterprise"))
        values.append(_positive(entry["value"]))
        if values[-1] is None:
            problems.append(_problem("number", path, row, "value", text=entry["value"] or ""))
        problems += [
            _problem("code", path, row, name, code=entry[name] or "", dimension=name)
            for name, hierarchy in hierarchies.items()
            if entry[name] not in hierarchy.leaves
        ]
    if problems:
        raise StudyError(problems)
    return read.select("enterprise", *hierarchies).with_columns(
        pl.Series("value", values, pl.Float64)
    )


def declared_tables(
    hierarchies: Mapping[str, Hierarchy], path: Path | None = None
) -> tuple[tuple[Table, ...], dict[str, Words]]:
    """Return the fixed set of tables and their titles, or those that a file declares.

    Raises
    ------
    yanzhen.study.StudyError
        The file is none, or a table has a dimension without a hierarchy.
    """
    where = Path(FIXED_SET) if path is None else path
    try:
        own = files("yanzhen.exchange.statistics").joinpath(FIXED_SET)
        text = own.read_text("utf-8") if path is None else path.read_text("utf-8")
        said = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise StudyError([_problem("file", where, None, "", error=str(error))]) from None
    tables, titles, problems = [], {}, []
    for name, each in said.items():
        levels: dict[str, int | None] = {}
        given = each.get("levels") if isinstance(each, dict) else None
        for dimension, depth in (given if isinstance(given, dict) else {"": given}).items():
            whole = isinstance(depth, int) and not isinstance(depth, bool) and depth > 0
            if dimension not in hierarchies or not (whole or depth == ALL):
                found = {"said": f"{dimension} = {depth}", "listed": ", ".join(hierarchies)}
                problems.append(_problem("levels", where, None, f"{name}.levels", **found))
            else:
                levels[dimension] = None if depth == ALL else depth
        tables.append(Table(name, levels))
        if isinstance(each, dict):
            titles[name] = str(each.get("en", name)), str(each.get("zh", name))
    if problems:
        raise StudyError(problems)
    return tuple(tables), titles


def _csv(path: Path, wanted: Sequence[str]) -> pl.DataFrame:
    try:
        read = pl.read_csv(marked_as_text(text_of(path)), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise StudyError([_problem("file", path, None, "", error=str(error))]) from None
    listed = ", ".join(wanted)
    lacking = [
        _problem("column", path, None, name, column=name, listed=listed)
        for name in wanted
        if name not in read.columns
    ]
    if lacking:
        raise StudyError(lacking)
    return read


def _positive(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None


def _problem(key: str, path: Path, row: int | None, column: str, /, **values: object) -> Problem:
    return Problem.at(path.name, "", row, column, *PHRASES.message(key, **values))
