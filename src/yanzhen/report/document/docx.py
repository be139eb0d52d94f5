"""A document for Word."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import vl_convert

from yanzhen.report.document.document import Definitions, Document, Drawing, Paragraph, Part
from yanzhen.report.document.html import marked_title
from yanzhen.report.document.parts import View, picture
from yanzhen.report.document.sheets import WORD_TABLE, Limits
from yanzhen.report.document.writing import beside
from yanzhen.report.figures.theme import Chart
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.table import NUMBERS, Table
from yanzhen.report.text.words import Lang, word

FONT = {"zh": "Microsoft YaHei", "en": "Calibri"}
WIDTH = 16.0  # cm between the margins of a page of A4
UPRIGHT = 10
"""Most columns of a table on an upright page."""
PIXELS = 2.0
DATE = (1980, 1, 1, 0, 0, 0)


def write_docx(document: Document, path: Path) -> None:
    """Write a document for Word: findings, sections, limits, sources.

    The same document gives the same bytes.

    Raises
    ------
    ModuleNotFoundError
        Without the extra `office`.
    """
    import docx

    reader, written = document.reader, docx.Document()
    _dress(written, document)
    written.add_heading(marked_title(document), 0)
    if reader.study.about.synthetic:
        written.add_paragraph(reader.word("page.synthetic"))
    if document.opening is not None:
        for part in document.opening.parts:
            _add(written, part, reader.lang)
    written.add_heading(reader.word("page.findings"), 1)
    for finding in document.findings:
        written.add_paragraph(finding, style="List Number")
    for section in document.sections:
        if section.key:
            heading = section.heading or reader.word(f"page.{section.key}")
            written.add_heading(heading, 1)
        for sentence in (*section.findings, *section.caveats):
            written.add_paragraph(sentence, style="List Bullet")
        for part in section.parts:
            _add(written, part, reader.lang)
    written.add_heading(reader.word("page.limits"), 1)
    for limit in document.limits:
        written.add_paragraph(limit, style="List Bullet")
    _add_table(written, source_table(reader), reader.lang)
    content = io.BytesIO()
    written.save(content)
    with beside(path) as beside_it:
        beside_it.write_bytes(_undated(content.getvalue()))


def _add(document: Any, part: Part, lang: Lang) -> None:
    match part:
        case Paragraph():
            document.add_paragraph(part.text)
        case Definitions():
            for term, meaning in part.rows:
                document.add_paragraph(f"{term}: {meaning}")
        case Drawing():
            _add_picture(document, part.key, part.chart)
        case Table():
            _add_table(document, part, lang)
        case View():
            with _page_for(document, len(part.heads)):
                _add_view(document, part)


@contextmanager
def _page_for(document: Any, columns: int) -> Iterator[None]:
    """A page on its side for a table of many columns, upright again after it."""
    from docx.enum.section import WD_ORIENT

    wide = columns > UPRIGHT
    for orientation in (WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT):
        if wide:
            before = document.sections[-1]
            section = document.add_section()
            section.orientation = orientation
            section.page_width, section.page_height = before.page_height, before.page_width
        if orientation == WD_ORIENT.LANDSCAPE:
            yield


def _dress(document: Any, said: Document) -> None:
    """Set type and dates; Word takes the type of Chinese from an attribute of its own."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    for section in document.sections:
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21.0 - WIDTH) / 2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = FONT[said.reader.lang]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(
            qn("w:eastAsia"), FONT[said.reader.lang]
        )
    document.styles["Normal"].font.size = Pt(10.5)
    properties = document.core_properties
    properties.author = "Yanzhen"
    properties.created = properties.modified = datetime(said.year, 1, 1)


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
    heads = [(shown.columns[i].head, shown.columns[i].unit) for i in kept]
    cells = [
        [
            (shown.text(row, i), (row, i) in shown.estimated, shown.columns[i].kind in NUMBERS)
            for i in kept
        ]
        for row in range(rows)
    ]
    with _page_for(document, len(kept)):
        document.add_heading(shown.title, 2)
        document.add_paragraph(note)
        _add_grid(
            document,
            [f"{text} ({unit})" if unit and unit != "%" else text for text, unit in heads],
            cells,
        )


def _add_view(document: Any, shown: View) -> None:
    """Add a table as it stands on the page."""
    document.add_heading(shown.title, 2)
    document.add_paragraph(shown.note)
    _add_grid(
        document,
        [f"{head.text} ({head.unit})" if head.unit else head.text for head in shown.heads],
        [
            [(cell.text, "estimated" in cell.classes, "number" in cell.classes) for cell in row]
            for row in shown.rows
        ],
    )


def _add_grid(document: Any, heads: list[str], rows: list[list[tuple[str, bool, bool]]]) -> None:
    """Add heads and cells, each a text, whether it is an estimate, and whether it is a number."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    made = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for place, text in enumerate(heads):
        made.rows[0].cells[place].text = text
    for row in rows:
        cells = made.add_row().cells
        for place, (text, estimated, number) in enumerate(row):
            paragraph = cells[place].paragraphs[0]
            paragraph.add_run(text).italic = estimated
            if number:
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
