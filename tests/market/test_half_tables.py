"""A table that holds a part of the country leaves the rest as it would be without the table."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import declared, enterprises, industry_of, with_table
from tests.study.small import REGIONS, small
from yanzhen.market.problem.formulation import Formulation
from yanzhen.pipeline import formulated, plan_study
from yanzhen.study import Study, StudyError
from yanzhen.study.covered import covered

PARKS: list[dict[str, object]] = [
    {"site": "P1", "region": REGIONS[2]},
    {"site": "P2", "region": REGIONS[2]},
]


def row(place: str, capacity: float, resource: str = "output") -> dict[str, object]:
    return {"place": place, "resource": resource, "capacity": capacity}


def output_room(found: Formulation) -> dict[str, float]:
    at = found.room.resources.index("output")
    return dict(zip(found.room.sites["site"], found.room.capacity[:, at], strict=True))


def without_tables() -> dict[str, float]:
    return output_room(formulated(small()))


def test_one_region_s_room_leaves_the_others_the_room_of_the_past() -> None:
    study = with_table(small(), "resources", [row(REGIONS[2], 150.0)])
    assert output_room(formulated(study)) == without_tables() | {REGIONS[2]: 150.0}
    free = output_room(formulated(declared(study, resources="all")))
    assert [place for place in REGIONS if np.isfinite(free[place])] == [REGIONS[2]]


def test_one_s_own_parks_leave_the_other_regions_destinations() -> None:
    study = with_table(small(), "sites", PARKS)
    study = with_table(study, "resources", [row("P1", 90.0), row("P2", 60.0)])
    past = without_tables()
    del past[REGIONS[2]]
    assert output_room(formulated(study)) == past | {"P1": 90.0, "P2": 60.0}
    only = formulated(declared(study, sites="all"))
    assert only.room.sites["site"].to_list() == ["P1", "P2"]


def test_parks_without_stated_room_share_that_of_their_region() -> None:
    found = formulated(with_table(small(), "sites", PARKS)).room
    assert found.groups["place"].to_list() == [REGIONS[2]]
    assert found.group_capacity.tolist() == [without_tables()[REGIONS[2]]]
    assert found.member.sum() == 2
    assert found.output_plots[found.member[0]].sum() == pytest.approx(found.group_capacity[0])
    assert set(found.sites["room_from"]) == {"past"}


def test_a_limit_on_land_alone_is_a_statement_of_room() -> None:
    rows = [row(REGIONS[2], 150.0, "jobs")]
    found = formulated(with_table(small(), "resources", rows))
    assert np.isinf(output_room(found)[REGIONS[2]])
    assert output_room(found)[REGIONS[0]] == without_tables()[REGIONS[0]]


def test_a_year_alone_shows_no_room() -> None:
    study = with_table(small(), "moves", [])
    last = study.tables["activity"].filter(pl.col("year") == pl.col("year").max())
    share = {"parameter": "departure_share", "value": 0.1, "unit": "share", "source": "assumption"}
    study = replace(study, tables={**study.tables, "activity": last})
    study = with_table(study, "parameters", [share])
    study = with_table(study, "resources", [row(REGIONS[2], 150.0)])
    found = formulated(study).room
    assert found.sites.filter(room_from="not_limited").height == 4
    said = covered(study.about, study.tables)
    assert "a single year shows no room" in said[0].meaning[0]


def test_whole_regions_take_nobody_of_their_own() -> None:
    plan = plan_study(with_table(small(), "sites", PARKS))
    assert plan.moves.filter(pl.col("origin") == pl.col("destination")).is_empty()
    assert {*plan.moves["destination"]} > {"P1", "P2"}


def blocks_by_cell(study: Study) -> pl.DataFrame:
    blocks = formulated(study).blocks
    return (
        blocks.group_by("industry", "origin").agg(pl.col("output").sum()).sort("industry", "origin")
    )


def test_listed_enterprises_are_part_of_what_activity_holds() -> None:
    study = with_table(small(), "enterprises", enterprises(small())[:1])
    given, usual = blocks_by_cell(study), blocks_by_cell(small())
    assert given.select("industry", "origin").equals(usual.select("industry", "origin"))
    np.testing.assert_allclose(given["output"], usual["output"])
    only = formulated(declared(study, enterprises="all")).blocks
    assert only.select("industry", "origin").rows() == [(industry_of(study), REGIONS[0])]


def test_an_enterprise_whose_output_is_not_known_stays_in_its_cell() -> None:
    rows = enterprises(small())
    rows[0]["output"] = None
    rows[1]["output"] = 0.0
    study = with_table(small(), "enterprises", rows)
    usual = blocks_by_cell(small())
    np.testing.assert_allclose(blocks_by_cell(study)["output"], usual["output"])


def test_enterprises_that_are_the_whole_cell_leave_no_rest() -> None:
    usual = blocks_by_cell(small()).filter(industry=industry_of(small()), origin=REGIONS[0])
    rows = enterprises(small())[:1]
    rows[0] |= {"count": 1, "output": usual["output"].item()}
    blocks = formulated(with_table(small(), "enterprises", rows)).blocks
    assert blocks.filter(industry=industry_of(small()), origin=REGIONS[0]).height == 1


def test_a_site_above_the_leaves_is_refused_with_its_row() -> None:
    with pytest.raises(StudyError, match="row 1, column region"):
        formulated(with_table(small(), "sites", [{"site": "P1", "region": "100000"}]))


def test_a_site_may_not_take_another_region_s_code() -> None:
    with pytest.raises(StudyError, match="another region"):
        formulated(with_table(small(), "sites", [{"site": REGIONS[0], "region": REGIONS[1]}]))


def test_whole_tables_are_not_mentioned() -> None:
    rows = [row(region, 100.0) for region in REGIONS]
    study = with_table(small(), "resources", rows)
    assert covered(study.about, study.tables) == []


def test_the_plan_says_what_half_tables_mean() -> None:
    study = with_table(small(), "sites", PARKS)
    said = covered(study.about, study.tables)
    assert "the other 4 have no site of their own and remain destinations" in said[0].meaning[0]
