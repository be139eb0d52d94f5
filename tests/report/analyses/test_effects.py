"""The report on the effects of a plan: tables, pictures and findings in both languages."""

from dataclasses import replace

import polars as pl
import pytest

from tests.effects.studies import small_economy
from yanzhen.effects.plan_effects import Effects
from yanzhen.effects.response import UNIQUENESS
from yanzhen.pipeline.effects import in_effects, refusal_chapters
from yanzhen.report.analyses.effects import FIGURES, effects_document, effects_json, run_effects
from yanzhen.report.document.chapter import chapter_of
from yanzhen.report.findings.effects import effects_findings
from yanzhen.report.tables.effects import KEYS, effects_frame, effects_table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import StudyError


@pytest.fixture(scope="module", params=["joint", "accounting"])
def effects(request: pytest.FixtureRequest) -> Effects:
    asked = {"model": request.param, "value": {"effects_draws": 2.0}}
    return run_effects(small_economy(), asked, lambda share, line: None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_is_said_in_words(effects: Effects, lang: Lang) -> None:
    reader = Reader(effects.study, lang)
    codes = {"immobile", "free", "theil_between", "terms_of_trade", "own_value_added", "unit_cost"}
    for key in KEYS:
        shown = effects_table(effects, key, reader, effects_frame(effects, key))
        assert shown.title and shown.note
        said = {cell for row in shown.rows for cell in row if isinstance(cell, str)}
        assert not said & codes, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_is_valid_also_of_nothing(effects: Effects, lang: Lang) -> None:
    reader = Reader(effects.study, lang)
    for figure in FIGURES.values():
        assert figure(effects, {}, reader).to_dict()["title"]


def test_a_region_has_a_waterfall_of_its_own(effects: Effects) -> None:
    reader = Reader(effects.study, "en")
    if effects.welfare.is_empty():
        return
    spec = FIGURES["waterfall"](effects, {"region": "610000"}, reader).to_dict()
    assert reader.names.regions["610000"] in str(spec["title"]["text"])


def test_the_chapter_has_findings_limits_and_every_assumption(effects: Effects) -> None:
    reader = Reader(effects.study, "en")
    document = effects_document(effects, reader, {})
    chapter = chapter_of("effects", document, "Effects")
    assert len(chapter.findings) >= 2 and len(chapter.limits) >= 2
    tables = {table.key: table for table in chapter.tables}
    assert len(tables["effects_parameters"].rows) == effects.parameters.height
    if effects.trade_basis:
        assert len(tables["effects_assumptions"].rows) == effects.assumptions.height > 5


def test_the_values_for_programs_hold_every_table(effects: Effects) -> None:
    values = effects_json(effects, {})
    assert set(values["tables"]) == {*KEYS, "parameters", "not_evaluated"}
    narrowed = effects_json(effects, {"region": "610000"})["tables"]["balance"]
    assert [row["region"] for row in narrowed] == ["610000"]
    assert in_effects(effects)["effects"]["trade_basis"] == effects.trade_basis


def test_a_study_that_has_no_effects_is_told_why(effects: Effects) -> None:
    reader = Reader(effects.study, "en")
    (chapter,) = refusal_chapters(StudyError([]), reader)
    assert chapter.heading and refusal_chapters(effects, reader) == []


@pytest.mark.parametrize(
    ("known", "settled", "difference", "said"),
    [
        (True, 0, None, "by a published condition"),
        (False, 0, None, "no other start led to one"),
        (False, 9, 1e-12, "all at the same"),
        (False, 9, 0.1, "more than one equilibrium"),
    ],
)
def test_findings_say_what_other_starts_found(
    known: bool, settled: int, difference: float | None, said: str
) -> None:
    found = run_effects(small_economy(), {"model": "accounting"}, lambda share, line: None)
    rows = UNIQUENESS.frame([("free", known, 0 if known else 10, settled, difference)])
    told = effects_findings(replace(found, uniqueness=rows), Reader(found.study, "en"))
    assert said in told[-1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_of_a_region_name_no_other(effects: Effects, lang: Lang) -> None:
    reader = Reader(effects.study, lang)
    names = reader.names.regions
    for region in effects.regions["region"]:
        told = " ".join(effects_document(effects, reader, {"region": region}).findings)
        assert names[region] in told
        assert not [code for code in names if code != region and names[code] in told]


def test_who_gains_and_who_loses_are_told_apart(effects: Effects) -> None:
    """Few regions gain, and none is named among those that rise and those that fall."""
    if effects.response.is_empty():
        return
    reader = Reader(effects.study, "en")
    told = effects_findings(effects, reader)
    (stay,) = [each for each in told if each.startswith("Where people stay")]
    rises, falls = stay.split("; it falls most in ")
    assert "−" not in rises and "+" not in falls.split(". Over")[0]
    alike = effects.response.with_columns(
        pl.when(mobility="immobile")
        .then(0.01)
        .otherwise("real_income_change")
        .alias("real_income_change")
    )
    (stay,) = [
        each
        for each in effects_findings(replace(effects, response=alike), reader)
        if each.startswith("Where people stay")
    ]
    assert "rises in 5 of 5 regions" in stay and "falls" not in stay


def test_what_was_estimated_is_said(effects: Effects) -> None:
    """A mark of a cell, a cell that was completed, and a GDP: none passes for an observation."""
    study = effects.study
    plain = {
        name: table.with_columns(
            pl.lit(None, pl.String).cast(table.schema[column]).alias(column)
            for column in table.columns
            if column == "status" or column.endswith("_status")
        )
        for name, table in study.tables.items()
    }
    real = replace(study, about=replace(study.about, synthetic=False), tables=plain)
    said = effects_findings(replace(effects, study=real), Reader(real, "en"))
    assert not [each for each in said if "estimated" in each]
    cell = (pl.col("region") == "110000") & (pl.col("year") == effects.year)
    marked = {
        "activity": plain["activity"].with_columns(
            output_status=pl.when(cell).then(pl.lit("estimated"))
        ),
        "indicators": plain["indicators"].with_columns(
            status=pl.when(cell & (pl.col("indicator") == "gdp")).then(pl.lit("estimated"))
        ),
    }
    of_one = replace(real, tables={**plain, **marked})
    said = effects_findings(replace(effects, study=of_one), Reader(of_one, "en"))
    assert [each for each in said if each.startswith(f"Of {effects.year} output")]
    assert bool(effects.response.height) == (
        "estimated, not observed, in 1 of 5 regions" in " ".join(said)
    )
    elsewhere = effects_findings(replace(effects, study=of_one), Reader(of_one, "en"), "320000")
    assert not [each for each in elsewhere if "estimated" in each]
