"""The command that brings files into a study."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.study.importing.layouts import write_text
from tests.study.importing.office_cells import OfficeFile
from tests.study.importing.published_files import (
    county_business_patterns,
    eurostat_tsv,
    quarterly_census,
    saved_system,
    sdmx_csv,
)
from yanzhen.cli.app import app
from yanzhen.study.reading import read_study

ROWS = [
    ["地区", "行业", "2016年", "2017年"],
    ["济南市", "纺织业", "100", "120"],
    ["济南市", "食品制造业", "80", "90"],
    ["青岛市", "纺织业", "70", "…"],
    ["青岛市", "食品制造业", "50", "55"],
]


def ask(*words: str) -> Result:
    return CliRunner().invoke(app, ["import", *words])


def file_of(folder: Path, name: str = "工业总产值（亿元）") -> Path:
    return write_text(folder / "年鉴.csv", [[name], *ROWS], "gb18030")


def test_it_shows_what_it_understood_and_writes_nothing(tmp_path: Path) -> None:
    study = tmp_path / "study"
    told = ask(str(file_of(tmp_path)), "--into", str(study), "--lang", "en")
    assert told.exit_code == 0, told.output
    assert "7 figures, 1 missing; 2 regions, 2 industries; years 2016, 2017" in told.output
    assert "370100 济南市" in told.output
    assert "Nothing is written yet" in told.output
    assert not study.exists()


def test_it_says_the_same_in_chinese(tmp_path: Path) -> None:
    told = ask(str(file_of(tmp_path)), "--into", str(tmp_path / "study"), "--lang", "zh")
    assert "7 个数据，1 个缺失；2 个地区，2 个行业；年份 2016, 2017" in told.output
    assert "尚未写入" in told.output


def test_written_it_is_a_study(tmp_path: Path) -> None:
    study = tmp_path / "study"
    told = ask(str(file_of(tmp_path)), "--into", str(study), "--write", "--lang", "en")
    assert told.exit_code == 0, told.output
    found = read_study(study)
    assert found.tables["activity"].height == 8
    assert found.about.base_year == 2017
    assert found.about.sources[0].title == "年鉴.csv"
    assert (study / "mapping.toml").exists()


def test_what_is_open_ends_with_2_and_is_json_on_stdout(tmp_path: Path) -> None:
    study = tmp_path / "study"
    words = (str(file_of(tmp_path, "工业总产值")), "--into", str(study), "--write", "--json")
    told = ask(*words)
    assert told.exit_code == 2
    said = json.loads(told.stdout)
    assert said["written"] == []
    (problem,) = said["problems"]
    assert (problem["file"], problem["row"], problem["column"]) == ("年鉴.csv", 3, "C")
    assert not study.exists()


def test_a_table_that_is_none_is_refused_with_the_nearest(tmp_path: Path) -> None:
    told = ask(str(file_of(tmp_path)), "--into", str(tmp_path / "s"), "--table", "activty")
    assert told.exit_code == 2
    assert "activity" in told.output


@pytest.mark.parametrize(
    "make", [eurostat_tsv, sdmx_csv, quarterly_census, county_business_patterns, saved_system]
)
def test_files_of_statistical_offices_become_a_study_in_one_command(
    make: Callable[[Path], OfficeFile], tmp_path: Path
) -> None:
    made = make(tmp_path)
    told = ask(str(made.path), "--into", str(tmp_path / "study"), "--write", "--lang", "en")
    assert told.exit_code == 0, told.output
    activity = read_study(tmp_path / "study").tables["activity"]
    assert activity.height == made.tables["activity"].height
