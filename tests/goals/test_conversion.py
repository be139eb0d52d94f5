"""The funnel of signed projects, and the interval of a proportion."""

import polars as pl
import pytest
from scipy.stats import binomtest

from tests.study.small import complete
from yanzhen.goals.conversion import funnel, wilson
from yanzhen.goals.projects import projects_of


@pytest.mark.parametrize(("hits", "trials"), [(0, 7), (3, 7), (7, 7), (120, 1000)])
def test_the_interval_is_that_of_scipy(hits: int, trials: int) -> None:
    peer = binomtest(hits, trials).proportion_ci(method="wilson")
    assert wilson(hits, trials) == pytest.approx((peer.low, peer.high), abs=1e-12)


def test_a_proportion_of_nothing_has_none() -> None:
    with pytest.raises(ValueError):
        wilson(0, 0)


def test_each_project_stands_where_it_came_to() -> None:
    rows = [
        ("open", "2012-01-01", "signed"),
        ("gone", "2012-01-01", "signed"),
        ("gone", "2012-05-01", "closed"),
        ("leapt", "2012-01-01", "signed"),
        ("leapt", "2013-01-01", "at_capacity"),
        ("left", "2012-01-01", "signed"),
        ("left", "2012-03-01", "started"),
        ("left", "2013-01-01", "in_production"),
        ("left", "2014-01-01", "moved_away"),
        ("unsigned", "2012-01-01", "in_production"),
    ]
    frame = pl.DataFrame(rows, schema=["project", "date", "event"], orient="row")
    found = funnel(projects_of(complete("transitions", frame)))
    assert found.select("stage", "reached", "still_open", "ended").rows() == [
        ("signed", 4, 1, 1),
        ("started", 2, 0, 0),
        ("in_production", 2, 0, 1),
        ("at_capacity", 1, 1, 0),
    ]
    assert found["share"].to_list() == [None, 0.5, 1.0, 0.5]
