"""A cap moved: prices from those that stand are those of a market cleared anew, and certified."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from yanzhen.market.equilibrium.certificate_large import certify_blocks
from yanzhen.market.large import standing_market
from yanzhen.market.large.solver import solve
from yanzhen.market.large.standing_market import FIRST_TOLERANCE, StandingMarket, caps_of
from yanzhen.market.large.synth import Marginals, synthetic_market
from yanzhen.market.problem.market import Market

TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def nation() -> Market:
    rng = np.random.default_rng(1)
    marginals = Marginals(rng.lognormal(size=(4, 3)), rng.uniform(0.0, 10.0, (4, 2)))
    return synthetic_market(1200, 16, 3, 0.5, marginals)


@pytest.fixture
def with_sample(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sample as large nations have one."""
    monkeypatch.setattr(standing_market, "SAMPLE", 400)
    yield


@pytest.mark.usefixtures("with_sample")
@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_a_moved_cap_gives_the_prices_of_a_market_cleared_anew(
    nation: Market, factor: float
) -> None:
    standing = StandingMarket(nation, TOLERANCE)
    before = standing.standing
    cap = nation.group_capacity.copy()
    cap[int(np.argmax(before.prices.group))] *= factor
    found = list(standing.moved(cap))
    assert [each.certificate.tolerance for each in found] == [FIRST_TOLERANCE, TOLERANCE]
    for each in found:
        moved = replace(standing.market, group_capacity=cap)
        own = certify_blocks(moved, each.prices, each.certificate.tolerance)
        assert own.passed and each.certificate.passed
    last = found[-1]
    assert last.certificate.tolerance == TOLERANCE
    assert standing.standing is last
    anew = solve(replace(nation, group_capacity=cap), 1e-9).prices
    np.testing.assert_allclose(last.prices.group, anew.group, atol=1e-5)
    np.testing.assert_allclose(last.prices.site, anew.site, atol=1e-5)
    assert not np.allclose(last.prices.group, before.prices.group, atol=1e-4)


def test_caps_say_what_is_used_and_what_it_is_worth(nation: Market) -> None:
    standing = StandingMarket(nation, TOLERANCE)
    caps = caps_of(standing.market, standing.standing, ["a", "b", "c", "d"])
    assert caps["region"].to_list() == ["a", "b", "c", "d"]
    assert (caps["cap"] == 1.0).all()
    assert (caps["used"] <= 1.0 + TOLERANCE).all()
    idle, dear = caps.filter(caps["price"] == 0.0), caps.filter(caps["price"] > 1e-3)
    assert dear.height > 0
    assert (idle["used"] < 1.0).all()
    assert np.abs(dear["used"].to_numpy() - 1.0).max() < 1e-4
