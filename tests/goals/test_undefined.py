"""Indicators that have all their figures and no value of them."""

from dataclasses import replace

import polars as pl
import pytest

from tests.study.small import complete, small
from yanzhen.goals.scoreboard import scoreboard
from yanzhen.report.tables.goals import needed
from yanzhen.report.text.reader import Reader


@pytest.mark.parametrize(
    ("formula", "needs"),
    [
        ("total(activity.output) / 0", "undefined"),
        ("1 / (total(activity.output) - total(activity.output))", "undefined"),
        ("1e200 * 1e200", "undefined"),
        ("total(activity.output) / total(activity.tax)", "activity.tax"),
        ("total(activity.output, region='nowhere')", "region=nowhere"),
    ],
)
def test_a_formula_without_a_value_does_not_ask_for_figures_that_are_there(
    formula: str, needs: str
) -> None:
    own = pl.DataFrame({"indicator": ["a"], "family": ["layout"], "formula": [formula]})
    study = small()
    study = replace(
        study, tables={**study.tables, "goal_indicators": complete("goal_indicators", own)}
    )
    row = scoreboard(study, ("", "")).scoreboard.row(
        by_predicate=pl.col("indicator") == "a", named=True
    )
    assert (row["now"], row["needs"]) == (None, needs)
    assert needed(Reader(study, "en"), needs) != "undefined"
