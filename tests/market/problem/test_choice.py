"""Choices at the edge of what doubles hold: shares that round to one or to nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.market.cases import random_market
from tests.study.small import small
from yanzhen.market.problem.choice import choose, mover_surplus, worth_over_staying
from yanzhen.market.problem.market import Market, Prices
from yanzhen.pipeline import plan_study
from yanzhen.study import Study


def free(market: Market) -> Prices:
    return Prices(np.zeros_like(market.floor), np.zeros(0), np.zeros(0))


def one_site(gain: float, sigma: float) -> Market:
    """One block that would gain so much at one site."""
    market = random_market(0, blocks=1, sites=1, resources=1, sigma=sigma)
    return replace(
        market,
        base=np.array([[gain]]),
        stay=np.zeros(1),
        intensities=np.zeros((1, 2)),
    )


@given(st.floats(-700.0, 800.0))
def test_worth_and_surplus_are_those_of_one_site(gain: float) -> None:
    sigma = 0.5
    choice = choose(market := one_site(gain * sigma, sigma), free(market))
    worth = sigma * np.logaddexp(0.0, gain)
    assert worth_over_staying(market, choice)[0] == pytest.approx(worth, rel=1e-12)
    moves = 1 / (1 + np.exp(-gain))
    assert mover_surplus(market, choice)[0] == pytest.approx(worth / moves, rel=1e-9)


@pytest.mark.parametrize("gain", [-1.0, -20.0, -745.0, -1e6])
def test_the_surplus_of_the_last_to_move_is_sigma(gain: float) -> None:
    choice = choose(market := one_site(gain * 100, 1.0), free(market))
    assert mover_surplus(market, choice)[0] == pytest.approx(1.0)


def test_blocks_that_all_move_have_a_finite_worth() -> None:
    choice = choose(market := one_site(5000.0, 1.0), free(market))
    assert choice.stay[0] == 0.0
    assert worth_over_staying(market, choice)[0] == pytest.approx(5000.0)


def with_parameter(study: Study, name: str, value: float) -> Study:
    row = {"parameter": name, "value": value, "unit": "x", "source": "assumption"}
    table = study.tables["parameters"]
    frame = table.clear().vstack(type(table)([row], schema=table.schema))
    return replace(study, tables={**study.tables, "parameters": frame})


@pytest.mark.parametrize(
    ("name", "value"),
    [("sigma", 0.002), ("sigma", 0.001), ("sigma", 0.0001), ("departure_floor", 0.0)],
)
def test_no_figure_of_a_plan_is_not_a_number(name: str, value: float) -> None:
    plan = plan_study(with_parameter(small(), name, value))
    assert plan.certificate.passed
    for frame in (plan.moves, plan.reasons, plan.prices, plan.sites, plan.regions, plan.industries):
        for column in frame.iter_columns():
            if column.dtype.is_float():
                assert column.is_finite().all(), column.name
