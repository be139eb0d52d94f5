"""Intervals of meaning: ends, whole numbers, words; and that the standard values are inside."""

import math
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import small, small_study
from yanzhen.study import StudyError, check_study
from yanzhen.study.assumptions import used_parameters
from yanzhen.study.intervals import Interval
from yanzhen.study.standard import (
    declaration,
    meanings_of_parameters,
    parameter_problems,
)

HEADER = "parameter,value,unit,low,high,source\n"


@pytest.mark.parametrize(
    ("written", "inside", "beyond"),
    [
        ("[0, 1]", (0, 0.5, 1), (-1e-9, 1 + 1e-9, math.nan, math.inf)),
        ("(0, 1)", (0.5,), (0, 1)),
        ("(0, inf)", (1e-9, 1e12), (0, -1, math.inf)),
        ("whole [1, 100]", (1, 5.0, 100), (0, 4.5, 101)),
    ],
)
def test_an_interval_holds_what_is_between_its_ends(
    written: str, inside: tuple[float, ...], beyond: tuple[float, ...]
) -> None:
    interval = Interval.written(written)
    assert all(interval.holds(value) for value in inside)
    assert not any(interval.holds(value) for value in beyond)


def test_words_say_which_ends_belong() -> None:
    words = {text: Interval.written(text).words() for text in ("[0, 1]", "(0, 1]", "whole [1, 9]")}
    assert words == {
        "[0, 1]": ("a number from 0 to 1", "0 至 1 的数"),
        "(0, 1]": ("a number above 0 and of at most 1", "大于 0、不大于 1的数"),
        "whole [1, 9]": ("a whole number from 1 to 9", "1 至 9 的整数"),
    }


@pytest.mark.parametrize("text", ["0 to 1", "[1, 0]", "[0,1]", ""])
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="interval"):
        Interval.written(text)


@pytest.mark.parametrize(
    ("package", "file"),
    [
        ("yanzhen.study", "assumptions.csv"),
        ("yanzhen.modes.chain.docking", "docking_parameters.csv"),
        ("yanzhen.modes.technology.matching", "matching_parameters.csv"),
    ],
)
def test_every_declared_value_and_its_interval_mean_something(package: str, file: str) -> None:
    declared = declaration(package, file)
    for name, *values in declared.table.select("parameter", "value", "low", "high").iter_rows():
        assert all(declared.meaning[name].holds(value) for value in values), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sigma", 0),
        ("sigma", -0.03),
        ("sigma", 5),
        ("annualisation_years", 0),
        ("access_decay", 0),
        ("moving_cost", -5),
        ("local_tax_share", 1.5),
        ("departure_floor", -0.1),
        ("departure_share", 2),
        ("branch_share", 1),
        ("plan_years", 4.5),
        ("contract_years", 0),
        ("home_discount_rate", -0.1),
        ("room_scale", 0),
        ("chain_strength", -1),
        ("size_weight", 2),
    ],
)
def test_check_and_the_commands_refuse_a_value_beyond_meaning(
    name: str, value: float, tmp_path: Path
) -> None:
    study = small_study(tmp_path / "study")
    (study / "parameters.csv").write_text(f"{HEADER}{name},{value},share,,,assumption\n")
    (problem,) = check_study(study)
    assert (problem.row, problem.column) == (2, "value")
    assert problem.found == f"{name} = {value:g}"
    assert problem.expected == meanings_of_parameters()[name].words()[0]
    row = pl.DataFrame({"parameter": [name], "value": [float(value)], "unit": ["share"]})
    empty = small().tables["parameters"]
    in_memory = small()
    tables = {**in_memory.tables, "parameters": pl.concat([empty, row], how="diagonal")}
    with pytest.raises(StudyError, match=f"{name} = "):
        used_parameters(type(in_memory)(in_memory.about, tables, "memory"))


def test_the_ends_of_an_interval_are_held_to_the_same_meaning(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    (study / "parameters.csv").write_text(f"{HEADER}sigma,0.03,share,-0.01,0.06,assumption\n")
    (problem,) = check_study(study)
    assert (problem.column, problem.found) == ("low", "sigma = -0.01")


@pytest.mark.parametrize(("name", "value"), [("departure_floor", 0), ("moving_cost", 0)])
def test_what_means_something_is_allowed(name: str, value: float, tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    (study / "parameters.csv").write_text(f"{HEADER}{name},{value},share,,,assumption\n")
    assert check_study(study) == ()


def test_a_command_names_all_that_it_cannot_use() -> None:
    found = parameter_problems({"sigam": 1.0, "sigma": 0.0}, meanings_of_parameters())
    assert [problem.expected for problem in found] == [
        "'sigma'",
        "a number above 0 and of at most 1",
    ]
