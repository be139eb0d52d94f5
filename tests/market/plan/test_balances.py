"""What leaves and arrives adds up over all flows, however few are listed."""

import tracemalloc

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import enterprises, with_table
from tests.market.stages import stages
from tests.study.small import small
from yanzhen.market.plan import moves as flows
from yanzhen.pipeline import plan_study
from yanzhen.study import Study, read_frames


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


def test_flows_that_are_not_listed_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many regions the routes are some thousand times what is listed."""
    ran = stages(many_regions(120))
    monkeypatch.setattr(flows, "MOST_MOVES", 50)
    pairs = ran.clearing.choice.probability.size
    tracemalloc.start()
    moves, reasons = flows.moves_and_reasons(ran.study, ran.formulation, ran.clearing)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert moves.height == 50 and reasons.height <= 50 * len(flows.TERMS)
    # A few figures of each pair of block and site at a time, of some thirty that a flow has.
    assert most < 8 * pairs * 8


def many_regions(number: int) -> Study:
    """A SYNTHETIC study of one industry in regions that all lie apart."""
    rng = np.random.default_rng(17)
    regions = [f"R{k:03d}" for k in range(number)]
    places = pl.DataFrame({"region": regions, "name_en": [f"SYNTHETIC {r}" for r in regions]})
    before = rng.lognormal(3, 1, number)
    return read_frames(
        {
            "regions": places.with_columns(
                longitude=pl.Series(rng.uniform(80, 120, number)),
                latitude=pl.Series(rng.uniform(20, 45, number)),
            ),
            "industries": pl.DataFrame(
                {"industry": ["13"], "name_en": ["SYNTHETIC"], "sector": ["manufacturing"]}
            ),
            "activity": pl.DataFrame(
                {
                    "region": regions * 2,
                    "industry": ["13"] * 2 * number,
                    "year": [2018] * number + [2023] * number,
                    "output": [*before, *before * rng.lognormal(0, 0.3, number)],
                }
            ),
        }
    )
