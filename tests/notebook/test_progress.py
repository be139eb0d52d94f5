"""Progress is told to whom it may concern: a person at a prompt, after a second, and cleared."""

import builtins

import pytest

import yanzhen as yz
from tests.notebook.test_words import STAGES
from tests.study.small import small
from yanzhen.notebook import progress


def test_somebody_at_a_prompt_sees_every_stage_and_an_empty_line_after_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builtins, "get_ipython", None, raising=False)
    monkeypatch.setattr(progress, "AFTER", -1.0)
    yz.plan(small(), draws=2, lang="en")
    said = capsys.readouterr()
    lines = [line.strip() for line in said.err.split("\r")]
    assert said.out == ""
    assert len(set(lines) - {""}) >= len(STAGES)
    assert "Drawing parameters and room: 100%" in lines
    assert lines[-1] == ""
    assert "\n" not in said.err


def test_nobody_is_told_of_work_that_takes_no_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builtins, "get_ipython", None, raising=False)
    monkeypatch.setattr(progress, "AFTER", 1e9)
    yz.plan(small(), draws=0, lang="en")
    assert capsys.readouterr().err == ""


def test_a_script_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "AFTER", -1.0)
    yz.plan(small(), draws=0, lang="en")
    assert capsys.readouterr().err == ""
