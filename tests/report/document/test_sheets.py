"""The limits of every format written: nothing is lost beyond them without a word."""

import io
import json
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from tests.study.small import small
from yanzhen.market.plan.plan import Plan
from yanzhen.report.document.document import Document
from yanzhen.report.document.docx import Pen, _add_table
from yanzhen.report.document.frames import write_frames
from yanzhen.report.document.geojson import write_geojson
from yanzhen.report.document.official import dress
from yanzhen.report.document.sheets import SHEET, WORD_TABLE, Limits, parts_of, sheet_names
from yanzhen.report.document.workbook import FIRST_ROW, Book, write_book
from yanzhen.report.tables.table import Column, Table
from yanzhen.report.text.reader import Reader
from yanzhen.study import StudyError
from yanzhen.study.writing import ROWS_OF_A_SHEET, _require_room

LIMITS = Limits(rows=4, columns=3, text=12)


def table(rows: int, columns: int = 2, text: str = "x") -> Table:
    named = tuple(Column(f"c{j}", f"Head {j}", "", "text") for j in range(columns))
    cells = [tuple(f"{text}{i}.{j}" for j in range(columns)) for i in range(rows)]
    marked = frozenset((i, columns - 1) for i in range(rows))
    return Table("moves", "Moves of many enterprises", "Note.", named, cells, marked)


@pytest.mark.parametrize(("rows", "parts"), [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (9, 3)])
def test_rows_at_the_limit(rows: int, parts: int) -> None:
    whole = table(rows)
    cut = parts_of(whole, LIMITS, "en")
    assert len(cut) == parts
    assert [cells for part in cut for cells in part.rows] == whole.rows
    assert sum(len(part.estimated) for part in cut) == rows
    assert all(len(part.rows) <= LIMITS.rows for part in cut)
    if parts > 1:
        assert [part.title for part in cut][1] == f"Moves of many enterprises (2 of {parts})"
        last = min(8, rows)
        assert f"rows 5 to {last} of {rows}" in cut[1].note and "Parquet" in cut[1].note


@pytest.mark.parametrize(("columns", "parts"), [(3, 1), (4, 2), (5, 2), (6, 3)])
def test_columns_at_the_limit(columns: int, parts: int) -> None:
    cut = parts_of(table(2, columns), LIMITS, "zh")
    assert len(cut) == parts
    heads = [column.head for part in cut for column in part.columns]
    assert list(dict.fromkeys(heads)) == [f"Head {j}" for j in range(columns)]
    assert all(part.columns[0].head == "Head 0" and len(part.columns) <= 3 for part in cut)


def test_texts_at_the_limit() -> None:
    at, beyond = table(1, 1, "x" * 9), table(1, 1, "x" * 10)
    assert parts_of(at, LIMITS, "en")[0].rows == at.rows
    (cut,) = parts_of(beyond, Limits(4, 3, 300), "en")
    assert cut.rows == beyond.rows
    (cut,) = parts_of(table(1, 1, "x" * 400), Limits(4, 3, 300), "en")
    assert cut.rows == [("x" * 299 + "…",)] and "1 texts of more than 300" in cut.note


def test_every_row_of_a_cut_table_is_in_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    said = Book("Plan", False, 2020, [], [], [table(9), table(2)])
    write_book(said, path, "en", LIMITS)
    book = fastexcel.read_excel(path)
    assert len(book.sheet_names) == 1 + 3 + 1
    held = [
        row
        for name in book.sheet_names[1:4]
        for row in book.load_sheet(name, header_row=None, skip_rows=FIRST_ROW).to_polars().rows()
    ]
    assert held == table(9).rows
    contents = book.load_sheet(0, header_row=None, skip_rows=0).to_polars()
    counted = [row[1] for row in contents.rows() if row[0] in book.sheet_names[1:]]
    assert [float(count) for count in counted] == [4, 4, 1, 2]


def test_the_limits_are_those_of_excel_and_word() -> None:
    assert SHEET.rows + FIRST_ROW == 1_048_576 == ROWS_OF_A_SHEET + 1
    assert (SHEET.columns, SHEET.text) == (16_384, 32_767)
    assert (WORD_TABLE.rows + 1, WORD_TABLE.columns) == (32_767, 63)


def test_names_of_sheets() -> None:
    titles = [("A" * 40, "a")] * 120 + [("History", "h"), ("[]:*?/\\'", "key"), ("目录", "c")]
    names = sheet_names(titles, "目录")
    assert len({name.casefold() for name in names}) == len(titles)
    assert max(map(len, names)) <= 31
    assert names[-3:] == ["History 2", "key", "目录 2"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What leaves, by industry and origin", "What leaves, by industry"),
        ("Suppliers, the scarcest first, 2017", "Suppliers, the scarcest"),
        ("各行业在产业链中的位置，2017年产值与最近年份投入产出表", None),
    ],
)
def test_a_name_ends_with_a_whole_word(title: str, name: str | None) -> None:
    assert sheet_names([(title, "key")], "Contents") == [name or title[:28]]


@pytest.mark.parametrize("rows", [3, 4, 5])
def test_rows_of_a_word_table_at_the_limit(plan: Plan, rows: int) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    dress(document, "en", 2020)
    said = Document(Reader(plan.study, "en"), "Title", "", 2020, [], [], [])
    _add_table(Pen(document, said), table(rows), LIMITS)
    assert len(document.tables[0].rows) == min(rows, 4) + 1
    text = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert ("The first 4 of 5 rows" in text) == (rows == 5)


def test_csv_and_parquet_have_no_limit(plan: Plan, tmp_path: Path) -> None:
    height = 70_000
    frame = pl.DataFrame({"row": range(height), "text": ["x" * 40_000] + ["y"] * (height - 1)})
    write_frames(plan.study, {"long": frame}, {}, tmp_path)
    mark = "SYNTHETIC_" if plan.study.about.synthetic else ""
    assert pl.read_csv(tmp_path / f"{mark}long.csv").equals(frame)
    assert pl.read_parquet(tmp_path / f"{mark}long.parquet").equals(frame)


def test_geojson_holds_every_region(plan: Plan, tmp_path: Path) -> None:
    write_geojson(plan, tmp_path)
    features = json.loads((tmp_path / "regions.geojson").read_text("utf-8"))["features"]
    assert len(features) == plan.regions.height


def test_a_study_of_more_rows_than_a_sheet_holds_is_refused() -> None:
    frames = {"regions": small().tables["regions"], "activity": small().tables["activity"]}
    _require_room(frames, "study.xlsx", frames["activity"].height)
    with pytest.raises(StudyError, match=r"study\.xlsx, table activity: found 48 rows"):
        _require_room(frames, "study.xlsx", frames["activity"].height - 1)


def test_a_written_workbook_has_no_name_too_long(plan: Plan, tmp_path: Path) -> None:
    long = Table("k", "T" * 90, "N" * 40_000, table(1).columns, table(1).rows, frozenset())
    write_book(
        Book("Plan", False, 2020, ["L" * 40_000], ["F" * 40_000], [long]), tmp_path / "b.xlsx", "en"
    )
    with zipfile.ZipFile(io.BytesIO((tmp_path / "b.xlsx").read_bytes())) as parts:
        shared = parts.read("xl/sharedStrings.xml").decode()
    assert "N" * 32_766 + "…" in shared and "F" * 32_766 + "…" in shared
