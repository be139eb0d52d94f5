"""Tables as shown: names, units, estimates."""

import polars as pl
import pytest

from tests.declared import undeclared
from yanzhen.market.plan.plan import Plan
from yanzhen.report.tables import diagnosis
from yanzhen.report.tables import plan as of_plan
from yanzhen.report.tables import table as shown_tables
from yanzhen.report.tables.basis import certificate_table, parameter_table
from yanzhen.report.tables.plan import (
    move_table,
    price_table,
    table,
    tables,
)
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang


def test_the_frames_have_the_declared_columns(example_plan: Plan) -> None:
    assert undeclared(example_plan) == []


def test_codes_stand_beside_names(plan: Plan) -> None:
    shown = table(plan, "regions", Reader(plan.study, "zh"))
    row = next(row for row in shown.rows if row[0] == "440000")
    assert row[1] == "广东"


def test_english_money_is_in_billions(plan: Plan) -> None:
    shown = table(plan, "macro_regions", Reader(plan.study, "en"))
    place = shown.index("output")
    assert shown.columns[place].unit == "CNY billion"
    assert sum(row[place] for row in shown.rows) == pytest.approx(
        0.1 * plan.macro_regions["output"].sum()
    )


def test_estimated_cells_are_marked_and_no_others(plan: Plan) -> None:
    shown = table(plan, "activity", Reader(plan.study, "zh"))
    place = shown.index("output")
    estimated = plan.activity["output_status"] == "estimated"
    assert shown.estimated == {(i, place) for i, yes in enumerate(estimated) if yes}


def test_what_is_missing_is_no_zero(plan: Plan) -> None:
    shown = table(plan, "activity", Reader(plan.study, "zh"))
    place = shown.index("output")
    missing = [i for i, value in enumerate(plan.activity["output"]) if value is None]
    assert missing
    assert {shown.text(i, place) for i in missing} == {"—"}


def test_the_reasons_beside_a_move_sum_to_its_gain(plan: Plan) -> None:
    shown = move_table(plan, Reader(plan.study, "en"))
    reasons = [i for i, column in enumerate(shown.columns) if column.name.startswith("reason_")]
    gain = shown.index("gain")
    for row in shown.rows[:50]:
        assert sum(row[i] for i in reasons) == pytest.approx(row[gain])


def test_a_premium_on_output_is_a_share(plan: Plan) -> None:
    shown = price_table(plan, "output", Reader(plan.study, "en"))
    assert shown.columns[shown.index("premium")].kind == "share"


def test_a_premium_on_another_resource_has_its_unit(plan: Plan) -> None:
    from dataclasses import replace

    land = replace(plan, prices=plan.prices.with_columns(resource=pl.lit("land")))
    shown = price_table(land, "land", Reader(land.study, "en"))
    place = shown.index("premium")
    assert shown.columns[place].unit == "CNY billion for one ha a year"
    dearest = max(row[place] for row in shown.rows)
    assert dearest == pytest.approx(0.1 * plan.prices["premium"].max())


def test_a_check_that_is_not_a_number_fails(plan: Plan) -> None:
    from dataclasses import replace

    broken = replace(plan, certificate=replace(plan.certificate, duality_gap=float("nan")))
    shown = certificate_table(broken, Reader(broken.study, "en"))
    assert [row[2] for row in shown.rows].count("fails") == 1


def test_an_assumption_is_called_one(plan: Plan) -> None:
    shown = parameter_table(plan, Reader(plan.study, "zh"))
    assert shown.rows[0][shown.index("source")] == "假设"


def test_titles_of_all_tables_differ(plan: Plan, lang: str) -> None:
    titles = [shown.title for shown in tables(plan, Reader(plan.study, lang))]
    assert len(titles) == len(set(titles))


def test_a_long_table_shows_its_largest_rows_and_says_so(
    plan: Plan, lang: Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_tables, "MOST_ROWS", 4)
    monkeypatch.setattr(shown_tables, "LARGEST", 3)
    reader = Reader(plan.study, lang)
    cut = table(plan, "leaving", reader)
    largest = plan.leaving["output"].sort(descending=True)[:3] * reader.money.factor
    at = cut.index("output")
    assert sorted((row[at] for row in cut.rows), reverse=True) == pytest.approx(largest.to_list())
    assert f"{plan.leaving.height:,}" in cut.note
    assert plan.leaving.height > 4


@pytest.mark.parametrize(
    "declared",
    [(of_plan.STATUS_OF, of_plan.COLUMNS), (diagnosis.STATUS_OF, diagnosis.COLUMNS)],
    ids=["plan", "diagnosis"],
)
def test_what_is_marked_as_estimated_is_a_column_with_a_status(declared) -> None:
    status_of, columns = declared
    for key, marked in status_of.items():
        assert {*marked, *marked.values()} <= set(columns[key]), key


def test_moves_are_listed_to_a_share_that_the_note_says(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_plan, "MOVES_AT_LEAST", 3)
    reader = Reader(plan.study, "en")
    shown = of_plan.listed_moves(plan, reader)
    held = plan.moves["output"].cum_sum() / plan.moves["output"].sum()
    count = len(shown.rows)
    assert held[count - 2] < 0.8 <= held[count - 1] and count < plan.moves.height
    assert f"{count:,} largest of {plan.moves.height:,} moves" in shown.note
    monkeypatch.setattr(of_plan, "MOVES_AT_LEAST", plan.moves.height)
    assert len(of_plan.listed_moves(plan, reader).rows) == plan.moves.height
