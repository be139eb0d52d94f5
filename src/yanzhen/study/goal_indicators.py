"""The indicators of the scoreboard: those that come with Yanzhen, and a study's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from yanzhen.phrasebook import Language, Words
from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.formulas import BadFormula, Formula, formula_of, others_of
from yanzhen.study.problem import Problem, nearest
from yanzhen.study.size import SIZES, Size
from yanzhen.study.tables.goals import GoalIndicators
from yanzhen.study.words import size_words, words


@dataclass(frozen=True)
class Indicator:
    """An indicator of the scoreboard.

    Attributes
    ----------
    code, family : of the table `goal_indicators`
    names, definitions : in English and in Chinese, empty where not given
    text : its formula as written
    formula : as read
    unit, direction, body, source : as given, empty where not
    """

    code: str
    family: str
    names: Words
    definitions: Words
    text: str
    formula: Formula
    unit: str
    direction: str
    body: str
    source: str

    def name(self, lang: Language) -> str:
        """Return its name in a language, in the other one where only that has it."""
        english, chinese = self.names
        return (chinese or english if lang == "zh" else english or chinese) or self.code


@cache
def standard_rows(size: Size = SIZES["output"]) -> pl.DataFrame:
    """Return the indicators that come with Yanzhen, as rows of `goal_indicators`.

    Parameters
    ----------
    size : what a study is measured by: shares of places and classes are shares of that, and named
        so; what is a figure per output is of output in every study
    """
    text = files("yanzhen.study").joinpath("standard_indicators.csv").read_bytes()
    rows = pl.read_csv(text, schema=GoalIndicators.create_empty().schema)
    english, chinese = size_words(size)
    return rows.with_columns(
        pl.col("formula").str.replace_all("{measure}", size.measure, literal=True),
        pl.col("^.*_zh$").str.replace_all("{size}", chinese, literal=True),
        pl.col("^.*_en$")
        .str.replace_all("{size}", english, literal=True)
        .str.replace_all("{Size}", english.capitalize(), literal=True),
    )


def indicators_of_goals(own: pl.DataFrame, size: Size) -> list[Indicator]:
    """Return all indicators of a study, its own after the standard ones.

    Parameters
    ----------
    own : the study's table `goal_indicators`
    size : what the study is measured by
    """
    standard = standard_rows(size)
    rows = pl.concat([standard, own.select(standard.columns)])
    return [_indicator(row) for row in rows.iter_rows(named=True)]


def _indicator(row: Mapping[str, Any]) -> Indicator:
    said = {name: value or "" for name, value in row.items()}
    return Indicator(
        said["indicator"],
        said["family"],
        (said["name_en"], said["name_zh"]),
        (said["definition_en"], said["definition_zh"]),
        said["formula"],
        formula_of(said["formula"]),
        said["unit"],
        said["direction"],
        said["body"],
        said["source"],
    )


def check_goal_indicators(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Report formulas that cannot be read, refer to nothing, or to themselves."""
    table = tables.get("goal_indicators")
    if table is None:
        return []
    rows = table.numbered().drop_nulls(["indicator", "formula"])
    at = {row["indicator"]: row[ROW] for row in rows.iter_rows(named=True)}
    problems, read = [], {}
    standard = {row["indicator"]: row["formula"] for row in standard_rows().iter_rows(named=True)}
    for code, text in rows.select("indicator", "formula").iter_rows():
        if code in standard:
            problems.append(_problem(table, at[code], "indicator", "standard_indicator", code=code))
        try:
            read[code] = formula_of(text)
        except BadFormula as bad:
            where = table.file, table.table, at[code], "formula"
            problems.append(Problem.at(*where, bad.found, bad.expected))
    known = {code: formula_of(text) for code, text in standard.items()} | read
    for code, formula in read.items():
        for other in others_of(formula):
            if other not in known and other not in at:
                close = nearest(other, known) or ", ".join(known)
                said = {"other": other, "listed": close}
                problems.append(_problem(table, at[code], "formula", "no_indicator", **said))
        circle = _circle(code, known)
        if circle:
            said = {"circle": " → ".join(circle)}
            problems.append(_problem(table, at[code], "formula", "refers_to_itself", **said))
    return problems


def check_targets(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Name the targets of indicators that are on no scoreboard."""
    table = tables.get("targets")
    if table is None:
        return []
    own = tables["goal_indicators"].frame if "goal_indicators" in tables else None
    known = set(standard_rows()["indicator"])
    known |= set() if own is None else set(own["indicator"].drop_nulls())
    rows = table.numbered().drop_nulls("indicator")
    strangers = rows.filter(~pl.col("indicator").is_in(sorted(known)))
    return [
        _problem(table, row, "indicator", "target_of_nothing", code=code)
        for code, row in strangers.select("indicator", ROW).iter_rows()
    ]


def _circle(code: str, known: Mapping[str, Formula]) -> list[str]:
    """The way by which an indicator refers to itself, empty where it does not."""
    trails: list[list[str]] = [[code]]
    seen = set()
    while trails:
        trail = trails.pop()
        for other in _known_others(trail[-1], known):
            if other == code:
                return [*trail, code]
            if other not in seen:
                seen.add(other)
                trails.append([*trail, other])
    return []


def _known_others(code: str, known: Mapping[str, Formula]) -> Iterable[str]:
    return (other for other in others_of(known[code]) if other in known)


def _problem(table: TypedTable, row: int, column: str, key: str, **values: object) -> Problem:
    return Problem.at(
        table.file,
        table.table,
        row,
        column,
        words(f"formula.{key}.found", **values),
        words(f"formula.{key}.expected", **values),
    )
