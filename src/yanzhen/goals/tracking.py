"""What became of projects: the board, the funnel, times to production and exit, who is at risk."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.goals.conversion import FUNNEL, funnel
from yanzhen.goals.hazards import (
    EVENTS_PER_TERM,
    HAZARDS,
    MODELS,
    CoxFit,
    Design,
    NoLibrary,
    cox,
    design,
    hazard_rows,
    p_together,
    placed,
    with_events,
)
from yanzhen.goals.incidence import Spells, aalen_johansen, interval
from yanzhen.goals.projects import PROJECTS, projects_of
from yanzhen.goals.risk import AT_RISK, BAD, SURE, at_risk
from yanzhen.goals.spells import ORIGINS, spells_from
from yanzhen.goals.words import message
from yanzhen.study import Problem, Study, WantOfData
from yanzhen.study.result_columns import columns
from yanzhen.study.tables.goals import STATES

BOARD = columns(
    "region state projects capital_signed capital_added funds_arrived arrived_share",
    state="term", projects="count", capital_signed="money", capital_added="money",
    funds_arrived="money", arrived_share="share",
)  # fmt: skip
"""Capital of projects that say any; `arrived_share` is of the capital signed and added of projects
of which all three are told."""
INCIDENCE = columns(
    "origin cause months at_risk probability low high",
    origin="term", cause="term", months="number", at_risk="count", probability="share",
    low="share", high="share",
)  # fmt: skip
"""Cumulative incidence (Aalen and Johansen 1978) with 95 % intervals, null beyond the last time
at which anyone is followed and where nothing happened."""
REGIONS = columns(
    "region projects now_signed now_started now_in_production now_at_capacity now_stalled "
    "now_moved_away now_closed capital_signed capital_added funds_arrived arrived_share",
    projects="count", now_signed="count", now_started="count", now_in_production="count",
    now_at_capacity="count", now_stalled="count", now_moved_away="count", now_closed="count",
    capital_signed="money", capital_added="money", funds_arrived="money", arrived_share="share",
)  # fmt: skip
"""Projects of each region by their state now, and their capital, as of `BOARD`."""
MONTHS = tuple(range(0, 121, 3))
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Tracking:
    """What became of the projects of a study.

    Attributes
    ----------
    study : what they are of
    last_day : of any transition: until then projects are known
    year : of that day
    """

    study: Study
    last_day: str
    year: int
    regions: Annotated[pl.DataFrame, REGIONS]
    board: Annotated[pl.DataFrame, BOARD]
    funnel: Annotated[pl.DataFrame, FUNNEL]
    incidence: Annotated[pl.DataFrame, INCIDENCE]
    models: Annotated[pl.DataFrame, MODELS]
    hazards: Annotated[pl.DataFrame, HAZARDS]
    at_risk: Annotated[pl.DataFrame, AT_RISK]
    projects: Annotated[pl.DataFrame, PROJECTS]


def tracking(study: Study) -> Tracking:
    """Follow the projects of a study through their transitions.

    Raises
    ------
    WantOfData
        Without any transition.
    """
    transitions = study.tables["transitions"]
    if transitions.is_empty():
        said = message("no_transitions")
        raise WantOfData([Problem.at(study.path, "transitions", None, "", *said)])
    last_day = str(transitions["date"].max())
    projects = projects_of(transitions)
    of = design(projects, study.tables["regions"], study.tables["industries"])
    models, hazards, risk = _models(projects, of, last_day)
    return Tracking(
        study,
        last_day,
        int(last_day[:4]),
        by_region(projects),
        board(projects),
        funnel(projects),
        incidence(projects, last_day),
        models,
        hazards,
        risk,
        projects,
    )


def board(projects: pl.DataFrame) -> pl.DataFrame:
    """Count projects and their capital by region and state, each project once."""
    order = {state: at for at, state in enumerate(STATES)}
    return (
        _counted(projects, ("region", "state"))
        .with_columns(order=pl.col("state").replace_strict(order))
        .sort("region", "order")
        .select(*BOARD)
        .cast(BOARD.types)  # type: ignore[arg-type]
    )


def by_region(projects: pl.DataFrame) -> pl.DataFrame:
    """Count the projects of each region by state, with their capital; most projects first."""
    states = projects.group_by("region").agg(
        (pl.col("state") == state).sum().alias(f"now_{state}") for state in STATES
    )
    return (
        _counted(projects, ("region",))
        .join(states, on="region", how="left", nulls_equal=True)
        .sort("projects", "region", descending=[True, False])
        .select(*REGIONS)
        .cast(REGIONS.types)  # type: ignore[arg-type]
    )


def _counted(projects: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    told = pl.all_horizontal(pl.col("capital_signed", "funds_arrived").is_not_null())
    pledged = pl.col("capital_signed") + pl.col("capital_added").fill_null(0.0)
    made = projects.group_by(by).agg(
        projects=pl.len().cast(pl.Int64),
        **{
            name: pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())
            for name in ("capital_signed", "capital_added", "funds_arrived")
        },
        arrived=pl.col("funds_arrived").filter(told).sum(),
        pledged=pledged.filter(told).sum(),
    )
    share = pl.when(pl.col("pledged") > 0).then(pl.col("arrived") / pl.col("pledged"))
    return made.with_columns(arrived_share=share)


def incidence(projects: pl.DataFrame, last_day: str) -> pl.DataFrame:
    """Return the cumulative incidence of every event every three months, up to ten years."""
    rows = []
    for origin, causes in ORIGINS.items():
        spells = spells_from(origin, projects, last_day).spells
        if not spells.end.size:
            continue
        estimate = aalen_johansen(spells, len(causes))
        for months in MONTHS:
            time = months * DAYS_A_MONTH
            if time > estimate.time[-1]:
                break
            probability, error = estimate.at(time)
            low, high = interval(probability, error)
            followed = int(((spells.entry < time) & (spells.end >= time)).sum()) if time else None
            for at, cause in enumerate(causes):
                ends = [float(end[at]) if np.isfinite(end[at]) else None for end in (low, high)]
                rows.append((origin, cause, months, followed, float(probability[at]), *ends))
    return INCIDENCE.frame(rows).sort("origin", "cause", "months", descending=[True, False, False])


def _models(
    projects: pl.DataFrame, of: Design, last_day: str
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Cox models of every event, and the projects open to each bad one by its hazard."""
    models, hazards, risk = [], [HAZARDS.frame()], [AT_RISK.frame()]
    for origin, causes in ORIGINS.items():
        found = spells_from(origin, projects, last_day)
        values = placed(of, found.project)
        known = np.isfinite(values).all(axis=1)
        spells = Spells(
            found.spells.entry[known], found.spells.end[known], found.spells.cause[known]
        )
        for number, cause in enumerate(causes, start=1):
            hits = (spells.cause == number).astype(np.float64)
            kept = with_events(of.terms, values[known], hits)
            needed = EVENTS_PER_TERM * max(len(kept), 1)
            outcome, fit = _fit(spells, number, values[known][:, kept], needed)
            counted = int(known.sum()), int((~known).sum()), int(hits.sum())
            sure = None if fit is None else p_together(fit)
            models.append((origin, cause, outcome, *counted, needed, sure))
            if fit is None or sure is None:
                continue
            terms = [of.terms[at] for at in kept]
            hazards.append(hazard_rows(origin, cause, terms, fit))
            if cause in BAD and sure < SURE:
                risk.append(at_risk(projects, of, kept, fit, (origin, cause), last_day))
    return MODELS.frame(models), pl.concat(hazards), pl.concat(risk)


def _fit(spells: Spells, cause: int, values: np.ndarray, needed: int) -> tuple[str, CoxFit | None]:
    """Fit a model where there are events enough, or say why not."""
    if int((spells.cause == cause).sum()) < needed:
        return "too_few", None
    if not values.shape[1]:
        return "no_terms", None
    try:
        fit = cox(spells, cause, values)
    except NoLibrary:
        return "no_library", None
    return ("not_converged", None) if fit is None else ("fitted", fit)
