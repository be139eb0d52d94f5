"""Cooperation between the places of a plan, for the plan's report."""

from typing import TYPE_CHECKING

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.plan import Plan
from yanzhen.modes.coconstruction import write_terms
from yanzhen.modes.coconstruction.settlement.agreements import agreements
from yanzhen.modes.coconstruction.surveys.plan_survey import PlanSurvey, plan_survey
from yanzhen.report.analyses.cooperation_chapter import cooperation_chapter, cooperation_lacking
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError

if TYPE_CHECKING:
    from yanzhen.pipeline.planning import Stage


def look_into_cooperation(
    plan: Plan, cleared: ClearedStudy, stage: "Stage"
) -> PlanSurvey | StudyError:
    """Say which mode is for whom at a plan, or what the study lacks for it.

    Parameters
    ----------
    plan, cleared : the plan, and the study and market that it is of
    stage : keeps the survey or recalls it
    """
    try:
        return stage("cooperation", PlanSurvey, lambda tell: plan_survey(cleared, plan.moves))
    except StudyError as lacking:
        return lacking


def agreed_terms(study: Study) -> dict[str, str]:
    """Terms of a study's agreements as text, files beside the study included.

    Empty where one of them is wrong: then no survey rests on them.
    """
    try:
        return {each.contract.name: write_terms(each.contract.terms) for each in agreements(study)}
    except StudyError:
        return {}


def cooperation_chapters(found: PlanSurvey | StudyError, reader: Reader) -> list[Chapter]:
    """The chapter on cooperation in the report of a plan."""
    if isinstance(found, StudyError):
        return [cooperation_lacking(found.problems, reader)]
    return [cooperation_chapter(found, reader)]
