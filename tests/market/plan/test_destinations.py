"""Where an enterprise would go, against the market's own choice and payoffs."""

import numpy as np
import pytest

from tests.market.stages import Stages, stages
from tests.study.small import small
from yanzhen.market.plan.destinations import Enterprise, NoSuchNeed, NoSuchSeat, destinations
from yanzhen.market.plan.moves import TERMS


@pytest.fixture(scope="module")
def found() -> Stages:
    return stages(small())


def seat(found: Stages) -> tuple[str, str]:
    industry, origin = found.formulation.blocks.select("industry", "origin").row(0)
    return industry, origin


def test_a_block_asks_and_is_told_its_own_choice(found: Stages) -> None:
    ranked = destinations(found.formulation, found.clearing.prices, Enterprise(*seat(found)))
    own = dict(
        zip(
            found.formulation.room.sites["site"],
            found.clearing.choice.probability[0],
            strict=True,
        )
    )
    assert ranked["probability"].to_list() == pytest.approx(
        [own[site] for site in ranked["site"]], abs=1e-12
    )
    gain = ranked.select(TERMS).sum_horizontal()
    assert ranked["gain"].to_numpy() == pytest.approx(gain.to_numpy(), abs=1e-12)


def test_a_larger_need_pays_what_its_resource_costs(found: Stages) -> None:
    prices, resources = found.clearing.prices, found.formulation.room.resources
    usual = destinations(found.formulation, prices, Enterprise(*seat(found)))
    needs = {name: 1e3 for name in resources}
    more = destinations(found.formulation, prices, Enterprise(*seat(found), needs))
    dearer = more.sort("site")["gain"].to_numpy() - usual.sort("site")["gain"].to_numpy()
    assert (dearer <= 1e-12).all() and (dearer < 0).any() == bool(np.any(prices.site > 0))


def test_a_seat_or_a_need_that_the_market_does_not_know_is_named(found: Stages) -> None:
    prices = found.clearing.prices
    with pytest.raises(NoSuchSeat, match="nowhere") as refused:
        destinations(found.formulation, prices, Enterprise(seat(found)[0], "nowhere"))
    assert "没有行业" in refused.value.text("zh")
    with pytest.raises(NoSuchNeed, match="air") as refused:
        destinations(found.formulation, prices, Enterprise(*seat(found), {"air": 1.0}))
    assert "受限" in refused.value.text("zh")
