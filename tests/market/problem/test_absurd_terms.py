"""Terms beyond all sense are refused with their row; no premium is dust."""

import numpy as np
import pytest

from tests.market.cases import random_market
from tests.market.problem.test_choice import with_parameter
from tests.market.problem.test_formulation import room, with_table
from tests.study.small import REGIONS, small
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.tolerance import NO_PRICE, without_dust
from yanzhen.pipeline import formulated
from yanzhen.study import StudyError


@pytest.mark.parametrize("column", ["posted_price", "price_floor"])
def test_a_price_of_a_thousand_times_output_is_refused_with_its_row(column: str) -> None:
    rows = room(900.0)
    rows[2][column] = 1000.0
    with pytest.raises(StudyError, match=f"resources, row 3, column {column}: found 1,000 "):
        formulated(with_table(small(), "resources", rows))


def test_a_subsidy_of_a_hundred_times_output_is_refused_with_its_row() -> None:
    policy = {
        "policy": "P",
        "place": REGIONS[0],
        "instrument": "subsidy_per_output",
        "value": 100.0,
        "unit": "share",
    }
    with pytest.raises(StudyError, match="policies, row 1, column value"):
        formulated(with_table(small(), "policies", [policy]))


def test_an_absurd_cost_of_moving_names_its_parameter() -> None:
    with pytest.raises(StudyError, match="column moving_cost"):
        formulated(with_parameter(small(), "moving_cost", 99.0))


def test_dear_but_possible_prices_are_taken() -> None:
    formulated(with_table(small(), "resources", room(900.0, posted_price=0.5)))


def test_a_premium_of_rounding_is_none() -> None:
    found = without_dust(
        np.array([5.7e-15, 0.02, 0.01 + 5.7e-15]), np.array([0, 0, 0.01]), 1.0, 0.05
    )
    np.testing.assert_array_equal(found, [0.0, 0.02, 0.01])


@pytest.mark.parametrize("seed", range(6))
def test_no_premium_is_dust(seed: int) -> None:
    market = random_market(seed, calibrated=True, floored=True)
    found = clear(market, 1e-9)
    above = found.prices.site - market.floor
    assert found.certificate.passed
    need = market.needs.mean(axis=0)
    assert ((above == 0) | (above * need[None] >= NO_PRICE * market.sigma)).all()
    assert np.isfinite(found.prices.site).all()
