"""How a Word document looks: Chinese as GB/T 9704-2012 sets official documents, English plain.

GB/T 9704-2012 (党政机关公文格式): A4, margins of 37, 35, 28 and 26 mm; title in 小标宋 of 22 pt;
headings in 黑体 and 楷体 and text in 仿宋, all of 16 pt on lines of 28 pt; page numbers between
dashes, on the outer side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from yanzhen.report.text.words import Lang

WIDTH, LYING = 15.6, 24.3  # cm between the margins of a page, upright and on its side
MARGINS = {"top_margin": 3.7, "bottom_margin": 3.5, "left_margin": 2.8, "right_margin": 2.6}
LATIN = "Times New Roman"
RED = "C00000"
STEPS = "一二三四五六七八九"


@dataclass(frozen=True)
class Face:
    """Type of a style.

    Attributes
    ----------
    chinese, latin : families
    size, line : pt; a line of 0 is single
    indent : of the first line, in signs
    """

    chinese: str
    latin: str
    size: float
    line: float = 0.0
    indent: int = 0
    bold: bool = False


FACES: Mapping[Lang, Mapping[str, Face]] = {
    "zh": {
        "Title": Face("方正小标宋简体", LATIN, 22, 35),
        "Heading 1": Face("黑体", LATIN, 16, 28),
        "Heading 2": Face("楷体_GB2312", LATIN, 16, 28),
        "Normal": Face("仿宋_GB2312", LATIN, 16, 28, 2),
        "List Number": Face("仿宋_GB2312", LATIN, 16, 28),
        "List Bullet": Face("仿宋_GB2312", LATIN, 16, 28),
        "Caption": Face("黑体", LATIN, 12, 18),
        "Note": Face("仿宋_GB2312", LATIN, 10, 13),
        "Cell": Face("仿宋_GB2312", LATIN, 9),
    },
    "en": {
        "Title": Face("方正小标宋简体", "Calibri", 18, bold=True),
        "Heading 1": Face("黑体", "Calibri", 15, bold=True),
        "Heading 2": Face("黑体", "Calibri", 12, bold=True),
        "Normal": Face("仿宋_GB2312", "Calibri", 11),
        "List Number": Face("仿宋_GB2312", "Calibri", 11),
        "List Bullet": Face("仿宋_GB2312", "Calibri", 11),
        "Caption": Face("黑体", "Calibri", 10.5, bold=True),
        "Note": Face("仿宋_GB2312", "Calibri", 9, 11),
        "Cell": Face("仿宋_GB2312", "Calibri", 8),
    },
}
INSTEAD = {
    "方正小标宋简体": "华文中宋",
    "楷体_GB2312": "楷体",
    "仿宋_GB2312": "仿宋",
    "黑体": "SimHei",
}
"""What a reader's system is to take where it lacks a family."""


def dress(document: Any, lang: Lang, year: int) -> None:
    """Set page, styles, substitutes of families, and dates that do not change."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    for name, size in MARGINS.items():
        setattr(page, name, Cm(size))
    for name, face in FACES[lang].items():
        if name in ("Note", "Cell"):
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _style(document.styles[name], face)
    _substitutes(document)
    properties = document.core_properties
    properties.author = "Yanzhen"
    properties.language = "zh-CN" if lang == "zh" else "en"
    properties.created = properties.modified = datetime(year, 1, 1)


def head_and_number(document: Any, stamp: str) -> None:
    """Put the stamp at the head of every page, and its number below: odd right, even left."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.settings.odd_and_even_pages_header_footer = True
    page = document.sections[0]
    for header in (page.header, page.even_page_header):
        header.paragraphs[0].style = document.styles["Cell"]
        header.paragraphs[0].text = stamp
    for footer, side in (
        (page.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        number = footer.paragraphs[0]
        number.alignment = side
        number.add_run("— ")
        _field(number, "PAGE")
        number.add_run(" —")


def describe(inline: Any, title: str, text: str) -> None:
    """Say what a picture shows to those who cannot see it."""
    shown = inline._inline.docPr
    shown.set("title", title)
    shown.set("descr", text)


def numbered(lang: Lang, place: int, heading: str) -> str:
    """Return a heading of the first level with its number: 一、二、 or 1, 2."""
    return f"{numeral(place)}、{heading}" if lang == "zh" else f"{place}  {heading}"


def numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{STEPS[tens - 1]}十"
    return ten + (STEPS[ones - 1] if ones else "")


def _style(style: Any, face: Face) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    font, shape = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = face.latin, Pt(face.size), face.bold, False
    font.color.rgb = RGBColor(0, 0, 0)
    families = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        families.attrib.pop(qn(name), None)
    families.set(qn("w:eastAsia"), face.chinese)
    shape.space_before = shape.space_after = Pt(0)
    if face.line:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(face.line)
    else:
        shape.space_after = Pt(face.size / 3)
        shape.line_spacing = 1.15
    if face.indent:
        shape.first_line_indent = Pt(face.indent * face.size)
    if style.name in ("Title", "Caption"):
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape.first_line_indent = Pt(0)
        for border in style.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
    if style.name in ("Note", "Cell"):
        shape.first_line_indent = Pt(0)
    if style.name == "Cell":
        shape.space_after, shape.line_spacing = Pt(0), 1.0
    shape.keep_with_next = style.name.startswith("Heading") or style.name == "Title"


def _field(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = code
        run._r.append(mark)


def _substitutes(document: Any) -> None:
    """Name beside each family the one to take where it is not there."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/></w:font>"
        for name, other in INSTEAD.items()
    )
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = part.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())
