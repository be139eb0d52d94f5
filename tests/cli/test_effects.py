"""The command on the effects of a plan."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.effects.studies import small_economy
from yanzhen.cli.app import app
from yanzhen.study import write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("effects") / "small"
    write_study(small_economy(), folder)
    return folder


def asked(study: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["effects", str(study), "--lang", "en", *options])


def test_it_says_what_changes_and_writes_page_and_workbook(study: Path, tmp_path: Path) -> None:
    told = asked(study, "--out", str(tmp_path), "--set", "effects_draws=2")
    assert told.exit_code == 0, told.output
    assert "Where people stay" in told.stdout and "Disparity" in told.stdout
    page = (tmp_path / "effects.html").read_text(encoding="utf-8")
    assert "Ledger of senders and receivers" in page and "θ" in page
    assert (tmp_path / "effects.xlsx").exists()


def test_a_model_goes_as_far_as_it_is_asked_to(study: Path) -> None:
    books = json.loads(asked(study, "--model", "accounting", "--json").stdout)
    assert books["tables"]["balance"] and not books["tables"]["leakage"]
    sourced = json.loads(asked(study, "--model", "io", "--json").stdout)
    assert sourced["tables"]["leakage"] and not sourced["tables"]["response"]


def test_a_model_that_is_none_is_refused(study: Path) -> None:
    told = asked(study, "--model", "other")
    assert told.exit_code == 2 and "accounting, io, spatial, joint" in told.output


def test_all_that_is_wrong_is_in_one_message(tmp_path: Path) -> None:
    study = small_economy()
    low = study.tables["indicators"].filter(indicator="population")
    write_study(type(study)(study.about, {**study.tables, "indicators": low}, "s"), tmp_path / "s")
    told = asked(tmp_path / "s", "--set", "effects_theta=0", "--set", "effects_home_share=2")
    assert told.exit_code == 2
    for wrong in ("effects_theta = 0", "effects_home_share = 2", "GDP"):
        assert wrong in told.output


def test_the_folder_of_a_plan_stands_for_its_study(study: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"study": str(study)}), encoding="utf-8")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    told = asked(tmp_path, "--model", "accounting", "--json")
    assert json.loads(told.stdout)["study"] == str(study)
