"""A report says what sizes are measured by, with the unit, and leaves out what would be money."""

import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import small_in
from yanzhen.market.plan.plan import Plan
from yanzhen.pipeline import plan_study
from yanzhen.report.document.frames import write_frames
from yanzhen.report.figures import macro_regions
from yanzhen.report.findings.first_page import figures, verdict
from yanzhen.report.findings.plan import findings
from yanzhen.report.tables.plan import COLUMNS, move_table, tables
from yanzhen.report.tables.table import frames_of
from yanzhen.report.text.limits import limits
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

OF_OUTPUT = re.compile(r"(?<!input-)[Oo]utput|产值|(?<!投入)产出")
MARGINS = re.compile(r"a year's output|share of output|margin on output|占产值|占年产值|年产值的")
"""Gains, premiums and offers are shares of an enterprise's own output in every study."""
MONEY = re.compile(r"CNY|元")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_study(small_in("employment"))


@pytest.fixture(params=["zh", "en"])
def reader(request: pytest.FixtureRequest, plan: Plan) -> Reader:
    return Reader(plan.study, request.param)


def speaks_of_output(text: str) -> bool:
    return OF_OUTPUT.search(MARGINS.sub("", text)) is not None


@pytest.mark.parametrize(
    ("size", "lang", "said"),
    [
        (
            "employment",
            "en",
            r"\d+ thousand persons of employment would move, [\d.]+% of 2017 employment",
        ),
        ("employment", "zh", r"预计转移就业[\d.]+万人，占2017年就业的"),
        (
            "energy",
            "en",
            r"[\d,.]+ thousand tce of yearly energy use would move, [\d.]+% of 2017 energy",
        ),
        ("emissions", "en", r"[\d.]+ Mt CO₂ of yearly CO₂ would move, [\d.]+% of 2017 CO₂"),
        ("emissions", "zh", r"预计转移年碳排放[\d.]+百万吨二氧化碳，占2017年碳排放的"),
    ],
)
def test_what_moves_is_told_in_the_measure_and_its_unit(size: str, lang: Lang, said: str) -> None:
    made = plan_study(small_in(size))
    sentences = findings(made, Reader(made.study, lang))
    assert any(re.search(said, each) for each in sentences), sentences
    assert [each for each in sentences if speaks_of_output(each)] == []


def test_the_first_page_says_the_measure(plan: Plan, reader: Reader) -> None:
    shown = [verdict(plan, reader), *(str(each) for each in figures(plan, reader))]
    assert [each for each in shown if speaks_of_output(each) or MONEY.search(each)] == []
    assert {"zh": "就业", "en": "mployment"}[reader.lang] in shown[0]


def test_estimated_flows_are_marked_where_their_columns_are_shown(
    plan: Plan, reader: Reader
) -> None:
    moves = plan.moves.with_columns(status=pl.lit("estimated"))
    shown = move_table(replace(plan, moves=moves), reader)
    marked = {shown.columns[column].name for _, column in shown.estimated}
    assert marked == {"output", "emissions"}
    assert "jobs" not in {column.name for column in shown.columns}


def test_no_heading_speaks_of_output_or_money(plan: Plan, reader: Reader) -> None:
    heads = [
        (shown.key, column.head, column.unit)
        for shown in tables(plan, reader)
        if shown.rows
        for column in shown.columns
    ]
    assert [each for each in heads if speaks_of_output(each[1])] == []
    assert [each for each in heads if MONEY.search(each[2])] == []
    assert not any(head in ("Jobs", "Jobs arriving") for _, head, _ in heads)


def test_no_title_or_note_speaks_of_output(plan: Plan, reader: Reader) -> None:
    said = [text for shown in tables(plan, reader) for text in (shown.title, shown.note)]
    assert [text for text in said if speaks_of_output(text)] == []


def test_an_axis_names_the_measure_and_its_unit(plan: Plan, reader: Reader) -> None:
    drawn = json.dumps(macro_regions(plan, reader).to_dict(), ensure_ascii=False)
    wanted = {"zh": "转移的就业（万人）", "en": "Employment that moves (thousand persons)"}
    assert wanted[reader.lang] in drawn


def test_the_limits_say_why_there_is_no_money(plan: Plan, reader: Reader) -> None:
    told = reader.word("limit.no_money")
    assert told in limits(plan, reader)
    assert ("Sizes are measured by employment" in told) == (reader.lang == "en")


def test_files_name_their_columns_by_the_measure(plan: Plan, tmp_path: Path) -> None:
    write_frames(plan.study, frames_of(plan), COLUMNS, tmp_path)
    moves = pl.read_csv(tmp_path / "SYNTHETIC_moves.csv")
    assert {"employment", "employment_low"} <= set(moves.columns)
    assert not {"output", "jobs"} & set(moves.columns)
    meaning = pl.read_csv(tmp_path / "SYNTHETIC_columns.csv").filter(
        table="moves", column="employment"
    )
    assert meaning.select("unit", "description_zh", "description_en").row(0) == (
        "10,000 persons",
        "就业",
        "Employment",
    )
