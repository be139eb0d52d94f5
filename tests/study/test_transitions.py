"""Transitions of projects that cannot be: all of them said at once, at their rows."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.study.small import complete, small
from yanzhen.cli.app import app
from yanzhen.study import Study, write_study
from yanzhen.study.checking import checked, checked_frames

HEAD = ["project", "date", "event", "amount"]


def with_rows(*rows: tuple[str, str, str, float | None]) -> Study:
    frame = pl.DataFrame(rows, schema=HEAD, orient="row", schema_overrides={"amount": pl.Float64})
    study = small()
    return replace(study, tables={**study.tables, "transitions": complete("transitions", frame)})


def faults(*rows: tuple[str, str, str, float | None]) -> list[tuple[int | None, str, str]]:
    study = with_rows(*rows)
    found = checked_frames(study.about, study.tables, "memory")
    return [(each.row, each.column, each.found) for each in found.problems]


def test_a_life_that_can_be_is_not_refused() -> None:
    assert not faults(
        ("p", "2012-01-31", "signed", 1.0),
        ("q", "2011-01-31", "in_production", None),
        ("p", "2012-01-31", "funds", 0.5),
        ("p", "2012-06-01", "started", None),
        ("p", "2012-06-01", "increase", 2.0),
        ("p", "2013-06-01", "stalled", None),
        ("p", "2014-02-01", "started", None),
        ("p", "2015-02-01", "at_capacity", None),
        ("p", "2016-02-29", "moved_away", None),
        ("q", "2017-03-01", "owner", None),
    )


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            [("p", "2014-01-01", "signed"), ("p", "2013-01-01", "funds")],
            "project p: funds on 2013-01-01, entered after a row of 2014-01-01",
        ),
        (
            [("p", "2014-01-01", "signed"), ("p", "2014-01-01", "started")],
            "project p: started on 2014-01-01, the day of signed in row 1",
        ),
        (
            [("p", "2014-01-01", "in_production"), ("p", "2015-01-01", "signed")],
            "project p: signed on 2015-01-01 after in_production on 2014-01-01",
        ),
        (
            [("p", "2014-01-01", "closed"), ("p", "2015-01-01", "started")],
            "project p: started on 2015-01-01 after closed on 2014-01-01",
        ),
    ],
)
def test_what_cannot_be_is_said(rows: list[tuple[str, str, str]], found: str) -> None:
    assert faults(*((*row, 1.0) for row in rows))[-1][2] == found


def test_a_day_that_no_calendar_has_and_funds_of_no_amount_are_refused() -> None:
    assert faults(("p", "2015-02-29", "signed", 1.0), ("p", "2015-03-01", "funds", None)) == [
        (1, "date", "2015-02-29, which is no day of the calendar"),
        (2, "amount", "project p: funds on 2015-03-01 without an amount"),
    ]


@pytest.mark.parametrize("command", ["track", "goals"])
def test_a_command_says_all_of_it_and_ends_with_2(tmp_path: Path, command: str) -> None:
    study = with_rows(
        ("p", "2014-01-01", "in_production", None),
        ("p", "2015-01-01", "signed", 1.0),
        ("q", "2014-01-01", "signed", 1.0),
        ("q", "2014-01-01", "started", None),
        ("r", "2014-01-01", "signed", 1.0),
        ("r", "2013-01-01", "increase", 1.0),
    )
    formulas = {
        "lost": "total(activity.profit)",
        "round": "1 + round",
        "fine": "total(trade.inflow)",
    }
    own = pl.DataFrame({"indicator": list(formulas), "formula": list(formulas.values())})
    own = complete("goal_indicators", own.with_columns(family=pl.lit("layout")))
    study = replace(study, tables={**study.tables, "goal_indicators": own})
    write_study(study, tmp_path / "study")
    found = checked(tmp_path / "study").problems
    assert [(each.table, each.row) for each in found if each.table == "goal_indicators"] == [
        ("goal_indicators", 2),
        ("goal_indicators", 3),
    ]
    done = CliRunner().invoke(app, [command, str(tmp_path / "study"), "--lang", "en"])
    assert len(found) == 5 and done.exit_code == 2
    assert done.output.count("The input has 5 problem(s)") == 1
