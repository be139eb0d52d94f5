"""Limits: what is said depends on what the study holds."""

from dataclasses import replace

import polars as pl

from tests.study.small import REGIONS, complete, small
from yanzhen.market.plan.plan import Plan
from yanzhen.report.text.limits import (
    MOST_WARNINGS,
    carried_forward,
    estimated,
    half_tables,
    limits,
    origins,
    pointed_out,
)
from yanzhen.report.text.reader import Reader
from yanzhen.study import Problem
from yanzhen.study.reading import study_from_frames


def with_table(plan: Plan, name: str, row: dict[str, object]) -> Plan:
    schema = plan.study.tables[name].schema
    full = {column: row.get(column) for column in schema}
    table = pl.DataFrame([full], schema=schema)
    study = replace(plan.study, tables={**plan.study.tables, name: table})
    return replace(plan, study=study)


def test_room_and_departures_of_the_past_say_so(plan: Plan) -> None:
    room, leaving = carried_forward(plan, Reader(plan.study, "en"))
    assert room.startswith("Room carries 2012 to 2017 forward")
    assert leaving.startswith("Departures carry 2012 to 2017 forward")


def test_room_of_the_study_is_not_called_carried_forward(plan: Plan) -> None:
    stated = replace(plan, sites=plan.sites.with_columns(room_from=pl.lit("stated")))
    room, _ = carried_forward(stated, Reader(stated.study, "en"))
    assert "resources" in room


def test_room_stated_in_part_says_what_the_rest_is(plan: Plan) -> None:
    first = pl.int_range(pl.len()) == 0
    basis = pl.when(first).then(pl.lit("stated")).otherwise(pl.lit("past"))
    stated, past, _ = carried_forward(
        replace(plan, sites=plan.sites.with_columns(room_from=basis)), Reader(plan.study, "en")
    )
    assert "resources" in stated
    assert past.startswith("Room carries 2012 to 2017 forward")
    row = {"place": "340000", "resource": "output", "capacity": 1.0}
    said = half_tables(Reader(with_table(plan, "resources", row).study, "en"))
    assert any("the other" in one for one in said), said


def test_departures_held_to_what_can_leave_are_named(plan: Plan) -> None:
    held = pl.col("industry") == plan.industries["industry"][0]
    one = replace(plan, industries=plan.industries.with_columns(departures_clipped=held))
    assert "99%" in carried_forward(one, Reader(one.study, "en"))[2]


def test_observed_moves_are_said(plan: Plan) -> None:
    row = {"move": "1", "industry": "07", "origin": "440000", "destination": "340000"}
    observed = with_table(plan, "moves", row | {"year": 2017, "output": 1.0})
    assert "observed moves" in origins(Reader(observed.study, "en"))
    assert (
        "observed moves of 2017 to 2017 (years: 1)"
        in carried_forward(observed, Reader(observed.study, "en"))[1]
    )


def test_one_year_alone_leaves_departures_assumed(plan: Plan) -> None:
    single = replace(plan, history=plan.history.filter(pl.col("year") == 2017))
    assert "assumed" in carried_forward(single, Reader(single.study, "en"))[1]


def test_every_plan_says_that_origins_are_the_models(plan: Plan, lang: str) -> None:
    assert limits(plan, Reader(plan.study, lang))[0] == origins(Reader(plan.study, lang))


def test_flagged_regions_are_named_with_the_reason(plan: Plan) -> None:
    assert any(
        "Tianjin (data were revised)" in limit for limit in limits(plan, Reader(plan.study, "en"))
    )


def test_no_labour_cost_is_spoken_of_where_it_is_not_evaluated(plan: Plan) -> None:
    without = replace(plan, reasons=plan.reasons.filter(pl.col("term") != "labour_cost"))
    assert (
        len(limits(without, Reader(without.study, "en")))
        == len(limits(plan, Reader(plan.study, "en"))) - 1
    )


def test_estimated_parameters_and_their_covariance_are_said(plan: Plan) -> None:
    assert len(estimated(plan, Reader(plan.study, "en"))) == 1
    pair = {"parameter_a": "distance_cost", "parameter_b": "distance_cost", "covariance": 1e-4}
    own = with_table(plan, "parameter_covariance", pair)
    distance = plan.parameters.head(1).with_columns(parameter=pl.lit("distance_cost"))
    assumed, learnt = estimated(replace(own, parameters=distance), Reader(own.study, "en"))
    assert "Distance" not in assumed
    assert "distance_cost" in learnt and "covariance" in learnt


def test_what_check_warns_of_is_a_limit_and_long_lists_are_cut(plan: Plan) -> None:
    warning = Problem.at("a.csv", "a", 7, "x", ("1", "1"), ("2", "2")).as_warning()
    quiet = replace(plan, study=replace(plan.study, warnings=()))
    assert pointed_out(Reader(quiet.study, "en")) == []
    told = replace(plan, study=replace(plan.study, warnings=(warning,) * 7))
    (said,) = pointed_out(Reader(told.study, "en"))
    assert "7 in all" in said
    assert said.count("a.csv, row 7, column x: 1; suggested: 2.") == MOST_WARNINGS
    assert said in limits(told, Reader(told.study, "en"))


def test_what_half_a_table_means_is_said_once() -> None:
    row = {"place": [REGIONS[0]], "resource": ["output"], "capacity": [900.0]}
    room = complete("resources", pl.DataFrame(row))
    half = study_from_frames(small().about, {**small().tables, "resources": room})
    reader = Reader(half, "en")
    (said,) = half_tables(reader)
    (meaning,) = [each.found for each in half.warnings if each.table == "resources"]
    assert meaning in said
    assert not any(meaning in each for each in pointed_out(reader))
    other = replace(half, warnings=(*half.warnings, replace(half.warnings[0], found="odd")))
    assert "odd" in pointed_out(Reader(other, "en"))[-1]
