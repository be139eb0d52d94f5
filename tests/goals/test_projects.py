"""What counts once, what stands apart, and who a project belongs to."""

import polars as pl

from tests.study.small import complete
from yanzhen.goals.projects import projects_of
from yanzhen.goals.spells import spells_from
from yanzhen.goals.tracking import board

ROWS = [
    ("p", "2012-01-01", "signed", "110000", "13", "A", 10.0, None),
    ("p", "2012-02-01", "funds", None, None, None, 4.0, None),
    ("q", "2012-02-01", "signed", "110000", "20", "B", None, "2013-02-01"),
    ("p", "2013-01-01", "in_production", None, None, None, None, None),
    ("p", "2014-01-01", "increase", None, None, None, 5.0, None),
    ("p", "2014-01-02", "funds", None, None, None, 2.0, None),
    ("p", "2015-01-01", "owner", "320000", None, "C", None, None),
    ("q", "2016-02-01", "moved_away", None, None, None, None, None),
]
HEAD = ["project", "date", "event", "region", "industry", "owner", "amount", "followed_from"]


def projects() -> pl.DataFrame:
    return projects_of(complete("transitions", pl.DataFrame(ROWS, schema=HEAD, orient="row")))


def test_a_project_counts_once_and_its_capital_stands_apart() -> None:
    found = projects()
    assert found["project"].to_list() == ["p", "q"]
    money = ("capital_signed", "capital_added", "funds_arrived")
    assert found.select(money).rows() == [(10.0, 5.0, 6.0), (None, None, None)]


def test_a_changed_owner_takes_the_project_along_and_keeps_its_state() -> None:
    p = projects().row(0, named=True)
    assert (p["region"], p["owner"], p["industry"], p["state"]) == (
        "320000",
        "C",
        "13",
        "in_production",
    )


def test_the_board_counts_each_project_under_its_owner_now() -> None:
    found = board(projects())
    assert found.select("region", "state", "projects").rows() == [
        ("110000", "moved_away", 1),
        ("320000", "in_production", 1),
    ]
    assert found["arrived_share"].to_list() == [None, 6.0 / 15.0]


def test_who_is_followed_later_enters_later() -> None:
    found = spells_from("signed", projects(), "2016-06-01")
    assert found.project.to_list() == ["p", "q"]
    assert found.spells.entry.tolist() == [0.0, 366.0]
    assert found.spells.end.tolist() == [366.0, 1461.0]
    assert found.spells.cause.tolist() == [1, 2]


def test_a_project_that_produces_is_censored_on_the_last_day() -> None:
    found = spells_from("in_production", projects(), "2016-06-01")
    assert found.project.to_list() == ["p"]
    assert found.spells.end.tolist() == [1247.0] and found.spells.cause.tolist() == [0]
