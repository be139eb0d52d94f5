"""Files damaged in their form, one damage a test: one clear message each."""

from pathlib import Path

import polars as pl
import pytest

from tests.study.damage.damaging import lines, put, said_once, settings, workbook
from tests.study.small import small, small_study
from yanzhen.study import check_study, read_study, write_study

# The form of the file


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_spreadsheet_programs_are_read(study: Path, encoding: str) -> None:
    for path in (study / "regions.csv", study / "study.toml"):
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert check_study(study) == ()
    assert read_study(study).tables["regions"].equals(small().tables["regions"])
    assert read_study(study).about == small().about


def test_text_of_an_encoding_that_cannot_be_told(study: Path) -> None:
    path = study / "regions.csv"
    # What a Big5 file holds, row 2 on, is no UTF-8 and makes no sense as GB18030.
    put(path, [line.replace("合成国", "國").replace("合成区", "區") for line in lines(path)])
    path.write_bytes(path.read_text(encoding="utf-8").encode("big5"))
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=2,
        column="",
        found="encoding that cannot be told",
        expected="CSV UTF-8",
    )


def test_a_table_of_a_folder_in_every_form_at_once_is_refused(study: Path) -> None:
    frame = small().tables["regions"]
    frame.write_parquet(study / "regions.parquet")
    frame.write_excel(study / "Regions.xlsx")
    found = [p.found for p in check_study(study)]
    assert set(found) == {"the table twice: Regions.xlsx, regions.csv, regions.parquet"}
    (study / "regions.parquet").unlink()
    (study / "regions.csv").unlink()
    assert check_study(study) == ()


def test_other_workbooks_of_a_folder_are_no_tables(study: Path) -> None:
    (study / "template.xlsx").write_bytes(b"")
    assert check_study(study) == ()


def test_semicolons_instead_of_commas(study: Path) -> None:
    path = study / "industries.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=1,
        column="",
        found="semicolons",
        expected="commas",
    )


def test_workbook_named_csv_is_read_as_what_it_is(study: Path) -> None:
    write_study(small(), study / "all.xlsx")
    (study / "all.xlsx").replace(study / "regions.csv")
    assert check_study(study) == ()


def test_row_with_too_few_cells(study: Path) -> None:
    path = study / "regions.csv"
    put(
        path,
        [line[: line.rindex(",")] if n == 3 else line for n, line in enumerate(lines(path), 1)],
    )
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=3,
        column="",
        found="9 cells",
        expected="10 cells",
    )


def test_empty_row(study: Path) -> None:
    path = study / "regions.csv"
    put(path, [*lines(path)[:3], "," * lines(path)[0].count(","), *lines(path)[3:]])
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=4,
        column="",
        found="an empty row",
        expected="without gaps",
    )


def test_title_above_the_header_of_a_file(study: Path) -> None:
    path = study / "regions.csv"
    put(path, ["各地区代码表" + "," * lines(path)[0].count(","), "", *lines(path)])
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=3,
        column="",
        found="names of the columns in row 3",
        expected="row 1",
    )


def test_quotation_mark_that_is_not_closed(study: Path) -> None:
    path = study / "industries.csv"
    put(path, [line.replace("合成行业乙", '"合成行业乙') for line in lines(path)])
    problems = check_study(study)
    said_once(
        problems[:1],
        file="industries.csv",
        table="industries",
        row=3,
        column="",
        found="2 cells",
        expected="7 cells",
    )


def test_column_without_a_name(study: Path) -> None:
    path = study / "industries.csv"
    put(path, [f"{line},{'' if n == 0 else n}" for n, line in enumerate(lines(path))])
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=1,
        column="(8)",
        found="no name",
        expected="a name in the header",
    )


def test_malformed_toml(study: Path) -> None:
    row = settings(study, "base_year", "base_year = 2017年")
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="",
        found="base_year = 2017年",
        expected="base_year = 2017",
    )


def test_missing_settings(study: Path) -> None:
    (study / "study.toml").unlink()
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=None,
        column="",
        found="no such file",
        expected="study.toml",
    )


# Whole files


def test_torn_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "study.xlsx")
    path.write_bytes(path.read_bytes()[:2000])
    (problem, *_) = [p for p in check_study(path) if p.file == "study.xlsx"]
    assert "cannot be read as Excel" in problem.found


def test_torn_parquet(study: Path) -> None:
    (study / "regions.csv").unlink()
    (study / "regions.parquet").write_bytes(b"PAR1 torn")
    said_once(
        check_study(study),
        file="regions.parquet",
        table="regions",
        row=None,
        column="",
        found="cannot be read as Parquet",
        expected="a Parquet file",
    )


def test_table_twice(study: Path) -> None:
    pl.read_csv(study / "regions.csv", infer_schema=False).write_parquet(study / "regions.parquet")
    said_once(
        check_study(study),
        file=str(study),
        table="regions",
        row=None,
        column="",
        found="twice",
        expected="once",
    )


def test_no_such_study(tmp_path: Path) -> None:
    small_study(tmp_path / "river")
    path = str(tmp_path / "rivre")
    said_once(
        check_study(path),
        file=path,
        table="",
        row=None,
        column="",
        found="no such file",
        expected="river",
    )
