"""What hides in the parts of a workbook: errors, merged cells, formulas without results, locks."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.study.small import small
from yanzhen.study import check_study, write_study
from yanzhen.study.workbook_marks import marks

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def transitional(content: bytes) -> bytes:
    return content


def strict(content: bytes) -> bytes:
    content = content.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    return content.replace(RELATIONS, b"http://purl.oclc.org/ooxml/officeDocument/relationships")


def single_quoted(content: bytes) -> bytes:
    return content.replace(b'"', b"'")


def book(path: Path, fill: Callable[[xlsxwriter.Workbook], None], rewrite: object) -> Path:
    """Write a workbook and its parts anew."""
    plain = path.with_name("plain.xlsx")
    with xlsxwriter.Workbook(plain) as made:
        fill(made)
    assert callable(rewrite)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, rewrite(old.read(name)))
    return path


def spoilt(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("activity")
    sheet.write_row(0, 0, ["region", "output"])
    sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
    sheet.merge_range("A3:A4", "HA")
    for row in range(4, 7):
        sheet.write_formula(row, 1, "=400+80")
    sheet.write_boolean("B8", True)
    sheet.write_formula("B9", "=400+80", None, 480)


@pytest.mark.parametrize("rewrite", [transitional, strict, single_quoted])
def test_marks_are_found_in_every_dialect(tmp_path: Path, rewrite: object) -> None:
    found = marks(book(tmp_path / "book.xlsx", spoilt, rewrite))["activity"]
    assert found.errors == [("B", 2, "#DIV/0!")]
    assert found.merged == [("A", 3)]
    assert found.unstored == [("B", 5), ("B", 6), ("B", 7)]
    assert found.truths == [("B", 8)]
    assert len(found.problems({"B": "output"}, "book.xlsx", "activity")) == 3
    said = found.problems({"B": "output"}, "book.xlsx", "activity", ["output"])
    assert [(p.row, p.column, p.found) for p in said] == [
        (2, "output", "the error #DIV/0!"),
        (3, "A", "merged cells"),
        (5, "output", "formulas without stored results (rows 5 to 7)"),
        (8, "output", "TRUE or FALSE"),
    ]


PREFIXED = (
    '<?xml version="1.0"?><x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main">'
    "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row>"
    '<x:row><x:c><x:v>2</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>'
    "<x:row><x:c><x:f>1+1</x:f></x:c><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c>"
    '<x:c t="str"><x:f>""</x:f><x:v/></x:c></x:row></x:sheetData>'
    '<x:mergeCells><x:mergeCell ref="C7:C9"/></x:mergeCells></x:worksheet>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_prefixed_parts_without_addresses(tmp_path: Path, encoding: str) -> None:
    book(tmp_path / "book.xlsx", spoilt, transitional)
    path = tmp_path / "prefixed.xlsx"
    with zipfile.ZipFile(tmp_path / "book.xlsx") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            is_sheet = name.startswith("xl/worksheets/sheet")
            new.writestr(name, PREFIXED.encode(encoding) if is_sheet else old.read(name))
    found = marks(path)["activity"]
    assert found.errors == [("B", 2, "#N/A")]
    assert found.unstored == [("A", 3)]
    assert found.merged == [("C", 7)]


def compound(*names: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "".join(names).encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (compound("EncryptionInfo", "EncryptedPackage"), "locked by a password"),
        (compound("Workbook"), r"Excel 97-2003 \(\.xls\)"),
        (b"PK\x03\x04torn", "cannot be read as Excel"),
    ],
)
@pytest.mark.parametrize("name", ["study.xlsx", "study.xls", "folder/activity.csv"])
def test_a_workbook_that_cannot_be_read_is_called_what_it_is(
    tmp_path: Path, content: bytes, message: str, name: str
) -> None:
    write_study(small(), tmp_path / "folder")
    (tmp_path / name).write_bytes(content)
    source = tmp_path / name if name.startswith("study") else tmp_path / "folder"
    (problem,) = [p for p in check_study(source) if p.file == Path(name).name]
    assert re.search(message, problem.found)


def test_hidden_sheets_that_are_no_tables_are_passed_over(tmp_path: Path) -> None:
    write_study(small(), tmp_path / "folder")

    def fill(made: xlsxwriter.Workbook) -> None:
        for name in ("Regions", " activity", "industries"):
            sheet = made.add_worksheet(name)
            frame = small().tables[name.strip().casefold()]
            sheet.write_row(0, 0, frame.columns)
            for number, row in enumerate(frame.iter_rows(), start=1):
                sheet.write_row(number, 0, row)
        lists = made.add_worksheet("lists of choices")
        lists.write("A1", "East")
        lists.hide()

    path = tmp_path / "folder" / "study.xlsx"
    assert check_study(book(path, fill, transitional)) == ()
