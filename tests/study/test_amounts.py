"""Amounts of projects, parks and funds in another unit than the study's are pointed out."""

from pathlib import Path

import polars as pl
import pytest

from tests.study.small_finance import small_finance
from tests.study.test_magnitudes import times
from yanzhen.study import Problem, write_study
from yanzhen.study.checking import Checked, checked


def of_unit(folder: Path, table: str, column: str, factor: float) -> Checked:
    """What is said of the small study with a column that many times as large."""
    study = small_finance()
    frames = dict(study.tables)
    frames[table] = times(column, factor, pl.lit(True))(frames[table])
    write_study(study.__class__(study.about, frames, "memory"), folder)
    return checked(folder)


def about_money(found: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(each.table, each.column) for each in found if "unit of money" in each.expected]


def test_amounts_in_the_study_s_own_unit_are_not_mentioned(tmp_path: Path) -> None:
    found = of_unit(tmp_path, "projects", "output", 1.0)
    assert found.problems == () and about_money(found.warnings) == []


@pytest.mark.parametrize(
    ("table", "column"), [("projects", "investment"), ("park_finance", "amount")]
)
def test_amounts_beyond_what_all_regions_make_are_worth_a_look(
    tmp_path: Path, table: str, column: str
) -> None:
    found = of_unit(tmp_path, table, column, 1e4)
    assert found.problems == ()
    assert (table, column) in about_money(found.warnings)
    (told, *_) = [each for each in found.warnings if each.table == table and "make" in each.found]
    assert "100 million CNY" in told.expected and told.row is not None


def test_investments_of_a_hundred_times_the_output_are_worth_a_look(tmp_path: Path) -> None:
    found = of_unit(tmp_path, "projects", "investment", 1e3)
    (told,) = [each for each in found.warnings if each.column == "investment"]
    assert "times the yearly output in the median of 2 projects" in told.found


@pytest.mark.parametrize("column", ["output", "jobs"])
def test_projects_larger_than_their_industry_are_in_another_unit(
    tmp_path: Path, column: str
) -> None:
    found = of_unit(tmp_path, "projects", column, 1e4)
    (problem,) = found.problems
    assert (problem.table, problem.column) == ("projects", column)
    assert "of projects of" in problem.found and "times less" in problem.expected
