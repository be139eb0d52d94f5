"""The report on a fund: tables, pictures and findings in both languages, and the command."""

import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.finance.fund.studies import small_fund
from yanzhen.cli.app import app
from yanzhen.finance.fund.study_fund import Fund
from yanzhen.report.analyses.analysis import NotThere
from yanzhen.report.analyses.fund import FIGURES, fund_document, fund_json, run_fund
from yanzhen.report.tables.fund import KEYS, fund_table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import write_study


@pytest.fixture(scope="module", params=["output", "jobs"])
def fund(request: pytest.FixtureRequest) -> Fund:
    asked = {"objective": request.param, "value": {"fund_draws": 2.0, "fund_least_amount": 0.7}}
    return run_fund(small_fund(), asked, lambda share, line: None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_is_said_in_words(fund: Fund, lang: Lang) -> None:
    reader = Reader(fund.study, lang)
    codes = {"held", "others_add_more", "limits", "below_least", "region_change", "budget", "year"}
    for key in KEYS:
        shown = fund_table(fund, key, reader, getattr(fund, key))
        assert shown.title and shown.note
        said = {cell for row in shown.rows for cell in row if isinstance(cell, str)}
        assert not said & codes, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_document_has_findings_pictures_and_limits(fund: Fund, lang: Lang) -> None:
    reader = Reader(fund.study, lang)
    document = fund_document(fund, reader, {})
    assert len(document.findings) >= 4 and len(document.limits) >= 3
    for figure in FIGURES.values():
        assert figure(fund, {}, reader).to_dict()["title"]
    assert {table.key for table in document.tables} >= {"fund_decisions", "fund_parameters"}


def test_the_values_for_programs_hold_every_table(fund: Fund) -> None:
    values = json.loads(json.dumps(fund_json(fund, {})))
    assert set(values["tables"]) == {*KEYS, "parameters"}
    assert values["synthetic"] and values["gap"] <= 0.01


@pytest.mark.parametrize(
    "asked", [{"fund": "nobody"}, {"objective": "fame"}, {"budget": 0.0}, {"budget": -1.0}]
)
def test_what_is_not_there_is_told(asked: dict[str, object]) -> None:
    with pytest.raises(NotThere):
        run_fund(small_fund(), asked, lambda share, line: None)


def test_the_command_writes_a_folder(tmp_path: Path) -> None:
    write_study(small_fund(), tmp_path / "study")
    study, out = str(tmp_path / "study"), str(tmp_path / "out")
    told = CliRunner().invoke(app, ["fund", study, "--out", out, "--set", "fund_draws=1"])
    assert told.exit_code == 0, told.output
    assert {"fund.html", "fund.xlsx"} <= {each.name for each in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_of_a_region_name_no_project_of_another(fund: Fund, lang: Lang) -> None:
    reader = Reader(fund.study, lang)
    for region in fund.regions["region"]:
        told = " ".join(fund_document(fund, reader, {"region": region}).findings)
        assert reader.names.regions[region] in told
        elsewhere = fund.decisions.filter(pl.col("region") != region)["project"]
        assert not [code for code in elsewhere if re.search(rf"\b{code}\b", told)]


def test_a_region_whose_distances_are_assumed_is_named(fund: Fund) -> None:
    regions = fund.study.tables["regions"].with_columns(
        pl.when(pl.col("region") != "610000").then(name).alias(name)
        for name in ("longitude", "latitude")
    )
    study = replace(fund.study, tables={**fund.study.tables, "regions": regions})
    reader = Reader(study, "en")
    (told,) = [
        each
        for each in fund_document(replace(fund, study=study), reader, {}).limits
        if reader.names.regions["610000"] in each
    ]
    assert "distance" in told.lower()
