"""The goals of a study beside its plan, for the plan's report."""

from typing import TYPE_CHECKING

from yanzhen.goals.outlook import outlook_of
from yanzhen.goals.scoreboard import Goals, scoreboard
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.uncertainty import Uncertainty
from yanzhen.study import WantOfData

if TYPE_CHECKING:
    from yanzhen.pipeline.planning import Stage

NAME = "goals"


def look_into_goals(cleared: ClearedStudy, drawn: Uncertainty, stage: "Stage") -> dict[str, Goals]:
    """Set the indicators of a study beside its plan; nothing where none has a value.

    Parameters
    ----------
    cleared, drawn : the plan's market and its draws
    stage : keeps the scoreboard or recalls it
    """
    study = cleared.inputs.study

    def make(tell: object) -> Goals:
        return scoreboard(study, outlook_of(cleared, drawn))

    try:
        return {NAME: stage(NAME, Goals, make)}
    except WantOfData:
        return {}
