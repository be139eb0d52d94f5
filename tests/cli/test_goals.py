"""The commands on goals and on tracked projects."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.goals.made_up import tracked
from tests.study.small import small_study
from yanzhen.cli.app import app
from yanzhen.study import write_study


def asked(*words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--lang", "en"])


def test_without_typst_the_rest_is_written_and_the_extra_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanzhen.report.document.poster.find_spec", lambda name: None)
    study, out = str(small_study(tmp_path / "study")), tmp_path / "out"
    told = asked("goals", study, "--draws", "2", "--out", str(out))
    assert told.exit_code == 0 and "yanzhen[pdf]" in told.output
    assert {path.suffix for path in out.glob("goals.*")} == {".html", ".xlsx"}


def test_a_scoreboard_says_what_moved_and_is_written_beside_an_earlier_one(tmp_path: Path) -> None:
    study, out = str(small_study(tmp_path / "study")), tmp_path / "out"
    told = asked("goals", study, "--draws", "2", "--out", str(out))
    assert told.exit_code == 0, told.output
    assert "indicators have data" in told.stdout
    assert {path.suffix for path in out.glob("goals.*")} == {".html", ".xlsx", ".pdf"}
    assert b"/Type/Pages/Count 1/" in (out / "goals.pdf").read_bytes()
    beside = tmp_path / "beside"
    again = asked(
        "goals", study, "--draws", "2", "--before", str(out), "--out", str(beside), "--json"
    )
    assert (beside / "goals.pdf").read_bytes() == (out / "goals.pdf").read_bytes()
    values = json.loads(again.stdout)
    assert values["tables"]["goal_revisions"] == [] and values["draws"] == 2
    nothing = asked("goals", study, "--draws", "2", "--before", str(tmp_path))
    assert nothing.exit_code == 2 and "no earlier scoreboard" in " ".join(nothing.output.split())


def test_projects_are_followed(tmp_path: Path) -> None:
    write_study(tracked(60), tmp_path / "study")
    told = asked("track", str(tmp_path / "study"), "--out", str(tmp_path / "out"))
    assert told.exit_code == 0, told.output
    assert "went into production" in told.stdout and "nothing is claimed" in told.stdout
    assert (tmp_path / "out" / "track.html").exists()


@pytest.mark.parametrize("name", ["china-provinces"])
def test_without_transitions_the_table_is_asked_for(name: str) -> None:
    told = asked("track", name)
    assert told.exit_code == 2 and "transitions" in told.output
