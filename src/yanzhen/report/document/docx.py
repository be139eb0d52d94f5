"""A document for Word."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import vl_convert

from yanzhen.report.document.document import Definitions, Document, Drawing, Paragraph, Part
from yanzhen.report.document.html import marked_title
from yanzhen.report.document.official import (
    LYING,
    RED,
    WIDTH,
    describe,
    dress,
    head_and_number,
    numbered,
)
from yanzhen.report.document.parts import View, picture
from yanzhen.report.document.sheets import WORD_TABLE, Limits
from yanzhen.report.document.writing import beside
from yanzhen.report.figures.theme import Chart
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.table import NUMBERS, Table
from yanzhen.report.text.reader import Reader

UPRIGHT = 10
"""Most columns of a table on an upright page."""
TALLEST = 18.0  # cm of a picture, so that its caption stays on its page
FIRST = 6.0  # cm of the height of the picture on the first page
PIXELS = 2.0
LEAST, MOST = 9, 36
"""Signs that the breadth of a column is reckoned with."""
DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Pen:
    """A Word document at work.

    Attributes
    ----------
    docx : of python-docx
    said : the document that it is made of
    counts : headings, pictures and tables so far
    """

    docx: Any
    said: Document
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def reader(self) -> Reader:
        """The study and the language of all texts."""
        return self.said.reader

    def next(self, kind: str) -> int:
        """Return the number of the next of a kind."""
        self.counts[kind] += 1
        return self.counts[kind]

    def heading(self, text: str) -> None:
        """Begin a section."""
        self.docx.add_heading(numbered(self.reader.lang, self.next("heading"), text), 1)

    def note(self, text: str) -> None:
        """Add a line in small type."""
        if text:
            self.docx.add_paragraph(text, style="Note")

    def stamp(self, key: str) -> None:
        """Say of what is above: study, date, source, status."""
        self.docx.add_paragraph(self.said.stamp(key), style="Cell")


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
    dress(written, reader.lang, document.year)
    head_and_number(written, document.stamp(""))
    pen = Pen(written, document)
    written.add_heading(marked_title(document), 0)
    if reader.study.about.synthetic:
        _warn(written, reader.word("page.synthetic"))
    if document.opening is not None:
        for part in document.opening.parts:
            if isinstance(part, Drawing):
                # What its stamp would say is at the head of the page.
                _add_picture(pen, part.key, part.chart, FIRST)
            else:
                _add(pen, part)
    pen.heading(reader.word("page.findings"))
    written.paragraphs[-1].paragraph_format.page_break_before = document.opening is not None
    for finding in document.findings:
        written.add_paragraph(finding, style="List Number")
    for section in document.sections:
        if section.key:
            pen.heading(section.heading or reader.word(f"page.{section.key}"))
        for sentence in (*section.findings, *section.caveats):
            written.add_paragraph(sentence, style="List Bullet")
        for part in section.parts:
            _add(pen, part)
    pen.heading(reader.word("page.limits"))
    for limit in document.limits:
        written.add_paragraph(limit, style="List Bullet")
    pen.heading(reader.word("page.sources"))
    _add_table(pen, source_table(reader))
    content = io.BytesIO()
    written.save(content)
    with beside(path) as beside_it:
        beside_it.write_bytes(undated(content.getvalue()))


def _warn(document: Any, text: str) -> None:
    from docx.shared import RGBColor

    run = document.add_paragraph().add_run(text)
    run.bold, run.font.color.rgb = True, RGBColor.from_string(RED)


def _add(pen: Pen, part: Part) -> None:
    match part:
        case Paragraph(manner="reading" | "note"):
            pen.note(part.text)
        case Paragraph(manner="subheading"):
            pen.docx.add_heading(part.text, 2)
        case Paragraph():
            paragraph = pen.docx.add_paragraph(part.text)
            paragraph.runs[0].bold = part.manner == "verdict"
        case Definitions():
            _add_definitions(pen, part)
        case Drawing():
            _add_picture(pen, part.key, part.chart)
            pen.stamp(part.key)
        case Table():
            _add_table(pen, part)
        case View():
            with _page_for(pen.docx, len(part.heads)):
                _add_view(pen, part)


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


def _add_definitions(pen: Pen, shown: Definitions) -> None:
    made = pen.docx.add_table(rows=0, cols=2, style="Table Grid")
    for term, meaning in shown.rows:
        cells = made.add_row().cells
        for cell, text, bold in zip(cells, (term, meaning), (False, True), strict=True):
            cell.paragraphs[0].style = pen.docx.styles["Cell"]
            cell.paragraphs[0].add_run(text).bold = bold


def _add_picture(pen: Pen, key: str, chart: Chart, tallest: float = TALLEST) -> None:
    """Add a picture over its number and title, with its reading line and stamp."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    said = picture(key, chart)
    shown = pen.docx.add_picture(io.BytesIO(_png(chart)), width=Cm(WIDTH))
    if shown.height > Cm(tallest):
        shown.width, shown.height = int(shown.width * Cm(tallest) / shown.height), Cm(tallest)
    describe(shown, said.title, said.reading or said.title)
    place = pen.docx.paragraphs[-1]
    # In lines of fixed height nothing of a picture but its foot would be seen.
    place.paragraph_format.line_spacing = 1.0
    place.paragraph_format.first_line_indent = Pt(0)
    place.alignment, place.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    number = pen.reader.word("paper.figure", number=pen.next("figure"), title=said.title)
    pen.docx.add_paragraph(number, style="Caption").paragraph_format.keep_with_next = True
    pen.note(said.reading)


def _add_table(pen: Pen, shown: Table, limits: Limits = WORD_TABLE) -> None:
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
        note = pen.reader.word(
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
    with _page_for(pen.docx, len(kept)):
        _caption(pen, shown.title, note)
        _add_grid(
            pen,
            [f"{text} ({unit})" if unit and unit != "%" else text for text, unit in heads],
            cells,
        )
        pen.stamp(shown.key)


def _add_view(pen: Pen, shown: View) -> None:
    """Add a table as it stands on the page."""
    _caption(pen, shown.title, shown.note)
    _add_grid(
        pen,
        [f"{head.text} ({head.unit})" if head.unit else head.text for head in shown.heads],
        [
            [(cell.text, "estimated" in cell.classes, "number" in cell.classes) for cell in row]
            for row in shown.rows
        ],
    )
    pen.stamp(shown.key)


def _caption(pen: Pen, title: str, note: str) -> None:
    """Number and title of a table stand above it, its note between."""
    number = pen.reader.word("paper.table", number=pen.next("table"), title=title)
    for text, style in ((number, "Caption"), (note, "Note")):
        if text:
            pen.docx.add_paragraph(text, style=style).paragraph_format.keep_with_next = True


def _add_grid(pen: Pen, heads: list[str], rows: list[list[tuple[str, bool, bool]]]) -> None:
    """Add heads and cells, each a text, whether it is an estimate, and whether it is a number."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    made = pen.docx.add_table(rows=1, cols=len(heads), style="Table Grid")
    cell_style = pen.docx.styles["Cell"]
    for column, width in zip(made.columns, _widths(heads, rows), strict=True):
        column.width = Cm(width)
    # Heads stand again on every page that the table goes on to.
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for place, text in enumerate(heads):
        paragraph = made.rows[0].cells[place].paragraphs[0]
        paragraph.style = cell_style
        paragraph.add_run(text).bold = True
    for row in rows:
        cells = made.add_row().cells
        for place, (text, estimated, number) in enumerate(row):
            paragraph = cells[place].paragraphs[0]
            paragraph.style = cell_style
            paragraph.add_run(text).italic = estimated
            if number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _widths(heads: list[str], rows: list[list[tuple[str, bool, bool]]]) -> list[float]:
    """Return the breadth of each column, cm, by its longest text; Chinese counts double."""
    longest = [
        # A head may stand in three lines.
        max(LEAST, _signs(head) // 3, *(min(_signs(text), MOST) for text in column))
        for head, column in zip(
            heads,
            ([row[place][0] for row in rows] for place in range(len(heads))),
            strict=True,
        )
    ]
    room = LYING if len(heads) > UPRIGHT else WIDTH
    return [room * signs / sum(longest) for signs in longest]


def _signs(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _png(chart: Chart) -> bytes:
    """Return a chart as a PNG without its title, which the document says in words."""
    spec = chart.to_dict(validate=False)
    spec.pop("title", None)
    drawn: bytes = vl_convert.vegalite_to_png(spec, scale=PIXELS)
    return drawn


def undated(content: bytes) -> bytes:
    """Return an archive whose entries bear a fixed date instead of the time of writing."""
    same = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for entry in read.infolist():
            written.writestr(zipfile.ZipInfo(entry.filename, DATE), read.read(entry))
    return same.getvalue()
