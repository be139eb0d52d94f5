"""The chapter on cooperation in the report of a plan."""

from dataclasses import replace

import polars as pl
import pytest

from tests.declared import undeclared
from tests.study.small import REGIONS, complete
from tests.study.small_modes import small_modes
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.modes.coconstruction.gains.appraisal import appraise
from yanzhen.modes.coconstruction.settlement.agreements import agreements
from yanzhen.modes.coconstruction.surveys.plan_survey import PlanSurvey, plan_survey
from yanzhen.report.analyses.cooperation_chapter import cooperation_chapter, cooperation_lacking
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import StudyError

AGREED = {
    "agreement": ["A1", "A2"],
    "home": [REGIONS[0], REGIONS[1]],
    "host": [REGIONS[2], REGIONS[3]],
    "industry": [None, "06"],
    "terms": ["songjiang_luan", "zibo"],
    "from_year": [2018, 2019],
    "tax_kinds": ["value_added_tax", "value_added_tax"],
}
MOVES = pl.DataFrame(
    {
        "origin": [REGIONS[0], REGIONS[1], REGIONS[0]],
        "destination": [REGIONS[2], REGIONS[3], REGIONS[4]],
        "output": [5.0, 3.0, 1.0],
    }
)


def cleared_study(agreed: bool, taxed: bool = True) -> ClearedStudy:
    study = small_modes()
    tables = dict(study.tables)
    if agreed:
        tables["agreements"] = complete("agreements", pl.DataFrame(AGREED))
    if not taxed:
        nothing = pl.lit(None, pl.Float64)
        tables["activity"] = tables["activity"].with_columns(tax=nothing)
    return clear_study(study_inputs(replace(study, tables=tables)))


@pytest.fixture(scope="module")
def cleared() -> ClearedStudy:
    return cleared_study(agreed=True)


@pytest.fixture(scope="module")
def found(cleared: ClearedStudy) -> PlanSurvey:
    return plan_survey(cleared, MOVES)


def test_tables_are_as_declared(found: PlanSurvey) -> None:
    assert undeclared(found) == []


def test_homes_and_hosts_are_those_of_the_largest_moves(found: PlanSurvey) -> None:
    assert set(found.pairs["home"]) == {REGIONS[0], REGIONS[1]}
    assert set(found.pairs["host"]) <= {REGIONS[2], REGIONS[3], REGIONS[4]}


def test_an_agreement_is_worth_what_its_own_appraisal_says(
    cleared: ClearedStudy, found: PlanSurvey
) -> None:
    agreed = agreements(cleared.inputs.study)
    for each, row in zip(agreed, found.agreements.iter_rows(named=True), strict=True):
        alone = appraise(cleared, each)
        assert row["agreement"] == each.contract.name
        assert (row["home_gain"], row["host_gain"]) == pytest.approx(
            (alone.home_gain, alone.host_gain)
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapter_says_the_mode_and_names_the_agreements(found: PlanSurvey, lang: Lang) -> None:
    chapter = cooperation_chapter(found, Reader(found.study, lang))
    said = " ".join(chapter.findings)
    assert "A1" in said and "A2" in said
    assert {table.key for table in chapter.tables} == {"plan_agreements", "survey_modes"}
    assert len(chapter.drawings) == 1 and chapter.limits
    assert chapter.frames["agreements"].height == 2


def test_a_study_without_taxes_says_what_it_lacks() -> None:
    cleared = cleared_study(agreed=False, taxed=False)
    with pytest.raises(StudyError) as caught:
        plan_survey(cleared, MOVES)
    for lang in LANGUAGES:
        reader = Reader(cleared.inputs.study, lang)
        assert "activity.tax" in cooperation_lacking(caught.value.problems, reader).findings[0]
