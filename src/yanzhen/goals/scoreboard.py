"""The goals of a study on one page: indicators, how they moved, and how far targets are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
import polars as pl

from yanzhen.goals.figures import Figures, figures_of
from yanzhen.goals.measuring import Measured, measure
from yanzhen.goals.outlook import Outlook, outlook
from yanzhen.goals.targets import TARGETS, targets_of
from yanzhen.goals.vintages import PLAN_CELLS, REVISIONS, SCORES, Vintage, revisions, scores
from yanzhen.goals.words import message
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.study import Problem, Study, StudyError, WantOfData
from yanzhen.study.goal_indicators import Indicator, indicators_of_goals
from yanzhen.study.quantiles import ENDS
from yanzhen.study.result_columns import columns
from yanzhen.study.tables.goals import FAMILIES
from yanzhen.study.words import size_words

SCOREBOARD = columns(
    "indicator family base_year base now_year now change directed cells status plan_year plan "
    "plan_low plan_high target_year target distance path_needed needs",
    indicator="text", family="term", base_year="year", base="index", now_year="year", now="index",
    change="index", directed="index", cells="count", plan_year="year", plan="index",
    plan_low="index", plan_high="index", target_year="year", target="index", distance="index",
    path_needed="index",
)  # fmt: skip
"""`base` and `now` are of the first and last year with figures; `directed` is the change of the
logarithm toward what is wanted; `plan_low` and `plan_high` hold 90 % of the draws."""
DEFINITIONS = columns(
    "indicator formula unit direction body source",
    indicator="text", formula="text", direction="text", body="text",
)  # fmt: skip
VALUES = columns("indicator year value cells status", indicator="text", value="index")
CHANGES = columns(
    "indicator from_year year before value change directed",
    indicator="text", before="index", value="index", change="index", directed="index",
)  # fmt: skip
"""From each year with figures to the next."""
FAMILY_TOTALS = columns("family known missing directed", family="term", directed="index")
"""`directed` is the mean over the indicators of the family that are known and have a direction."""


@dataclass(frozen=True)
class Goals:
    """The scoreboard of a study.

    Attributes
    ----------
    study : what it is about
    year : last year with any figure
    draws : draws of the plan that cleared, 0 without one
    no_plan : why there is no plan, in English and Chinese, empty where there is one
    """

    study: Study
    year: int
    draws: int
    no_plan: tuple[str, str]
    scoreboard: Annotated[pl.DataFrame, SCOREBOARD]
    families: Annotated[pl.DataFrame, FAMILY_TOTALS]
    values: Annotated[pl.DataFrame, VALUES]
    changes: Annotated[pl.DataFrame, CHANGES]
    targets: Annotated[pl.DataFrame, TARGETS]
    revisions: Annotated[pl.DataFrame, REVISIONS]
    scores: Annotated[pl.DataFrame, SCORES]
    plan_cells: Annotated[pl.DataFrame, PLAN_CELLS]
    definitions: Annotated[pl.DataFrame, DEFINITIONS]


def goals(
    study: Study,
    draws: int,
    before: Vintage | None = None,
    tell: Callable[[float], None] = lambda share: None,
) -> Goals:
    """Clear the market of a study and set its indicators beside plan and targets.

    Parameters
    ----------
    draws : of the plan's parameters and room, for its intervals
    before, tell : as of `scoreboard`; told the share done

    Raises
    ------
    WantOfData
        When no indicator has a value.
    """
    return scoreboard(study, _planned(study, draws, tell), before)


def scoreboard(
    study: Study, planned: Outlook | tuple[str, str], before: Vintage | None = None
) -> Goals:
    """Measure the indicators of a study in every year, and set them beside plan and targets.

    Parameters
    ----------
    planned : what the plan moves, or why there is none, in English and Chinese
    before : an earlier scoreboard: what was revised since, and what its plan foresaw

    Raises
    ------
    WantOfData
        When no indicator has a value.
    """
    figures = figures_of(study)
    indicators = indicators_of_goals(study.tables["goal_indicators"], study.about.measured_by)
    plan, no_plan = (planned, ("", "")) if isinstance(planned, Outlook) else (None, planned)
    formulas = {each.code: each.formula for each in indicators}
    added = None if plan is None else plan.added
    measured = {
        each.code: measure(each.formula, formulas, figures, added=added) for each in indicators
    }
    _require_any(study, measured)
    targets = targets_of(study, indicators, formulas, figures)
    values = _values(figures.years, measured)
    changes = _changes(values, indicators)
    board = SCOREBOARD.frame(
        _row(each, figures.years, measured[each.code], plan, targets) for each in indicators
    )
    return Goals(
        study,
        int(values["year"].max()),  # type: ignore[arg-type]
        0 if plan is None else plan.draws,
        no_plan,
        board,
        family_totals(board),
        values,
        changes,
        targets,
        REVISIONS.frame() if before is None else revisions(before, values),
        SCORES.frame() if before is None else scores(before, figures, formulas),
        PLAN_CELLS.frame() if plan is None else _plan_cells(figures),
        DEFINITIONS.frame(
            (each.code, each.text, each.unit, each.direction, each.body, each.source)
            for each in indicators
        ),
    )


def require_goals(study: Study) -> None:
    """Refuse a study of which no indicator has a value.

    Raises
    ------
    WantOfData
        When there is none.
    """
    figures = figures_of(study)
    indicators = indicators_of_goals(study.tables["goal_indicators"], study.about.measured_by)
    formulas = {each.code: each.formula for each in indicators}
    _require_any(
        study, {each.code: measure(each.formula, formulas, figures) for each in indicators}
    )


def _require_any(study: Study, measured: Mapping[str, Measured]) -> None:
    if not any(np.isfinite(each.values).any() for each in measured.values()):
        size = study.about.measured_by
        said = message("no_value", measure=size_words(size))
        raise WantOfData([Problem.at(study.path, "activity", None, size.measure, *said)])


def family_totals(board: pl.DataFrame) -> pl.DataFrame:
    """Sum a scoreboard up by family; an indicator that is missing changes no total."""
    rows = []
    for family in FAMILIES:
        own = board.filter(family=family)
        known = own["now"].is_not_null().sum()
        rows.append((family, known, own.height - known, own["directed"].mean()))
    return FAMILY_TOTALS.frame(rows)


def directed_change(before: float, after: float, direction: str) -> float | None:
    """Return ln(after / before) with the sign of what is wanted; None without a direction."""
    if direction == "" or before <= 0 or after <= 0:
        return None
    return float(np.log(after / before)) * (1.0 if direction == "up" else -1.0)


def _planned(study: Study, draws: int, tell: Callable[[float], None]) -> Outlook | tuple[str, str]:
    """What the plan of a study moves, or why there is none."""
    try:
        return outlook(study, draws, tell)
    except (StudyError, NoPrices) as refused:
        return refused.text("en"), refused.text("zh")


def _values(years: Sequence[int], measured: Mapping[str, Measured]) -> pl.DataFrame:
    return VALUES.frame(
        (code, year, float(each.values[at]), each.cells, each.status[at])
        for code, each in measured.items()
        for at, year in enumerate(years)
        if np.isfinite(each.values[at])
    )


def _plan_cells(figures: Figures) -> pl.DataFrame:
    """The cells whose sizes are known in every year, which the plan's indicators are of."""
    sizes = figures.series("activity", figures.study.about.measured_by.measure).values
    years = np.isfinite(sizes).any(axis=0)
    known = np.flatnonzero(np.isfinite(sizes[:, years]).all(axis=1) & years.any())
    cells = figures.cells("activity")
    return PLAN_CELLS.frame(
        (figures.regions[cells.region[at]], figures.industries[cells.industry[at]]) for at in known
    )


def _changes(values: pl.DataFrame, indicators: Sequence[Indicator]) -> pl.DataFrame:
    rows = []
    for each in indicators:
        known = list(values.filter(indicator=each.code).select("year", "value").iter_rows())
        for (first, before), (last, after) in pairwise(known):
            directed = directed_change(before, after, each.direction)
            rows.append((each.code, first, last, before, after, after - before, directed))
    return CHANGES.frame(rows)


def _row(
    of: Indicator,
    years: Sequence[int],
    measured: Measured,
    plan: Outlook | None,
    targets: pl.DataFrame,
) -> dict[str, Any]:
    """A row of the scoreboard; what is not known is null."""
    row: dict[str, Any] = dict.fromkeys(SCOREBOARD)
    row |= {"indicator": of.code, "family": of.family, "needs": "; ".join(measured.lacking)}
    known = np.flatnonzero(np.isfinite(measured.values))
    if not known.size:
        return row
    first, last = int(known[0]), int(known[-1])
    base, now = float(measured.values[first]), float(measured.values[last])
    row |= {"now_year": years[last], "now": now, "cells": measured.cells}
    row["status"] = measured.status[last]
    if first < last:
        row |= {"base_year": years[first], "base": base, "change": now - base}
        row["directed"] = directed_change(base, now, of.direction)
    if plan is not None and np.isfinite(measured.added).all():
        row |= {"plan_year": plan.year, "plan": float(measured.added[0])}
        if plan.draws:
            ends = np.quantile(measured.added[1:], ENDS)
            row |= {"plan_low": float(ends[0]), "plan_high": float(ends[1])}
    own = targets.filter(pl.col("region").is_null(), indicator=of.code).sort("year")
    ahead = own.filter(pl.col("year") >= years[last])
    for target in (ahead if ahead.height else own.tail(1)).head(1).iter_rows(named=True):
        row |= {"target_year": target["year"], "target": target["target"]}
        row |= {"distance": target["distance"], "path_needed": target["path_needed"]}
    return row
