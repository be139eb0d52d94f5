"""An agreement is settled from files alone."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from tests.exchange.settlement.example import HEAD, ROWS, TERMS
from yanzhen.cli.app import app


def asked(folder: Path, *more: str) -> Result:
    named = (
        "--home",
        "上海",
        "--host",
        "合肥",
        "--start-year",
        "2024",
        "--out",
        str(folder / "out"),
    )
    files = (str(folder / "park.toml"), str(folder / "payments.csv"))
    return CliRunner().invoke(app, ["exchange", "settle", *files, *named, *more])


def given(folder: Path, rows: list[str], terms: str = TERMS) -> None:
    (folder / "park.toml").write_text(terms, encoding="utf-8")
    (folder / "payments.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


def test_statements_journal_and_text_lie_in_the_folder(tmp_path: Path) -> None:
    given(tmp_path, [row for row in ROWS if ",2024," in row or ",2025,1," in row])
    told = asked(tmp_path, "--quarterly", "--synthetic", "--json", "--lang", "en")
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    assert said["periods"] == ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2024", "2025Q1"]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    for form in ("json", "xlsx", "pdf"):
        assert f"SYNTHETIC_statement_2024.{form}" in names
    assert {"SYNTHETIC_journal.csv", "SYNTHETIC_agreement_zh.docx"} <= names
    lines = (tmp_path / "out" / "SYNTHETIC_journal.csv").read_text(encoding="utf-8").splitlines()
    assert sum(int(line.split(",")[5]) for line in lines[1:]) == 0
    owed = {(each["debtor"], each["creditor"]): each["closing"] for each in said["open"]}
    assert owed["host", "home"] > 0


def test_what_is_wrong_ends_with_2_and_its_place(tmp_path: Path) -> None:
    given(tmp_path, ["p,2024,7,x,0,0,0,0"])
    told = asked(tmp_path, "--lang", "en")
    assert told.exit_code == 2
    assert "payments.csv" in told.output and "quarter" in told.output
    assert not (tmp_path / "out").exists()
    given(tmp_path, ["p,2024,1,5,0,0,0,0"])
    nothing = asked(tmp_path, "--lang", "en")
    assert nothing.exit_code == 2 and "declared whole" in " ".join(nothing.output.split())
    given(tmp_path, ["p,2024,1,5,0,0,0,0"], TERMS.replace("50%", "0%"))
    assert "recovery" in asked(tmp_path, "--lang", "en").output
