"""What a site can expect, against the market's own choice with the site changed or removed."""

from dataclasses import replace

import numpy as np
import pytest

from tests.market.stages import Stages, stages
from tests.study.small import small
from yanzhen.market.plan.expected_entrants import coming, leads, payoffs, rivals
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
        moving = gain[place].copy()
        moving[SITE] += row["edge"] + 1e-12
        assert moving.argmax() == SITE
        assert row["edge"] <= row["offer"]


def test_what_the_smallest_offer_wins_comes_first(found: Stages) -> None:
    gain = payoffs(found.formulation, found.clearing.prices)
    shown = leads(found.formulation, gain, SITE)
    assert shown["edge"].is_sorted() and shown["edge"].n_unique() > 1
    first = shown.filter(edge=shown["edge"][0])["expected"]
    assert first.is_sorted(descending=True)


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
