"""From a study to the market's arrays, with the labels and terms that explain them."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats, Panel, positions
from yanzhen.market.problem.absurd_terms import absurd_terms
from yanzhen.market.problem.blocks import blocks_of, with_own_need
from yanzhen.market.problem.capacity import SiteCapacity, site_room
from yanzhen.market.problem.departures import departures, observed_rates, stayers
from yanzhen.market.problem.gates import gates, refusals, same_openings
from yanzhen.market.problem.labels import Labels, labels_of
from yanzhen.market.problem.market import Booleans, Integers, Market, SummedPayoffs
from yanzhen.market.problem.payoff_terms import (
    MOVE_TERMS,
    PLACE_TERMS,
    kilometres_to,
    move_terms_of,
    place_terms_of,
)
from yanzhen.market.problem.policies import Payments, limited_room, payments, policies_in_force
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Problem, Study, StudyError

MOST_NAMED = 10
"""Industries that a message names."""


@dataclass(frozen=True)
class Formulation:
    """A market and what its rows and columns stand for.

    Attributes
    ----------
    market : the arrays
    blocks : industry, origin, output, output_status, land_per_output, jobs_per_output,
        energy_per_output, emissions_per_output, jobs_status, emissions_status, enterprises,
        macro_region; in the order of the market's blocks
    room : sites and resources in the market's order
    departures : macro_region, industry, output, departures, departures_assumed; in the order of
        the calibration groups
    industries : industry, balanced_cells, in_findings
    place_terms : (6, N, S) value of each of `PLACE_TERMS` of a region for an industry, zero where
        a term is not evaluated
    move_terms : (3, N, J) value of each of `MOVE_TERMS` from each region to each site
    kilometres : (N, J) from each region to each site, 0 where no distance at all is known
    gates : of `yanzhen.market.problem.gates.gates`
    refused : industry, site, listing, rule
    payments : what policies in force pay to arrivals or take from them
    origin, industry : (I,) region and industry of each block, as in `place_terms`
    place : (J,) region of each site
    labels : names of what the market is made of
    money_per_size : money that a margin of one is on a unit of size, NaN where nothing tells
    """

    market: Market
    blocks: pl.DataFrame
    room: SiteCapacity
    departures: pl.DataFrame
    industries: pl.DataFrame
    place_terms: Floats
    move_terms: Floats
    kilometres: Floats
    gates: pl.DataFrame
    refused: pl.DataFrame
    payments: Payments
    origin: NDArray[np.int64]
    industry: NDArray[np.int64]
    place: NDArray[np.int64]
    labels: Labels
    money_per_size: float


GROUP = ["macro_region", "industry"]
"""Whose blocks share one constant of staying."""


# Kept whole: a line for each array of the market, in the order in which one rests on another.
def formulate(inputs: StudyInputs, like: Formulation | None = None) -> Formulation:
    """Set up the market of a study for the years after its panel's last.

    Parameters
    ----------
    inputs : the study, and what was measured of it
    like : one of the same study with other parameters or other room, from which blocks, distances
        and gates are taken

    Raises
    ------
    StudyError
        When departures, room or the needs of a limited resource are not known, or a term of the
        payoff is absurd.
    """
    study, panel, past, advantage = inputs.study, inputs.panel, inputs.past, inputs.advantage
    parameters, period = inputs.values, inputs.period
    industries = findings_industries(panel, parameters["min_balanced_share"])
    policies = policies_in_force(study, period)
    room = limited_room(study, site_room(study, panel, past, parameters), policies)
    if like is None:
        blocks = blocks_of(study, panel, advantage, industries)
        origin = positions(blocks["origin"], panel.regions)
        industry = positions(blocks["industry"], panel.industries)
        kilometres = kilometres_to(study, panel.regions, room)
    else:
        blocks, origin, industry = like.blocks, like.origin, like.industry
        kilometres = like.kilometres
    paid = payments(study, blocks, room, policies, parameters, period[0])
    needs = _needs(study, blocks, room)
    place = positions(room.sites["region"], panel.regions)
    place_terms = place_terms_of(advantage, parameters)
    move_terms = move_terms_of(kilometres, room, parameters)
    terms = dict(zip((*PLACE_TERMS, *MOVE_TERMS), (*place_terms, *move_terms), strict=True))
    absurd = absurd_terms(study, room, needs, paid, terms)
    if absurd:
        raise StudyError(absurd)
    if like is not None and same_openings(room, like.room):
        met = like.gates
    else:
        met = gates(study, room, panel.industries, period)
    refused = refusals(met)
    worth = place_terms.sum(axis=0)
    base = SummedPayoffs(move_terms.sum(axis=0), worth[place].T.copy())
    whole = np.flatnonzero(room.sites["whole_region"].to_numpy())
    base.origin[place[whole], whole] = -np.inf
    barred_site = positions(refused["site"], tuple(room.sites["site"]))
    base.industry[positions(refused["industry"], panel.industries), barred_site] = -np.inf
    cell = (origin * len(panel.industries) + industry).astype(np.int32)
    somewhere = _open_cells(base).reshape(-1)[cell]
    rates = None if past is None else observed_rates(study, panel, past)
    mass = (
        blocks.with_columns(open_output=pl.col("output") * pl.Series(somewhere))
        .group_by(GROUP, maintain_order=True)
        .agg(pl.col("output", "open_output").sum())
    )
    leaving = departures(study, mass, rates, parameters, int(parameters["plan_years"]))
    market = Market(
        mass=blocks["output"].to_numpy(),
        needs=needs,
        stay=worth[origin, industry],
        cell=cell,
        base=base,
        intensities=np.column_stack([needs, paid.per_output]),
        qualities=np.column_stack([-room.posted, paid.at_site]),
        capacity=room.capacity,
        floor=room.floor,
        group_member=room.member,
        group_resource=room.group_resource,
        group_capacity=room.group_capacity,
        group_floor=room.group_floor,
        calibration=_groups(blocks, leaving) if like is None else like.market.calibration,
        stayers=stayers(leaving),
        sigma=parameters["sigma"],
    )
    return Formulation(
        market,
        blocks,
        room,
        leaving,
        industries,
        place_terms,
        move_terms,
        kilometres,
        met,
        refused,
        paid,
        origin,
        industry,
        place,
        labels_of(study, room, leaving) if like is None else like.labels,
        study.about.measured_by.money_per_size,
    )


def _groups(blocks: pl.DataFrame, leaving: pl.DataFrame) -> Integers:
    """(I,) calibration group of each block, in the order of the departures."""
    group = {pair: m for m, pair in enumerate(leaving.select(GROUP).iter_rows())}
    return np.array([group[pair] for pair in blocks.select(GROUP).iter_rows()], dtype=np.int32)


def _open_cells(base: SummedPayoffs) -> Booleans:
    """(N, S) whether some site is open to those of an origin and industry."""
    open_from = np.isfinite(base.origin).astype(np.float32)
    found: Booleans = open_from @ np.isfinite(base.industry).astype(np.float32).T > 0
    return found


def findings_industries(panel: Panel, least_share: float) -> pl.DataFrame:
    """Which industries have enough balanced cells to enter the market.

    Columns industry, balanced_cells, in_findings: balanced cells at least `least_share` of the
    regions. With a single year a cell is balanced when it is observed.
    """
    cells = panel.balanced.sum(axis=0)
    return pl.DataFrame(
        {
            "industry": panel.industries,
            "balanced_cells": cells,
            "in_findings": cells >= least_share * len(panel.regions),
        }
    )


def _needs(study: Study, blocks: pl.DataFrame, room: SiteCapacity) -> Floats:
    """(I, R) need of each resource per unit of size; `output:X` is the output of industry X."""
    per_output = with_own_need(blocks, room.size)
    needs = (
        per_output.select(_need(resource).alias(resource) for resource in room.resources)
        .cast(pl.Float64)
        .fill_null(np.nan)
        .to_numpy()
    )
    unknown = [
        _need_unknown(study, resource, sorted(blocks["industry"].filter(which).unique()))
        for resource, which in zip(room.resources, map(pl.Series, np.isnan(needs).T), strict=True)
        if which.any()
    ]
    if unknown:
        raise StudyError(unknown)
    return np.ascontiguousarray(needs)


def _need(resource: str) -> pl.Expr:
    measure, _, industry = resource.partition(":")
    need = pl.col(f"{measure}_per_output")
    if not industry:
        return need
    return pl.when(pl.col("industry") == industry).then(need).otherwise(0.0)


def _need_unknown(study: Study, resource: str, industries: list[str]) -> Problem:
    measure = resource.partition(":")[0]
    source = {
        "jobs": "activity.employment",
        "energy": "activity.energy",
        "emissions": "activity.emissions",
    }.get(measure, f"enterprises.{measure}")
    limited = study.numbered("resources").filter(pl.col("resource").cast(pl.String) == measure)
    listed = ", ".join(industries[:MOST_NAMED]) + (" …" if len(industries) > MOST_NAMED else "")
    row = None if limited.is_empty() else limited["row"][0]
    found = (
        f"'{resource}' limited or priced, and not known how much is needed by: {listed}",
        f"“{resource}”受限或有价格，但这些行业的需要量未知：{listed}",
    )
    expected = (
        f"{source} or intensities ({measure}) of every industry, or no row of it",
        f"各行业的 {source} 或 intensities（{measure}），或不列“{resource}”",
    )
    return Problem.at(study.path, "resources", row, "resource", found, expected)
