"""The report on goals: a scoreboard on one page, and what lies behind it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yanzhen.goals.scoreboard import Goals, goals
from yanzhen.goals.vintages import read_vintage
from yanzhen.report.analyses.analysis import Asked, Tell, Work, unasked
from yanzhen.report.document.document import Definitions, Document, Drawing, Section
from yanzhen.report.document.parts import View, view
from yanzhen.report.figures.goals import scoreboard_figure
from yanzhen.report.findings.goals import goal_findings
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.goals import (
    GOAL_TABLES,
    HEADS,
    goal_columns,
    goal_frame,
    goal_table,
    indicators,
)
from yanzhen.report.tables.table import Table
from yanzhen.report.text.focus import focus_of, narrowed
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study
from yanzhen.study.goal_indicators import Indicator

DRAWS = 50
"""Draws of the plan, where nothing is said."""
ON_PAGE = (
    "indicator", "unit", "base", "now", "change", "cells", "status", "plan", "target", "distance",
    "path_needed", "needs",
)  # fmt: skip
"""Columns of the scoreboard on the page."""
PAGE = ("goal_targets", "goal_scores", "goal_revisions", "goal_changes")
"""Tables of the page beside the scoreboard; the others are in the workbook and the files."""


def run_goals(study: Study, asked: Asked, tell: Tell) -> Goals:
    """Measure the indicators of a study beside an earlier scoreboard, where one is named."""
    before = asked.get("before")
    vintage = None if before is None else read_vintage(Path(before))
    draws = asked.get("draws")
    return goals(
        study, DRAWS if draws is None else int(draws), vintage, lambda share: tell(share, None)
    )


def goals_document(found: Goals, reader: Reader, asked: Asked) -> Document:
    """Return the report on the goals of a study."""
    title = reader.word("goals.title")
    frames = {key: goal_frame(found, key) for key in GOAL_TABLES}
    shown = {key: _table(found, key, asked, reader) for key in GOAL_TABLES}
    parts = [filled(shown[key]) for key in PAGE if shown[key].rows]
    limits = [
        *(reader.word(f"goals.limit.{key}") for key in ("cells", "plan", "total", "target")),
        reader.word("limit.absence"),
    ]
    board = Drawing("goal-scoreboard", scoreboard_figure(found, reader))
    return Document(
        reader=reader,
        title=reader.report_title(title, found.year),
        lead=reader.word("goals.lead"),
        year=found.year,
        findings=goal_findings(found, reader),
        sections=[
            Section("goals_scoreboard", [board, filled(shown["scoreboard"], ON_PAGE)]),
            Section("goals_change", parts),
            Section("goals_definitions", [_definitions(reader)]),
        ],
        limits=limits,
        tables=[*(each for each in shown.values() if each.rows), source_table(reader)],
        notes=limits,
        frames=frames,
        kinds=goal_columns(),
        named_in=(HEADS, "column"),
        poster=board,
        data_until=found.year,
    )


def filled(table: Table, names: Sequence[str] = ()) -> View:
    """Return a table, or some of its columns, without those that are empty throughout."""
    kept = [
        name
        for name in names or table.names
        if any(row[table.index(name)] is not None for row in table.rows)
    ]
    return view(table, columns=tuple(kept))


def _definitions(reader: Reader) -> Definitions:
    """What each indicator is, by what formula, of whose definition, and who is responsible."""
    rows = []
    for each in indicators(reader).values():
        english, chinese = each.definitions
        said = [
            (chinese or english) if reader.lang == "zh" else (english or chinese),
            reader.word("goals.definition.formula", formula=each.text),
            reader.word("goals.definition.direction", direction=_direction(each, reader)),
            reader.word("goals.definition.source", source=each.source or "—"),
            reader.word("goals.definition.body", body=each.body or reader.word("goals.nobody")),
        ]
        rows.append((each.name(reader.lang), reader.word("semicolon").join(filter(None, said))))
    return Definitions(tuple(rows))


def _direction(each: Indicator, reader: Reader) -> str:
    return reader.word(f"goals.direction.{each.direction or 'none'}")


def _table(found: Goals, key: str, asked: Asked, reader: Reader) -> Table:
    return goal_table(key, reader, narrowed(goal_frame(found, key), focus_of(asked)))


def goals_json(found: Goals, asked: Asked) -> dict[str, Any]:
    """Return the scoreboard as JSON-able values."""
    return {
        "synthetic": found.study.about.synthetic,
        "year": found.year,
        "draws": found.draws,
        "no_plan": found.no_plan[0] or None,
        "tables": {key: goal_frame(found, key).to_dicts() for key in GOAL_TABLES},
    }


WORK = Work(
    Goals,
    run_goals,
    findings=lambda found, asked, reader: goal_findings(found, reader),
    document=lambda found, asked, reader: goals_document(found, reader, asked),
    year=lambda found: found.year,
    tables=tuple(GOAL_TABLES),
    table=_table,
    figures={"scoreboard": unasked(scoreboard_figure)},
    table_of={"scoreboard": "scoreboard"},
    values=goals_json,
    opened=("scoreboard",),
)
