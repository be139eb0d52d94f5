"""Published results against a second computation that shares nothing with ours."""

import pytest

from tests.whole.recomputed import chains_by_inverses, flows_of_plan, indicators_of_diagnosis
from yanzhen.advantage.diagnosis import diagnose
from yanzhen.pipeline import plan_study
from yanzhen.study import Study, read_study


@pytest.fixture(scope="module")
def example() -> Study:
    return read_study("china-provinces")


def test_every_flow_of_the_example_follows_from_its_published_reasons(example: Study) -> None:
    agreement = flows_of_plan(plan_study(example))
    assert agreement.figures > 13_000
    assert agreement.largest_difference < 1e-12, agreement.by_name


def test_indicators_of_the_example_follow_from_its_published_output(example: Study) -> None:
    agreement = indicators_of_diagnosis(diagnose(example))
    assert agreement.figures > 1_000
    assert agreement.largest_difference < 1e-12, agreement.by_name


@pytest.mark.parametrize("size", [(2, 2), (4, 3), (3, 6)])
def test_chains_of_a_random_table_follow_from_explicit_inverses(size: tuple[int, int]) -> None:
    agreement = chains_by_inverses(sum(size), *size)
    assert agreement.largest_difference < 1e-10, agreement.by_name


def test_a_wrong_flow_is_seen(example: Study) -> None:
    """The comparison can fail: one flow moved by a thousandth is noticed."""
    import dataclasses

    import polars as pl

    plan = plan_study(example)
    first = pl.int_range(pl.len()) == 0
    moved = plan.moves.with_columns(
        output=pl.when(first).then(pl.col("output") * 1.001).otherwise("output")
    )
    spoilt = flows_of_plan(dataclasses.replace(plan, moves=moved))
    assert spoilt.largest_difference > 1e-5
