"""Reading a study from what people have."""

from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from tests.study.small import INDUSTRIES, NATION, REGIONS, YEARS, small, small_study
from yanzhen.study import REQUIRED_TABLES, TABLES, StudyError, check_study, read_study
from yanzhen.study.tables import meanings


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return small_study(tmp_path / "study")


def test_small_study_is_as_announced(study: Path) -> None:
    activity = read_study(study).tables["activity"].filter(pl.col("region") != NATION)
    assert activity.height == len(REGIONS) * len(INDUSTRIES) * len(YEARS)


def test_small_study_is_marked_synthetic(study: Path) -> None:
    about = read_study(study).about
    assert about.synthetic
    assert "SYNTHETIC" in about.title_en and "SYNTHETIC" in about.title_zh


def test_every_declared_table_is_there(study: Path) -> None:
    tables = read_study(study).tables
    assert {name: frame.schema for name, frame in tables.items()} == {
        name: schema.create_empty().schema for name, schema in TABLES.items()
    }


def test_tables_cannot_be_replaced(study: Path) -> None:
    tables = read_study(study).tables
    with pytest.raises(TypeError):
        tables["activity"] = pl.DataFrame()  # type: ignore[index]


def test_columns_that_are_left_out_are_null(study: Path) -> None:
    path = study / "activity.csv"
    codes = {"region": pl.String, "industry": pl.String}
    pl.read_csv(path, schema_overrides=codes).select(
        "region", "industry", "year", "output"
    ).write_csv(path)
    activity = read_study(study).tables["activity"]
    assert activity["employment"].null_count() == activity.height


def test_empty_cell_is_null_and_not_zero(study: Path) -> None:
    path = study / "activity.csv"
    cells = pl.read_csv(path, infer_schema=False)
    cells.with_columns(emissions=pl.lit(None, pl.String)).write_csv(path)
    assert read_study(study).tables["activity"]["emissions"].null_count() == cells.height


def test_zero_stays_zero(study: Path) -> None:
    path = study / "activity.csv"
    cells = pl.read_csv(path, infer_schema=False)
    cells.with_columns(emissions=pl.lit("0")).write_csv(path)
    assert (read_study(study).tables["activity"]["emissions"] == 0).all()


def test_columns_in_any_order(study: Path) -> None:
    path = study / "regions.csv"
    cells = pl.read_csv(path, infer_schema=False)
    cells.select(reversed(cells.columns)).write_csv(path)
    assert read_study(study).tables["regions"].equals(small().tables["regions"])


def test_byte_order_mark_is_no_fault(study: Path) -> None:
    path = study / "regions.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert check_study(study) == ()


def test_windows_line_ends_are_no_fault(study: Path) -> None:
    path = study / "regions.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_study(study) == ()


def test_empty_rows_below_the_table_are_no_fault(study: Path) -> None:
    path = study / "regions.csv"
    empty = b"," * (len(meanings("regions")) - 1) + b"\n"
    path.write_bytes(path.read_bytes() + 2 * empty + b"\n")
    assert check_study(study) == ()


def test_whole_years_written_with_a_point_are_no_fault(study: Path) -> None:
    path = study / "activity.csv"
    cells = pl.read_csv(path, infer_schema=False)
    cells.with_columns(pl.col("year") + ".0").write_csv(path)
    assert read_study(study).tables["activity"]["year"].to_list() == [int(y) for y in cells["year"]]


def test_quoted_commas_and_line_breaks_are_no_fault(study: Path) -> None:
    path = study / "regions.csv"
    cells = pl.read_csv(path, infer_schema=False)
    cells.with_columns(tier=pl.lit('a "b", c\nd')).write_csv(path)
    assert set(read_study(study).tables["regions"]["tier"]) == {'a "b", c\nd'}


def test_optional_table_with_header_alone_is_empty(study: Path) -> None:
    (study / "sites.csv").write_text("site,region\n", encoding="utf-8")
    assert read_study(study).tables["sites"].is_empty()


def test_table_may_be_parquet_beside_csv(study: Path) -> None:
    small().tables["regions"].write_parquet(study / "regions.parquet")
    (study / "regions.csv").unlink()
    assert read_study(study).tables["regions"].equals(small().tables["regions"])


def test_codes_stored_as_numbers_in_parquet_are_text(study: Path) -> None:
    regions = small().tables["regions"].with_columns(pl.col("region", "parent").cast(pl.Int64))
    regions.write_parquet(study / "regions.parquet")
    (study / "regions.csv").unlink()
    assert read_study(study).tables["regions"].equals(small().tables["regions"])


def test_unit_may_be_declared_in_chinese(study: Path) -> None:
    path = study / "study.toml"
    said = path.read_text(encoding="utf-8").replace('"100 million CNY"', '"亿元"')
    path.write_text(said, encoding="utf-8")
    assert read_study(study).about.units.money == "100 million CNY"


def small_workbook(path: Path) -> None:
    """Write the tables of the small study to a workbook without settings, as a person would."""
    with xlsxwriter.Workbook(path) as book:
        for name in REQUIRED_TABLES:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, small().tables[name].columns)
            for row, cells in enumerate(small().tables[name].iter_rows(), start=1):
                sheet.write_row(row, 0, cells)
        book.add_worksheet("Sheet1")


def test_workbook_may_have_its_settings_beside(tmp_path: Path) -> None:
    small_workbook(tmp_path / "study.xlsx")
    (small_study(tmp_path / "folder") / "study.toml").replace(tmp_path / "study.toml")
    assert read_study(tmp_path / "study.xlsx").about == small().about


def test_empty_sheet_of_no_table_is_no_fault(tmp_path: Path) -> None:
    small_workbook(tmp_path / "study.xlsx")
    (small_study(tmp_path / "folder") / "study.toml").replace(tmp_path / "study.toml")
    assert "Sheet1" in fastexcel.read_excel(tmp_path / "study.xlsx").sheet_names
    assert check_study(tmp_path / "study.xlsx") == ()


def test_codes_stored_as_numbers_in_a_workbook_are_text(tmp_path: Path) -> None:
    frame = small().tables["regions"].with_columns(pl.col("region", "parent").cast(pl.Int64))
    folder = small_study(tmp_path / "folder")
    sheets = {name: small().tables[name] for name in REQUIRED_TABLES} | {"regions": frame}
    with xlsxwriter.Workbook(tmp_path / "study.xlsx") as book:
        for name, table in sheets.items():
            table.write_excel(book, name)
    (folder / "study.toml").replace(tmp_path / "study.toml")
    again = read_study(tmp_path / "study.xlsx").tables["regions"]
    assert again["region"].equals(small().tables["regions"]["region"])


def test_hidden_files_are_no_tables(study: Path) -> None:
    (study / "._regions.csv").write_bytes(b"\x00\x05\x16\x07")
    assert check_study(study) == ()


def test_all_problems_come_together(study: Path) -> None:
    (study / "sites.csv").write_text("site,region\nS1,1\n,110000\n", encoding="utf-8")
    (study / "moves.csv").write_text("move,industry\nM1,06\n", encoding="utf-8")
    (study / "study.toml").write_text("", encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        read_study(study)
    assert {problem.table for problem in raised.value.problems} == {"sites", "moves", "study"}


def test_error_lists_every_problem_on_a_line(study: Path) -> None:
    (study / "sites.csv").write_text("site,region\nS1,1\n,110000\n", encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        read_study(study)
    assert str(raised.value).splitlines() == [str(p) for p in raised.value.problems]
    assert len(raised.value.problems) == 2
