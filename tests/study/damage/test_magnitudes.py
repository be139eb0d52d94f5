"""Magnitudes, places and years damaged, one damage a test: one clear message each."""

from pathlib import Path

import polars as pl

from tests.study.damage.damaging import add, change, lines, put, row_of, said_once
from tests.study.small import INDUSTRIES, REGIONS, YEARS
from yanzhen.study import check_study
from yanzhen.study.checking import checked


def test_figure_in_another_unit(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[1])
    change(study, "activity", row, "emissions", "1234567")
    found = checked(study)
    assert found.problems == ()
    said_once(
        found.warnings,
        file="activity.csv",
        table="activity",
        row=row,
        column="emissions",
        found=f"1234567 in {YEARS[1]} after ",
        expected="1,000-fold",
    )


def test_column_in_another_unit(study: Path) -> None:
    path = study / "activity.csv"
    table = pl.read_csv(path, schema_overrides={"region": pl.String, "industry": pl.String})
    table.with_columns(pl.col("employment") * 10_000).write_csv(path)
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=None,
        column="output, employment",
        found="100 CNY per person",
        expected="100 million CNY, 10,000 persons",
    )


def test_single_employment_in_another_unit(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[1])
    change(study, "activity", row, "employment", "4000")
    change(
        study, "activity", row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0]), "employment", "90"
    )
    change(study, "activity", row, "output", "30")
    change(study, "activity", row, "value_added", "10")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="output",
        found="75 CNY per person",
        expected="1,000 to 100,000,000 CNY",
    )


def test_population_in_another_unit(study: Path) -> None:
    add(
        study,
        "indicators",
        "region,year,indicator,value,unit",
        "110000,2017,gdp,30000,100 million CNY",
        '110000,2017,population,21710000,"10,000 persons"',
    )
    said_once(
        check_study(study),
        file="indicators.csv",
        table="indicators",
        row=2,
        column="value",
        found="14 CNY per head",
        expected="CNY per head",
    )


def test_swapped_coordinates(study: Path) -> None:
    change(study, "regions", 3, "longitude", "39.9")
    change(study, "regions", 3, "latitude", "116.4")
    problems = check_study(study)
    assert [problem.column for problem in problems] == ["longitude", "latitude"]
    said_once(
        problems[1:],
        file="regions.csv",
        table="regions",
        row=3,
        column="latitude",
        found="116.4, longitude and latitude swapped",
        expected="39.9",
    )


def test_region_without_a_year(study: Path) -> None:
    path = study / "activity.csv"
    put(
        path,
        [
            line
            for line in lines(path)
            if not line.startswith(f"{REGIONS[3]},") or "2017" not in line
        ],
    )
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=None,
        column="region, year",
        found="no row of region 520000 in 2017",
        expected="rows of 2017",
    )


def test_year_left_out_of_a_series(study: Path) -> None:
    path = study / "activity.csv"
    header, *rows = lines(path)
    first = [row for row in rows if f",{YEARS[0]}," in row]
    put(
        path,
        [
            header,
            *(
                row.replace(",2012,", f",{year},")
                for year in (2013, 2014, 2016, 2017)
                for row in first
            ),
        ],
    )
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=None,
        column="year",
        found="2014 and 2016 without 2015",
        expected="missing_years = [2015]",
    )
