"""Markets at their edges: one region, one industry, nowhere to go, nothing made."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import (
    declared,
    enterprises,
    industry_of,
    room,
    with_table,
)
from tests.study.small import INDUSTRIES, REGIONS, small
from yanzhen.market.plan.plan import Plan
from yanzhen.pipeline import plan_study
from yanzhen.report.text.limits import limits
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError


def only(study: Study, regions: tuple[str, ...], industries: tuple[str, ...]) -> Study:
    """The study with a part of its activity and of its lists."""
    tables = dict(study.tables)
    for name, keys in (("regions", regions), ("industries", industries)):
        column = name[:-1] if name == "regions" else "industry"
        tables[name] = tables[name].filter(pl.col(column).is_in([*keys, "100000"]))
    tables["activity"] = tables["activity"].filter(
        pl.col("region").is_in([*regions, "100000"]), pl.col("industry").is_in(industries)
    )
    return replace(study, tables=tables)


def whole(plan: Plan) -> None:
    """Every figure is one, and the tables agree."""
    assert plan.certificate.passed
    frames = (plan.moves, plan.prices, plan.sites, plan.regions, plan.industries, plan.leaving)
    for frame in (*frames, plan.arriving, plan.macro_regions, plan.schedule, plan.allocation):
        for column in frame.iter_columns():
            if column.dtype.is_float():
                assert column.drop_nulls().is_finite().all(), column.name
    departures = plan.regions["departures"].sum()
    assert plan.regions["arrivals"].sum() == pytest.approx(departures)
    assert plan.moves["output"].sum() == pytest.approx(departures)


def test_one_region_has_nowhere_to_send_anybody() -> None:
    study = only(small(), REGIONS[:1], ("06", "13", "20"))
    plan = plan_study(study)
    whole(plan)
    assert plan.moves.is_empty()
    assert plan.industries["departures_clipped"].all()


def test_one_industry_moves() -> None:
    plan = plan_study(only(small(), REGIONS, (industry_of(small()),)))
    whole(plan)
    assert plan.moves.height > 0


def test_no_room_anywhere_keeps_everybody_where_they_are() -> None:
    plan = plan_study(with_table(small(), "resources", room(0.0)))
    whole(plan)
    assert plan.moves.is_empty()


def test_room_in_one_region_alone_keeps_its_own_at_home() -> None:
    rows = room(0.0)
    rows[4]["capacity"] = 1e5
    plan = plan_study(with_table(small(), "resources", rows))
    whole(plan)
    assert plan.moves["destination"].unique().to_list() == [REGIONS[4]]


def test_a_year_of_zeros_is_no_fault_of_the_market() -> None:
    study = small()
    zero = study.tables["activity"].with_columns(
        pl.when(pl.col("region") == REGIONS[0]).then(0.0).otherwise(measure).alias(measure)
        for measure in ("output", "value_added")
    )
    plan = plan_study(replace(study, tables={**study.tables, "activity": zero}))
    whole(plan)
    assert plan.regions.filter(region=REGIONS[0])["net_share"].to_list() == [None]


def test_nothing_made_at_all_is_said() -> None:
    study = small()
    none = study.tables["activity"].with_columns(output=pl.lit(None, pl.Float64))
    with pytest.raises(StudyError, match="no output of manufacturing"):
        plan_study(replace(study, tables={**study.tables, "activity": none}))


def test_a_floor_price_above_what_moving_is_worth_leaves_room_empty() -> None:
    rows = room(1e5, price_floor=0.9)
    plan = plan_study(with_table(small(), "resources", rows))
    whole(plan)
    np.testing.assert_allclose(plan.prices["premium"], 0.9)


def test_flagged_regions_take_their_enterprises_along() -> None:
    study = with_table(small(), "enterprises", enterprises(small()))
    flagged = replace(study, about=replace(study.about, flagged_regions=(REGIONS[0],)))
    whole(plan_study(declared(flagged)))


def test_what_an_industry_needs_is_known_without_the_region_that_is_flagged() -> None:
    rows = [
        {"enterprise": code, "industry": code, "origin": REGIONS[0], "count": 1}
        | {"output": 0.1, "land": 0.2}
        for code in INDUSTRIES[:3]
    ]
    study = with_table(small(), "enterprises", rows)
    land = [{"place": region, "resource": "land", "capacity": 1e6} for region in REGIONS]
    study = with_table(study, "resources", land)
    flagged = replace(study, about=replace(study.about, flagged_regions=REGIONS[:1]))
    plan = plan_study(flagged)
    assert plan.without_flagged["net_without"].null_count() == 0
    assert not plan.without_flagged.is_empty()


def test_a_plan_stands_where_no_market_is_left_without_flagged_regions() -> None:
    study = small()
    flagged = replace(study, about=replace(study.about, flagged_regions=REGIONS))
    plan = plan_study(flagged)
    whole(plan)
    assert plan.without_flagged.is_empty()
    assert any(
        "so their influence is not known" in each for each in limits(plan, Reader(plan.study, "en"))
    )


def test_a_region_without_a_price_of_a_factor_is_named_in_the_limits() -> None:
    price = {"factor": "wage", "year": 2017, "price": 6e4, "unit": "CNY per person-year"}
    rows = [{"place": region, **price} for region in REGIONS[1:]]
    plan = plan_study(with_table(small(), "factor_prices", rows))
    said = limits(plan, Reader(plan.study, "en"))
    assert any("by it (1: SYNTHETIC region 1)" in each for each in said)
    without = plan_study(small())
    said = limits(without, Reader(without.study, "en"))
    assert not any("without a price" in each for each in said)
