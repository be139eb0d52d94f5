"""Docking lists: within both sides' capacity, nobody better left out, reasons that add up."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.declared import undeclared
from tests.modes.chain.docking_studies import drawn_enterprises, with_enterprises
from yanzhen.accounts.input_output import national_table
from yanzhen.market.large.listed_pass import Candidates, evaluate_listed_demand
from yanzhen.market.large.solver import solve_listed
from yanzhen.market.problem.market import Prices
from yanzhen.market.problem.tolerance import NO_PRICE
from yanzhen.modes.chain.docking import clearing as docking_clearing
from yanzhen.modes.chain.docking import docking_lists as docking
from yanzhen.modes.chain.docking.best_suppliers import best_suppliers, scored, supplier_groups
from yanzhen.modes.chain.docking.candidate_lists import NOBODY, admitted
from yanzhen.modes.chain.docking.certificate import (
    certify_docking,
    flows_of,
    net_of,
    terms_of,
)
from yanzhen.modes.chain.docking.clearing import (
    DockingMarket,
    NotDocked,
    clear_docking,
    completed,
    market_of,
)
from yanzhen.modes.chain.docking.docking_lists import dock
from yanzhen.modes.chain.docking.parties import Needs, Parties, needs_of, parties_of
from yanzhen.modes.chain.docking.weights import (
    TERMS,
    DockingWeights,
    docking_parameters,
    weights_of,
    with_values,
)
from yanzhen.report.findings.docking import docking_findings
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError

WEIGHTS = weights_of(docking_parameters())


def made(count: int, seed: int, spare: float = 0.3, most: int = 1) -> tuple[Parties, Needs]:
    study = drawn_enterprises(count, seed, spare, most)
    parties, _ = parties_of(study, WEIGHTS)
    return parties, needs_of(study, parties, WEIGHTS, 4).sought


def every_pair(parties: Parties, needs: Needs) -> list[np.ndarray]:
    """Admitted suppliers of every need, by looking at all of them."""
    offers = parties.spare > 0
    found = []
    for i in range(needs.buyer.size):
        may = offers & (parties.industry == needs.input[i])
        may[needs.buyer[i]] &= not parties.single[needs.buyer[i]]
        found.append(np.flatnonzero(may))
    return found


def nets(
    parties: Parties,
    needs: Needs,
    weights: DockingWeights,
    i: int,
    a: np.ndarray,
    price: np.ndarray,
) -> np.ndarray:
    return net_of(terms_of(parties, needs, weights, np.full(a.size, i), a), price[a])


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


def alike(count: int) -> Study:
    """Enterprises of one size, which differ by industry and region alone."""
    rows = drawn_enterprises(count, 2).tables["enterprises"]
    return with_enterprises(rows.with_columns(output=pl.lit(1.0), spare_output=pl.lit(0.05)))


def test_nobody_better_is_left_out_among_many_that_are_alike() -> None:
    found = dock(alike(1500), inputs=4)
    assert (found.suppliers["price"] > 0).any()
    assert found.certificate.passed
    assert found.certificate.regret == found.certificate.sampled_regret == 0.0
    assert found.certificate.indifference == 0.0


def test_lists_that_cannot_be_completed_are_good_to_a_tenth_of_sigma(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The certificate then allows and says so, and the lists are those of before."""
    markets = []

    def one_round(market: DockingMarket, tolerance: float, *_: int, **__: None) -> DockingMarket:
        left = completed(market, tolerance, 1)
        markets.append((market, left))
        return left

    monkeypatch.setattr(docking, "completed", one_round)
    found = dock(alike(600), inputs=4)
    assert markets[0][0] is markets[0][1]
    assert found.certificate.passed
    assert 0 < found.certificate.regret <= found.certificate.indifference == 0.1 * WEIGHTS.sigma


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


def test_reasons_add_up_exactly_and_ranks_follow_them() -> None:
    found = dock(drawn_enterprises(150, 1, 0.1), inputs=3, listed=4)
    total = found.pairs[TERMS[0]]
    for name in (*TERMS[1:], "price"):
        total = total + found.pairs[name]
    assert total.to_list() == found.pairs["net"].to_list()
    assert found.pairs["price"].max() == 0.0 and found.pairs["price"].min() < 0.0
    falling = found.pairs.select(
        (pl.col("net").diff().over("buyer", "input").fill_null(0.0) <= 0).all()
    ).item()
    assert falling
    counted = found.pairs.group_by("buyer", "input").agg(pl.col("rank").max(), pl.len())
    assert (counted["rank"] == counted["len"]).all() and counted["len"].max() <= 4
    assert found.pairs.filter(pl.col("buyer") == pl.col("supplier")).is_empty()


def test_tables_agree_with_one_another() -> None:
    found = dock(drawn_enterprises(150, 2, 0.1))
    assert undeclared(found) == []
    docked = found.needs["docked"].sum()
    assert found.suppliers["sold"].sum() == pytest.approx(docked)
    by_input = found.industries
    assert (by_input["same_region"] + by_input["other_regions"]).sum() == pytest.approx(docked)
    parts = ("same_region", "other_regions", "present", "no_supplier", "not_sought")
    assert by_input.select(pl.sum_horizontal(parts)).to_series().to_list() == pytest.approx(
        by_input["need"].to_list()
    )
    sought = found.needs.filter(pl.col("state") == "docked")
    assert (sought["docked"] + sought["present"]).sum() == pytest.approx(
        by_input.select(parts[:3]).sum_horizontal().sum()
    )
    assert found.pairs["amount"].sum() + found.needs["other"].sum() == pytest.approx(docked)
    assert found.suppliers["buyers"].sum() == found.pairs.height
    assert found.certificate.passed
    # No premium is what rounding left.
    priced = found.suppliers.filter(pl.col("price") != 0)["price"]
    assert (priced >= NO_PRICE * WEIGHTS.sigma).all()
    nothing = by_input.with_columns(pl.col("need", *parts) * 0.0)
    said = "\n".join(
        docking_findings(replace(found, industries=nothing), Reader(found.study, "en"))
    )
    assert "a share that is not defined" in said
    assert not any(wrong in said.lower() for wrong in ("nan", "inf%", "e−"))


def test_needs_that_nobody_on_the_list_can_supply_are_said() -> None:
    """Those of industries not listed, of one without spare, and of an only supplier of itself."""
    rows = pl.DataFrame(
        {
            "enterprise": ["buyer", "full", "only"],
            "industry": ["IO42-08", "IO42-12", "IO42-07"],
            "origin": ["110000"] * 3,
            "count": [1, 1, 1],
            "output": [10.0, 20.0, 30.0],
            "spare_output": [0.0, 0.0, 5.0],
        }
    )
    found = dock(with_enterprises(rows), inputs=50)
    assert undeclared(found) == []
    states = {
        (buyer, code): state
        for buyer, code, state in found.needs.select("buyer", "input", "state").iter_rows()
    }
    assert states["buyer", "IO42-07"] == "docked"
    assert states["only", "IO42-07"] == "no_supplier"
    assert states["buyer", "IO42-12"] == "no_supplier"
    listed = {code for _, code in states}
    assert listed - set(rows["industry"])
    table = national_table(found.study.tables["input_output"], 2017)
    for buyer, industry, output in rows.select("enterprise", "industry", "output").iter_rows():
        user = table.sectors.index(industry)
        bought = WEIGHTS.open * table.intermediate[:, user].sum() / table.output[user] * output
        own = found.needs.filter(pl.col("buyer") == buyer)
        assert own["need"].sum() == pytest.approx(bought)
    assert found.industries["not_sought"].sum() == 0
    assert found.industries["need"].sum() == pytest.approx(found.needs["need"].sum())
    alone = found.needs.filter(pl.col("state") == "no_supplier")
    assert found.industries["no_supplier"].sum() == pytest.approx(alone["need"].sum())
    few = dock(with_enterprises(rows), inputs=1)
    assert few.industries["need"].sum() == pytest.approx(found.industries["need"].sum())
    assert few.industries["no_supplier"].sum() == pytest.approx(alone["need"].sum())


def cleared() -> DockingMarket:
    parties, needs = made(100, 4, 0.1)
    return clear_docking(parties, needs, WEIGHTS, 3, 1e-6, 0.0, 80)


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


def test_needs_are_coefficients_times_output_and_the_largest() -> None:
    """By hand from the national table: apparel buys of textiles."""
    rows = pl.DataFrame(
        {
            "enterprise": ["cloth", "shirts"],
            "industry": ["IO42-07", "IO42-08"],
            "origin": ["320000", "330000"],
            "count": [1, 2],
            "output": [10.0, 5.0],
            "spare_output": [3.0, None],
        }
    )
    study = with_enterprises(rows)
    table = study.tables["input_output"].filter(year=2017, user="IO42-08")
    inputs = table.filter(pl.col("origin").is_in(["domestic", "imported"]))
    of_textiles = inputs.filter(pl.col("supplier") == "IO42-07")["value"].sum()
    coefficient = of_textiles / table["value"].sum()
    found = dock(study, inputs=1, listed=4)
    need = found.needs.filter(pl.col("buyer") == "shirts").row(0, named=True)
    assert need["input"] == "IO42-07"
    assert need["need"] == pytest.approx(0.2 * coefficient * 10.0, rel=1e-6)
    pair = found.pairs.filter(pl.col("buyer") == "shirts").row(0, named=True)
    share = of_textiles / inputs["value"].sum()
    assert pair["input_share"] == pytest.approx(WEIGHTS.input_share * share)
    assert pair["size"] == pytest.approx(-WEIGHTS.size * np.log10(2.0))
    assert pair["coverage"] == pytest.approx(WEIGHTS.coverage * min(1.0, 3.0 / need["need"]))
    assert pair["distance"] == pytest.approx(-WEIGHTS.freight * pair["kilometres"] / 1000)
    spare = dict(found.suppliers.select("supplier", "spare").iter_rows())
    assert spare == {"cloth": 3.0, "shirts": pytest.approx(2 * 0.2 * 5.0)}


def test_blocks_stand_in_where_no_enterprise_is_listed() -> None:
    from yanzhen.study import read_study

    found = dock(read_study("china-provinces"), inputs=2, listed=3)
    assert found.basis == "blocks" and found.certificate.passed
    assert (found.pairs["size"] == 0).all()
    assert not found.pairs.filter(pl.col("buyer") == pl.col("supplier")).is_empty()


def test_rows_that_are_no_party_are_counted() -> None:
    study = drawn_enterprises(30, 1)
    rows = study.tables["enterprises"].with_columns(
        output=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("output"),
        origin=pl.when(pl.int_range(pl.len()) == 9).then(pl.lit("abroad")).otherwise("origin"),
    )
    found = dock(with_enterprises(rows))
    assert dict(found.left_aside.iter_rows()) == {"abroad": 1, "no_output": 3}
    assert found.suppliers.height <= 26


def test_a_study_without_an_input_output_table_is_refused() -> None:
    study = drawn_enterprises(30, 1)
    empty = {**study.tables, "input_output": study.tables["input_output"].clear()}
    with pytest.raises(StudyError) as error:
        dock(replace(study, tables=empty))
    assert [problem.table for problem in error.value.problems] == ["input_output"]


def test_wrong_weights_are_named_together() -> None:
    wrong = {"docking_frieght": 1.0, "docking_spare": 2.0, "docking_sigma": 0.0, "docking_size": -1}
    with pytest.raises(StudyError) as error:
        with_values(docking_parameters(), wrong)
    assert [(problem.found, problem.expected) for problem in error.value.problems] == [
        ("'docking_frieght', which nothing uses", "'docking_freight'"),
        ("docking_spare = 2", "a number above 0 and of at most 1"),
        ("docking_sigma = 0", "a number above 0"),
        ("docking_size = -1", "a number of at least 0"),
    ]
    changed = with_values(docking_parameters(), {"docking_sigma": 0.02})
    row = changed.filter(parameter="docking_sigma").row(0, named=True)
    assert (row["value"], row["source"]) == (0.02, "user")


def test_a_region_without_a_point_docks_as_the_farthest() -> None:
    study = drawn_enterprises(60, 3)
    lost = pl.col("region") == "320000"
    regions = study.tables["regions"].with_columns(
        pl.when(~lost).then(name).alias(name) for name in ("longitude", "latitude")
    )
    found = dock(replace(study, tables={**study.tables, "regions": regions}))
    place = dict(study.tables["enterprises"].select("enterprise", "origin").iter_rows())
    crossing = [
        row["kilometres"]
        for row in found.pairs.iter_rows(named=True)
        if (place[row["buyer"]] == "320000") != (place[row["supplier"]] == "320000")
    ]
    assert crossing
    parties, _ = parties_of(study, WEIGHTS)
    kept = [k for k, region in enumerate(parties.regions) if region != "320000"]
    assert set(crossing) == {parties.kilometres[np.ix_(kept, kept)].max()}


def test_without_any_distance_freight_is_off_for_all() -> None:
    study = drawn_enterprises(40, 5)
    regions = study.tables["regions"].with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in ("longitude", "latitude")
    )
    found = dock(replace(study, tables={**study.tables, "regions": regions}))
    assert (found.pairs["distance"] == 0).all()
    place = dict(study.tables["enterprises"].select("enterprise", "origin").iter_rows())
    for buyer, supplier, apart in found.pairs.select("buyer", "supplier", "kilometres").iter_rows():
        assert apart == (0 if place[buyer] == place[supplier] else None)
