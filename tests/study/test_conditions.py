"""Conditions of rules, read from text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.study.conditions import NotACondition, Requirement, read_condition


def test_scope_and_requirements_are_read() -> None:
    found = read_condition("class = energy|resource and macro_region = West: clean_share >= 0.4")
    assert found.scope == {
        "class": frozenset({"energy", "resource"}),
        "macro_region": frozenset({"West"}),
    }
    assert found.requirements == (Requirement("clean_share", ">=", 0.4),)


def test_without_a_colon_everyone_is_concerned() -> None:
    assert read_condition("safety_index > 2").concerns({"class": None})


def test_all_parts_of_the_scope_must_fit() -> None:
    condition = read_condition("class = energy and site = Z1: x >= 1")
    assert condition.concerns({"class": "energy", "site": "Z1"})
    assert not condition.concerns({"class": "energy", "site": "Z2"})
    assert not condition.concerns({"class": None, "site": "Z1"})


@given(value=st.floats(-1e6, 1e6), number=st.integers(-1000, 1000))
def test_comparisons_mean_what_they_say(value: float, number: int) -> None:
    expected = {
        ">=": value >= number,
        "<=": value <= number,
        ">": value > number,
        "<": value < number,
        "=": value == number,
    }
    for comparison, holds in expected.items():
        requirement = read_condition(f"x {comparison} {number}").requirements[0]
        assert requirement.holds(value) is holds


@pytest.mark.parametrize(
    "text",
    [
        "clean energy share at least 0.4",
        "class = energy:",
        "clean_share >= forty",
        "class > energy: x >= 1",
        "colour = red: x >= 1",
        "x >= 1 and",
        "x >= 1 or y >= 2",
        "",
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(NotACondition):
        read_condition(text)
