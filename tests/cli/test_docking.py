"""`yanzhen docking`: lists on the screen, as JSON and in files, and what it refuses."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from yanzhen.cli.app import app
from yanzhen.modes.chain.docking.clearing import NotDocked

RUN = CliRunner()
FEW = ("--inputs", "2", "--suppliers", "2")
ONE = "SYNTHETIC-0101"


def test_files_hold_the_same_lists_and_say_synthetic(tmp_path: Path) -> None:
    said = RUN.invoke(
        app,
        ["docking", "synthetic-docking", *FEW, "--lang", "en", "--out", str(tmp_path), "--json"],
    )
    assert said.exit_code == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["synthetic"] and found["certificate"]["passed"]
    pairs = pl.read_csv(tmp_path / "tables" / "SYNTHETIC_pairs.csv")
    assert pairs.height == found["pairs_in_all"] == len(found["pairs"])
    assert pairs["net"].to_list() == [pair["net"] for pair in found["pairs"]]
    sheet = pl.read_excel(tmp_path / "docking.xlsx", sheet_id=3, has_header=False)
    assert "SYNTHETIC" in sheet.row(0)[0] and sheet.height >= pairs.height
    page = (tmp_path / "docking.html").read_text(encoding="utf-8")
    assert "SYNTHETIC DATA" in page and "<script>" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_enterprise(lang: str) -> None:
    said = RUN.invoke(
        app,
        ["docking", "synthetic-docking", *FEW, "--enterprise", ONE, "--lang", lang, "--json"],
    )
    pairs = json.loads(said.stdout)["pairs"]
    assert pairs
    assert all(ONE in (pair["buyer"], pair["supplier"]) for pair in pairs)


@pytest.mark.parametrize(
    ("lang", "line"),
    [("zh", "第1轮：3,000项需求中，"), ("en", "Round 1: the lists of ")],
)
def test_rounds_are_told_in_the_language_asked(lang: str, line: str) -> None:
    said = RUN.invoke(app, ["docking", "synthetic-docking", *FEW, "--lang", lang])
    assert said.stderr.startswith(line)
    assert "3,000" in said.stderr


def test_it_is_said_where_no_enterprises_are_listed() -> None:
    said = RUN.invoke(app, ["docking", "china-provinces", *FEW, "--lang", "en"])
    assert said.exit_code == 0
    assert "lists no enterprises" in said.stdout


def test_an_unknown_enterprise_is_refused_before_docking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanzhen.report.analyses.docking.dock", None)
    asked = ["docking", "synthetic-docking", "--enterprise", "nobody", "--lang", "en"]
    assert RUN.invoke(app, asked).exit_code == 2


def test_no_prices_are_a_failure_said_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise NotDocked("no prices")

    monkeypatch.setattr("yanzhen.report.analyses.docking.dock", fails)
    said = RUN.invoke(app, ["docking", "synthetic-docking", "--json", "--lang", "en"])
    assert said.exit_code == 1
    assert json.loads(said.stdout) == {"error": "NotDocked", "message": "no prices"}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("--enterprise", "nobody"), "nobody"),
        (("--set", "docking_size=-1"), "docking_size"),
        (("--region", "Atlantis"), "Atlantis"),
        (("--set", "docking_size", "--set", "a=b"), "docking_size, a=b: expected NAME=VALUE"),
    ],
)
def test_what_is_wrong_is_said(asked: tuple[str, ...], message: str) -> None:
    said = RUN.invoke(app, ["docking", "synthetic-docking", *FEW, *asked, "--lang", "en"])
    assert said.exit_code == 2
    assert message in said.stderr
