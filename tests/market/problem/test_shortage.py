"""A market that cannot clear says what is too small, and by how much."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.market.cases import random_market
from tests.market.problem.test_formulation import declared, with_table
from tests.study.small import REGIONS, small
from yanzhen.market.equilibrium.newton_dense import NotCleared, clear
from yanzhen.market.problem.labels import require_room
from yanzhen.market.problem.market import Market
from yanzhen.market.problem.shortage import shortage
from yanzhen.pipeline import formulated, plan_study
from yanzhen.study import Study, WantOfData


def leaving(market: Market) -> float:
    return float(market.mass.sum() - market.stayers.sum())


def with_room(capacity: float) -> Market:
    """Output alone is scarce, at sites that have so much each."""
    market = random_market(3, calibrated=True, resources=1)
    return replace(
        market,
        needs=np.ones_like(market.needs),
        capacity=np.full_like(market.capacity, capacity),
    )


def test_the_shortage_of_one_resource_is_what_departures_exceed_it_by() -> None:
    market = with_room(0.01)
    found = shortage(market)
    assert found is not None
    (lack,) = found.lacks
    assert lack.capacity == pytest.approx(0.05)
    assert lack.needed == pytest.approx(leaving(market))
    assert lack.sites == tuple(range(5))


@given(st.integers(0, 60), st.booleans())
def test_a_market_that_clears_lacks_nothing(seed: int, grouped: bool) -> None:
    market = random_market(seed, calibrated=True, grouped=grouped)
    assert shortage(market) is None
    assert clear(market, 1e-6).certificate.passed


@given(st.integers(0, 60))
def test_what_is_short_is_enough_once_it_is_added(seed: int) -> None:
    market = random_market(seed, calibrated=True)
    tight = replace(market, capacity=market.capacity * 0.02)
    tight.capacity[-1] = 0.02 * market.mass.sum()
    found = shortage(tight)
    assert found is not None
    capacity = tight.capacity.copy()
    for lack in found.lacks:
        capacity[list(lack.sites), lack.resource] += lack.needed - lack.capacity
    assert shortage(replace(tight, capacity=capacity)) is None


def test_those_to_whom_no_site_is_open_are_named() -> None:
    market = random_market(1, calibrated=True)
    base = market.base.copy()
    base[market.calibration == 2] = -np.inf
    found = shortage(replace(market, base=base, capacity=np.full_like(market.capacity, np.inf)))
    assert found is not None
    ((group, output),) = found.stranded
    inside = market.calibration == 2
    assert group == 2
    assert output == pytest.approx(market.mass[inside].sum() - market.stayers[2])


def parks(capacity: float) -> Study:
    study = with_table(small(), "sites", [{"site": "P1", "region": REGIONS[2]}])
    rows: list[dict[str, object]] = [{"place": "P1", "resource": "output", "capacity": capacity}]
    return declared(with_table(study, "resources", rows), sites="all")


def test_the_error_names_place_resource_amounts_and_unit() -> None:
    study = parks(3.0)
    with pytest.raises(NotCleared) as raised:
        plan_study(study)
    said = raised.value.text("en")
    assert "output room at P1 would have to be at least" in said
    assert "and is 3 (100 million CNY)" in said
    assert "产值空间" in raised.value.text("zh")
    found = formulated(study)
    with pytest.raises(WantOfData, match="P1 would have to be at least"):
        require_room(study, found.market, found.labels)
