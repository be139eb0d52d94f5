"""A document as an Excel workbook: contents, findings, a sheet a table, sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yanzhen.report.document.document import Document, InFiles
from yanzhen.report.document.sheets import SHEET, Limits, parts_of, sheet_names, short
from yanzhen.report.document.table_sheet import TableSheet
from yanzhen.report.document.writing import beside
from yanzhen.report.tables.table import NUMBERS, Kind, Table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang, word

HEAD_ROW = 3
FIRST_ROW = HEAD_ROW + 2
"""Rows before the data: title, note, link back, heads, units."""
FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "number": "General",
    "share": "0.00%",
    "percent": '0.0"%"',
    "measure": "0.0E+00",
    "index": "0.000",
    "kilometres": "#,##0",
    "size": "#,##0.00",
    "money": "#,##0.00",
    "persons": "#,##0.00",
    "emissions": "#,##0.000",
    "resource": "#,##0.00",
    "premium": "#,##0.0000",
}
FONT = {"zh": "Microsoft YaHei", "en": "Calibri"}
INK, QUIET, WASH, TINT, LINK = "#1F2933", "#52606D", "#EEF2F5", "#DCE6F0", "#0B5394"
WIDEST = 42
A4 = 9
"""Of the paper sizes of Excel."""
MOST_HELD = 500_000
"""Cells of a workbook that is held in memory, which takes a third of the time; beyond, it is
written row by row."""
MOST_STAMP = 200
"""Signs of a stamp in a footer, of which Excel takes 255 in all."""


@dataclass(frozen=True)
class Book:
    """What a workbook says.

    Attributes
    ----------
    title : of the workbook and its first sheet
    synthetic : whether the figures are made up; then every sheet says so
    year : of the date of creation, which is its first day whenever the workbook is written
    lines : how to read it
    findings : in sentences
    tables : one a sheet
    in_files : long tables that have no sheet
    stamps : study, date, source and status of a table, by its key
    """

    title: str
    synthetic: bool
    year: int
    lines: list[str]
    findings: list[str]
    tables: list[Table]
    in_files: Sequence[InFiles] = ()
    stamps: Mapping[str, str] = field(default_factory=dict)


def workbook_of(document: Document) -> Book:
    """Return what a document's workbook says."""
    about = document.reader.study.about
    return Book(
        document.title,
        about.synthetic,
        document.year,
        [*how_to_read(document.reader), *document.notes],
        [
            *document.findings,
            *(said for section in document.sections for said in section.findings),
        ],
        list(document.tables),
        document.in_files,
        {table.key: document.stamp(table.key) for table in document.tables},
    )


def how_to_read(reader: Reader) -> list[str]:
    """Return what holds for every sheet: units, and how estimates and gaps look."""
    units = reader.word(
        "workbook.units",
        money=reader.money.name,
        persons=reader.persons.name,
        emissions=reader.emissions.name,
    )
    return [units, reader.word("workbook.estimated")]


def write_book(said: Book, path: Path, lang: Lang, limits: Limits = SHEET) -> None:
    """Write a workbook.

    One sheet a table, with its note, heads and units above; the first sheet lists them with links.
    A table that one sheet cannot hold has several, each listed with its own rows. Estimated
    cells are italic on a tint, missing ones are empty. The same content gives the same bytes.
    """
    with beside(path) as part:
        cells = sum(len(table.rows) * len(table.columns) for table in said.tables)
        book = Workbook(str(part), {"constant_memory": cells > MOST_HELD})
        book.set_properties({"title": _title(said, lang), "created": datetime(said.year, 1, 1)})
        styles = _styles(book, lang)
        shown = [part for table in said.tables for part in parts_of(table, limits, lang)]
        contents = word(lang, "workbook.contents")
        sheets = sheet_names(((table.title, table.key) for table in shown), contents)
        _contents(book, replace(said, tables=shown), lang, sheets, styles)
        for table, sheet in zip(shown, sheets, strict=True):
            _sheet(book, said, lang, table, sheet, styles)
        book.close()


def _title(said: Book, lang: Lang) -> str:
    return f"{word(lang, 'synthetic_mark')} {said.title}" if said.synthetic else said.title


def _contents(
    book: Workbook,
    said: Book,
    lang: Lang,
    sheets: list[str],
    styles: dict[str, Format],
) -> None:
    sheet = book.add_worksheet(word(lang, "workbook.contents"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 90)
    sheet.write_string(0, 0, _title(said, lang), styles["title"])
    lines = [word(lang, "page.synthetic"), *said.lines] if said.synthetic else said.lines
    row = 1
    for line in lines:
        sheet.write_string(row, 0, short(line, SHEET.text), styles["note"])
        row += 1
    row += 1
    sheet.write_string(row, 0, word(lang, "workbook.findings"), styles["head"])
    for finding in said.findings:
        row += 1
        sheet.write_string(row, 0, short(finding, SHEET.text), styles["text"])
    row += 2
    for column, key in enumerate(("table", "rows", "note")):
        sheet.write_string(row, column, word(lang, f"workbook.{key}"), styles["head"])
    for table, name in zip(said.tables, sheets, strict=True):
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles["link"], name)
        sheet.write_number(row, 1, len(table.rows), styles["count"])
        sheet.write_string(row, 2, table.note, styles["text"])
    if said.in_files:
        row += 2
        sheet.write_string(row, 0, word(lang, "workbook.in_files"), styles["head"])
    for long in said.in_files:
        row += 1
        sheet.write_string(row, 0, long.title, styles["text"])
        sheet.write_number(row, 1, long.rows, styles["count"])
        where = word(lang, "workbook.in_file", file=long.file)
        sheet.write_string(row, 2, where, styles["text"])


def _sheet(
    book: Workbook,
    said: Book,
    lang: Lang,
    table: Table,
    name: str,
    styles: dict[str, Format],
) -> None:
    row_by_row = bool(book.constant_memory)
    sheet = book.add_worksheet(name, Worksheet if row_by_row else TableSheet)
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)
    mark = f"{word(lang, 'synthetic_mark')} " if said.synthetic else ""
    sheet.write_string(0, 0, mark + table.title, styles["title"])
    sheet.write_string(1, 0, table.note, styles["note"])
    back = word(lang, "workbook.contents")
    sheet.write_url(2, 0, f"internal:'{back}'!A1", styles["link"], word(lang, "workbook.back"))
    for column, shown in enumerate(table.columns):
        sheet.write_string(HEAD_ROW, column, shown.head, styles["head"])
    for column, shown in enumerate(table.columns):
        sheet.write_string(HEAD_ROW + 1, column, shown.unit, styles["unit"])
    stamp = said.stamps.get(table.key, "")
    sheet.write_string(2, 1, stamp, styles["note"])
    _on_paper(sheet, stamp)
    sheet.freeze_panes(FIRST_ROW, 0)
    if table.rows:
        last = HEAD_ROW + 1 + len(table.rows)
        sheet.autofilter(HEAD_ROW + 1, 0, last, len(table.columns) - 1)
    plain = [styles[c.kind if c.kind in NUMBERS else "text"] for c in table.columns]
    tinted = [styles[f"{c.kind if c.kind in NUMBERS else 'text'}*"] for c in table.columns]
    if row_by_row:
        _cells(sheet, table, plain, tinted)
    else:
        sheet.write_table(FIRST_ROW, table.rows, (plain, tinted), table.estimated)


def _on_paper(sheet: Worksheet, stamp: str) -> None:
    """Print a sheet on A4 as broad as the paper, heads on every page, with stamp and number."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW, HEAD_ROW + 1)
    sheet.set_footer(f"&L&8{short(stamp, MOST_STAMP).replace('&', '&&')}&R&8&P / &N")


def _cells(
    sheet: Worksheet, table: Table, plain: Sequence[Format], tinted: Sequence[Format]
) -> None:
    for i, cells in enumerate(table.rows):
        for j, cell in enumerate(cells):
            style = tinted[j] if (i, j) in table.estimated else plain[j]
            if isinstance(cell, str):
                sheet.write_string(FIRST_ROW + i, j, cell, style)
            elif cell is not None:
                sheet.write_number(FIRST_ROW + i, j, cell, style)


def _widths(table: Table) -> list[float]:
    """Return column widths from heads, units and the first rows; Chinese counts double."""
    widths: list[float] = []
    for j, column in enumerate(table.columns):
        texts = [column.head, column.unit]
        texts += [table.text(i, j) for i in range(min(len(table.rows), 60))]
        longest = max(map(_width, texts))
        widths.append(min(WIDEST, max(9, longest + 3)))
    return widths


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _styles(book: Workbook, lang: Lang) -> dict[str, Format]:
    font: dict[str, object] = {"font_name": FONT[lang], "font_color": INK, "font_size": 10}
    number = {**font, "align": "right"}
    styles: dict[str, dict[str, object]] = {
        "title": {**font, "bold": True, "font_size": 14},
        "note": {**font, "font_color": QUIET},
        "head": {**font, "bold": True, "bg_color": WASH},
        "unit": {**font, "font_color": QUIET, "bg_color": WASH, "bottom": 1},
        "link": {**font, "font_color": LINK, "underline": 1},
        "text": font,
        **{kind: {**number, "num_format": form} for kind, form in FORMATS.items()},
    }
    estimated: dict[str, object] = {"italic": True, "bg_color": TINT}
    styles |= {f"{kind}*": {**styles[kind], **estimated} for kind in ("text", *FORMATS)}
    return {kind: book.add_format(style) for kind, style in styles.items()}
