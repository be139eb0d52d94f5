"""Analyses that a plan's report has a chapter of, beside those made at the plan's prices."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from yanzhen.report.analyses.analysis import NOTHING, Analysis
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.report.document.chapter import Chapter, chapter_of
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study

if TYPE_CHECKING:
    from yanzhen.pipeline.planning import Stage


def look_further(study: Study, stage: "Stage") -> dict[str, Any]:
    """Make the analyses of a study that its plan's report shows, by name.

    Parameters
    ----------
    stage : keeps each result or recalls it
    """
    found = {}
    for name, analysis in ANALYSES.items():
        if not analysis.in_plan or any(study.tables[table].is_empty() for table in analysis.needs):
            continue
        found[name] = stage(name, analysis.work.result, _making(analysis, study))
    return found


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
