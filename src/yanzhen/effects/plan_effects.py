"""What a plan does to the whole economy: its books, its sourcing and the spatial equilibrium."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any

import polars as pl
from threadpoolctl import threadpool_limits

from yanzhen.effects.accounting import (
    HOLLOWING,
    LEDGER,
    REGIONS,
    Accounting,
    HollowingLimits,
    accounting,
)
from yanzhen.effects.joint import Joint, joint_equilibrium, nothing_joint
from yanzhen.effects.plan_accounts import measures_before
from yanzhen.effects.plan_shock import moves_of_market
from yanzhen.effects.sourcing import (
    FOOTPRINTS,
    LEAKAGE,
    MULTIPLIERS,
    nothing_sourced,
    sourcing,
)
from yanzhen.effects.spatial_effects import SpatialEffects, nothing_spatial, spatial_effects
from yanzhen.effects.study_economy import StudyEconomy, study_economy
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.balances import arriving, leaving
from yanzhen.market.plan.schedule import schedule, yearly_shares
from yanzhen.market.plan.uncertainty import Uncertainty
from yanzhen.study import Study, WantOfData
from yanzhen.study.assumptions import parameter_values
from yanzhen.study.result_columns import NOT_EVALUATED, PARAMETERS
from yanzhen.study.short_repr import ShortRepr

MODELS = ("accounting", "io", "spatial", "joint")
"""Each with all before it."""


@dataclass(frozen=True, repr=False)
class Effects(ShortRepr, SpatialEffects, Joint):
    """What a plan does to the whole economy, in the study's units, over the whole plan.

    Attributes
    ----------
    study : what it is about
    year, last_year : that it starts from, and the plan's last
    limits : of hollowing-out
    ledger, ledger_regions : the plan's books by cell and by region, year by year
    hollowing : places flagged in the last year
    multipliers, leakage, footprints : before and after the moves; empty without input-output table
    parameters : of `yanzhen.effects.assumed`
    not_evaluated : models that the study lacks data for
    """

    study: Study
    year: int
    last_year: int
    limits: HollowingLimits
    ledger: Annotated[pl.DataFrame, LEDGER]
    ledger_regions: Annotated[pl.DataFrame, REGIONS]
    hollowing: Annotated[pl.DataFrame, HOLLOWING]
    multipliers: Annotated[pl.DataFrame, MULTIPLIERS]
    leakage: Annotated[pl.DataFrame, LEAKAGE]
    footprints: Annotated[pl.DataFrame, FOOTPRINTS]
    parameters: Annotated[pl.DataFrame, PARAMETERS]
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]

    @property
    def regions(self) -> pl.DataFrame:
        """The regions, in the column `region`."""
        return self.ledger_regions.select("region").unique(maintain_order=True)


def plan_effects(
    cleared: ClearedStudy,
    parameters: pl.DataFrame,
    drawn: Callable[[], Uncertainty] | None = None,
    model: str | None = None,
    tell: Callable[[float], None] = lambda share: None,
) -> Effects:
    """Say what the plan of a cleared study does to the whole economy.

    Matrix products run on one thread: their rounding depends on how many share the work.

    Parameters
    ----------
    parameters : of `yanzhen.effects.assumed`
    drawn : gives the plan's draws, for the intervals of disparity
    model : how far to go, one of `MODELS`; where not given as far as the study's tables allow, to
        the joint equilibrium where the study has the parameter `joint_damping`
    tell : told the share done

    Raises
    ------
    StudyError
        When a model that is asked for cannot be computed from the study, with everything wrong.
    yanzhen.effects.spatial.equilibrium.NoEquilibrium
        When no equilibrium of the spatial model was found.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        return _effects(cleared, parameters, drawn, model, tell)


def _effects(
    cleared: ClearedStudy,
    parameters: pl.DataFrame,
    drawn: Callable[[], Uncertainty] | None,
    model: str | None,
    tell: Callable[[float], None],
) -> Effects:
    values, lacking = parameter_values(parameters), list[tuple[str, str]]()
    usual = "joint" if "joint_damping" in cleared.inputs.values else "spatial"
    wanted = MODELS.index(model or usual)
    books = _books(cleared, values)
    tell(0.1)
    sourced, spatial, joint = nothing_sourced(), nothing_spatial(), nothing_joint()
    economy = None
    if wanted >= MODELS.index("io"):
        economy = _economy(cleared, values, model, lacking)
    if economy is not None:
        moves = moves_of_market(cleared, economy.economy)
        try:
            sourced = sourcing(economy, moves, measures_before(cleared))
        except ValueError as unreached:
            # Cells without trade may leave no way to the sums after the moves.
            lacking.append(("io", str(unreached)))
        tell(0.2)
        if wanted >= MODELS.index("spatial"):
            spatial = spatial_effects(cleared, economy, moves, values, drawn, lacking, tell)
        if wanted >= MODELS.index("joint"):
            joint = joint_equilibrium(cleared, economy, tell)
    parts: dict[str, Any] = {
        field.name: getattr(part, field.name) for part in (spatial, joint) for field in fields(part)
    }
    inputs = cleared.inputs
    return Effects(
        **parts,
        study=inputs.study,
        year=inputs.panel.base_year,
        last_year=inputs.period[1],
        limits=books.limits,
        ledger=books.ledger,
        ledger_regions=books.regions,
        hollowing=books.hollowing,
        multipliers=sourced.multipliers,
        leakage=sourced.leakage,
        footprints=sourced.footprints,
        parameters=parameters,
        not_evaluated=NOT_EVALUATED.frame(lacking),
    )


def _economy(
    cleared: ClearedStudy,
    values: Mapping[str, float],
    model: str | None,
    lacking: list[tuple[str, str]],
) -> StudyEconomy | None:
    """The study's economy; None where it lacks data for it and no model was asked for."""
    try:
        return study_economy(cleared.inputs, values)
    except WantOfData as wanting:
        if model is not None:
            raise
        needs = {f"{one.table}.{one.column}".rstrip(".") for one in wanting.problems}
        lacking += [(name, ", ".join(sorted(needs))) for name in ("io", "spatial")]
        return None


def _books(cleared: ClearedStudy, values: dict[str, float]) -> Accounting:
    """The ledger of the plan, by its schedule."""
    inputs = cleared.inputs
    gone, come = (of(cleared.formulation, cleared.clearing) for of in (leaving, arriving))
    moved = pl.concat(
        [
            gone.select("industry", region="origin", departures="output", arrivals=0.0),
            come.select("industry", "region", departures=0.0, arrivals="output"),
        ]
    )
    flows = moved.group_by("industry", "region", maintain_order=True).agg(
        pl.col("departures", "arrivals").sum()
    )
    shares = yearly_shares(int(inputs.values["plan_years"]), inputs.values["phase_in_shape"])
    return accounting(
        inputs.panel.regions,
        inputs.panel.industries,
        measures_before(cleared),
        schedule(flows, inputs.period[0], shares),
        HollowingLimits(values["effects_hollowing_region"], values["effects_hollowing_industry"]),
    )
