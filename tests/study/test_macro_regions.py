"""Macro-regions are the same in either language."""

from dataclasses import replace

import polars as pl
import pytest

from tests.study.small import REGIONS, small
from yanzhen.market.counterfactuals.scenario import read_scenario
from yanzhen.market.counterfactuals.scenario_market import scenario_problems
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study
from yanzhen.study.macro_regions import standard_name

CHINESE = {"East": "东部地区", "Central": "中部", "West": "西部"}


def in_chinese() -> Study:
    study = small()
    regions = study.tables["regions"].with_columns(pl.col("macro_region").replace(CHINESE))
    return replace(study, tables={**study.tables, "regions": regions})


@pytest.mark.parametrize(("written", "known"), [("西部", "West"), ("东北地区", "Northeast")])
def test_a_macro_region_has_one_name(written: str, known: str) -> None:
    assert standard_name(written) == standard_name(known) == known
    assert standard_name("Pearl River Delta") == "Pearl River Delta"


def test_a_scenario_of_the_west_fits_a_study_that_writes_it_in_chinese() -> None:
    scenario = read_scenario("west_subsidy")
    assert scenario_problems(scenario, in_chinese(), REGIONS, []) == []
    (problem,) = scenario_problems(
        replace(scenario, policies=({**scenario.policies[0], "macro_region": "North"},)),
        in_chinese(),
        REGIONS,
        [],
    )
    assert problem.column == "macro_region" and "东部地区" in problem.expected


def test_an_english_page_names_it_in_english() -> None:
    class Result:
        study = in_chinese()

    assert Reader(Result().study, "en").names.macro_region("东部地区") == "East"
