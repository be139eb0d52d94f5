"""The report as a Word document."""

import io
import zipfile
from pathlib import Path

import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import plan_in_word
from yanzhen.report.document.docx import write_docx
from yanzhen.report.figures import FIGURES
from yanzhen.report.findings.plan import findings
from yanzhen.report.tables.plan import table
from yanzhen.report.text.reader import Reader

docx = pytest.importorskip("docx")


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
    found = docx.Document(io.BytesIO(written)).tables[0]
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
