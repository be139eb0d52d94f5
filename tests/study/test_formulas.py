"""Formulas of indicators: what is read, and every reason why one is refused."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import complete, small
from yanzhen.study import write_study
from yanzhen.study.checking import checked
from yanzhen.study.formulas import BadFormula, Call, formula_of, others_of, series_of
from yanzhen.study.goal_indicators import indicators_of_goals
from yanzhen.study.tables.goals import FAMILIES


def test_a_call_is_read_as_what_it_names() -> None:
    assert formula_of("total(activity.output, macro_region=('West', 'Central'))") == Call(
        "total", (("activity", "output"),), (("macro_region", ("West", "Central")),)
    )
    assert formula_of("herfindahl(activity.output, over='industry')") == Call(
        "herfindahl", (("activity", "output"),), (), "industry"
    )


def test_a_formula_names_its_columns_and_other_indicators() -> None:
    formula = formula_of("2 * one / total(activity.tax) - total(indicators.gdp) + one")
    assert others_of(formula) == ("one",)
    assert series_of(formula) == (("activity", "tax"), ("indicators", "gdp"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("__import__('os').system('x')", "'__import__('os').system('x')' in a formula"),
        ("(lambda: 1)()", "'(lambda: 1)()' in a formula"),
        ("1 if 1 else 2", "in a formula"),
        ("2 ** 9", "'2 ** 9' in a formula"),
        ("total(activity.output", "no formula"),
        ("True", "'True' in a formula"),
        ("open('x')", "the function 'open'"),
        ("total(activity.outptu)", "the column 'activity.outptu'"),
        ("total(activity.region)", "the column 'activity.region'"),
        ("total(moves.output)", "the table 'moves'"),
        ("total(activity)", "'activity', which is no column"),
        ("total(activity.output, year='2012')", "cells chosen by 'year'"),
        ("total(indicators.gdp, industry='13')", "cells chosen by 'industry'"),
        ("total(activity.output, region=11)", "'11'"),
        ("total(activity.output, **{'a': 1})", "'{'a': 1}'"),
        ("theil(activity.output)", "theil of 1 columns"),
        ("number(activity)", "number(activity)"),
        ("herfindahl(activity.output, over='year')", "over='year'"),
        ("+".join(["1"] * 60), "nested too deeply"),
        ("-" * 999 + "1", "in a formula|nested|no formula"),
        ("1" * 1001, "a formula of 1001 characters"),
    ],
)
def test_what_is_not_of_the_language_is_refused(text: str, found: str) -> None:
    with pytest.raises(BadFormula) as bad:
        formula_of(text)
    assert any(each in bad.value.found[0] for each in found.split("|"))


def test_every_standard_indicator_is_read_and_every_family_has_some() -> None:
    study = small()
    standard = indicators_of_goals(study.tables["goal_indicators"], study.about.measured_by)
    assert {each.family for each in standard} == set(FAMILIES)
    assert all(all(each.names) and all(each.definitions) and each.source for each in standard)


def test_every_fault_of_own_indicators_is_said_at_once(tmp_path: Path) -> None:
    own = pl.DataFrame(
        {
            "indicator": ["a", "b", "c", "d", "inequality", "fine"],
            "family": ["layout"] * 6,
            "formula": ["1 + b", "2 * a", "total(activity.nothing)", "e", "1", "inequality + 1"],
        }
    )
    study = small()
    tables = {**study.tables, "goal_indicators": complete("goal_indicators", own)}
    write_study(replace(study, tables=tables), tmp_path / "study")
    assert [
        (each.row, each.column, each.found) for each in checked(tmp_path / "study").problems
    ] == [
        (2, "formula", "an indicator that refers to itself: a → b → a"),
        (3, "formula", "an indicator that refers to itself: b → a → b"),
        (4, "formula", "the column 'activity.nothing'"),
        (5, "formula", "a formula that refers to the indicator 'e'"),
        (6, "indicator", "'inequality', an indicator that comes with Yanzhen"),
    ]


def test_a_target_of_an_unknown_indicator_is_worth_a_look(tmp_path: Path) -> None:
    study = small()
    target = pl.DataFrame({"target": ["t"], "indicator": ["nobody"], "year": [2025]})
    target = target.with_columns(value=1.0, source=pl.lit("SYNTHETIC"))
    tables = {**study.tables, "targets": complete("targets", target)}
    write_study(replace(study, tables=tables), tmp_path / "study")
    found = checked(tmp_path / "study")
    assert found.problems == ()
    assert [each.found for each in found.warnings] == [
        "a target of 'nobody', which is on no scoreboard"
    ]
