"""What a site can expect, against the market's own choice with the site changed or removed."""

from dataclasses import replace

import numpy as np
import pytest

from tests.market.stages import Stages, stages
from tests.study.small import small
from yanzhen.market.plan.expected_entrants import coming, leads, payoffs, response, rivals
from yanzhen.market.problem.choice import choose

SITE = 1


@pytest.fixture(scope="module")
def found() -> Stages:
    return stages(small())


def test_probabilities_are_those_of_the_market(found: Stages) -> None:
    gain = payoffs(found.formulation, found.clearing.prices)
    sigma = found.formulation.market.sigma
    own = found.clearing.choice.probability[:, SITE]
    assert coming(gain, SITE, sigma, 0.0) == pytest.approx(own, abs=1e-12)
    shown = leads(found.formulation, gain, SITE)
    market = found.formulation.market
    assert shown["expected"].sum() == pytest.approx(float(market.mass @ own))


def test_the_response_to_an_offer_is_the_choice_with_the_site_made_better(found: Stages) -> None:
    gain = payoffs(found.formulation, found.clearing.prices)
    market = found.formulation.market
    better = np.array(market.base)
    better[:, SITE] += 0.03
    after = choose(replace(market, base=better), found.clearing.prices).probability[:, SITE]
    row = response(found.formulation, gain, SITE, np.array([0.0, 0.03])).row(1, named=True)
    assert row["arrivals"] == pytest.approx(float(market.mass @ after), rel=1e-10)
    assert row["outlay"] == pytest.approx(0.03 * row["arrivals"])
    assert row["cost_of_gained"] == pytest.approx(row["outlay"] / row["gained"])


def test_the_offer_that_wins_makes_the_site_the_best(found: Stages) -> None:
    gain = payoffs(found.formulation, found.clearing.prices)
    shown = leads(found.formulation, gain, SITE)
    blocks = found.formulation.blocks
    assert (shown["offer"] >= 0).all() and (shown["offer"] > 0).any()
    for row in shown.iter_rows(named=True):
        place = np.flatnonzero(
            (blocks["industry"] == row["industry"]).to_numpy()
            & (blocks["origin"] == row["origin"]).to_numpy()
        )[0]
        offered = gain[place].copy()
        offered[SITE] += row["offer"] + 1e-12
        assert offered[SITE] >= max(offered.max(), 0.0)


def test_diversion_is_where_they_go_when_the_site_is_closed(found: Stages) -> None:
    gain = payoffs(found.formulation, found.clearing.prices)
    market = found.formulation.market
    closed = np.array(market.base)
    closed[:, SITE] = -np.inf
    after = choose(replace(market, base=closed), found.clearing.prices).probability
    before = found.clearing.choice.probability
    more = market.mass @ (after - before)
    lost = float(market.mass @ before[:, SITE])
    shown = {row[0]: row[1] for row in rivals(found.formulation, gain, SITE).iter_rows()}
    assert sum(shown.values()) == pytest.approx(1.0)
    for k, site in enumerate(found.formulation.room.sites["site"]):
        if k != SITE:
            assert shown[site] == pytest.approx(more[k] / lost, abs=1e-10)


def test_room_used_is_demand_over_room(found: Stages) -> None:
    gain = payoffs(found.formulation, found.clearing.prices)
    used = response(found.formulation, gain, SITE, np.array([0.0]))["used"][0]
    market = found.formulation.market
    limited = np.isfinite(market.capacity[SITE])
    ratio = (found.clearing.demand[SITE] / market.capacity[SITE])[limited].max()
    assert used == pytest.approx(ratio)
