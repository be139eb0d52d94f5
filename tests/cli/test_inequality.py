"""The command on inequality between regions."""

from pathlib import Path

from typer.testing import CliRunner

from yanzhen.cli.app import app


def test_it_says_what_changed_and_writes_page_and_workbook(tmp_path: Path) -> None:
    asked = ["inequality", "china-provinces", "--out", str(tmp_path), "--lang", "en"]
    assert "Between macro-regions" in CliRunner().invoke(app, asked).stdout
    assert (tmp_path / "inequality.html").exists() and (tmp_path / "inequality.xlsx").exists()
