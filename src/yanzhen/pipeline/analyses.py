"""Analyses that a plan's report has a chapter of, beside those made at the plan's prices."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.report.analyses.analysis import NOTHING, Analysis
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.report.document.chapter import Chapter, chapter_of
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError

if TYPE_CHECKING:
    from yanzhen.pipeline.planning import Stage

Refused = StudyError | NoPrices


def look_further(study: Study, stage: "Stage") -> tuple[dict[str, Any], dict[str, Refused]]:
    """Make the analyses of a study that its plan's report shows, or say why they cannot be.

    Parameters
    ----------
    stage : keeps each result or recalls it
    """
    found: dict[str, Any] = {}
    refused: dict[str, Refused] = {}
    for name, analysis in ANALYSES.items():
        if not analysis.in_plan or any(study.tables[table].is_empty() for table in analysis.needs):
            continue
        try:
            found[name] = stage(name, analysis.work.result, _making(analysis, study))
        except (StudyError, NoPrices) as reason:
            refused[name] = reason
    return found, refused


def refused_chapters(refused: Mapping[str, Refused], reader: Reader) -> list[Chapter]:
    """Return the chapters that say why an analysis of the study was not made."""
    return [
        Chapter(
            name,
            [reader.word("analysis_lacking", needs=reason.text(reader.lang).replace("\n", "; "))],
            heading=ANALYSES[name].title[reader.lang == "en"],
        )
        for name, reason in refused.items()
    ]


def _making(analysis: Analysis, study: Study) -> Callable[[Callable[[float], None]], Any]:
    """What makes an analysis and tells the share done."""

    def make(tell: Callable[[float], None]) -> Any:
        return analysis.work.run(study, NOTHING, lambda share, line: tell(share))

    return make


def analysis_chapters(found: Mapping[str, Any], reader: Reader) -> list[Chapter]:
    """Return the chapters of analyses in the report of a plan."""
    return [
        chapter_of(
            name,
            ANALYSES[name].work.document(result, NOTHING, reader),
            ANALYSES[name].title[reader.lang == "en"],
        )
        for name, result in found.items()
    ]
