"""Where an enterprise would go, against the market's own choice and payoffs."""

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import with_table
from tests.market.stages import Stages, stages
from tests.study.small import REGIONS, small
from yanzhen.market.plan.destinations import Enterprise, NoSuchNeed, NoSuchSeat, destinations
from yanzhen.market.plan.moves import TERMS
from yanzhen.market.problem.payoff_terms import PLACE_TERMS


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


WAGES = [
    {
        "place": place,
        "factor": "wage",
        "year": 2017,
        "price": 50_000.0 + 10_000.0 * k,
        "unit": "CNY per person-year",
        "status": "synthetic",
    }
    for k, place in enumerate(REGIONS)
]


def test_costs_of_its_own_scale_what_prices_of_places_come_to() -> None:
    waged = stages(with_table(small(), "factor_prices", WAGES))
    prices, formulation = waged.clearing.prices, waged.formulation
    industry, origin = seat(waged)
    usual = destinations(formulation, prices, Enterprise(industry, origin)).sort("site")
    here = waged.panel.regions.index(origin), waged.panel.industries.index(industry)
    cost = -formulation.place_terms[PLACE_TERMS.index("labour_cost"), *here]
    assert cost > 0 and usual["labour_cost"].n_unique() == len(REGIONS)
    asked = Enterprise(industry, origin, costs={"labour_cost": 2 * cost, "land_cost": 0.3})
    twice = destinations(formulation, prices, asked).sort("site")
    np.testing.assert_allclose(twice["labour_cost"], 2 * usual["labour_cost"], atol=1e-12)
    # The study has no price of land, so that what it costs here says nothing of elsewhere.
    assert twice["land_cost"].equals(usual["land_cost"])
    moved = twice["gain"] - usual["gain"]
    np.testing.assert_allclose(moved, usual["labour_cost"], atol=1e-12)


def test_prices_quoted_at_a_site_take_the_place_of_its_term_alone(found: Stages) -> None:
    prices, formulation = found.clearing.prices, found.formulation
    industry, origin = seat(found)
    usual = destinations(formulation, prices, Enterprise(industry, origin)).sort("site")
    site = usual.filter(pl.col("rank") == 2)["site"][0]
    asked = Enterprise(
        industry,
        origin,
        quoted={site: {"labour_cost": 0.07}},
        added={site: {"land_cost": 0.01}},
    )
    told = destinations(formulation, prices, asked).sort("site")
    row, before = (each.filter(site=site).row(0, named=True) for each in (told, usual))
    assert row["labour_cost"] == 0.07
    assert row["land_cost"] == pytest.approx(before["land_cost"] + 0.01)
    elsewhere = pl.col("site") != site
    assert told.filter(elsewhere)["gain"].equals(usual.filter(elsewhere)["gain"])
