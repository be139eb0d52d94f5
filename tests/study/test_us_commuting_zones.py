"""The example of commuting zones holds what its data hold, and no more."""

from pathlib import Path

import polars as pl
import pytest

from yanzhen.advantage.diagnosis import diagnose
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.pipeline import plan_study
from yanzhen.report.analyses.plan import write_plan
from yanzhen.report.findings.plan import findings
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang
from yanzhen.study import Study, study_from_frames
from yanzhen.study.about import About
from yanzhen.study.example import example_folder
from yanzhen.study.study_toml import read_toml

ZONES, INDUSTRIES, YEARS = 722, 228, (1980, 1990)
WAGE, JOBS = "USD per person-year", "persons per million USD"
OF_THE_NATION = 0.99334e6
"""What the zones are of the nation's population of 1980, in millionths."""


@pytest.fixture(scope="module")
def folder() -> Path:
    found = example_folder("us-commuting-zones")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def activity(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "activity.parquet")


@pytest.fixture(scope="module")
def about(folder: Path) -> About:
    said, problems = read_toml((folder / "study.toml").read_text(encoding="utf-8"), "study.toml")
    assert said is not None and problems == []
    return said


@pytest.fixture(scope="module")
def cut(folder: Path, activity: pl.DataFrame, about: About) -> Study:
    """The 20 largest zones and the 8 largest industries with codes of three digits.

    Two digits that begin a longer code would pass for what contains it where there are few zones.
    """
    detailed = activity.filter(pl.col("industry").str.len_chars() == 3)
    largest = {
        key: detailed.group_by(key).agg(pl.col("employment").sum()).top_k(most, by="employment")
        for key, most in (("region", 20), ("industry", 8))
    }
    text = {"region": pl.String, "industry": pl.String}
    tables = {
        name: pl.read_csv(folder / f"{name}.csv", schema_overrides=text)
        for name in ("regions", "industries", "indicators")
    } | {"activity": activity}
    for key, kept in largest.items():
        for name, frame in tables.items():
            if key in frame.columns:
                tables[name] = frame.join(kept, on=key, how="semi")
    return study_from_frames(about, tables, "cut")


def test_every_cell_of_both_years_is_there_and_is_an_estimate(activity: pl.DataFrame) -> None:
    assert activity.height == ZONES * INDUSTRIES * len(YEARS)
    assert activity.select("region", "industry", "year").is_unique().all()
    assert activity["year"].unique().sort().to_list() == list(YEARS)
    assert activity["employment"].null_count() == 0
    assert set(activity["employment_status"]) == {"estimated"}


def test_the_industries_of_a_zone_add_up_to_its_part_of_the_nation(
    folder: Path, activity: pl.DataFrame
) -> None:
    people = pl.read_csv(folder / "indicators.csv", schema_overrides={"region": pl.String})
    assert people["value"].sum() == pytest.approx(OF_THE_NATION, rel=1e-3)
    whole = activity.group_by("region", "year").agg(pl.col("employment").sum())
    share = whole.join(people.select("region", "value"), on="region").with_columns(
        share=pl.col("employment") / pl.col("value")
    )
    of_year = {year: share.filter(year=year)["share"].to_list() for year in YEARS}
    assert of_year[1980] == pytest.approx([1.0] * ZONES, abs=1e-4)
    assert min(of_year[1990]) == pytest.approx(0.97174, abs=1e-4)
    assert max(of_year[1990]) < 1.0


def test_what_the_data_do_not_say_is_not_there(folder: Path, about: About) -> None:
    for name, key in (("regions", "region"), ("industries", "industry")):
        table = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        said = table.select(pl.col("name_en").str.extract(r"(\S+)$") == pl.col(key))
        assert said.to_series().all()
        assert not {"longitude", "parent", "macro_region", "class"} & set(table.columns)
    assert (about.size, about.size_unit) == ("employment", "ppm of the nation")
    assert about.licence == "MIT"
    assert {source.table for source in about.sources} == {"activity", "indicators", "industries"}
    assert "Permission is hereby granted" in (folder / "LICENSE.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plan(cut: Study) -> Plan:
    return plan_study(cut)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_its_report_is_written_whole(plan: Plan, lang: Lang, tmp_path: Path) -> None:
    write_plan(plan, tmp_path, Reader(plan.study, lang))
    assert {"report.html", "plan.xlsx"} <= {path.name for path in tmp_path.iterdir()}


def test_a_part_of_it_is_planned_and_says_what_it_moves(plan: Plan) -> None:
    assert plan.certificate.passed
    said = " ".join(findings(plan, Reader(plan.study, "en")))
    assert "ppm of the nation of employment" in said
    assert "Of 1990 employment, 100.0% is estimated" in said
    assert "output" not in said.replace("a year's output", "")
    assert plan.moves["surplus"].null_count() == plan.moves.height > 0
    assert "distance" not in plan.reasons["term"]


def test_a_part_of_it_is_diagnosed(cut: Study) -> None:
    found = diagnose(cut)
    assert found.regions.height == 20
    assert found.regions["krugman"].null_count() == 0
    off = dict(found.not_evaluated.iter_rows())
    assert off["supply_gap"].startswith("input_output")
    assert "regions.longitude" in off["autocorrelation"]


def test_wages_weigh_by_what_intensities_say_of_output(cut: Study) -> None:
    codes = cut.tables["regions"]["region"].sort()
    prices = pl.DataFrame(
        {"factor": "wage", "place": codes, "year": 1990, "unit": WAGE}
    ).with_columns(price=pl.Series([20_000.0 + 500.0 * k for k in range(codes.len())]))
    stated = cut.tables["industries"].select(
        "industry", resource=pl.lit("jobs"), amount=pl.lit(5.0), unit=pl.lit(JOBS)
    )
    given = {name: frame for name, frame in cut.tables.items() if frame.height}
    study = study_from_frames(
        cut.about, given | {"factor_prices": prices, "intensities": stated}, "cut"
    )
    cost = study_inputs(study).advantage.labour_cost
    # 5 persons per million USD at 20,000 USD a year each are a tenth of output.
    assert cost[0] == pytest.approx([0.1] * 8)
    assert cost[-1] == pytest.approx([5 * 29_500 / 1e6] * 8)
