"""What support adds, against its limits, derivatives and a market cleared as a whole."""

from dataclasses import replace

import numpy as np
import pytest

from tests.study.small_modes import small_modes
from yanzhen.accounts.panel import Floats
from yanzhen.finance.fund.additionality import (
    HeldMarket,
    additional,
    held_market,
    screened,
    together,
)
from yanzhen.finance.fund.supported_market import Applications, with_projects
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.equilibrium.cleared_study import clear_study
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.choice import choose, site_demand
from yanzhen.market.problem.market import Prices
from yanzhen.market.problem.study_inputs import study_inputs

SUPPORT = 0.004


@pytest.fixture(scope="module")
def held() -> HeldMarket:
    return held_market(at_constants(clear_study(study_inputs(small_modes()))))


@pytest.fixture(scope="module")
def asking(held: HeldMarket) -> Applications:
    """A project of each of some blocks, at each site in turn, where it may go."""
    share = held.clearing.choice.probability
    site = np.arange(share.shape[1])
    block = share.argmax(axis=0)
    return Applications(block, site, 0.01 * held.market.mass[block])


def inside(
    held: HeldMarket, asking: Applications
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    regions = int(held.place.max()) + 1
    return held.place[asking.site][:, None] == np.arange(regions)[None]


def other(held: HeldMarket, stay: Floats) -> HeldMarket:
    """The market with other payoffs of staying, cleared."""
    market = replace(held.market, stay=held.market.stay + stay)
    start = replace(held.clearing.prices, constants=np.zeros(0))
    tolerance = held.clearing.certificate.tolerance
    return replace(held, market=market, clearing=clear(market, tolerance, start))


def test_without_support_projects_change_no_demand(held: HeldMarket, asking: Applications) -> None:
    rng = np.random.default_rng(2)
    market = with_projects(held.market, asking, np.zeros(asking.site.size))
    for _ in range(3):
        at = Prices(
            rng.uniform(0, 0.05, held.market.capacity.shape),
            rng.uniform(0, 0.05, held.market.group_capacity.size),
            np.zeros(0),
        )
        np.testing.assert_allclose(
            site_demand(market, choose(market, at)),
            site_demand(held.market, choose(held.market, at)),
            rtol=1e-12,
        )


def test_projects_larger_than_their_enterprises_are_refused(held: HeldMarket) -> None:
    one = Applications(np.array([0]), np.array([0]), 2 * held.market.mass[:1])
    with pytest.raises(ValueError, match="larger"):
        with_projects(held.market, one, np.zeros(1))


def test_support_adds_nothing_where_all_or_none_come(
    held: HeldMarket, asking: Applications
) -> None:
    one = Applications(asking.block[:1], asking.site[:1], asking.output[:1])
    counts = inside(held, one)
    added = []
    for bias in (2.0, 0.2, 0.0):
        stay = np.zeros(held.market.mass.size)
        stay[one.block] = bias
        found = additional(other(held, stay), one, np.array([0]), np.array([SUPPORT]), counts)
        added.append(float(found.with_support[0] - found.without[0]))
    assert added[0] < 1e-12 and added[0] < added[1] < added[2]
    # Who has nowhere else to go and will not stay comes without support: a gift.
    sure = replace(held.market, base=np.array(held.market.base), stay=held.market.stay.copy())
    cell = held.market.cell[one.block[0]]
    sure.base[cell, np.arange(sure.base.shape[1]) != one.site[0]] = -np.inf
    sure.stay[one.block[0]] -= 3.0
    roomy = replace(sure, capacity=np.full_like(sure.capacity, np.inf))
    cleared = clear(roomy, held.clearing.certificate.tolerance)
    gift = additional(
        replace(held, market=roomy, clearing=cleared), one, np.array([0]), np.array([0.05]), counts
    )
    assert gift.without[0] > 1 - 1e-9
    assert abs(gift.with_support[0] - gift.without[0]) < 1e-9


def test_at_a_full_site_one_takes_the_place_of_another(
    held: HeldMarket, asking: Applications
) -> None:
    prices, capacity = held.clearing.prices.site, held.market.capacity
    full = np.flatnonzero(((prices > held.market.floor + 1e-6) & np.isfinite(capacity)).any(axis=1))
    slack = np.flatnonzero((prices <= held.market.floor + 1e-12).all(axis=1))
    assert full.size
    start = replace(held.clearing.prices, constants=np.zeros(0))
    tolerance = held.clearing.certificate.tolerance
    for site in (*full[:2], *slack[:1]):
        one = Applications(*(each[[site]] for each in (asking.block, asking.site, asking.output)))
        market = with_projects(held.market, one, np.array([SUPPORT]))
        after = clear(market, tolerance, start)
        change = (after.demand - held.clearing.demand)[site]
        priced = np.flatnonzero(prices[site] > held.market.floor[site] + 1e-6)
        np.testing.assert_allclose(change[priced], 0.0, atol=1e-6 * one.output[0])
        if site in slack:
            assert (change[np.isfinite(capacity[site])] > 0).all()
        found = additional(held, one, np.array([0]), np.array([SUPPORT]), inside(held, one))
        assert found.output[0] > 0
        if site in full and priced.size == 1:
            assert found.region[0] < found.output[0]


def test_the_derivative_is_that_of_markets_cleared_again(
    held: HeldMarket, asking: Applications
) -> None:
    slope = screened(held, asking)
    step = 1e-5 * held.market.sigma
    numbers, counts = np.arange(asking.site.size), inside(held, asking)
    up, down = (
        additional(held, asking, numbers, np.full(numbers.size, sign * step), counts)
        for sign in (1, -1)
    )
    np.testing.assert_allclose((up.output - down.output) / (2 * step), slope, rtol=1e-4)


def test_all_at_once_is_the_sum_where_supports_are_small(
    held: HeldMarket, asking: Applications
) -> None:
    numbers, counts = np.arange(asking.site.size), inside(held, asking)
    everywhere = counts.any(axis=0)
    apart = []
    for part in (1e-3, 1e-4):
        each = additional(held, asking, numbers, np.full(numbers.size, part * SUPPORT), counts)
        whole = together(held, asking, np.full(numbers.size, part * SUPPORT), everywhere)
        assert whole.moving == pytest.approx(each.moving.sum(), rel=1e-2)
        apart.append(abs(whole.output - each.output.sum()) / whole.output)
    # Supports press on the same prices, so that together they add less than one by one.
    large = np.full(numbers.size, 5 * SUPPORT)
    each = additional(held, asking, numbers, large, counts)
    whole = together(held, asking, large, everywhere)
    assert whole.output != pytest.approx(each.output.sum(), rel=1e-6)
    one = together(
        held,
        Applications(*(each[[0]] for each in (asking.block, asking.site, asking.output))),
        large[:1],
        counts[0],
    )
    assert one.output == pytest.approx(each.output[0], rel=1e-9)
    assert one.region == pytest.approx(each.region[0], rel=1e-9)
