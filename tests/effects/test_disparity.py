"""Disparity between regions before and after, against the sums written out and the peers."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.effects.disparity import RegionalIncome, change_of_disparity, disparity

GROUPS = ["E", "E", "W"]
INCOME, PEOPLE = np.array([60.0, 25.0, 15.0]), np.array([40.0, 30.0, 30.0])


def test_measures_equal_the_sums_written_out() -> None:
    found = disparity(RegionalIncome(INCOME, PEOPLE), GROUPS)
    share, heads = INCOME / 100, PEOPLE / 100
    assert found["theil"] == pytest.approx(float(share @ np.log(share / heads)))
    between = 0.85 * np.log(0.85 / 0.7) + 0.15 * np.log(0.15 / 0.3)
    assert found["theil_between"] == pytest.approx(between)
    assert found["theil_between"] + found["theil_within"] == pytest.approx(found["theil"])
    head = share / heads
    pairs = np.abs(head[:, None] - head[None]) * heads[:, None] * heads[None]
    assert found["gini"] == pytest.approx(pairs.sum() / 2)
    assert found["coefficient_of_variation"] == pytest.approx(np.sqrt(heads @ (head - 1) ** 2))


def test_gini_of_equal_people_is_that_of_the_peer() -> None:
    gini = pytest.importorskip("inequality.gini")
    income = np.random.default_rng(3).uniform(1, 9, 20)
    found = disparity(RegionalIncome(income, np.ones(20)), ["one"] * 20)
    assert found["gini"] == pytest.approx(gini.Gini(income).g)


@given(st.integers(0, 10**6), st.floats(1e-3, 1e3))
def test_regions_that_are_alike_have_none_and_money_has_no_scale(seed: int, scale: float) -> None:
    people = np.random.default_rng(seed).uniform(1, 9, 6)
    alike = disparity(RegionalIncome(people * scale, people), list("aabbcc"))
    assert max(map(abs, alike.values())) < 1e-7
    uneven = people * np.random.default_rng(seed + 1).uniform(1, 9, 6)
    one = disparity(RegionalIncome(uneven, people), list("aabbcc"))
    other = disparity(RegionalIncome(uneven * scale, people), list("aabbcc"))
    assert other == pytest.approx(one, rel=1e-9, abs=1e-12)


def test_a_change_has_its_interval_over_draws() -> None:
    before = RegionalIncome(INCOME, PEOPLE)
    drawn = [RegionalIncome(INCOME + np.array([-k, 0.0, k]), PEOPLE) for k in range(21)]
    found = change_of_disparity(before, drawn[10], GROUPS, drawn)
    theil = found.row(by_predicate=pl.col("measure") == "theil", named=True)
    assert theil["change"] == pytest.approx(theil["after"] - theil["before"])
    assert theil["change"] < 0
    changes = [disparity(draw, GROUPS)["theil"] - theil["before"] for draw in drawn]
    assert (theil["low"], theil["high"]) == pytest.approx(np.quantile(changes, [0.05, 0.95]))


def test_without_draws_there_is_no_interval() -> None:
    before = RegionalIncome(INCOME, PEOPLE)
    found = change_of_disparity(before, before, GROUPS)
    assert found["low"].null_count() == found.height == 5
    assert found["change"].to_list() == [0.0] * 5
