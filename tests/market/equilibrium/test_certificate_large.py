"""The blocked certificate beside the one that holds the market whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.market.cases import random_market
from yanzhen.market.equilibrium.certificate import certify
from yanzhen.market.equilibrium.certificate_large import certify_blocks
from yanzhen.market.large.solver import solve
from yanzhen.market.problem.market import Prices


@given(seed=st.integers(0, 1000), factor=st.floats(0.5, 1.5))
@settings(max_examples=15, deadline=None)
def test_every_check_is_that_of_the_whole(seed: int, factor: float) -> None:
    market = random_market(seed, blocks=90, sites=9, calibrated=True, grouped=True, floored=True)
    right = solve(market, 1e-9).prices
    prices = Prices(right.site * factor, right.group * factor, right.constants * factor)
    whole, blocks = certify(market, prices, 1e-6), certify_blocks(market, prices, 1e-6)
    for name in ("relative_excess_demand", "complementary_slackness", "calibration_residual"):
        assert getattr(blocks, name) == pytest.approx(getattr(whole, name), rel=1e-9, abs=1e-11)
    assert blocks.dual == pytest.approx(whole.dual, rel=1e-12)
    assert blocks.primal <= whole.primal + 1e-9 * abs(whole.primal)


def test_single_precision_moves_a_check_by_its_rounding_only() -> None:
    market = random_market(4, blocks=203, sites=37, calibrated=True)
    none = np.zeros_like(market.capacity)
    prices = Prices(none, np.zeros(0), np.full(market.stayers.size, 0.1))
    double = certify_blocks(market, prices, 1e-3).checks
    single = certify_blocks(market, prices, 1e-3, precision=np.float32).checks
    assert max(double.values()) > 1e-3
    assert single == pytest.approx(double, rel=3e-6, abs=3e-6)
    assert single != double


def test_at_clearing_prices_the_gap_is_that_of_the_whole() -> None:
    market = random_market(4, blocks=200, sites=15, grouped=True)
    prices = solve(market, 1e-9).prices
    whole, blocks = certify(market, prices, 1e-7), certify_blocks(market, prices, 1e-7)
    assert blocks.passed
    assert blocks.duality_gap == pytest.approx(whole.duality_gap, abs=1e-8)


@pytest.mark.parametrize(
    ("change", "check"),
    [(0.9, "relative_excess_demand"), (1.1, "complementary_slackness")],
)
def test_corrupted_prices_are_seen(change: float, check: str) -> None:
    market = random_market(4, blocks=200, sites=15)
    prices = solve(market, 1e-9).prices
    certificate = certify_blocks(
        market, Prices(prices.site * change, prices.group, prices.constants), 1e-6
    )
    assert certificate.checks[check] > 1e-6
    assert certificate.duality_gap > 1e-6


def test_threads_do_not_change_a_bit() -> None:
    market = random_market(5, blocks=500, sites=15)
    prices = Prices(np.full(market.capacity.shape, 0.1), np.zeros(0), np.zeros(0))
    one, two = (certify_blocks(market, prices, 1e-6, threads=n) for n in (1, 2))
    assert one == two


@pytest.mark.parametrize("price", [-np.inf, np.nan])
def test_a_price_that_opens_a_closed_gate_is_seen(price: float) -> None:
    market = random_market(4, blocks=200, sites=15)
    site = np.zeros_like(market.capacity)
    site[0, 0] = price
    certificate = certify_blocks(market, Prices(site, np.zeros(0), np.zeros(0)), 1e-6)
    assert certificate.broken_gates == 1
    assert not certificate.passed
