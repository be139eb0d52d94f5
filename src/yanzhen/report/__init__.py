"""What a reader sees of a plan or a diagnosis: pictures, a page, a workbook, files for programs.

`write` writes all of a plan, `write_diagnosis` of a diagnosis, `write_comparison` of scenarios;
`yanzhen.report.figures` draws single pictures for a notebook.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yanzhen.report.analyses.diagnosis import write_diagnosis
from yanzhen.report.analyses.scenarios import write_comparison
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.exports import write_geojson, write_tables
from yanzhen.report.document.html import write_html
from yanzhen.report.document.workbook import write_workbook
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.words import LANGUAGES, Lang

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

__all__ = [
    "LANGUAGES",
    "Chapter",
    "Focus",
    "Lang",
    "write",
    "write_comparison",
    "write_diagnosis",
    "write_geojson",
    "write_html",
    "write_tables",
    "write_workbook",
]


def write(plan: "Plan", folder: Path, lang: Lang, chapters: Sequence[Chapter] = ()) -> None:
    """Write the report of a plan, and chapters of other analyses, into a folder.

    `report.html` and `plan.xlsx` are in the language asked; `regions.geojson`, `flows.geojson` and
    the tables in `tables` hold codes and names in both. Every file is written beside its place and
    then moved there, so that a run that is killed leaves no half file under its name.
    """
    write_html(plan, folder / "report.html", lang, chapters)
    write_workbook(plan, folder / "plan.xlsx", lang, chapters)
    write_geojson(plan, folder)
    write_tables(plan, folder / "tables", chapters)
