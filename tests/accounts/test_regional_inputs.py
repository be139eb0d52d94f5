"""Regions' inputs follow their own tables and add up to the nation's."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.accounts.test_regional_tables import own_table
from tests.study.small_modes import small_modes
from yanzhen.accounts.completion import completed
from yanzhen.accounts.panel import Floats, Panel, output_panel
from yanzhen.accounts.regional_inputs import RegionalInputs, regional_inputs
from yanzhen.accounts.study_table import national_table_of
from yanzhen.study import Study, read_study


def inputs_of(study: Study) -> tuple[RegionalInputs | None, Panel, Floats]:
    panel = output_panel(study)
    output = completed(panel)[:, :, -1]
    nation = national_table_of(study, panel.base_year, panel.industries)
    return regional_inputs(study, panel, output, nation), panel, output


@pytest.fixture(scope="module")
def provinces() -> tuple[Study, RegionalInputs, Panel, Floats]:
    study = read_study("china-provinces")
    found, panel, output = inputs_of(study)
    assert found is not None
    return study, found, panel, output


def test_a_study_without_own_tables_has_none() -> None:
    assert inputs_of(small_modes())[0] is None


def test_shares_of_cost_add_up_to_one_and_to_the_nation(
    provinces: tuple[Study, RegionalInputs, Panel, Floats],
) -> None:
    study, found, panel, output = provinces
    np.testing.assert_allclose(
        found.products.sum(axis=1) + found.others + found.value_added, 1.0, rtol=1e-12
    )
    nation = national_table_of(study, panel.base_year, panel.industries)
    at = [nation.sectors.index(code) for code in panel.industries]
    made = np.nan_to_num(output)
    bought = np.einsum("nij,nj->ij", found.products, made) / made.sum(axis=0)
    np.testing.assert_allclose(
        bought, nation.intermediate[np.ix_(at, at)] / nation.output[at], rtol=1e-6, atol=1e-9
    )


def test_what_a_region_bought_more_of_then_it_buys_more_of_now(
    provinces: tuple[Study, RegionalInputs, Panel, Floats],
) -> None:
    """Shanxi's metals took 18 % of their cost in metals in 2007, Jiangsu's more: order stays."""
    study, found, panel, _ = provinces
    rows = study.tables["input_output"].filter(pl.col("year") == 2007)
    metals = "IO42-14"
    bought = dict(
        rows.filter(supplier=metals, user=metals, origin="any")
        .select("user_region", "value")
        .iter_rows()
    )
    paid = dict(
        rows.filter(user=metals).group_by("user_region").agg(pl.col("value").sum()).iter_rows()
    )
    s = panel.industries.index(metals)
    then = [bought[region] / paid[region] for region in panel.regions if region in bought]
    now = [
        float(found.products[n, s, s]) for n, region in enumerate(panel.regions) if region in bought
    ]
    assert np.corrcoef(np.argsort(np.argsort(then)), np.argsort(np.argsort(now)))[0, 1] > 0.9


def test_a_region_without_a_table_has_nearly_the_nations_inputs(
    provinces: tuple[Study, RegionalInputs, Panel, Floats],
) -> None:
    """ρ is one: all of its industry's products lie off the nation's by the same factors μ."""
    _, found, panel, _ = provinces
    tibet = panel.regions.index("540000")
    assert np.isnan(found.own_share[tibet]).all()


def test_parts_take_the_ratios_of_the_whole_that_a_table_does_not_divide(
    provinces: tuple[Study, RegionalInputs, Panel, Floats],
) -> None:
    _, found, panel, _ = provinces
    general, special = (panel.industries.index(code) for code in ("IO42-16", "IO42-17"))
    np.testing.assert_array_equal(found.own_share[:, general], found.own_share[:, special])


def test_net_flows_and_large_errors_leave_the_own_share_unknown(
    provinces: tuple[Study, RegionalInputs, Panel, Floats],
) -> None:
    _, found, panel, _ = provinces
    unknown = np.isnan(found.own_share).all(axis=1)
    assert [panel.regions[n] for n in np.flatnonzero(unknown)] == ["230000", "540000"]
    assert np.isnan(found.own_share[panel.regions.index("620000")]).sum() > 10


def test_a_purchase_of_nothing_stays_next_to_nothing() -> None:
    study = own_table()
    found, _, _ = inputs_of(study)
    assert found is not None and found.year == 2012
    assert (found.products >= 0).all() and np.isfinite(found.products).all()
    away = replace(study, tables={**study.tables, "trade": study.tables["trade"].clear()})
    known, _, _ = inputs_of(away)
    assert known is not None and np.isnan(known.own_share).all()
    np.testing.assert_array_equal(found.products, known.products)
