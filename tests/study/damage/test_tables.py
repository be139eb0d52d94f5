"""Tables, columns and settings damaged, one damage a test: one clear message each."""

from pathlib import Path

import polars as pl

from tests.study.damage.damaging import add, lines, put, said_once, settings
from yanzhen.study import check_study

# Tables and columns


def test_unknown_table(study: Path) -> None:
    add(study, "site", "site,region")
    said_once(
        check_study(study),
        file="site.csv",
        table="site",
        row=None,
        column="",
        found="unknown table site",
        expected="sites",
    )


def test_missing_table(study: Path) -> None:
    (study / "industries.csv").unlink()
    said_once(
        check_study(study),
        file=str(study),
        table="industries",
        row=None,
        column="",
        found="no table industries",
        expected="industry, sector",
    )


def test_unknown_column(study: Path) -> None:
    path = study / "activity.csv"
    put(path, [lines(path)[0].replace("output,", "outptu,"), *lines(path)[1:]])
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=1,
        column="outptu",
        found="unknown column outptu",
        expected="output",
    )


def test_missing_column(study: Path) -> None:
    path = study / "industries.csv"
    pl.read_csv(path, infer_schema=False).drop("sector").write_csv(path)
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=1,
        column="sector",
        found="no such column",
        expected="sector (",
    )


def test_column_twice(study: Path) -> None:
    path = study / "industries.csv"
    put(path, [f"{line},{'class' if n == 0 else ''}" for n, line in enumerate(lines(path))])
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=1,
        column="class",
        found="twice",
        expected="once",
    )


def test_empty_file(study: Path) -> None:
    (study / "regions.csv").write_text("", encoding="utf-8")
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=1,
        column="",
        found="an empty file",
        expected="a header row",
    )


def test_header_without_rows(study: Path) -> None:
    put(study / "activity.csv", lines(study / "activity.csv")[:1])
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=2,
        column="",
        found="a header and no rows",
        expected="at least one row",
    )


# Settings


def test_unknown_unit(study: Path) -> None:
    row = settings(study, "persons", 'persons = "10000 persons"')
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="units.persons",
        found="10000 persons",
        expected="'10,000 persons'",
    )


def test_base_year_without_figures(study: Path) -> None:
    row = settings(study, "base_year", "base_year = 2022")
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="base_year",
        found="2022",
        expected="2012, 2017",
    )


def test_unknown_flagged_region(study: Path) -> None:
    row = settings(study, "flagged_regions", 'flagged_regions = ["32"]')
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="flagged_regions",
        found="32",
        expected="320000",
    )


def test_unknown_setting(study: Path) -> None:
    row = settings(study, "licence", 'license = "CC0"')
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="license",
        found="license",
        expected="licence",
    )
