"""The web is its table, follows moves with all sums held, and measures loss as the accounts do."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modes.chain.webs import small_web
from tests.study.small_modes import small_modes
from yanzhen.accounts.extraction import factorised, without, without_purchases
from yanzhen.accounts.input_output import (
    allocation_coefficients,
    leontief_inverse,
    national_table,
    technical_coefficients,
)
from yanzhen.accounts.panel import output_panel
from yanzhen.modes.chain.network.chain_map import chain_of, flows, links, reach, stages
from yanzhen.modes.chain.network.multiregional_flows import with_output
from yanzhen.modes.chain.network.security import (
    concentration_table,
    critical_table,
    exposure_table,
    security,
)
from yanzhen.modes.chain.network.supply_table import OTHER_SECTORS, condensed, supply_table
from yanzhen.study import WantOfData, read_study

SMALL = small_web()
X = SMALL.table.output


def test_the_web_of_a_gravity_table_loses_nothing():
    np.testing.assert_allclose(SMALL.web.flows, SMALL.table.domestic, rtol=1e-12)


def test_where_nothing_moves_trade_stays():
    again = with_output(SMALL.web, SMALL.web.output, SMALL.nearness)
    np.testing.assert_allclose(again.trade, SMALL.web.trade, rtol=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.floats(0.01, 0.9))
def test_what_moves_is_sold_and_what_is_needed_is_bought(origin, to, kind, part):
    web = SMALL.web
    output = web.output.copy()
    moved = part * output[origin, kind]
    output[origin, kind] -= moved
    output[to, kind] += moved
    after = with_output(web, output, SMALL.nearness)
    np.testing.assert_allclose(after.trade.sum(axis=2).T, output - after.booked, rtol=1e-6)
    need = after.purchases.sum(axis=2) + after.final
    np.testing.assert_allclose(after.trade.sum(axis=1).T, need, rtol=1e-6)


def test_a_region_that_begins_to_make_a_product_sells_it():
    web = SMALL.web
    output = web.output.copy()
    output[0, 1] += output[2, 1]
    output[2, 1] = 0.0
    none = with_output(web, output, SMALL.nearness)
    assert none.trade[1, 2].sum() == 0
    back = with_output(none, web.output, SMALL.nearness)
    np.testing.assert_allclose(
        back.trade[1, 2].sum(), web.output[2, 1] - back.booked[2, 1], rtol=1e-6
    )


def test_exposure_is_the_accounts_forward_extraction():
    b = allocation_coefficients(SMALL.table.domestic, X)
    economy, primary = factorised(b.T), X - b.T @ X
    found = security(SMALL.web)
    n, s = SMALL.web.output.shape
    for k in range(n):
        left = without_purchases(economy, primary, list(range(k * s, (k + 1) * s)))
        lost = (X - left).reshape(n, s).sum(axis=1) / X.reshape(n, s).sum(axis=1)
        others = np.arange(n) != k
        np.testing.assert_allclose(found.exposure[others, k], lost[others], rtol=1e-9)
        assert found.exposure[k, k] == 0


def test_the_loss_of_one_cell_is_the_accounts_forward_extraction():
    b = allocation_coefficients(SMALL.table.domestic, X)
    economy, primary = factorised(b.T), X - b.T @ X
    n, s = SMALL.web.output.shape
    found = security(SMALL.web).lost_elsewhere.ravel()
    for cell in range(n * s):
        lost = (X - without_purchases(economy, primary, [cell])).reshape(n, s)
        elsewhere = lost.sum() - lost[cell // s].sum()
        assert found[cell] == pytest.approx(elsewhere, rel=1e-9)


def test_the_chain_of_an_industry_is_what_falls_with_it():
    a = technical_coefficients(SMALL.table.domestic, X)
    y = SMALL.table.final_domestic.sum(axis=1)
    own = [1, 4, 7, 10]
    fallen = X - without(factorised(a), y, own)
    found = chain_of(SMALL.web, "y").sort("region", "industry")["in_chain"]
    np.testing.assert_allclose(found, fallen, rtol=1e-9)
    np.testing.assert_allclose(found.to_numpy()[own], X[own], rtol=1e-12)


def test_concentration_adds_up():
    found = concentration_table(SMALL.web, security(SMALL.web), None, None)
    assert found["concentration"].is_sorted(descending=True)
    np.testing.assert_allclose(
        found["herfindahl"], found["concentration"] + found["own_share"] ** 2, rtol=1e-12
    )
    tau = SMALL.table.domestic.reshape(4, 3, 4, 3)[:, 0, 2, :].sum(axis=1)
    tau /= tau.sum()
    row = found.filter(region="C", input="x").row(0, named=True)
    assert row["concentration"] == pytest.approx((np.delete(tau, 2) ** 2).sum())
    assert row["largest_supplier"] == "ABCD"[int(np.where(np.arange(4) == 2, 0, tau).argmax())]
    assert row["change"] is None


def test_tables_after_a_plan_hold_the_change():
    output = SMALL.web.output.copy()
    output[0], output[1] = output[0] * 0.5, output[1] + output[0] * 0.5
    before, after = security(SMALL.web), security(with_output(SMALL.web, output, SMALL.nearness))
    exposed = exposure_table(SMALL.web, before, after)
    to_b = exposed.filter(pl.col("supplier_region") == "B")
    assert (to_b["change"] > 0).all()
    nodes = critical_table(SMALL.web, before, after)
    assert nodes.filter(region="B")["change"].sum() > 0 > nodes.filter(region="A")["change"].sum()
    assert nodes.group_by("industry").agg(pl.col("national_share").sum())[
        "national_share"
    ].to_list() == pytest.approx([1.0] * 3)


def test_shares_and_values_of_the_map_add_up():
    distance = np.abs(np.arange(4)[:, None] - np.arange(4)) * 300.0
    listed = links(SMALL.web, distance)
    assert listed["value"].sum() == pytest.approx(SMALL.table.domestic.sum())
    every = flows(SMALL.web, distance, 0.0)
    assert every["value"].sum() == pytest.approx(SMALL.table.domestic.sum())
    far = (every["value"] * every["kilometres"]).sum()
    assert (listed["value"] * listed["kilometres"]).sum() == pytest.approx(far)
    by_region = reach(SMALL.web, distance, np.array([3.0, 2.0, 1.0]))
    assert (by_region["inputs"] * by_region["kilometres"]).sum() == pytest.approx(far)
    assert by_region["stage"].is_between(1, 3).all()


def test_a_national_table_cut_to_some_sectors_still_balances():
    table = national_table(read_study("china-provinces").tables["input_output"], 2017)
    kept = ("IO42-18", "IO42-14", "IO42-07")
    cut = condensed(table, kept)
    np.testing.assert_allclose(
        cut.domestic.sum(axis=1) + cut.final_domestic.sum(axis=1), cut.output, rtol=1e-9
    )
    np.testing.assert_allclose(
        cut.domestic.sum(axis=0) + cut.imported.sum(axis=0) + cut.value_added.sum(axis=0),
        cut.output,
        rtol=1e-6,
    )
    assert cut.final_uses[-1] == OTHER_SECTORS


def test_stages_are_the_recursion_of_antras_and_others():
    """U_i = 1 + Σ_j b_ij U_j, and the sum over rows of the Ghosh inverse (2012, eq. 4)."""
    table = national_table(read_study("china-provinces").tables["input_output"], 2017)
    found = dict(stages(table).select("industry", "upstreamness").iter_rows())
    u = np.array([found[sector] for sector in table.sectors])
    b = allocation_coefficients(table.domestic, table.output)
    np.testing.assert_allclose(u, leontief_inverse(b).sum(axis=1), rtol=1e-9)
    np.testing.assert_allclose(u, 1 + b @ u, rtol=1e-9)


def test_linkages_and_positions_equal_pymrios_inverses():
    import pymrio

    from yanzhen.accounts.readers import from_pymrio

    world = pymrio.load_test().calc_all(include_ghosh=True)
    found = stages(from_pymrio(world, 2005)).sort("upstreamness", descending=True)
    up = np.sort(world.G.to_numpy().sum(axis=1))[::-1]
    np.testing.assert_allclose(found["upstreamness"], up, rtol=1e-9)
    down = np.sort(world.L.to_numpy().sum(axis=0))
    np.testing.assert_allclose(found["downstreamness"].sort(), down, rtol=1e-9)
    np.testing.assert_allclose(found["backward"].sort(), down / down.mean(), rtol=1e-9)


def test_chains_of_a_year_in_which_nobody_makes_anything_want_output() -> None:
    """Drawn studies met it: the year is there, and its only figures are zeros."""
    study = small_modes()
    activity = study.tables["activity"].with_columns(output=pl.lit(0.0))
    nothing = replace(study, tables={**study.tables, "activity": activity})
    panel = output_panel(nothing)
    output = np.zeros((len(panel.regions), len(panel.industries)))
    with pytest.raises(WantOfData, match="activity"):
        supply_table(nothing, panel, output, np.full((len(output), len(output)), np.nan), 500.0)
