"""The chapter on chains in the report of a plan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from yanzhen.modes.chain import ChainAnalysis
from yanzhen.report.analyses.chain import CHAIN_FIGURES, chain_limits, main_frames
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.document import Drawing, filled_view
from yanzhen.report.document.parts import View
from yanzhen.report.findings.chain import chain_findings
from yanzhen.report.tables.chain import COLUMNS, chain_frames, chain_table, chain_tables
from yanzhen.report.text.focus import WHOLE
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import columns_of

if TYPE_CHECKING:
    from yanzhen.study import Problem

KEY = "chain"
SHOWN = ("broken", "gaps", "sources", "fillers", "exposure", "concentration", "critical", "cohorts")
FIGURES = ("gaps", "exposure", "stages", "concentration")
MOST_ROWS = 15


def chain_chapter(found: ChainAnalysis, reader: Reader) -> Chapter:
    """Return the chapter: findings, pictures, the first rows of the main tables, all in the files.

    Producer services stand in the plan's own tables.
    """
    shown = chain_tables(found, reader, WHOLE)
    return Chapter(
        key=KEY,
        findings=chain_findings(found, reader, WHOLE),
        drawings=[Drawing(f"chain-{key}", CHAIN_FIGURES[key](found, reader)) for key in FIGURES],
        views=_views(found, reader),
        tables=[replace(each, key=f"{KEY}_{each.key}") for each in shown if each.key != "services"],
        frames=chain_frames(found, WHOLE),
        kinds=columns_of(ChainAnalysis),
        limits=chain_limits(found, reader),
        command="yanzhen chain",
    )


def chain_lacking(problems: "Sequence[Problem]", reader: Reader) -> Chapter:
    """Return the chapter of a study whose chains cannot be analysed: what it lacks."""
    said = reader.word("comma").join(
        dict.fromkeys(_needed(problem, reader) for problem in problems)
    )
    return Chapter(KEY, [reader.word("chain.lacking", needs=said)])


def _needed(problem: "Problem", reader: Reader) -> str:
    place = f"{problem.table}.{problem.column}" if problem.column else problem.table
    return f"{place} ({problem.expected_zh if reader.lang == 'zh' else problem.expected})"


def _views(found: ChainAnalysis, reader: Reader) -> list[View]:
    frames = main_frames(found, WHOLE, MOST_ROWS)
    views = []
    for key in SHOWN:
        frame = frames[key].head(MOST_ROWS)
        if frame.height:
            drawn = filled_view(chain_table(found, key, frame, reader), frame, COLUMNS[key])
            views.append(replace(drawn, key=f"{KEY}-{key}"))
    return views
