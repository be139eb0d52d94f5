"""What leaves and arrives adds up over all flows, however few are listed."""

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import enterprises, with_table
from tests.study.small import small
from yanzhen.market.plan import moves as flows
from yanzhen.pipeline import plan_study


def test_all_flows_of_a_small_plan_are_listed_and_add_up() -> None:
    plan = plan_study(with_table(small(), "enterprises", enterprises(small())))
    for margin, place in ((plan.leaving, "origin"), (plan.arriving, "destination")):
        by_flow = (
            plan.moves.group_by("industry", place)
            .agg(pl.col("output", "jobs", "emissions").sum())
            .sort("industry", place)
        )
        assert margin.select("industry", place).equals(by_flow.select("industry", place))
        for measure in ("output", "jobs", "emissions"):
            np.testing.assert_allclose(margin[measure], by_flow[measure], rtol=1e-9)
    np.testing.assert_allclose(plan.leaving["listed"], plan.leaving["output"])


def test_the_largest_flows_are_listed_and_the_sums_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = plan_study(small())
    monkeypatch.setattr(flows, "MOST_MOVES", 7)
    plan = plan_study(small())
    assert plan.moves.equals(whole.moves.head(7))
    assert plan.reasons["origin"].len() <= whole.reasons["origin"].len()
    for name in ("regions", "arriving", "schedule", "macro_flows", "allocation"):
        assert getattr(plan, name).equals(getattr(whole, name)), name
    assert plan.leaving["listed"].sum() == pytest.approx(plan.moves["output"].sum())
    assert plan.leaving["output"].equals(whole.leaving["output"])
