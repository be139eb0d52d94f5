"""The chains of a study before and after its plan, for the plan's report."""

from typing import TYPE_CHECKING

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.modes.chain import ChainAnalysis, Guard, chain_analysis
from yanzhen.report.analyses.chain_chapter import chain_chapter, chain_lacking
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.text.reader import Reader
from yanzhen.study import StudyError

if TYPE_CHECKING:
    from yanzhen.pipeline.planning import Stage


def look_into_chains(
    plan: ClearedStudy, guard: Guard, stage: "Stage"
) -> ChainAnalysis | StudyError:
    """Analyse the chains of a study at its plan, or say what the study lacks for it.

    Parameters
    ----------
    plan : the study, its market cleared
    guard : limits that the plan may not break
    stage : keeps the analysis or recalls it

    Raises
    ------
    StudyError
        When a guard is set and the study has no accounts to hold the plan against it.
    """
    study = plan.inputs.study
    try:
        return stage(
            "chains", ChainAnalysis, lambda tell: chain_analysis(study, guard=guard, plan=plan)
        )
    except StudyError as lacking:
        if not guard.limits_nothing:
            raise
        return lacking


def chapters(chains: ChainAnalysis | StudyError, reader: Reader) -> list[Chapter]:
    """The chapters that stand in the report of a plan beside what the market gives."""
    if isinstance(chains, StudyError):
        return [chain_lacking(chains.problems, reader)]
    return [chain_chapter(chains, reader)]
