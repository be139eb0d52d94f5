"""The tables of the scoreboard and of tracked projects, with names in place of codes."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.goals.measuring import UNDEFINED
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.goal_indicators import Indicator, indicators_of_goals
from yanzhen.study.result_columns import Columns, columns_of

if TYPE_CHECKING:
    from yanzhen.goals.scoreboard import Goals
    from yanzhen.goals.tracking import Tracking

GOAL_TABLES = {
    "scoreboard": "scoreboard",
    "goal_families": "families",
    "goal_targets": "targets",
    "goal_changes": "changes",
    "goal_scores": "scores",
    "goal_revisions": "revisions",
    "goal_values": "values",
    "goal_plan_cells": "plan_cells",
    "goal_definitions": "definitions",
}
"""Tables in reading order, and the field of the result that holds each."""
TRACK_TABLES = {
    "project_funnel": "funnel",
    "project_incidence": "incidence",
    "projects_at_risk": "at_risk",
    "project_models": "models",
    "project_hazards": "hazards",
    "project_regions": "regions",
    "project_board": "board",
    "tracked_projects": "projects",
}
HEADS = "goals.head"
TERMS = ("stage", "state", "end", "origin", "cause", "outcome", "family", "direction")
"""Columns whose codes `goals.COLUMN.CODE` says."""


def goal_columns() -> dict[str, Columns]:
    """Return the columns of every table of the scoreboard, as its files have them."""
    from yanzhen.goals.scoreboard import Goals

    declared = columns_of(Goals)
    return {key: declared[field] for key, field in GOAL_TABLES.items()}


def track_columns() -> dict[str, Columns]:
    """Return the columns of every table of tracked projects."""
    from yanzhen.goals.tracking import Tracking

    declared = columns_of(Tracking)
    return {key: declared[field] for key, field in TRACK_TABLES.items()}


def goal_frame(found: "Goals", key: str) -> pl.DataFrame:
    """Return the figures of one table of the scoreboard."""
    frame: pl.DataFrame = getattr(found, GOAL_TABLES[key])
    return frame


def track_frame(found: "Tracking", key: str) -> pl.DataFrame:
    """Return the figures of one table of tracked projects."""
    frame: pl.DataFrame = getattr(found, TRACK_TABLES[key])
    return frame


def goal_table(key: str, reader: Reader, frame: pl.DataFrame) -> Table:
    """Return rows of one table of the scoreboard as shown: indicators by name, with their unit."""
    declared = dict(goal_columns()[key])
    known = indicators(reader)
    if "indicator" in declared:
        unit = pl.col("indicator").replace_strict(
            {code: unit_of(each, reader) for code, each in known.items()}, default=""
        )
        with_unit = key not in ("goal_definitions",)
        frame = frame.with_columns(
            *([unit.alias("unit")] if with_unit else []),
            *(
                [pl.col("needs").map_elements(partial(needed, reader), return_dtype=pl.String)]
                if "needs" in declared
                else []
            ),
            indicator=pl.col("indicator").replace(
                {code: each.name(reader.lang) for code, each in known.items()}
            ),
        )
        if with_unit:
            declared = {"indicator": "text", "unit": "text", **declared}
    return _shown(key, reader, frame, declared)


def track_table(key: str, reader: Reader, frame: pl.DataFrame) -> Table:
    """Return rows of one table of tracked projects as shown."""
    declared = dict(track_columns()[key])
    if "term" in declared:
        codes = frame["term"].drop_nulls().unique()
        frame = frame.with_columns(
            pl.col("term").replace({code: term_name(reader, code) for code in codes})
        )
    return _shown(key, reader, frame, declared)


def _shown(key: str, reader: Reader, frame: pl.DataFrame, declared: Mapping[str, str]) -> Table:
    said = [name for name in TERMS if name in declared]
    frame = frame.with_columns(
        pl.col(name).replace(
            {
                code: reader.word_or(f"goals.{name}.{code}", code)
                for code in frame[name].drop_nulls().unique()
            }
        )
        for name in said
    )
    kinds = {name: "text" if name in said else kind for name, kind in declared.items()}
    heads = {name: reader.word_or(f"{HEADS}.{name}", "") for name in kinds}
    return shown_table(
        reader,
        key,
        frame,
        kinds,  # type: ignore[arg-type]
        heads={name: head for name, head in heads.items() if head},
    )


def indicators(reader: Reader) -> dict[str, Indicator]:
    """Return the indicators of a study by code."""
    study = reader.study
    own, size = study.tables["goal_indicators"], study.about.measured_by
    return {each.code: each for each in indicators_of_goals(own, size)}


def in_region(frame: pl.DataFrame, region: str | None) -> pl.DataFrame:
    """Return a frame with the rows of a region only, all where none is asked for."""
    if region is None or "region" not in frame.columns:
        return frame
    return frame.filter(pl.col("region") == region)


def needed(reader: Reader, needs: str) -> str:
    """Return what an indicator lacks: tables and columns by their codes, choices in words."""
    each = (
        reader.word("goals.figure.choice", choice=one)
        if "=" in one
        else reader.word("goals.figure.undefined")
        if one == UNDEFINED
        else one
        for one in needs.split("; ")
        if one
    )
    return reader.word("comma").join(each)


def unit_of(indicator: Indicator, reader: Reader) -> str:
    """Return the unit of an indicator; of a standard one in the study's own units."""
    units = reader.study.about.units
    of = {
        "money": units.money,
        "energy": units.energy,
        "emissions": units.emissions,
        "person": units.persons,
    }
    if indicator.unit in of:
        return reader.plain_unit(of[indicator.unit])
    top, per, bottom = indicator.unit.partition(" per ")
    if per and top in of and bottom in of:
        return f"{reader.plain_unit(of[top])} / {reader.plain_unit(of[bottom])}"
    return indicator.unit


def term_name(reader: Reader, term: str) -> str:
    """Return the name of a term of a hazard, such as `class technology`."""
    column, _, code = term.partition(" ")
    if not code:
        return reader.word_or(f"goals.term.{term}", term)
    if code == "none":
        return reader.word(f"goals.term.no_{column}")
    if column == "macro_region":
        return reader.names.macro_region(code)
    return reader.word_or(f"goals.class.{code}", code)
