"""The market of listed pairs: the search finds the best, capacity holds, prices are certified."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modes.chain.docking.drawn_markets import WEIGHTS, cleared, every_pair, made, nets
from yanzhen.market.large.listed_pass import Candidates, evaluate_listed_demand
from yanzhen.market.large.solver import solve_listed
from yanzhen.market.problem.market import Prices
from yanzhen.modes.chain.docking import clearing as docking_clearing
from yanzhen.modes.chain.docking.best_suppliers import best_suppliers, scored, supplier_groups
from yanzhen.modes.chain.docking.candidate_lists import NOBODY, admitted
from yanzhen.modes.chain.docking.certificate import (
    certify_docking,
    flows_of,
    net_of,
    terms_of,
)
from yanzhen.modes.chain.docking.clearing import (
    NotDocked,
    clear_docking,
    completed,
    market_of,
)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    most=st.integers(1, 6),
    count=st.integers(20, 100),
    steps=st.integers(1, 20),
)
def test_the_search_finds_the_best_of_all_pairs(
    seed: int, most: int, count: int, steps: int
) -> None:
    """Prices are on a coarse grid, so that ties are frequent."""
    parties, needs = made(count, seed, most=3)
    price = np.random.default_rng(seed).integers(0, steps, parties.spare.size) * 0.005
    found, net = best_suppliers(
        parties, needs, supplier_groups(parties), WEIGHTS, price, most, threads=1
    )
    for i, suppliers in enumerate(every_pair(parties, needs)):
        worth = nets(parties, needs, WEIGHTS, i, suppliers, price)
        best = np.lexsort((suppliers, -worth))[:most]
        assert found[i][: best.size].tolist() == suppliers[best].tolist()
        assert net[i][: best.size].tolist() == worth[best].tolist()
        assert (found[i][best.size :] == NOBODY).all()


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    spare=st.sampled_from([0.02, 0.1, 0.5]),
    most=st.integers(1, 5),
    alike=st.sampled_from([25.0, 0.05]),
)
def test_nothing_beyond_capacity_and_no_dominated_pair_left_out(
    seed: int, spare: float, most: int, alike: float
) -> None:
    """Also where each need looks at some of the suppliers only in the first rounds."""
    parties, needs = made(70, seed, spare)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(docking_clearing, "ALIKE", alike)
        assert (docking_clearing._passed_over(parties) > 1) is (alike < 1)
        market = clear_docking(parties, needs, WEIGHTS, most, 1e-6, 0.0, 80)
    flows = flows_of(market)
    certificate = certify_docking(market, flows, 0.0, 1e-5)
    assert certificate.passed, certificate
    sold = np.bincount(market.listed.site, flows.amount, parties.spare.size)
    assert (sold <= parties.spare * (1 + 1e-12)).all()
    assert (np.bincount(flows.row, flows.amount) <= needs.amount * (1 + 1e-12)).all()
    # A pair left out is dominated: at the prices every listed one is worth as much to its buyer.
    for i, suppliers in enumerate(every_pair(parties, needs)):
        own = market.listed.site[market.listed.start[i] : market.listed.start[i + 1]]
        listed = np.sort(nets(parties, needs, WEIGHTS, i, own.astype(np.int64), market.price))
        others = np.setdiff1d(suppliers, own)
        if others.size:
            assert own.size >= most
            left = nets(parties, needs, WEIGHTS, i, others, market.price)
            assert left.max() <= listed[-most]


@pytest.mark.parametrize("seed", [3, 8])
def test_long_lists_give_the_market_of_all_pairs(seed: int) -> None:
    """With every supplier listed, prices and sales are those of the kernel on all pairs."""
    parties, needs = made(80, seed, 0.1)
    pairs = every_pair(parties, needs)
    market = clear_docking(parties, needs, WEIGHTS, parties.spare.size, 1e-8, 0.0, 20)
    start = np.concatenate([[0], np.cumsum([each.size for each in pairs])])
    site = np.concatenate(pairs)
    value = np.concatenate(
        [
            nets(parties, needs, WEIGHTS, i, each, np.zeros(parties.spare.size))
            for i, each in enumerate(pairs)
        ]
    )
    whole = Candidates(start.astype(np.int64), site.astype(np.int32), value)
    found = solve_listed(market_of(parties, needs, WEIGHTS.sigma), whole, 1e-8)
    sold = np.bincount(market.listed.site, flows_of(market).amount, parties.spare.size)
    assert (market.price > 0).any()
    np.testing.assert_allclose(sold, found.demand[:, 0], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(market.price, found.prices.site[:, 0], atol=1e-7)


def entering(wanted: float, suppliers: int = 1) -> np.ndarray:
    """Five needs, each to list a supplier of 1 to spare that leads by 0.05, at σ = 0.1."""
    nothing = Candidates(np.zeros(6, np.int64), np.empty(0, np.int32), np.empty(0))
    best = np.arange(5, dtype=np.int32)[:, None] % suppliers
    worth = np.full((5, 1), 0.05)
    return admitted(
        nothing,
        np.zeros(suppliers),
        0.1,
        np.full(5, 0.6),
        np.ones(suppliers),
        np.full(suppliers, wanted),
        best,
        worth,
        worth,
        np.ones((5, 1), np.bool_),
    )[:, 0]


def test_a_supplier_joins_until_its_price_would_have_risen_too_far() -> None:
    """A need buys 0.6 / (1 + exp(−0.5)) = 0.373; exp(0.5) = 1.65 wanted is the last that pays."""
    assert entering(0.0).tolist() == [True] * 5
    assert entering(1.0).tolist() == [True, True, False, False, False]
    assert entering(1.3).tolist() == [True, False, False, False, False]
    assert entering(1.7).tolist() == [False] * 5
    assert entering(1.0, suppliers=5).tolist() == [True] * 5


def test_a_market_stays_as_it_is_where_prices_of_longer_lists_are_not_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parties, needs = made(100, 4, 0.1)
    market = clear_docking(parties, needs, WEIGHTS, 3, 1e-6, 0.1 * WEIGHTS.sigma, 80)
    assert market.left_out

    def fails(*_: object) -> None:
        raise NotDocked("no prices")

    monkeypatch.setattr(docking_clearing, "_cleared", fails)
    assert completed(market, 1e-6, 80) is market


def test_scores_of_lists_are_those_of_their_terms() -> None:
    parties, needs = made(60, 5, most=3)
    pairs = every_pair(parties, needs)
    start = np.concatenate([[0], np.cumsum([each.size for each in pairs])]).astype(np.int64)
    site = np.concatenate(pairs)
    row = np.repeat(np.arange(len(pairs)), np.diff(start))
    listed = scored(parties, needs, WEIGHTS, start, site.astype(np.int32))
    again = net_of(terms_of(parties, needs, WEIGHTS, row, site), np.zeros(site.size))
    assert listed.value.tolist() == again.tolist()


def test_lists_do_not_depend_on_the_threads() -> None:
    parties, needs = made(150, 6, 0.1)
    one, two = (
        clear_docking(parties, needs, WEIGHTS, 4, 1e-5, 0.0, 60, threads=threads)
        for threads in (1, 2)
    )
    assert one.price.tobytes() == two.price.tobytes()
    assert one.listed.site.tobytes() == two.listed.site.tobytes()


def test_choices_are_those_of_the_kernel() -> None:
    market = cleared()
    prices = Prices(market.price[:, None], np.zeros(0), np.zeros(0))
    swept = evaluate_listed_demand(
        market_of(market.parties, market.needs, WEIGHTS.sigma),
        market.listed,
        prices.site,
        np.zeros(0),
        WEIGHTS.sigma,
    )
    flows = flows_of(market)
    wanted = np.bincount(
        market.listed.site, market.needs.amount[flows.row] * flows.share, market.price.size
    )
    np.testing.assert_allclose(wanted, swept.demand[:, 0], rtol=1e-12, atol=1e-15)


def test_the_certificate_sees_prices_that_are_wrong() -> None:
    market = cleared()
    too_low = replace(market, price=market.price * 0.5)
    too_high = replace(market, price=market.price + 0.01)
    assert certify_docking(too_low, flows_of(too_low), 0.0, 1e-5).supplier_excess > 0.01
    assert certify_docking(too_high, flows_of(too_high), 0.0, 1e-5).slackness > 0.01
    for wrong in (too_low, too_high):
        found = certify_docking(wrong, flows_of(wrong), 0.0, 1e-5)
        assert found.duality_gap > 1e-4 and not found.passed


def test_prices_within_the_tolerance_pass_where_suppliers_gain_nearly_all() -> None:
    """So little is spare that what buyers gain is a small part of what pairs are worth."""
    parties, needs = made(30, 3)
    few = replace(parties, spare=1e-4 * parties.spare)
    market = clear_docking(few, needs, WEIGHTS, 3, 1e-9, 0.0, 200)
    slack = replace(market, price=market.price * (1 + 5e-6))
    flows = flows_of(slack)
    buyers = float(needs.amount @ flows.inclusive)
    assert buyers < 0.2 * float(few.spare @ slack.price)
    found = certify_docking(slack, flows, 0.0, 1e-4)
    assert 2e-5 < found.slackness < 1e-4
    assert found.passed, found


def test_the_certificate_sees_a_better_supplier_left_out() -> None:
    market = cleared()
    lists = market.listed
    first = [
        lists.start[i]
        + np.argmax((lists.value - market.price[lists.site])[lists.start[i] : lists.start[i + 1]])
        for i in range(market.needs.buyer.size)
        if lists.start[i + 1] - lists.start[i] > 3
    ]
    count = np.diff(lists.start)
    count[[np.searchsorted(lists.start, at, "right") - 1 for at in first]] -= 1
    start = np.concatenate([[0], np.cumsum(count)])
    shorter = Candidates(start, np.delete(lists.site, first), np.delete(lists.value, first))
    found = replace(market, listed=shorter)
    assert certify_docking(found, flows_of(found), 0.0, 1e-5).sampled_regret > 0
