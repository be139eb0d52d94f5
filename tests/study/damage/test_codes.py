"""Codes, keys and rules damaged, one damage a test: one clear message each."""

from pathlib import Path

import polars as pl

from tests.study.damage.damaging import add, change, lines, row_of, said_once, settings
from tests.study.small import INDUSTRIES, NATION, REGIONS, YEARS
from yanzhen.study import check_study


def test_unknown_code(study: Path) -> None:
    row = row_of(study, REGIONS[1], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", "320001")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="320001",
        expected="320000",
    )


def test_name_instead_of_code(study: Path) -> None:
    change(study, "regions", 4, "parent", "合成国")
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=4,
        column="parent",
        found="the name 合成国",
        expected=NATION,
    )


def test_lost_leading_zero(study: Path) -> None:
    row = row_of(study, REGIONS[0], "06", YEARS[0])
    change(study, "activity", row, "industry", "6")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="industry",
        found="6, which lost its leading zeros",
        expected="06",
    )


def test_code_turned_into_number(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", f"{REGIONS[0]}.0")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="110000.0, a code turned into a number",
        expected="110000",
    )


def test_space_in_code(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", f"{REGIONS[0]} ")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="'110000 ' with space",
        expected="110000",
    )


def test_full_width_code(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", "１１００００")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="full-width",
        expected="110000",
    )


def test_missing_key(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "industry", "")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="industry",
        found="nothing",
        expected="a code: Industry",
    )


def test_missing_name(study: Path) -> None:
    change(study, "regions", 5, "name_en", "")
    assert check_study(study) == ()
    change(study, "regions", 5, "name_zh", "")
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=5,
        column="name_zh",
        found="name_zh nothing, name_en nothing",
        expected="a name in Chinese or in English",
    )


def test_duplicate_key(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    last = len(lines(study / "activity.csv"))
    add(study, "activity", lines(study / "activity.csv")[row - 1])
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=last + 1,
        column="region, industry, year",
        found=f"110000, 06, 2012 again, as in row {row}",
        expected="one row for each",
    )


def test_hierarchy_in_a_circle(study: Path) -> None:
    change(study, "regions", 3, "parent", REGIONS[0])
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=3,
        column="parent",
        found="110000 → 110000",
        expected="a region without parent",
    )


def test_industry_that_is_a_part_of_itself(study: Path) -> None:
    change(study, "industries", 5, "parent", "30")
    first = check_study(study)[0]
    assert (first.table, first.row, first.column, first.found) == (
        *("industries", 5, "parent"),
        "30 → 30",
    )
    assert "an industry without parent" in first.expected


def test_figures_of_an_industry_that_others_are_parts_of(study: Path) -> None:
    change(study, "industries", 3, "parent", "06")
    problems = check_study(study)
    assert {(each.table, each.column) for each in problems} == {("activity", "industry")}
    assert {each.found for each in problems} == {"06, of which other industries are parts"}
    assert all("the figures of its parts" in each.expected for each in problems)


def test_past_that_begins_after_the_base_year(study: Path) -> None:
    row = settings(study, "base_year", "base_year = 2017\npast_from = 2018")
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row + 1,
        column="past_from",
        found="2018",
        expected="no later than 2017",
    )


def test_rule_that_is_not_there(study: Path) -> None:
    add(study, "catalogue", "place,industry,listing,rule", f"{REGIONS[0]},06,priority,R1")
    said_once(
        check_study(study),
        file="catalogue.csv",
        table="catalogue",
        row=2,
        column="rule",
        found="R1",
        expected="rules",
    )


def damaged_rule(study: Path, condition: str, found: str, expected: str) -> None:
    add(study, "rules", "rule,condition", f"R1,{condition}")
    said_once(
        check_study(study),
        file="rules.csv",
        table="rules",
        row=2,
        column="condition",
        found=found,
        expected=expected,
    )


def test_condition_that_cannot_be_read(study: Path) -> None:
    damaged_rule(
        study, "class = energy: clean share over 0.4", "clean share over 0.4", "a condition such as"
    )


def test_condition_for_a_class_that_is_none(study: Path) -> None:
    damaged_rule(study, "class = enrgy: x >= 1", "class = enrgy", "class = energy")


def test_condition_for_a_macro_region_that_is_not_there(study: Path) -> None:
    damaged_rule(study, "macro_region = Mars: x >= 1", "macro_region = Mars", "one of")


def damaged_policy(study: Path, policy: str, column: str, found: str, expected: str) -> None:
    add(study, "policies", "policy,instrument,value,unit,industry", policy)
    said_once(
        check_study(study),
        file="policies.csv",
        table="policies",
        row=2,
        column=column,
        found=found,
        expected=expected,
    )


def test_policy_without_a_value(study: Path) -> None:
    damaged_policy(study, "P1,tax,,,", "value", "nothing", "a value")


def test_cap_of_nothing(study: Path) -> None:
    damaged_policy(study, "P1,cap,0,,", "value", "0", "the catalogue closes a place")


def test_subsidy_in_per_cent(study: Path) -> None:
    damaged_policy(study, "P1,subsidy_per_output,5,,", "value", "5", "0.05 = 5 %")


def test_share_in_another_unit(study: Path) -> None:
    damaged_policy(study, "P1,tax,0.5,%,", "unit", "'%'", "share")


def test_cap_on_a_resource_that_is_none(study: Path) -> None:
    damaged_policy(study, "P1,cap,5,water,", "unit", "'water'", "output, land")


def test_price_floor_of_an_industry(study: Path) -> None:
    damaged_policy(study, "P1,price_floor,5,,06", "industry", "'06'", "a tax may have one")


def test_subsidy_of_land_that_nobody_knows(study: Path) -> None:
    damaged_policy(
        study, "P1,subsidy_per_land,5,,", "instrument", "subsidy_per_land", "enterprises.land"
    )
    add(study, "intensities", "industry,resource,amount,unit", "06,land,5,mu per 100 million CNY")
    assert check_study(study) == ()


def test_tax_on_emissions_that_nobody_knows(study: Path) -> None:
    path = study / "activity.csv"
    silent = pl.read_csv(path, infer_schema=False).drop("emissions", "emissions_status")
    silent.write_csv(path)
    damaged_policy(
        study, "P1,tax_per_emission,5,,", "instrument", "tax_per_emission", "enterprises.emissions"
    )
    add(study, "intensities", "industry,resource,amount,unit", "06,emissions,2,t CO2 per 10000 CNY")
    assert check_study(study) == ()
