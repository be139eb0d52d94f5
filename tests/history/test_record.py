from pathlib import Path

import polars as pl
import pytest

from yanzhen.history.record import read_record, record_of_frame
from yanzhen.study import StudyError

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


def test_a_file_without_amounts_is_refused() -> None:
    with pytest.raises(StudyError, match="output, employment, employment_share"):
        record_of_frame(PANEL.drop("employment_share"), "panel.csv")
