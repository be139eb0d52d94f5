"""One office's parks and firms in full, the rest of the country as its past shows."""

from dataclasses import replace

import polars as pl
import pytest

from tests.market.problem.test_formulation import with_table
from tests.study.small import NATION, REGIONS, small
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.formulation import Formulation
from yanzhen.pipeline import formulated, plan_study
from yanzhen.report.findings.plan import findings
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study
from yanzhen.study.checking import checked_frames
from yanzhen.study.coverage import Coverage
from yanzhen.study.covered import covered

OWN = REGIONS[2]
OTHERS = [region for region in REGIONS if region != OWN]
PARKS: list[dict[str, object]] = [
    {"site": "P1", "region": OWN, "name_zh": "甲园", "name_en": "Park A"},
    {"site": "P2", "region": OWN, "name_zh": "乙园", "name_en": "Park B"},
]
ROOM: list[dict[str, object]] = [
    {"place": park, "resource": "output", "capacity": 90.0} for park in ("P1", "P2")
]
FIRMS: list[dict[str, object]] = [
    {"enterprise": "E", "industry": "06", "origin": OWN, "count": 3, "output": 20.0}
]


def office(in_full: tuple[str, ...] = (OWN,)) -> Study:
    """A study of one region's parks and firms."""
    study = small()
    for table, rows in (("sites", PARKS), ("resources", ROOM), ("enterprises", FIRMS)):
        study = with_table(study, table, rows)
    return replace(study, about=replace(study.about, coverage=Coverage(in_full=in_full)))


@pytest.fixture(scope="module")
def found() -> Formulation:
    return formulated(office())


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_study(office())


def test_only_the_listed_firms_move_from_one_s_own_region(found: Formulation) -> None:
    own = found.blocks.filter(origin=OWN)
    assert own.select("industry", "output", "enterprises").rows() == [("06", 60.0, 3.0)]


def test_the_rest_of_the_country_stays_as_its_past_shows(found: Formulation) -> None:
    usual = formulated(small())
    kept = pl.col("origin") != OWN
    for name in ("industry", "origin", "output"):
        assert found.blocks.filter(kept)[name].equals(usual.blocks.filter(kept)[name])
    room, past = (
        dict(each.room.sites.select("site", "room_growth").iter_rows()) for each in (found, usual)
    )
    assert {site: room[site] for site in OTHERS} == {site: past[site] for site in OTHERS}


def test_a_region_in_full_above_others_closes_those_without_a_site() -> None:
    found = formulated(office((NATION,)))
    assert found.room.sites["site"].to_list() == ["P1", "P2"]
    assert found.blocks["origin"].unique().to_list() == [OWN]


def test_a_table_without_a_row_there_says_nothing_of_the_region() -> None:
    study = with_table(office(), "enterprises", [])
    assert formulated(study).blocks.filter(origin=OWN).height == 3
    assert formulated(office((REGIONS[0],))).room.sites["site"].to_list().count(REGIONS[0]) == 1


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "en",
            "Regions without a site of their own, each a destination as a whole: "
            "SYNTHETIC region 1, SYNTHETIC region 2, SYNTHETIC region 4, SYNTHETIC region 5.",
        ),
        (
            "zh",
            "没有列出承接地、各作为一个整体承接的地区：合成区甲、合成区乙、合成区丁、合成区戊。",
        ),
    ],
)
def test_a_plan_says_which_regions_have_no_site(plan: Plan, lang: str, sentence: str) -> None:
    assert sentence in findings(plan, Reader(plan.study, lang))  # type: ignore[arg-type]


def test_regions_that_take_nobody_are_said_to() -> None:
    closed = plan_study(office((NATION,)))
    said = " ".join(findings(closed, Reader(closed.study, "en")))
    assert "which are no destinations: SYNTHETIC region 1" in said


def test_check_says_what_is_listed_in_full_and_what_is_not() -> None:
    study = office()
    sites, enterprises = (
        one.meaning[0]
        for one in covered(study.about, study.tables)
        if one.table in ("sites", "enterprises")
    )
    assert "those of SYNTHETIC region 3 listed in full" in sites
    assert "4 regions have no site of their own" in sites
    assert "nobody else moves from there" in enterprises


def test_a_region_in_full_that_is_none_is_refused() -> None:
    study = office(("999999",))
    found = checked_frames(study.about, study.tables, "frames").problems
    assert [problem.column for problem in found] == ["coverage.in_full"]
