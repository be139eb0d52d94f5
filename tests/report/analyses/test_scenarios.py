"""The comparison of scenarios as a reader gets it: page, workbook, JSON."""

import json
from dataclasses import replace
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.market.plan.plan import Plan
from yanzhen.pipeline import compare_study
from yanzhen.report.analyses.scenarios import write_comparison
from yanzhen.report.findings.scenarios import scenario_findings
from yanzhen.report.tables.scenarios import scenario_tables
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import read_study

ASKED = ("west_subsidy", "west_ban", "west_coordinated", "race")


@pytest.fixture(scope="module")
def compared() -> tuple[Plan, Comparison]:
    return compare_study(read_study("china-provinces"), ASKED)


@pytest.fixture(scope="module")
def written(
    compared: tuple[Plan, Comparison], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("comparison")
    for lang in LANGUAGES:
        write_comparison(*compared, folder / lang, Reader(compared[0].study, lang))
    return {lang: folder / lang for lang in LANGUAGES}


def total(comparison: Comparison, scenario: str, measure: str, when: str = "change") -> float:
    row = comparison.totals.filter(scenario=scenario, measure=measure)
    return float(row[when].item())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_a_finding_for_every_scenario(
    compared: tuple[Plan, Comparison], written: dict[str, Path], lang: Lang
) -> None:
    page = (written[lang] / "comparison.html").read_text(encoding="utf-8")
    findings = scenario_findings(*compared, Reader(compared[0].study, lang))
    assert len(findings) == len(ASKED)
    for title in compared[1].scenarios[f"title_{lang}"]:
        assert title in page
    assert page.count('<figure class="picture"') == 2 + compared[1].races.height


def test_the_finding_on_a_subsidy_says_what_was_computed(
    compared: tuple[Plan, Comparison],
) -> None:
    plan, comparison = compared
    said = scenario_findings(plan, comparison, Reader(plan.study, "en"))[0]
    paid = total(comparison, "west_subsidy", "subsidy")
    owners = total(comparison, "west_subsidy", "rents") / paid
    assert f"CNY {paid / 10:,.0f} billion" in said
    assert f"{owners:.0%} of them turn into rents" in said
    assert "falls by" in said
    assert total(comparison, "west_subsidy", "social_surplus") < 0


def test_the_share_turned_into_rent_is_that_of_re_clearing(
    compared: tuple[Plan, Comparison],
) -> None:
    comparison = compared[1]
    full = comparison.subsidies.filter(scenario="west_subsidy", full=True).filter(
        pl.col("outlay") > 0
    )
    assert full.height > 0
    share = full["rent_change"].sum() / full["outlay"].sum()
    stated = total(comparison, "west_subsidy", "capitalised_where_full", "after")
    assert stated == pytest.approx(share)
    assert 0 < share < 1


def test_the_race_is_shown_with_its_waste_and_its_checks(
    compared: tuple[Plan, Comparison],
) -> None:
    comparison = compared[1]
    race = comparison.races.filter(scenario="race").row(0, named=True)
    welfare = dict(
        comparison.regimes.filter(scenario="race").select("regime", "welfare").iter_rows()
    )
    assert race["waste"] == pytest.approx(welfare["coordinated"] - welfare["nash"])
    assert race["waste"] > 0
    assert race["failed_starts"] == 0
    assert comparison.regimes["converged"].all()
    assert race["largest_gain"] < 1e-6


def test_the_table_in_the_documentation_is_what_the_example_gives(repository: Path) -> None:
    text = (repository / "docs/en/how-to/government.md").read_text(encoding="utf-8")
    asked = ("west_subsidy", "west_ban", "west_coordinated", "all_match", "race")
    comparison = compare_study(read_study("china-provinces"), asked)[1]
    rows = {
        "more output moves": "moving_output",
        "subsidies": "subsidy",
        "enterprises' surplus": "enterprise_surplus",
        "rents": "rents",
        "social surplus": "social_surplus",
    }
    for head, measure in rows.items():
        cells = " | ".join(f"{total(comparison, name, measure):,.0f}" for name in asked)
        assert f"| {head} | {cells} |" in text
    waste = comparison.races.filter(scenario="race")["waste"].item()
    assert f"the places lose {waste:.0f} a year" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_has_a_sheet_for_every_table_with_rows(
    compared: tuple[Plan, Comparison], written: dict[str, Path], lang: Lang
) -> None:
    plan, comparison = compared
    shown = scenario_tables(comparison, Reader(plan.study, lang))
    tables = [table for table in shown if table.rows]
    names = fastexcel.read_excel(written[lang] / "comparison.xlsx").sheet_names
    assert len(names) == 1 + len(tables) + 1
    assert tables[1].title in names


def test_the_json_holds_the_same_figures(
    compared: tuple[Plan, Comparison], written: dict[str, Path]
) -> None:
    said = json.loads((written["en"] / "comparison.json").read_text(encoding="utf-8"))
    assert said["totals"] == compared[1].totals.to_dicts()
    assert [one["scenario"] for one in said["scenarios"]] == list(ASKED)


def test_the_same_comparison_gives_the_same_bytes(
    compared: tuple[Plan, Comparison], written: dict[str, Path], tmp_path: Path
) -> None:
    write_comparison(*compared, tmp_path, Reader(compared[0].study, "zh"))
    for name in ("comparison.html", "comparison.xlsx", "comparison.json"):
        assert (tmp_path / name).read_bytes() == (written["zh"] / name).read_bytes()


def test_a_share_of_what_rounding_left_before_is_not_defined(
    compared: tuple[Plan, Comparison],
) -> None:
    plan, comparison = compared
    moving = pl.col("measure") == "moving_output"
    from_nothing = comparison.totals.with_columns(
        before=pl.when(moving).then(3e-14).otherwise("before")
    )
    said = scenario_findings(
        plan, replace(comparison, totals=from_nothing), Reader(plan.study, "en")
    )[0]
    assert "a share that is not defined" in said
    assert "e+" not in said
