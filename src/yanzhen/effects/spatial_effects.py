"""The spatial model's answer to a plan, without and with free movement of people, as tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.effects.disparity import DISPARITY, RegionalIncome, change_of_disparity
from yanzhen.effects.plan_shock import PlanMoves, moves_of_frames, within_reach
from yanzhen.effects.regional_trade import FIT
from yanzhen.effects.response import (
    CELLS,
    CHECKS,
    FREE,
    IMMOBILE,
    RESPONSE,
    UNIQUENESS,
    WELFARE,
    cell_table,
    check_table,
    respond,
    response_table,
    uniqueness_table,
    welfare_table,
)
from yanzhen.effects.spatial.equilibrium import Equilibrium, NoEquilibrium
from yanzhen.effects.study_economy import StudyEconomy
from yanzhen.effects.trade import FLOWS
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.uncertainty import Uncertainty
from yanzhen.market.problem.departures import macro_regions
from yanzhen.study.ratios import ratio
from yanzhen.study.result_columns import columns

ASSUMPTIONS = columns("assumption")
DISPARITIES = columns("mobility", mobility="term") | DISPARITY
Tell = Callable[[float], None]


@dataclass(frozen=True)
class SpatialEffects:
    """What a plan does to the whole economy, as the spatial model says.

    Attributes
    ----------
    trade_basis : multiregional, trade or gravity; empty where nothing was computed
    flows, fit : of trade between regions
    response, cells, welfare, disparity, checks, uniqueness : where people stay and where they move
        freely
    left_out : part of what moves that goes to where its industry is not made yet, so that the model
        cannot follow it
    draws : of the plan in which disparity was computed too
    assumptions : beside the parameters
    """

    trade_basis: str
    flows: Annotated[pl.DataFrame, FLOWS]
    fit: Annotated[pl.DataFrame, FIT]
    response: Annotated[pl.DataFrame, RESPONSE]
    cells: Annotated[pl.DataFrame, CELLS]
    welfare: Annotated[pl.DataFrame, WELFARE]
    disparity: Annotated[pl.DataFrame, DISPARITIES]
    checks: Annotated[pl.DataFrame, CHECKS]
    uniqueness: Annotated[pl.DataFrame, UNIQUENESS]
    left_out: float
    draws: int
    assumptions: Annotated[pl.DataFrame, ASSUMPTIONS]


def nothing_spatial() -> SpatialEffects:
    """Empty tables, where the model was not asked for or the study lacks data for it."""
    return SpatialEffects(
        "",
        FLOWS.frame(),
        FIT.frame(),
        RESPONSE.frame(),
        CELLS.frame(),
        WELFARE.frame(),
        DISPARITIES.frame(),
        CHECKS.frame(),
        UNIQUENESS.frame(),
        0.0,
        0,
        ASSUMPTIONS.frame(),
    )


def spatial_effects(
    cleared: ClearedStudy,
    of: StudyEconomy,
    moves: PlanMoves,
    values: Mapping[str, float],
    drawn: Callable[[], Uncertainty] | None,
    lacking: list[tuple[str, str]],
    tell: Tell,
) -> SpatialEffects:
    """Answer the moves of a cleared market by the spatial model.

    Parameters
    ----------
    of, moves : the study's economy, and what moves in it
    values : of `yanzhen.effects.assumed`
    drawn : gives the plan's draws
    lacking : takes up what is not evaluated, and the table it needs

    Raises
    ------
    StudyError
        If the moves cannot be.
    NoEquilibrium
        If no equilibrium was found.
    """
    modes = [IMMOBILE]
    if np.isfinite(of.people).all() and (of.people > 0).all():
        modes.append(FREE)
    else:
        lacking.append(("free_movement", "indicators.value (population)"))
    found = {mode: respond(of, moves, mode, values["effects_congestion"]) for mode in modes}
    tell(0.3)
    macro = dict(
        zip(
            of.economy.regions, macro_regions(cleared.inputs.study, of.economy.regions), strict=True
        )
    )
    others: list[PlanMoves] = []
    if FREE in found and drawn is not None:
        others = _drawn_moves(cleared, of, drawn(), int(values["effects_draws"]))
    disparity, settled = _disparities(of, found, list(macro.values()), others, values, tell)
    total = float(moves.arrivals.sum())
    return SpatialEffects(
        of.basis,
        of.flows,
        of.fit,
        pl.concat(response_table(of, moves, one, mode, macro) for mode, one in found.items()),
        pl.concat(cell_table(moves, one, mode) for mode, one in found.items()),
        pl.concat(welfare_table(one, mode) for mode, one in found.items()),
        disparity,
        pl.concat(check_table(one, mode) for mode, one in found.items()),
        pl.concat(
            uniqueness_table(one, mode, int(values["effects_starts"]))
            for mode, one in found.items()
        ),
        ratio(total - float(within_reach(of.economy, moves).arrivals.sum()), total) or 0.0,
        settled,
        ASSUMPTIONS.frame((each,) for each in of.assumptions),
    )


# Kept wide: the plan's answer and its draws' by how people move.
def _disparities(
    of: StudyEconomy,
    found: Mapping[str, Equilibrium],
    groups: list[str],
    others: list[PlanMoves],
    values: Mapping[str, float],
    tell: Tell,
) -> tuple[pl.DataFrame, int]:
    """Disparity before and after, and the draws in which every equilibrium was found."""
    if FREE not in found:
        return DISPARITIES.frame(), 0
    before = RegionalIncome(of.economy.income, of.people)
    after: dict[str, list[RegionalIncome]] = {mode: [] for mode in found}
    for k, moves in enumerate(others):
        try:
            again = {
                mode: _income_after(
                    of, respond(of, moves, mode, values["effects_congestion"], one.changes)
                )
                for mode, one in found.items()
            }
        except NoEquilibrium:
            continue
        for mode, income in again.items():
            after[mode].append(income)
        tell(0.3 + 0.7 * (k + 1) / len(others))
    rows = [
        change_of_disparity(before, _income_after(of, one), groups, after[mode]).select(
            pl.lit(mode).alias("mobility"), *DISPARITY
        )
        for mode, one in found.items()
    ]
    return pl.concat(rows), len(after[FREE])


def _income_after(of: StudyEconomy, found: Equilibrium) -> RegionalIncome:
    """Income in each region's prices of before."""
    people = of.people * found.changes.labour
    per_head = of.economy.income / of.people * found.real_income_change
    return RegionalIncome(per_head * people, people)


def _drawn_moves(
    cleared: ClearedStudy, of: StudyEconomy, drawn: Uncertainty, most: int
) -> list[PlanMoves]:
    """What moves in the first draws that cleared."""
    sites = cleared.formulation.room.sites.select("site", "region")
    come = drawn.arrivals.join(sites, on="site", how="left", maintain_order="left")
    return [
        moves_of_frames(of.economy, drawn.leaving.filter(draw=k), come.filter(draw=k))
        for k in come["draw"].unique().sort().head(most)
    ]
