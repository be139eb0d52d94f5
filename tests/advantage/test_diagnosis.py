"""The diagnosis of a study: what it says, and what it says it cannot say."""

from dataclasses import fields, replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.declared import undeclared
from tests.study.small import INDUSTRIES, REGIONS, small
from yanzhen.advantage.cross_table import cross_table, long_frame
from yanzhen.advantage.diagnosis import Diagnosis, diagnose
from yanzhen.advantage.movement import shifts
from yanzhen.advantage.specialisation import location_quotient
from yanzhen.study import Study, StudyError, read_study


@pytest.fixture(scope="module")
def example() -> Diagnosis:
    return diagnose(read_study("china-provinces"))


def frames(diagnosis: Diagnosis) -> dict[str, pl.DataFrame]:
    values = {field.name: getattr(diagnosis, field.name) for field in fields(diagnosis)}
    return {name: value for name, value in values.items() if isinstance(value, pl.DataFrame)}


def with_table(study: Study, name: str, frame: pl.DataFrame) -> Study:
    return replace(study, tables={**study.tables, name: frame})


def without(study: Study, *cells: tuple[str, str, int]) -> Study:
    """The study without some cells of activity."""
    activity = study.tables["activity"]
    for region, industry, year in cells:
        gone = (
            (pl.col("region") == region)
            & (pl.col("industry") == industry)
            & (pl.col("year") == year)
        )
        activity = activity.filter(~gone)
    return with_table(study, "activity", activity)


def test_the_year_is_the_last_unless_one_is_given(example: Diagnosis) -> None:
    assert (example.year, example.first_year) == (2017, 2012)
    assert diagnose(small(), 2012).year == 2012


def test_a_year_without_output_names_those_with_output() -> None:
    with pytest.raises(ValueError, match=r"2016.*2012, 2017"):
        diagnose(small(), 2016)


def test_every_region_and_industry_that_may_move_is_there() -> None:
    pairs = diagnose(small()).specialisation.select("region", "industry").rows()
    assert pairs == [(r, i) for r in REGIONS for i in INDUSTRIES[:3]]


def test_quotients_are_those_of_the_completed_output(example: Diagnosis) -> None:
    table = cross_table(example.specialisation, "output")
    quotients = {"location_quotient": location_quotient(table.values)}
    again = long_frame(table.regions, table.industries, quotients)
    assert_frame_equal(example.specialisation.select(again.columns), again, abs_tol=1e-12)


def test_an_estimated_cell_is_marked_and_counted() -> None:
    holed = diagnose(without(small(), ("110000", "06", 2017)))
    status = dict(
        zip(
            holed.specialisation.select("region", "industry").rows(),
            holed.specialisation["output_status"],
            strict=True,
        )
    )
    assert status[("110000", "06")] == "estimated"
    assert status[("110000", "13")] == "synthetic"
    assert holed.regions.filter(region="110000")["estimated"].item() == 1


def test_what_cannot_be_completed_stays_missing() -> None:
    study = small()
    national = (pl.col("region") == "100000") & (pl.col("industry") == "06")
    activity = study.tables["activity"].filter(~national)
    holed = diagnose(
        without(with_table(study, "activity", activity), ("110000", "06", 2017))
    ).specialisation.filter(region="110000", industry="06")
    assert holed["output_status"].item() == "missing"
    assert holed["output"].item() is None
    assert holed["location_quotient"].item() is None


def test_a_hole_is_never_taken_for_a_move() -> None:
    holed = diagnose(without(small(), ("110000", "06", 2012)))
    pairs = holed.shift_share.select("region", "industry").rows()
    assert ("110000", "06") not in pairs
    own = holed.macro_shifts.filter(industry="06", macro_region="East")
    assert own["cells"].item() == 1


def test_shift_share_adds_up_to_the_change(example: Diagnosis) -> None:
    parts = example.shift_share.select(
        off=(pl.col("national") + pl.col("mix") + pl.col("competitive") - pl.col("change")).abs()
    )
    assert parts["off"].max() < 1e-9
    assert example.shift_share.height > 200


def test_what_one_macro_region_gains_another_loses(example: Diagnosis) -> None:
    sums = example.macro_shifts.group_by("industry").agg(pl.col("absolute_shift").sum())
    assert sums["absolute_shift"].abs().max() < 1e-6


def test_shifts_are_those_of_the_long_frame(example: Diagnosis) -> None:
    study = example.study
    cells = study.tables["activity"].join(example.regions.select("region"), on="region", how="semi")
    groups = study.tables["regions"].select("region", group="macro_region")
    again = shifts(cells, groups, "output", 2012, 2017).rename({"group": "macro_region"})
    own = example.macro_shifts.drop_nulls("industry")
    assert_frame_equal(own, again.select(own.columns), check_exact=False, abs_tol=1e-9)


def test_shifts_of_all_industries_are_sums_over_theirs(example: Diagnosis) -> None:
    whole = example.macro_shifts.filter(pl.col("industry").is_null()).sort("macro_region")
    parts = (
        example.macro_shifts.drop_nulls("industry")
        .group_by("macro_region")
        .agg(pl.col("before", "after", "cells").sum())
    )
    assert_frame_equal(
        whole.select("macro_region", "before", "after", "cells"), parts.sort("macro_region")
    )


def test_a_rank_stands_in_its_interval(example: Diagnosis) -> None:
    ranked = example.capacity.drop_nulls("rank_median")
    assert ranked.height == 31
    assert (ranked["rank_low"] <= ranked["rank_median"]).all()
    assert (ranked["rank_median"] <= ranked["rank_high"]).all()


def test_opportunities_are_what_a_region_is_not_strong_in(example: Diagnosis) -> None:
    assert (example.opportunities["location_quotient"].fill_null(0.0) < 1).all()


@pytest.mark.parametrize(
    ("table", "terms"),
    [
        ("input_output", {"supply_gap", "supplier_access", "market_access"}),
        ("indicators", {"labour_cost", "market", "market_potential", "growth", "cost"}),
    ],
)
def test_what_is_off_for_want_of_a_table_names_it(table: str, terms: set[str]) -> None:
    study = read_study("china-provinces")
    off = diagnose(with_table(study, table, study.tables[table].clear())).not_evaluated
    found = off.filter(pl.col("needs").str.contains(table))["term"]
    assert terms <= set(found)


def test_regions_without_places_have_no_centre_and_no_neighbours() -> None:
    study = read_study("china-provinces")
    regions = study.tables["regions"].with_columns(longitude=pl.lit(None, pl.Float64))
    found = diagnose(with_table(study, "regions", regions))
    assert found.centres.is_empty()
    assert found.autocorrelation["moran"].null_count() == found.autocorrelation.height
    assert {"centres", "autocorrelation", "supply_gap"} <= set(found.not_evaluated["term"])


def test_one_year_has_no_change_and_says_so() -> None:
    found = diagnose(small(), 2012)
    assert found.first_year is None
    assert found.shift_share.is_empty()
    assert found.macro_shifts.is_empty()
    assert {"shift_share", "macro_shifts", "centres"} <= set(found.not_evaluated["term"])


def test_the_frames_have_the_declared_columns_whatever_is_off(example: Diagnosis) -> None:
    for found in (example, diagnose(small(), 2012)):
        assert undeclared(found) == []


def test_a_study_without_output_is_refused() -> None:
    study = small()
    activity = study.tables["activity"]
    with pytest.raises(StudyError, match="at least one row"):
        diagnose(with_table(study, "activity", activity.clear()))
    unknown = activity.with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in ("output", "value_added")
    )
    with pytest.raises(StudyError, match="no output"):
        diagnose(with_table(study, "activity", unknown))


def test_the_same_study_gives_the_same_frames(example: Diagnosis) -> None:
    again = frames(diagnose(read_study("china-provinces")))
    for name, frame in frames(example).items():
        assert frame.equals(again[name]), name


def flat_study() -> Study:
    """SYNTHETIC: twelve regions all alike, three industries, one of them new."""
    study = read_study("china-provinces")
    regions = study.tables["regions"].filter(pl.col("parent").is_not_null()).head(12)
    industries = study.tables["activity"]["industry"].unique().sort().head(3)
    rows = [
        {"region": region, "industry": industry, "year": year, "output": output}
        for region in regions["region"]
        for industry, then, now in zip(industries, (0.3, 0.1, 0.0), (0.3, 0.1, 0.7), strict=True)
        for year, output in ((2012, then), (2017, now))
    ]
    activity = pl.concat(
        [study.tables["activity"].clear(), pl.DataFrame(rows)], how="diagonal_relaxed"
    )
    return with_table(study, "activity", activity)


def test_what_is_not_defined_is_listed_with_its_reason() -> None:
    found = diagnose(flat_study())
    listed = found.not_defined
    reasons = {(row[0], row[3]) for row in listed.iter_rows()}
    assert {("eci", "alike"), ("share_lost", "from_nothing")} <= reasons
    assert found.regions["eci"].null_count() == found.regions.height
    assert found.autocorrelation["moran"].null_count() == found.autocorrelation.height
    moran = listed.filter(term="autocorrelation")
    assert moran["reason"].to_list() == ["constant"] * 3
    beyond = found.shift_share.select((pl.col("mix") + pl.col("competitive")).sum()).item()
    assert beyond == pytest.approx(0, abs=1e-12)


def test_every_reason_and_term_has_words() -> None:
    from yanzhen.advantage.undefined import REASONS
    from yanzhen.report.text.words import phrases

    terms = set(diagnose(flat_study()).not_defined["term"])
    assert {f"term.{code}" for code in {*REASONS, *terms}} <= set(phrases())


def test_the_example_has_no_indicator_that_is_not_defined() -> None:
    assert diagnose(read_study("china-provinces")).not_defined.is_empty()


def test_what_has_no_value_does_not_ask_for_the_output_that_is_there() -> None:
    found = diagnose(small())
    assert "activity.output" not in set(found.not_evaluated["needs"])
    assert {"eci", "outlook"} <= set(found.not_defined["term"])
