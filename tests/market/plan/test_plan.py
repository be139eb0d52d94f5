"""The plan of the embedded example: its tables add up, and say what they are."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.study.small import INDUSTRIES, REGIONS, small
from yanzhen.market.plan.plan import Plan
from yanzhen.pipeline import plan_study
from yanzhen.study import read_study


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_study(read_study("china-provinces"))


def test_the_market_is_proved_to_clear(plan: Plan) -> None:
    assert plan.certificate.passed
    assert plan.certificate.duality_gap < 1e-9


def test_what_leaves_equals_what_arrives_for_each_industry(plan: Plan) -> None:
    flows = plan.schedule.group_by("industry").agg(pl.col("departures", "arrivals").sum())
    np.testing.assert_allclose(flows["departures"], flows["arrivals"], rtol=1e-12)
    left = plan.industries.drop_nulls("departures").sort("industry")
    np.testing.assert_allclose(flows.sort("industry")["departures"], left["departures"], rtol=1e-9)


def test_reasons_add_up_to_the_gain_of_each_move(plan: Plan) -> None:
    route = ["industry", "origin", "destination"]
    total = plan.reasons.group_by(route).agg(pl.col("size").sum())
    joined = plan.moves.join(total, on=route)
    assert joined.height == plan.moves.height
    np.testing.assert_allclose(joined["size"], joined["gain"], rtol=0, atol=1e-14)


def test_reasons_come_in_the_order_of_their_size(plan: Plan) -> None:
    first = plan.reasons.filter(pl.col("rank") == 1)
    assert first.height == plan.moves.height
    largest = plan.reasons.group_by("industry", "origin", "destination").agg(
        pl.col("size").abs().max()
    )
    joined = first.join(largest, on=["industry", "origin", "destination"], suffix="_largest")
    assert (joined["size"].abs() == joined["size_largest"]).all()


def test_movers_gain_and_pay_the_clearing_price(plan: Plan) -> None:
    assert (plan.moves["surplus"] > 0).all()
    paid = plan.moves.group_by("destination").agg(pl.col("price_paid").sum())
    rents = plan.prices.join(paid, left_on="place", right_on="destination")
    np.testing.assert_allclose(rents["price_paid"], rents["rent"], rtol=1e-9, atol=1e-9)


def test_what_movers_pay_is_the_premium_in_all_of_their_site(plan: Plan) -> None:
    output = plan.prices.filter(resource="output", place_kind="site")
    paid = plan.moves.join(output, left_on="destination", right_on="place")
    np.testing.assert_allclose(paid["price"], paid["premium_in_all"], rtol=1e-9, atol=1e-12)


def test_scarce_is_what_is_full_and_has_a_premium(plan: Plan) -> None:
    scarce = plan.prices.filter("scarce")
    assert (scarce["used"] > 1 - 1e-5).all() and (scarce["premium"] > 0).all()


def test_nobody_moves_to_where_it_is(plan: Plan) -> None:
    assert plan.moves.filter(pl.col("origin") == pl.col("destination")).is_empty()


def test_no_site_takes_more_than_its_room(plan: Plan) -> None:
    assert (plan.sites["arrivals"] <= plan.sites["capacity"] * (1 + 1e-9)).all()


def test_thin_industries_stay_outside(plan: Plan) -> None:
    outside = set(plan.industries.filter(~pl.col("in_findings"))["industry"])
    assert outside == {"IO42-17", "IO42-21", "IO42-22"}
    assert not outside & set(plan.moves["industry"])


def test_the_figures_own_story(plan: Plan) -> None:
    share = {
        (macro, year): round(100 * value, 1) for macro, year, _, value in plan.history.iter_rows()
    }
    assert [share[m, 2012] for m in ("East", "Central", "West", "Northeast")] == [
        61.2,
        18.7,
        12.3,
        7.8,
    ]
    assert [share[m, 2017] for m in ("East", "Central", "West", "Northeast")] == [
        59.4,
        23.7,
        12.8,
        4.1,
    ]


def test_flagged_provinces_are_marked_and_left_out_once(plan: Plan) -> None:
    flagged = set(plan.regions.filter("flagged")["region"])
    assert flagged == {"120000", "150000", "210000"}
    assert plan.without_flagged["net_without"].sum() == pytest.approx(0, abs=1e-6)
    assert plan.without_flagged.height == 4


def test_the_market_is_cleared_again_without_the_tables_of_2007(plan: Plan) -> None:
    assert plan.without_earlier["net_without_earlier"].sum() == pytest.approx(0, abs=1e-6)
    assert plan.without_earlier.height == plan.regions.height == 31
    assert (plan.without_earlier["net_without_earlier"] != plan.without_earlier["net"]).all()


def test_the_schedule_adds_up_to_the_plan(plan: Plan) -> None:
    assert plan.schedule["year"].unique().sort().to_list() == [2018, 2019, 2020, 2021, 2022]
    assert plan.schedule["arrivals"].sum() == pytest.approx(plan.moves["output"].sum())


def test_copying_the_past_moves_the_same_output(plan: Plan) -> None:
    totals = plan.allocation.group_by("industry").agg(pl.col("market", "past").sum())
    np.testing.assert_allclose(totals["market"], totals["past"], rtol=1e-9)


def test_macro_regions_shares_stay_whole(plan: Plan) -> None:
    assert plan.macro_regions["share_after"].sum() == pytest.approx(1)
    assert plan.macro_regions["net"].sum() == pytest.approx(0, abs=1e-6)


def test_enterprise_counts_are_unknown_without_counts(plan: Plan) -> None:
    assert plan.moves["enterprises"].null_count() == plan.moves.height


def test_what_its_maker_estimated_is_estimated_in_the_plan(plan: Plan) -> None:
    """The mark of a cell goes from the table to that cell of the plan, and no further."""
    cell = (pl.col("region") == "340000") & (pl.col("industry") == "IO42-07")
    cell &= pl.col("year") == 2017
    study = plan.study
    marked = study.tables["activity"].with_columns(
        output_status=pl.when(cell).then(pl.lit("estimated")).otherwise("output_status")
    )
    found = plan_study(replace(study, tables={**study.tables, "activity": marked})).activity
    assert found.filter(cell)["output_status"].to_list() == ["estimated"]
    rest = found.filter(~cell), plan.activity.filter(~cell)
    assert rest[0].select("output_status").equals(rest[1].select("output_status"))


def test_jobs_of_a_move_say_how_they_came_about(plan: Plan) -> None:
    """They have a status of their own, whatever that of output is."""
    assert set(plan.moves["jobs_status"]) == {"estimated"}, "only the nation's are known"
    study = small()
    here = (pl.col("region") == REGIONS[0]) & (pl.col("industry") == INDUSTRIES[0])
    marked = study.tables["activity"].with_columns(
        employment_status=pl.when(here).then(pl.lit("estimated")).otherwise("employment_status")
    )
    moves = plan_study(replace(study, tables={**study.tables, "activity": marked})).moves
    there = (pl.col("origin") == REGIONS[0]) & (pl.col("industry") == INDUSTRIES[0])
    assert set(moves.filter(there)["jobs_status"]) == {"estimated"}
    assert set(moves.filter(~there)["jobs_status"]) == {"synthetic"}
    assert set(moves["status"]) == {"synthetic"}
