"""Market and spatial equilibrium at one fixed point: moves that expect what they bring about.

The market's payoffs depend on wages and on access to suppliers and markets, and a plan changes
both. In each round the spatial model gives them at the moves so far, the market clears again at
the plan's constants of staying, and a part of the step is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.indicators import indicator_of, indicators_of
from yanzhen.accounts.panel import Floats
from yanzhen.advantage.attraction import LocationalAdvantage, with_markets
from yanzhen.effects.plan_shock import PlanMoves, moves_of_market
from yanzhen.effects.response import IMMOBILE, respond
from yanzhen.effects.spatial.equilibrium import Equilibrium
from yanzhen.effects.study_economy import StudyEconomy
from yanzhen.market.counterfactuals.counterfactual import counterfactual
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study.ratios import ratio
from yanzhen.study.result_columns import columns

DAMPING = 0.5
"""Part of each step that is taken where the study does not say (`joint_damping`)."""
SETTLED, MOST_ROUNDS = 1e-6, 60
"""Part of all that moves which a round may still change, and rounds after which there is none."""
ROUNDS = columns("rounds distance moving")
"""`distance` is the part of the plan's moves that a full step would still change."""
REGIONS = columns("region net net_joint change", net_joint="money", change="money")


@dataclass(frozen=True)
class Joint:
    """A common fixed point of market and spatial model, people staying where they are.

    Attributes
    ----------
    joint : the rounds
    joint_regions : net arrivals beside the plan's
    joint_settled : whether it came to rest
    joint_moved : part of the plan's moves that goes elsewhere, leaves besides or stays
    """

    joint: Annotated[pl.DataFrame, ROUNDS]
    joint_regions: Annotated[pl.DataFrame, REGIONS]
    joint_settled: bool
    joint_moved: float


def nothing_joint() -> Joint:
    """Empty tables, where it was not asked for."""
    return Joint(ROUNDS.frame(), REGIONS.frame(), True, 0.0)


def joint_equilibrium(
    cleared: ClearedStudy,
    of: StudyEconomy,
    tell: Callable[[float], None] = lambda share: None,
) -> Joint:
    """Iterate market and spatial model to a common fixed point, damped.

    Raises
    ------
    yanzhen.effects.spatial.equilibrium.NoEquilibrium
        If the spatial model has no answer to some round's moves.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        If the market of some round did not clear.
    """
    damping = cleared.inputs.values.get("joint_damping", DAMPING)
    plan = moves = moves_of_market(cleared, of.economy)
    total, rounds = float(plan.arrivals.sum()), list[tuple[int, float, float]]()
    answer: Equilibrium | None = None
    distance = 0.0
    for number in range(1, MOST_ROUNDS + 1):
        answer = respond(of, moves, IMMOBILE, 0.0, None if answer is None else answer.changes)
        inputs = replace(cleared.inputs, advantage=_answered(cleared.inputs, answer))
        wanted = moves_of_market(counterfactual(inputs, cleared), of.economy)
        distance = _apart(moves, wanted, total)
        moves = PlanMoves(
            moves.arrivals + damping * (wanted.arrivals - moves.arrivals),
            moves.departures + damping * (wanted.departures - moves.departures),
        )
        rounds.append((number, distance, float(moves.arrivals.sum())))
        tell(number / MOST_ROUNDS)
        if distance <= SETTLED:
            break
    nets = zip(plan.net.sum(axis=1).tolist(), moves.net.sum(axis=1).tolist(), strict=True)
    return Joint(
        ROUNDS.frame(rounds),
        REGIONS.frame(
            (region, net, joint, joint - net)
            for region, (net, joint) in zip(of.economy.regions, nets, strict=True)
        ),
        distance <= SETTLED,
        _apart(plan, moves, total),
    )


def _apart(one: PlanMoves, other: PlanMoves, total: float) -> float:
    """Half of all differences between moves, as a part of a total."""
    differing = np.abs(one.arrivals - other.arrivals) + np.abs(one.departures - other.departures)
    return ratio(0.5 * float(differing.sum()), total) or 0.0


def _answered(inputs: StudyInputs, found: Equilibrium) -> LocationalAdvantage:
    """What places offer once wages, incomes and outputs have answered."""
    study, panel, offered = inputs.study, inputs.panel, inputs.advantage
    at = [found.before.regions.index(region) for region in panel.regions]
    kinds = [found.before.industries.index(industry) for industry in panel.industries]
    wage = found.wage_change[at]
    paid = replace(
        offered,
        relative_cost=offered.relative_cost * wage,
        costs=replace(offered.costs, wages=offered.costs.wages * wage[:, None]),
    )
    gdp = indicator_of(indicators_of(study), "gdp", panel.regions, panel.base_year)
    income = (found.after.income / found.before.income)[at]
    output = _grown(found)[np.ix_(at, kinds)] * offered.output
    return with_markets(study, panel, paid, output, gdp * income, inputs.values["access_decay"])


def _grown(found: Equilibrium) -> Floats:
    before = found.before.output
    return np.divide(found.after.output, before, out=np.ones_like(before), where=before > 0)
