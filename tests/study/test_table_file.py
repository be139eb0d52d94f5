"""One table from one file: the same cells and the same messages in every form."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from yanzhen.study import StudyError
from yanzhen.study.table_file import read_texts

ROWS = [["project", "year", "tax", "day"], ["甲", 2020, 0.1 + 0.2, None], ["乙", 2021, 5, "x"]]
READ = {
    "project": ["甲", "乙"],
    "year": ["2020", "2021"],
    "tax": ["0.3", "5"],
    "day": [None, "x"],
}


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_every_form_gives_the_same_texts(tmp_path: Path) -> None:
    frame = pl.DataFrame(READ)
    text = frame.write_csv()
    frame.write_parquet(tmp_path / "p.parquet")
    paths = [
        workbook(tmp_path / "p.xlsx", {"项目": ROWS, "Sheet2": []}),
        workbook(tmp_path / "book-named.csv", {"项目": ROWS}),
        tmp_path / "p.parquet",
        csv(tmp_path / "p.csv", text),
        *(csv(tmp_path / f"{e}.csv", text, e) for e in ("utf-8-sig", "utf-16", "gb18030")),
        csv(tmp_path / "commas.csv", text + ",,,\n,,,\n"),
    ]
    for path in paths:
        assert read_texts(path, "projects", ("project", "year", "tax")).equals(frame), path


def test_of_several_filled_sheets_the_one_of_the_tables_name_is_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "p.xlsx", {"other": [["a"], [1]], "Projects ": ROWS, "说明": [["?"]]}
    )
    assert read_texts(path, "projects").equals(pl.DataFrame(READ))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("项目表,,\nproject,year,tax\n甲,2020,1\n", "the names of the columns in row 2"),
        ("project,year,tax\n甲,2020,1,5\n", "row 2: found 4 cells; expected 3 cells"),
        ("project,year,tax\n甲,2020,1\n\n乙,2020,1\n", "row 3: found an empty row"),
        ("", "an empty file"),
    ],
)
def test_the_form_of_a_csv_is_named_in_the_readers_words(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(StudyError, match=message):
        read_texts(csv(tmp_path / "p.csv", text), "projects", ("project", "year", "tax"))


def test_several_filled_sheets_are_not_chosen_from(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", {"一": ROWS, "二": ROWS})
    with pytest.raises(StudyError, match="the sheets 一, 二; expected one sheet"):
        read_texts(path, "projects")


def test_columns_by_the_names_of_patterns_are_columns(tmp_path: Path) -> None:
    path = csv(tmp_path / "p.csv", "project,*,^.*$\n甲,1,2\n")
    assert read_texts(path, "projects").rows() == [("甲", "1", "2")]
