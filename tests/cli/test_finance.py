"""The command on financial products and parks' finance."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.study.small_finance import small_finance_study
from yanzhen.cli.app import app


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_finance_study(tmp_path_factory.mktemp("finance") / "study"))


def test_it_says_what_it_found_and_writes_page_workbook_and_files(
    study: str, tmp_path: Path
) -> None:
    said = CliRunner().invoke(app, ["finance", study, "--out", str(tmp_path), "--lang", "en"])
    assert said.exit_code == 0 and "break-even 5.40%" in said.stdout
    assert (tmp_path / "finance.html").exists() and (tmp_path / "finance.xlsx").exists()
    assert (tmp_path / "tables" / "SYNTHETIC_flows.csv").exists()


def test_values_for_programs_are_of_what_is_asked_for(study: str) -> None:
    said = CliRunner().invoke(app, ["finance", study, "--project", "B", "--json"])
    tables = json.loads(said.stdout)["tables"]
    assert [row["product"] for row in tables["offers"]] == ["L", "P"]


@pytest.mark.parametrize(
    "asked", [["--project", "X"], ["--set", "finance_market_loan=5"], ["--set", "nothing=1"]]
)
def test_what_cannot_be_asked_is_refused(study: str, asked: list[str]) -> None:
    assert CliRunner().invoke(app, ["finance", study, *asked]).exit_code == 2
