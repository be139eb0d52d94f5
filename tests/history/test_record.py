from pathlib import Path

import polars as pl
import pytest

from tests.study.small import small
from yanzhen.history.record import read_record, record_of_frame
from yanzhen.study import StudyError, write_study

PANEL = pl.DataFrame(
    {
        "region": ["01", "01", "02"],
        "industry": ["a", "b", "a"],
        "year": [2000, 2000, 2000],
        "employment_share": [0.5, 0.5, 1.0],
        "population": [2.0, 2.0, 3.0],
    }
)


def test_a_share_of_employment_counts_by_the_population(tmp_path: Path) -> None:
    PANEL.write_csv(tmp_path / "panel.csv")
    record = read_record(tmp_path / "panel.csv")
    assert record.of_year(2000)[:, 0].tolist() == [1.0, 3.0]


def test_a_panel_in_a_workbook_or_in_gb18030_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "panel.csv").write_bytes(PANEL.write_csv().encode("gb18030"))
    PANEL.write_excel(tmp_path / "panel.xlsx", worksheet="面板")
    for name in ("panel.csv", "panel.xlsx"):
        record = read_record(tmp_path / name)
        assert record.of_year(2000)[:, 0].tolist() == [1.0, 3.0]
        assert record.regions == ("01", "02")


def test_a_workbook_with_the_tables_of_a_study_is_a_study(tmp_path: Path) -> None:
    write_study(small(), tmp_path / "study.xlsx")
    assert len(read_record(tmp_path / "study.xlsx").regions) == 5


def test_codes_keep_their_leading_zeros(tmp_path: Path) -> None:
    PANEL.write_csv(tmp_path / "panel.csv")
    assert read_record(tmp_path / "panel.csv").regions == ("01", "02")


def test_a_row_that_is_not_there_is_missing_and_not_zero() -> None:
    amounts = record_of_frame(PANEL, "panel").of_year(2000)
    assert str(amounts[1, 1]) == "nan"


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = PANEL.with_columns(employment_share=pl.Series([-1.0, 0.5, 1.0]), year=pl.lit("x"))
    with pytest.raises(StudyError) as error:
        record_of_frame(wrong, "panel.csv")
    assert {problem.column for problem in error.value.problems} >= {"year", "employment_share"}


def test_a_year_without_population_takes_that_of_the_nearest_year() -> None:
    later = PANEL.with_columns(year=pl.lit(2010, pl.Int64), population=pl.lit(None, pl.Float64))
    record = record_of_frame(pl.concat([PANEL, later]), "panel")
    assert record.of_year(2010)[:, 0].tolist() == [1.0, 3.0]


def test_a_region_without_any_population_is_told() -> None:
    wrong = PANEL.with_columns(
        population=pl.when(pl.col("region") == "01").then(pl.col("population"))
    )
    with pytest.raises(StudyError) as error:
        record_of_frame(wrong, "panel.csv")
    (problem,) = error.value.problems
    assert (problem.row, problem.column) == (4, "population")


def test_a_region_of_two_sizes_in_a_year_is_told() -> None:
    wrong = PANEL.with_columns(population=pl.Series([2.0, 2.5, 3.0]))
    with pytest.raises(StudyError) as error:
        record_of_frame(wrong, "panel.csv")
    (problem,) = error.value.problems
    assert (problem.row, problem.column, problem.found) == (3, "population", "2.5")


@pytest.mark.parametrize(
    "as_written",
    [
        pl.col("year").cast(pl.Float64),
        pl.col("year").cast(pl.String),
        pl.date(pl.col("year"), 7, 1),
    ],
)
def test_years_may_be_numbers_texts_or_dates(as_written: pl.Expr) -> None:
    record = record_of_frame(PANEL.with_columns(year=as_written), "panel")
    assert record.years == (2000,)


def test_codes_may_be_numbers_or_categories() -> None:
    numbered = PANEL.with_columns(
        pl.col("region").cast(pl.Int32), pl.col("industry").cast(pl.Categorical)
    )
    record = record_of_frame(numbered, "panel")
    assert (record.regions, record.industries) == (("1", "2"), ("a", "b"))


def test_words_for_a_figure_are_told_row_by_row(tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_text("region,industry,year,output\n1,a,2000,NA\n1,b,2000,2\n1,b,2000,-\n")
    with pytest.raises(StudyError) as error:
        read_record(file)
    told = [(problem.row, problem.column) for problem in error.value.problems]
    assert told == [(2, "output"), (4, "output"), (4, "region, industry, year")]


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "panel.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(StudyError, match="a Parquet file"):
        read_record(tmp_path / "panel.parquet")


def test_a_file_without_amounts_is_refused() -> None:
    with pytest.raises(StudyError, match="output, employment, employment_share"):
        record_of_frame(PANEL.drop("employment_share"), "panel.csv")
