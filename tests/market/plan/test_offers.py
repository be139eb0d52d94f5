"""What an offer brings, against the market cleared cold with a policy that pays it."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.market.stages import Stages, stages
from tests.market.test_size import tight
from tests.study.small import complete, small
from yanzhen.market.counterfactuals.counterfactual import counterfactual
from yanzhen.market.plan import offers as offers_of
from yanzhen.market.plan.offers import response
from yanzhen.study import Study

OFFERS = np.array([0.0, 0.02, 0.1, 0.3])


@pytest.fixture(scope="module")
def found() -> Stages:
    return stages(tight(small(), "output", 700.0))


def with_offer(study: Study, site: str, offer: float) -> Study:
    row = {"policy": ["P"], "place": [site], "instrument": ["subsidy_per_output"]}
    policies = complete("policies", pl.DataFrame({**row, "value": [offer]}))
    own = study.tables["policies"]
    both = pl.concat([own, policies.cast(dict(own.schema))])
    return replace(study, tables={**study.tables, "policies": both})


@pytest.mark.parametrize("site", [0, 4])
def test_an_offer_brings_what_a_subsidy_of_the_site_brings(found: Stages, site: int) -> None:
    formulation, clearing = found.formulation, found.clearing
    shown = response(formulation, clearing.prices, site, OFFERS)
    code = formulation.room.sites["site"][site]
    for row in shown.iter_rows(named=True):
        inputs = replace(found.inputs, study=with_offer(found.study, code, row["offer"]))
        other = counterfactual(inputs, found.cleared)
        arrivals = other.formulation.market.mass @ other.clearing.choice.probability[:, site]
        assert row["arrivals"] == pytest.approx(arrivals, rel=1e-5)
        assert row["outlay"] == pytest.approx(row["offer"] * arrivals, rel=1e-5)
        assert row["price"] == pytest.approx(float(other.clearing.prices.site[site, 0]), abs=1e-6)


def test_arrivals_stop_at_the_room_and_the_premium_goes_on(found: Stages) -> None:
    market = found.formulation.market
    shown = response(found.formulation, found.clearing.prices, 0, OFFERS)
    room = market.capacity[0, 0]
    assert shown["arrivals"].max() <= room * (1 + 1e-6)
    assert shown["used"][-1] == pytest.approx(1.0, abs=1e-6)
    assert shown["price"][-1] > shown["price"][-2] > 0
    assert (np.diff(shown["arrivals"]) >= -1e-6 * room).all()


def test_a_large_market_answers_with_the_premiums_of_its_own_room(
    found: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = response(found.formulation, found.clearing.prices, 0, OFFERS)
    monkeypatch.setattr(offers_of, "held_whole", lambda market: False)
    own = response(found.formulation, found.clearing.prices, 0, OFFERS)
    room = found.formulation.market.capacity[0, 0]
    assert own["arrivals"][0] == pytest.approx(exact["arrivals"][0], rel=1e-5)
    assert own["arrivals"].max() <= room * (1 + 1e-5)
    # Rivals keep their prices, so that the same offer brings no less than where those fall.
    assert (own["arrivals"] >= exact["arrivals"] * (1 - 1e-5)).all()
    full = own.filter(pl.col("used") > 1 - 1e-5)
    assert full.height and full["price"].is_sorted()
