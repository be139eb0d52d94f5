"""Figures damaged, one damage a test: one clear message each."""

from pathlib import Path

import pytest

from tests.study.damage.damaging import add, change, row_of, said_once
from tests.study.small import INDUSTRIES, REGIONS, YEARS
from yanzhen.study import check_study


def damaged_figure(study: Path, cell: str, found: str, expected: str) -> None:
    """One figure of activity is damaged, and the message says how."""
    row = row_of(study, REGIONS[2], INDUSTRIES[1], YEARS[1])
    change(study, "activity", row, "output", cell)
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="output",
        found=found,
        expected=expected,
    )


def test_negative_figure(study: Path) -> None:
    damaged_figure(study, "-812.5", "-812.5", "at least 0")


def test_words_for_a_figure(study: Path) -> None:
    damaged_figure(study, "约800", "'约800', which is not a number", "a number alone")


def test_dash_for_a_missing_figure(study: Path) -> None:
    damaged_figure(study, "—", "'—'", "an empty cell where the figure is not known")


@pytest.mark.parametrize("mark", ["…", "...", "不详", "x", "N.A."])
def test_every_mark_for_a_missing_figure(study: Path, mark: str) -> None:
    damaged_figure(study, mark, f"'{mark}'", "an empty cell where the figure is not known")


def test_figure_beyond_range(study: Path) -> None:
    damaged_figure(study, "1e400", "beyond range", "a number between")


def test_a_code_beside_another_is_not_taken_for_it(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", "110001")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="the unknown code 110001",
        expected="the nearest there is 110000 SYNTHETIC region 1, which is another entry",
    )


def test_separators_of_thousands(study: Path) -> None:
    damaged_figure(study, "1,812.5", "separators of thousands", "1812.5")


def test_percent_sign(study: Path) -> None:
    damaged_figure(study, "81%", "percent sign", "81")


def test_full_width_figure(study: Path) -> None:
    damaged_figure(study, "８１２．５", "full-width", "812.5")


def test_infinite_figure(study: Path) -> None:
    damaged_figure(study, "inf", "not a finite number", "a finite number")


def test_not_a_number(study: Path) -> None:
    damaged_figure(study, "NaN", "not a finite number", "an empty cell")


def test_percent_sign_at_a_share(study: Path) -> None:
    header = "agreement,home,host,terms,from_year,top_up_share"
    add(study, "agreements", header, "A1,110000,410000,zibo,2018,40%")
    said_once(
        check_study(study),
        file="agreements.csv",
        table="agreements",
        row=2,
        column="top_up_share",
        found="40%",
        expected="0.4",
    )


def test_date_instead_of_year(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "year", "2012-12-31")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="year",
        found="2012-12-31",
        expected="the year 2012",
    )


def test_unknown_status(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "output_status", "estimate")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="output_status",
        found="estimate",
        expected="estimated",
    )


def test_unknown_sector(study: Path) -> None:
    change(study, "industries", 3, "sector", "Manufacture")
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=3,
        column="sector",
        found="Manufacture",
        expected="manufacturing",
    )


def test_made_up_figure_called_observed(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "output_status", "observed")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="output_status",
        found="observed",
        expected="synthetic",
    )


def test_value_added_above_output(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "value_added", "99999")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="value_added",
        found="value_added 99999, output ",
        expected="at most output",
    )


def test_interval_beside_its_value(study: Path) -> None:
    add(
        study,
        "parameters",
        "parameter,value,unit,low,high,source",
        "sigma,0.1,share,0.2,0.3,assumption",
    )
    said_once(
        check_study(study),
        file="parameters.csv",
        table="parameters",
        row=2,
        column="low",
        found="low 0.2, value 0.1",
        expected="low at most value",
    )
