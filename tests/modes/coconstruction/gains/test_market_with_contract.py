"""The market with and without a contract."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modes.small_market import small_market
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.modes.coconstruction.gains.market_with_contract import choice_probability, clear_with

CLEARED = small_market()
MARKET, CHOICE = CLEARED.formulation.market, CLEARED.clearing.choice


@pytest.mark.parametrize("block", [1, 4])
@pytest.mark.parametrize("site", [0, 1, 2])
def test_without_any_change_it_is_the_probability_of_the_market(block: int, site: int) -> None:
    found = choice_probability(CLEARED, block, site, 0.0)
    assert found == pytest.approx(CHOICE.probability[block, site], abs=1e-9)


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 5), st.integers(0, 2), st.floats(0.01, 1.0))
def test_a_better_payoff_raises_it_but_less_than_at_fixed_prices(
    block: int, site: int, change: float
) -> None:
    found = choice_probability(CLEARED, block, site, change)
    before = CHOICE.probability[block, site]
    odds = np.exp(change / MARKET.sigma)
    at_fixed_prices = before * odds / (1 - before + before * odds)
    assert before < found <= at_fixed_prices * (1 + 1e-6)


def test_the_changed_market_is_proved_to_clear_and_others_give_way() -> None:
    found = clear_with(CLEARED, np.array([2]), np.array([0]), np.array([0.8]))
    assert found.certificate.passed
    others = np.array([0, 1, 3, 4, 5])
    before, after = CHOICE.probability, found.choice.probability
    assert after[others, 0].sum() < before[others, 0].sum()


def test_a_change_for_one_block_leaves_the_payoff_of_its_cell_to_the_others() -> None:
    market = MARKET
    shared = market.cell.copy()
    shared[5] = shared[4]
    market = replace(market, cell=shared, capacity=np.full_like(market.capacity, np.inf))
    clearing = clear(market, 1e-6)
    cleared = SimpleNamespace(formulation=SimpleNamespace(market=market), clearing=clearing)
    found = clear_with(cleared, np.array([4]), np.array([1]), np.array([0.5]))
    np.testing.assert_allclose(found.choice.probability[5], clearing.choice.probability[5])
    assert found.choice.probability[4, 1] > clearing.choice.probability[4, 1]
