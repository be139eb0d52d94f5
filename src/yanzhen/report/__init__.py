"""What a reader sees of a plan or a diagnosis: pictures, a page, a workbook, files for programs.

`write` writes all of a plan, `yanzhen.report.document.folder.write_report` any other document;
`yanzhen.report.figures` draws single pictures for a notebook.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.folder import write_file
from yanzhen.report.document.frames import write_frames
from yanzhen.report.document.geojson import write_geojson
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.words import LANGUAGES, Lang

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

__all__ = ["LANGUAGES", "Chapter", "Focus", "Lang", "plan_document", "write", "write_geojson"]


def write(plan: "Plan", folder: Path, lang: Lang, chapters: Sequence[Chapter] = ()) -> None:
    """Write the report of a plan, and chapters of other analyses, into a folder.

    `report.html` and `plan.xlsx` are in the language asked; `regions.geojson`, `flows.geojson` and
    the tables in `tables` hold codes and names in both. Every file is written beside its place and
    then moved there, so that a run that is killed leaves no half file under its name.
    """
    document = plan_document(plan, lang, chapters)
    write_file(document, folder / "report.html")
    write_file(document, folder / "plan.xlsx")
    write_geojson(plan, folder)
    write_frames(plan, document.frames, document.kinds, folder / "tables")
