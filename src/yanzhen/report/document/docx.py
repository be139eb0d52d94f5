"""The report of a plan as a Word document."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vl_convert

from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.parts import picture
from yanzhen.report.document.sheets import WORD_TABLE, Limits
from yanzhen.report.document.writing import beside
from yanzhen.report.figures import FIGURES
from yanzhen.report.figures.theme import Chart
from yanzhen.report.findings.plan import findings
from yanzhen.report.tables.basis import certificate_table, parameter_table, source_table
from yanzhen.report.tables.plan import table
from yanzhen.report.tables.table import NUMBERS, Table
from yanzhen.report.text.limits import limits
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

FONT = {"zh": "Microsoft YaHei", "en": "Calibri"}
SHOWN = ("macro_regions", "regions", "industries")
WIDTH = 16.0  # cm between the margins of a page of A4
PIXELS = 2.0
DATE = (1980, 1, 1, 0, 0, 0)


def write_document(plan: "Plan", path: Path, lang: Lang, chapters: Sequence[Chapter] = ()) -> None:
    """Write the report of a plan as a Word document: findings, pictures, tables, limits, sources.

    Chapters of other analyses stand before the certificate with their findings and pictures; their
    tables are in the workbook.

    The same plan gives the same bytes.

    Raises
    ------
    ModuleNotFoundError
        Without the extra `office`.
    """
    from docx import Document

    document = Document()
    _dress(document, plan, lang)
    about = plan.study.about
    title = word(
        lang,
        "page.title",
        study=about.title_zh if lang == "zh" else about.title_en,
        first=plan.period[0],
        last=plan.period[1],
    )
    mark = f"{word(lang, 'synthetic_mark')} " if about.synthetic else ""
    document.add_heading(mark + title, 0)
    if about.synthetic:
        document.add_paragraph(word(lang, "page.synthetic"))
    document.add_heading(word(lang, "page.findings"), 1)
    for finding in findings(plan, lang):
        document.add_paragraph(finding, style="List Number")
    for key, figure in FIGURES.items():
        _add_picture(document, key, figure(plan, lang))
    for key in SHOWN:
        _add_table(document, table(plan, key, lang), lang)
    for chapter in chapters:
        document.add_heading(word(lang, f"page.{chapter.key}"), 1)
        for sentence in (*chapter.findings, *chapter.limits):
            document.add_paragraph(sentence, style="List Bullet")
        for key, chart in chapter.charts.items():
            _add_picture(document, key, chart)
    for shown in (certificate_table(plan, lang), parameter_table(plan, lang)):
        _add_table(document, shown, lang)
    document.add_heading(word(lang, "page.limits"), 1)
    for limit in limits(plan, lang):
        document.add_paragraph(limit, style="List Bullet")
    _add_table(document, source_table(plan, lang), lang)
    written = io.BytesIO()
    document.save(written)
    with beside(path) as part:
        part.write_bytes(_undated(written.getvalue()))


def _dress(document: Any, plan: "Plan", lang: Lang) -> None:
    """Set type and dates; Word takes the type of Chinese from an attribute of its own."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    for section in document.sections:
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21.0 - WIDTH) / 2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = FONT[lang]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT[lang])
    document.styles["Normal"].font.size = Pt(10.5)
    properties = document.core_properties
    properties.author = "Yanzhen"
    properties.created = properties.modified = datetime(plan.period[0], 1, 1)


def _add_picture(document: Any, key: str, chart: Chart) -> None:
    """Add a picture under its title and reading line."""
    from docx.shared import Cm

    said = picture(key, chart)
    document.add_heading(said.title, 2)
    document.add_paragraph(said.reading)
    document.add_picture(io.BytesIO(_png(chart)), width=Cm(WIDTH))


def _add_table(document: Any, shown: Table, lang: Lang, limits: Limits = WORD_TABLE) -> None:
    """Add a table with its note; estimates are in italics.

    Of more rows or columns than a table of Word holds the first are shown, and the note says where
    all are.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    document.add_heading(shown.title, 2)
    named = [
        i
        for i, column in enumerate(shown.columns)
        # Beside the names that follow them, codes tell a reader nothing.
        if not (i + 1 < len(shown.columns) and shown.columns[i + 1].name == column.name)
    ]
    kept, rows = named[: limits.columns], min(len(shown.rows), limits.rows)
    note = shown.note
    if rows < len(shown.rows) or len(kept) < len(named):
        note = word(
            lang,
            "workbook.first_part",
            note=note,
            rows=f"{rows:,}",
            all_rows=f"{len(shown.rows):,}",
            columns=len(kept),
            all_columns=len(named),
        )
    document.add_paragraph(note)
    made = document.add_table(rows=1, cols=len(kept), style="Light Grid Accent 1")
    for place, i in enumerate(kept):
        column = shown.columns[i]
        unit = f" ({column.unit})" if column.unit and column.unit != "%" else ""
        made.rows[0].cells[place].text = column.head + unit
    for row in range(rows):
        cells = made.add_row().cells
        for place, i in enumerate(kept):
            paragraph = cells[place].paragraphs[0]
            run = paragraph.add_run(shown.text(row, i))
            run.italic = (row, i) in shown.estimated
            if shown.columns[i].kind in NUMBERS:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for each in made.rows:
        for cell in each.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8)


def _png(chart: Chart) -> bytes:
    """Return a chart as a PNG without its title, which the document says in words."""
    spec = chart.to_dict(validate=False)
    spec.pop("title", None)
    drawn: bytes = vl_convert.vegalite_to_png(spec, scale=PIXELS)
    return drawn


def _undated(content: bytes) -> bytes:
    """Return an archive whose entries bear a fixed date instead of the time of writing."""
    same = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for entry in read.infolist():
            written.writestr(zipfile.ZipInfo(entry.filename, DATE), read.read(entry))
    return same.getvalue()
