"""`yanzhen diagnose` as a user meets it."""

import json
from pathlib import Path

import pytest

from tests.cli.test_app import invoke
from tests.study.small import small, small_study
from yanzhen.study import write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_study(tmp_path_factory.mktemp("study")))


def test_help_is_in_both_languages() -> None:
    shown = invoke("diagnose", "--help").stdout
    assert "where the advantage is" in shown
    assert "诊断优势所在" in shown


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "承接能力位次"), ("en", "Undertaking capacity")]
)
def test_findings_are_in_the_language_asked(study: str, language: str, said: str) -> None:
    result = invoke("diagnose", study, "--lang", language)
    assert result.exit_code == 0
    assert said in result.stdout
    assert "SYNTHETIC" in result.stdout


def test_json_stands_alone_on_stdout_with_every_table(study: str) -> None:
    result = invoke("diagnose", study, "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    found = json.loads(result.stdout)
    assert (found["year"], found["first_year"]) == (2017, 2012)
    assert len(found["tables"]["specialisation"]) == 15
    assert found["tables"]["not_evaluated"]


def test_region_and_industry_narrow_the_tables(study: str) -> None:
    result = invoke("diagnose", study, "--region", "110000", "--industry", "13", "--json")
    cells = json.loads(result.stdout)["tables"]["specialisation"]
    assert [(cell["region"], cell["industry"]) for cell in cells] == [("110000", "13")]


def test_a_region_may_be_asked_for_by_name(study: str) -> None:
    result = invoke("diagnose", study, "--region", "合成区甲", "--json")
    assert json.loads(result.stdout)["region"] == "110000"


def test_out_writes_page_workbook_and_tables(study: str, tmp_path: Path) -> None:
    result = invoke("diagnose", study, "--out", str(tmp_path), "--year", "2012", "--lang", "en")
    assert result.exit_code == 0
    assert {"diagnosis.html", "diagnosis.xlsx", "tables"} == {p.name for p in tmp_path.iterdir()}
    assert "2012" in (tmp_path / "diagnosis.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("option", "asked", "meant"),
    [
        ("--region", "11000", "110000"),
        ("--region", "SYNTHETIC region 11", "110000"),
        ("--industry", "1", "13"),
    ],
)
def test_an_unknown_code_suggests_the_right_one(
    study: str, option: str, asked: str, meant: str
) -> None:
    result = invoke("diagnose", study, option, asked, "--lang", "en")
    assert result.exit_code == 2
    assert f"Did you mean {meant}" in result.stderr
    assert result.stdout == ""


def test_an_unknown_code_without_a_likeness_says_where_to_look(study: str) -> None:
    result = invoke("diagnose", study, "--region", "zzz", "--lang", "en")
    assert result.exit_code == 2
    assert "There are 5" in result.stderr


def test_the_nation_is_no_region_to_look_at(study: str) -> None:
    assert invoke("diagnose", study, "--region", "100000").exit_code == 2


def test_a_year_without_output_names_those_with_output(study: str) -> None:
    result = invoke("diagnose", study, "--year", "2016", "--lang", "en")
    assert result.exit_code == 2
    assert "2012, 2017" in result.stderr


def test_a_study_without_output_says_what_to_fill_in(tmp_path: Path) -> None:
    empty = small()
    activity = empty.tables["activity"].clear()
    tables = {**empty.tables, "activity": activity}
    write_study(type(empty)(empty.about, tables, empty.path), tmp_path / "empty")
    result = invoke("diagnose", str(tmp_path / "empty"), "--lang", "en")
    assert result.exit_code == 2
    assert "activity" in result.output


def test_a_mistyped_study_suggests_the_right_one() -> None:
    result = invoke("diagnose", "china-provinse", "--lang", "en")
    assert result.exit_code == 2
    assert "Did you mean china-provinces?" in result.stderr
