"""What a plan does to the whole economy, for the plan's report."""

from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.effects.assumed import effects_parameters
from yanzhen.effects.plan_effects import Effects, plan_effects
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.uncertainty import Uncertainty
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.report.analyses.effects import effects_lacking
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.text.reader import Reader
from yanzhen.study import StudyError

if TYPE_CHECKING:
    from yanzhen.pipeline.planning import Stage

NAME = "effects"
Refused = StudyError | NoPrices


def look_into_effects(
    cleared: ClearedStudy, drawn: Uncertainty, stage: "Stage"
) -> Effects | Refused:
    """Compute the effects of a plan, or say why they cannot be.

    Parameters
    ----------
    cleared, drawn : the plan's market and its draws
    stage : keeps the effects or recalls them
    """
    try:
        parameters = effects_parameters(cleared.inputs.parameters, {})
        return stage(
            NAME,
            Effects,
            lambda tell: plan_effects(cleared, parameters, lambda: drawn, tell=tell),
        )
    except (StudyError, NoPrices) as refused:
        return refused


def computed(found: Effects | Refused) -> dict[str, Any]:
    """The effects as an analysis with a chapter of its own; nothing where there are none."""
    return {NAME: found} if isinstance(found, Effects) else {}


def refusal_chapters(found: Effects | Refused, reader: Reader) -> list[Chapter]:
    """The chapter that says why there are no effects."""
    if isinstance(found, Effects):
        return []
    return [effects_lacking(found.text(reader.lang).replace("\n", "; "), reader)]


def in_effects(found: Effects | Refused) -> dict[str, Any]:
    """Headline figures of the effects, JSON-able."""
    if not isinstance(found, Effects):
        return {}
    return {
        NAME: {
            "trade_basis": found.trade_basis,
            "real_income": found.welfare.filter(
                pl.col("region").is_null(), part="total"
            ).to_dicts(),
            "disparity": found.disparity.to_dicts(),
            "hollowing": found.hollowing.to_dicts(),
            "joint": {"settled": found.joint_settled, "moved": found.joint_moved}
            if found.joint.height
            else None,
            "not_evaluated": found.not_evaluated.to_dicts(),
        }
    }
