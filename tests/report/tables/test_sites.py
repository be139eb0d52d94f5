"""What a catalogue says of sites is shown beside them, and where their points are no sites."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from yanzhen.market.plan.moves import TERMS
from yanzhen.market.plan.plan import Plan
from yanzhen.report.figures.site_map import site_map
from yanzhen.report.tables.enterprise import ranking_table
from yanzhen.report.tables.zone import site_facts
from yanzhen.report.text.names import names
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang
from yanzhen.study.tables import TABLES

ZONES: list[dict[str, object]] = [
    {
        "site": "Z1",
        "name_zh": "昆山甲区",
        "longitude": 120.96,
        "latitude": 31.35,
        "point": "county",
        "prefecture": "320500",
        "county": "320583",
        "level": "national",
        "kind": "经济技术开发区",
        "approved": "1992-08",
        "area": 1000.0,
        "leading_industries": "电子信息、物流",
    },
    {"site": "Z2", "name_zh": "乙区", "leading_industries": "制造"},
    {"site": "Z3", "name_zh": "丙区", "longitude": 116.4, "latitude": 39.9},
]


@pytest.fixture(scope="module")
def zoned(plan: Plan) -> Plan:
    """The SYNTHETIC plan with three zones, of which the first leads in its first industry."""
    region, industries = plan.regions["region"][0], plan.industries["industry"].to_list()
    listed = {"Z1": industries[0], "Z2": ";".join(industries), "Z3": None}
    rows = [{**row, "region": region, "industries": listed[str(row["site"])]} for row in ZONES]
    schema = {name: column.dtype for name, column in TABLES["sites"].columns().items()}
    sites = pl.DataFrame(rows, schema=schema)
    return replace(plan, study=replace(plan.study, tables={**plan.study.tables, "sites": sites}))


@pytest.fixture(scope="module")
def ranked(zoned: Plan) -> pl.DataFrame:
    sites = zoned.study.tables["sites"].select("site", "region")
    return sites.with_columns(
        rank=pl.int_range(1, 4, dtype=pl.Int64),
        gain=pl.Series([0.02, 0.01, -0.01]),
        probability=pl.Series([0.2, 0.1, 0.05]),
        listing=pl.lit(None, pl.String),
        rule=pl.lit(None, pl.String),
        **{term: pl.lit(0.01) for term in TERMS},
    )


def test_a_site_is_told_with_all_that_the_study_says(zoned: Plan) -> None:
    said = dict(site_facts(zoned, "Z1", Reader(zoned.study, "zh")))
    assert said["地级区划"] == "苏州市" and said["县级区划"] == "昆山市"
    assert said["级别"] == "国家级" and said["批准时间"] == "1992-08"
    assert said["批准面积（不是可用面积）"] == "1,000公顷"
    assert said["主导产业（原文）"] == "电子信息、物流"
    assert said["地图上的点"] == "所在县（区、市）的中心，不是承接地本身"
    english = dict(site_facts(zoned, "Z1", Reader(zoned.study, "en")))
    assert english["Kind"] == "economic and technological development zone"
    assert english["Point on the map"] == "centre of the county, not the site itself"


def test_what_is_not_known_of_a_site_is_left_out(zoned: Plan) -> None:
    assert [head for head, _ in site_facts(zoned, "Z3", Reader(zoned.study, "en"))] == ["Region"]
    said = dict(site_facts(zoned, "Z2", Reader(zoned.study, "en")))
    assert said["Industries that they stand for"] == "not said which, taken as all"
    assert "Approved" not in said


def test_a_place_without_an_english_name_keeps_its_chinese_one(zoned: Plan) -> None:
    assert names(zoned.study, "en").places["Z1"] == "昆山甲区"
    assert names(zoned.study, "en").places["110000"] == "Beijing"


def test_a_region_as_a_whole_has_nothing_to_tell(plan: Plan) -> None:
    assert site_facts(plan, plan.regions["region"][0], Reader(plan.study, "zh")) == []


def test_the_ranking_says_whose_leading_industries_name_the_enterprises(
    zoned: Plan, ranked: pl.DataFrame
) -> None:
    first, second = zoned.industries["industry"][:2]
    for industry, among in ((first, ["yes", "yes", None]), (second, ["no", "yes", None])):
        table = ranking_table(ranked, industry, Reader(zoned.study, "en"))
        place = table.index("among")
        assert [row[place] for row in table.rows] == among
        printed = [row[table.index("leading_industries")] for row in table.rows]
        assert printed == ["电子信息、物流", "制造", None]


def test_the_ranking_of_regions_has_no_such_columns(plan: Plan, ranked: pl.DataFrame) -> None:
    tables = {**plan.study.tables, "sites": TABLES["sites"].create_empty()}
    without = replace(plan, study=replace(plan.study, tables=tables))
    region = plan.regions["region"][:3]
    places = ranked.with_columns(site=region, region=region)
    table = ranking_table(places, plan.industries["industry"][0], Reader(without.study, "en"))
    assert "among" not in [column.name for column in table.columns]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_says_what_its_points_are(zoned: Plan, ranked: pl.DataFrame, lang: Lang) -> None:
    made = site_map(zoned, ranked, Reader(zoned.study, lang)).to_dict()
    reading = "".join(made["title"]["subtitle"])
    told = {"zh": ("不是承接地本身", "有1个没有坐标"), "en": ("not of the sites", "1 have no")}
    squeezed = reading.replace(" ", "")
    assert all(part.replace(" ", "") in squeezed for part in told[lang])
    whole = json.dumps(made, ensure_ascii=False)
    assert "昆山甲区" in whole and "乙区" not in whole


def test_without_a_point_there_is_a_sentence_and_no_map(zoned: Plan, ranked: pl.DataFrame) -> None:
    made = site_map(zoned, ranked.filter(site="Z2"), Reader(zoned.study, "en")).to_dict()
    assert "No site has coordinates" in json.dumps(made).replace('", "', " ")


def test_the_kinds_of_the_example_have_names_in_both_languages(repository: Path) -> None:
    from yanzhen.report.text.words import word
    from yanzhen.study import read_study

    for kind in read_study("china-zones").tables["sites"]["kind"].unique():
        assert word("zh", f"site_kind.{kind}") == kind
        assert word("en", f"site_kind.{kind}").isascii()
