"""Gains of every pair under the market's flows."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from tests.modes.cases import TERMS
from tests.modes.small_market import small_market
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.modes.coconstruction.contract.terms import Period, Split
from yanzhen.modes.coconstruction.gains.contract_offer import ContractOffer
from yanzhen.modes.coconstruction.gains.market_with_contract import clear_with
from yanzhen.modes.coconstruction.gains.pair_gains import PairGains, pair_gains
from yanzhen.modes.coconstruction.surveys.pairing import pair

CLEARED = small_market()
FORMULATION, CLEARING = CLEARED.formulation, CLEARED.clearing
HOMES, HOSTS = ("a", "b"), ("a", "b", "c")
OFFER = ContractOffer(
    terms=replace(TERMS, periods=(Period(None, Split(1, 3)),), most_parks=1),
    start_year=2020,
    years=4,
    phase_in_years=2,
    phase_in_shape=1.0,
    payoff_change=0.2,
    tax_kind="value_added_tax",
    home_tax=np.full(6, 0.02),
    host_tax=np.full(6, 0.05),
    outlay=0.01,
    host_cost=0.005,
    home_rate=0.0,
    host_rate=0.0,
    third_rate=0.0,
    fen=10**8,
)


@pytest.fixture(scope="module")
def found() -> PairGains:
    return pair_gains(CLEARED, OFFER, HOMES, HOSTS)


def test_a_home_has_no_pair_with_itself(found: PairGains) -> None:
    assert np.isnan(found.home_gain).tolist() == [[True, False, False], [False, True, False]]


def test_gains_of_a_pair_are_those_of_the_formula_by_hand(found: PairGains) -> None:
    # Home b with host a: half has moved in the first year, all in the other three: 3.5 years.
    market, blocks = FORMULATION.market, np.array([3, 4, 5])
    change = np.full(3, 0.2)
    after = clear_with(CLEARED, blocks, np.zeros(3, dtype=int), change).choice
    before = CLEARING.choice
    p0, p1 = before.probability[blocks, 0], after.probability[blocks, 0]
    stayed = before.stay[blocks] - after.stay[blocks]
    output = market.mass[blocks] * 1e8
    home = output * (p1 * (3.5 * 0.05 / 4 - 0.01) - stayed * 3.5 * 0.02)
    host = output * (p1 * (3.5 * 0.05 * 3 / 4 - 0.005) - p0 * (3.5 * 0.05 - 0.005))
    assert found.home_gain[1, 0] == pytest.approx(home.sum(), abs=10)
    assert found.host_gain[1, 0] == pytest.approx(host.sum(), abs=10)


def test_net_tax_below_zero_counts_with_its_sign_for_both() -> None:
    # A subsidised industry: nothing is divided; the home saves what it no longer pays, the host
    # pays it from then on, and would have paid it for what comes without the contract.
    tax = np.array([0.05, 0.05, -0.03, 0.05, 0.05, -0.03])
    found = pair_gains(CLEARED, replace(OFFER, home_tax=tax, host_tax=tax), HOMES, HOSTS)
    market, blocks = FORMULATION.market, np.array([3, 4, 5])
    change = np.full(3, 0.2)
    after = clear_with(CLEARED, blocks, np.zeros(3, dtype=int), change).choice
    before = CLEARING.choice
    p0, p1 = before.probability[blocks, 0], after.probability[blocks, 0]
    stayed = before.stay[blocks] - after.stay[blocks]
    output, net = market.mass[blocks] * 1e8, tax[blocks]
    divided = np.array([0.05, 0.05, 0.0])
    home = output * (p1 * (3.5 * divided / 4 - 0.01) - stayed * 3.5 * net)
    host = output * (p1 * (3.5 * (net - divided / 4) - 0.005) - p0 * (3.5 * net - 0.005))
    assert found.home_gain[1, 0] == pytest.approx(home.sum(), abs=10)
    assert found.host_gain[1, 0] == pytest.approx(host.sum(), abs=10)
    lost = found.parts.filter(home="b", host="a", industry="z", part="tax_lost")["amount"][0]
    assert lost == pytest.approx(output[2] * stayed[2] * 3.5 * 0.03, abs=10)


def test_parts_of_the_industries_add_up_to_the_gains(found: PairGains) -> None:
    whole = found.parts.group_by("home", "host", "party").agg(pl.col("amount").sum())
    for home, host, party, amount in whole.iter_rows():
        if party == "third":
            continue
        gain = found.home_gain if party == "home" else found.host_gain
        assert amount == pytest.approx(gain[HOMES.index(home), HOSTS.index(host)])


def test_the_pairs_can_be_matched(found: PairGains) -> None:
    matched = pair(
        found.homes, found.hosts, found.home_gain, found.host_gain, np.ones(2, int), np.ones(3, int)
    )
    assert matched.pairs.height > 0
    assert matched.blocking <= 1e-9 * matched.worth


def test_a_pair_whose_blocks_are_refused_cannot_be_formed() -> None:
    base = np.array(FORMULATION.market.base)
    base[FORMULATION.market.cell[3:], 2] = -np.inf
    market = replace(FORMULATION.market, base=base)
    refused = SimpleNamespace(market=market, blocks=FORMULATION.blocks, room=FORMULATION.room)
    cleared = SimpleNamespace(formulation=refused, clearing=clear(market, 1e-6))
    found = pair_gains(cleared, OFFER, ("b",), ("c",))
    assert np.isnan(found.home_gain).all()
    assert found.parts.is_empty()
