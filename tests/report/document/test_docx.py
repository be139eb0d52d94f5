"""The report as a Word document."""

import io
import zipfile
from pathlib import Path

import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import plan_in_word
from yanzhen.report.document.docx import write_docx
from yanzhen.report.document.official import numeral
from yanzhen.report.figures import FIGURES
from yanzhen.report.findings.first_page import figures
from yanzhen.report.findings.plan import findings
from yanzhen.report.tables.plan import table
from yanzhen.report.text.reader import Reader

docx = pytest.importorskip("docx")
qn = pytest.importorskip("docx.oxml.ns").qn


@pytest.fixture(scope="module")
def written(plan_for_word: Path) -> bytes:
    return plan_for_word.read_bytes()


def test_it_says_the_findings_and_shows_every_picture(plan: Plan, written: bytes) -> None:
    document = docx.Document(io.BytesIO(written))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert set(findings(plan, Reader(plan.study, "zh"))) <= set(said)
    assert len(document.inline_shapes) == len(FIGURES)
    if plan.study.about.synthetic:
        assert "SYNTHETIC" in said[0]


def test_its_tables_hold_the_cells_of_the_report(plan: Plan, written: bytes) -> None:
    shown = table(plan, "macro_regions", Reader(plan.study, "zh"))
    tables = docx.Document(io.BytesIO(written)).tables
    # The first is of the figures on the first page.
    assert [cell.text for cell in tables[0].columns[0].cells] == [
        label for label, _ in figures(plan, Reader(plan.study, "zh"))
    ]
    found = tables[1]
    assert len(found.rows) == len(shown.rows) + 1
    last = len(shown.columns) - 1
    cells = [row.cells[-1].text for row in found.rows[1:]]
    assert cells == [shown.text(row, last) for row in range(len(shown.rows))]


def test_the_same_plan_gives_the_same_bytes(plan: Plan, written: bytes, tmp_path: Path) -> None:
    write_docx(plan_in_word(plan, Reader(plan.study, "zh")), tmp_path / "again.docx")
    again = (tmp_path / "again.docx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(again)) as a, zipfile.ZipFile(io.BytesIO(written)) as b:
        assert [x.filename for x in a.infolist() if a.read(x) != b.read(x.filename)] == []
    assert again == written


def test_a_table_of_many_columns_lies_on_its_side(written: bytes) -> None:
    lying = [
        section.page_width > section.page_height
        for section in docx.Document(io.BytesIO(written)).sections
    ]
    assert True in lying and not lying[0] and not lying[-1]


def test_it_is_set_as_official_documents_are(written: bytes) -> None:
    document = docx.Document(io.BytesIO(written))
    page, styles = document.sections[0], document.styles
    sides = (page.top_margin, page.left_margin, page.page_width, page.page_height)
    assert [round(side.mm) for side in sides] == [37, 28, 210, 297]
    families = {
        name: (styles[name].element.rPr.rFonts.get(qn("w:eastAsia")), styles[name].font.size.pt)
        for name in ("Title", "Heading 1", "Heading 2", "Normal")
    }
    assert families == {
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
        "Normal": ("仿宋_GB2312", 16),
    }
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert [text.partition("、")[0] for text in headings] == [
        numeral(place) for place in range(1, len(headings) + 1)
    ]
    assert styles["Normal"].paragraph_format.line_spacing.pt == 28


def test_pages_are_numbered_and_bear_the_stamp(plan: Plan, written: bytes) -> None:
    page = docx.Document(io.BytesIO(written)).sections[0]
    for head, foot in ((page.header, page.footer), (page.even_page_header, page.even_page_footer)):
        assert Reader(plan.study, "zh").study_title in head.paragraphs[0].text
        assert "PAGE" in foot._element.xml and foot.paragraphs[0].text == "—  —"


def test_every_picture_says_what_it_shows(plan: Plan, written: bytes) -> None:
    document = docx.Document(io.BytesIO(written))
    said = [
        (shape._inline.docPr.get("title"), shape._inline.docPr.get("descr"))
        for shape in document.inline_shapes
    ]
    assert all(title and text for title, text in said)
    captions = [each.text for each in document.paragraphs if each.style.name == "Caption"]
    pictures = [text for text in captions if text.startswith("图")]
    assert pictures == [f"图{i}　{title}" for i, (title, _) in enumerate(said, start=1)]
    stamp = plan_in_word(plan, Reader(plan.study, "zh")).stamp("flows")
    assert [each.text for each in document.paragraphs].count(stamp) >= len(captions) - 3


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (9, "九"), (10, "十"), (14, "十四"), (20, "二十"), (35, "三十五")],
)
def test_numbers_in_chinese(number: int, text: str) -> None:
    assert numeral(number) == text
