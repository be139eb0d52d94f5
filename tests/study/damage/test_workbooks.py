"""Workbooks damaged, one damage a test: one clear message each."""

from pathlib import Path

from tests.study.damage.damaging import Rows, said_once, workbook
from tests.study.small import INDUSTRIES, REGIONS, YEARS
from yanzhen.study import check_study


def test_number_stored_as_text(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        sheets["activity"][4][3] = "812.5"
        sheets["activity"][4][4] = None

    said_once(
        check_study(workbook(tmp_path / "study.xlsx", damage)),
        file="study.xlsx",
        table="activity",
        row=5,
        column="output",
        found="812.5 stored as text",
        expected="Convert to Number",
    )


def test_leading_zeros_lost_in_a_workbook(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        sheets["activity"][1][1] = 6

    said_once(
        check_study(workbook(tmp_path / "study.xlsx", damage)),
        file="study.xlsx",
        table="activity",
        row=2,
        column="industry",
        found="lost its leading zeros",
        expected="06",
    )


def test_year_formatted_as_a_date(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        for row in sheets["activity"][1:]:
            if row[:3] == [REGIONS[0], INDUSTRIES[0], YEARS[0]]:
                row[2] = "date:2012"

    problems = check_study(workbook(tmp_path / "study.xlsx", damage))
    said_once(
        problems,
        file="study.xlsx",
        table="activity",
        row=10,
        column="year",
        found="1905-07-04",
        expected="the year 2012",
    )


def test_error_cell(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        sheets["activity"][2][5] = "=1/0"

    said_once(
        check_study(workbook(tmp_path / "study.xlsx", damage)),
        file="study.xlsx",
        table="activity",
        row=3,
        column="employment",
        found="#DIV/0!",
        expected="an empty cell",
    )


def test_merged_cells(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        at = next(n for n, row in enumerate(sheets["activity"]) if row[0] == REGIONS[0])
        sheets["activity"][at][0] = "merged:2"
        sheets["activity"][at + 1][0] = None

    problems = check_study(workbook(tmp_path / "study.xlsx", damage))
    merged = [problem for problem in problems if "merged" in problem.found]
    said_once(
        merged,
        file="study.xlsx",
        table="activity",
        row=10,
        column="region",
        found="merged cells",
        expected="single cells",
    )


def test_title_above_the_header(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        sheets["regions"].insert(0, ["各地区代码表"])

    said_once(
        check_study(workbook(tmp_path / "study.xlsx", damage)),
        file="study.xlsx",
        table="regions",
        row=2,
        column="",
        found="row 2",
        expected="row 1",
    )


def test_empty_sheet(tmp_path: Path) -> None:
    said_once(
        check_study(workbook(tmp_path / "study.xlsx", lambda sheets: sheets["regions"].clear())),
        file="study.xlsx",
        table="regions",
        row=1,
        column="",
        found="an empty sheet",
        expected="a header row",
    )
