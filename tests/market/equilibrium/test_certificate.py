"""Every check of the certificate fails on prices spoilt for it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.market.cases import random_market
from yanzhen.market.equilibrium.certificate import certify
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.market import Floats, Market, Prices

TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def market() -> Market:
    return random_market(11, calibrated=True, grouped=True, floored=True)


@pytest.fixture(scope="module")
def prices(market: Market) -> Prices:
    return clear(market, TOLERANCE).prices


def cheaper_where_full(market: Market, site: Floats) -> Floats:
    full = np.unravel_index(np.argmax(site - market.floor), site.shape)
    spoilt = site.copy()
    spoilt[full] = market.floor[full]
    return spoilt


def dearer_where_slack(market: Market, site: Floats) -> Floats:
    limited = np.isfinite(market.capacity)
    slack = np.argwhere(limited & (site <= market.floor))[0]
    spoilt = site.copy()
    spoilt[tuple(slack)] += 0.1
    return spoilt


def below_floor(market: Market, site: Floats) -> Floats:
    return np.where(market.floor > 0, market.floor - 0.05, site)


def ten_per_cent_dearer(market: Market, site: Floats) -> Floats:
    return site * 1.1 + 0.01


def minus_infinity(market: Market, site: Floats) -> Floats:
    spoilt = site.copy()
    spoilt[0, 0] = -np.inf
    return spoilt


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("relative_excess_demand", cheaper_where_full),
        ("complementary_slackness", dearer_where_slack),
        ("price_below_floor", below_floor),
        ("duality_gap", ten_per_cent_dearer),
        ("broken_gates", minus_infinity),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_spoilt_prices_fail(
    market: Market, prices: Prices, check: str, spoil: Callable[[Market, Floats], Floats]
) -> None:
    spoilt = certify(market, replace(prices, site=spoil(market, prices.site)), TOLERANCE)
    assert not spoilt.checks[check] <= TOLERANCE
    assert not spoilt.passed


def test_spoilt_constants_fail(market: Market, prices: Prices) -> None:
    spoilt = certify(market, replace(prices, constants=prices.constants + 0.01), TOLERANCE)
    assert spoilt.calibration_residual > TOLERANCE
    assert not spoilt.passed


def test_cheaper_groups_fail(market: Market) -> None:
    tight = replace(market, group_capacity=market.group_capacity / 3)
    prices = clear(tight, TOLERANCE).prices
    spoilt = certify(tight, replace(prices, group=np.zeros(1)), TOLERANCE)
    assert spoilt.relative_excess_demand > TOLERANCE


def test_nan_prices_never_pass(market: Market, prices: Prices) -> None:
    assert not certify(market, replace(prices, site=prices.site * np.nan), TOLERANCE).passed


def test_clearing_prices_pass(market: Market, prices: Prices) -> None:
    assert certify(market, prices, TOLERANCE).passed


@pytest.mark.parametrize("seed", range(10))
def test_the_primal_never_exceeds_the_dual(seed: int) -> None:
    market = random_market(seed, grouped=True, floored=True)
    rng = np.random.default_rng(seed)
    anything = Prices(
        market.floor + rng.exponential(0.5, market.floor.shape),
        rng.exponential(0.5, 1),
        np.zeros(0),
    )
    found = certify(market, anything, TOLERANCE)
    assert found.primal <= found.dual + 1e-12 * abs(found.dual)
