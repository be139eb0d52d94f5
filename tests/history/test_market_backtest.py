from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.declared import undeclared
from yanzhen.accounts.panel import output_panel
from yanzhen.history.market_backtest import MarketBacktest, market_as_json, market_backtest
from yanzhen.study import Study, StudyError, read_study

METHODS = {"market", "market_without_prices", "persistence", "trend"}


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("china-provinces")


@pytest.fixture(scope="module")
def tested(study: Study) -> MarketBacktest:
    return market_backtest(study, (2012, 2015), (2015, 2017))


def test_tables_are_as_declared(tested: MarketBacktest) -> None:
    assert undeclared(tested) == []


def test_every_method_has_an_error_on_the_same_cells(tested: MarketBacktest) -> None:
    assert set(market_as_json(tested)["share_error"]) == METHODS
    assert tested.shares.height == tested.cells


def test_every_industry_and_cell_is_compared_or_counted_as_left_out(
    study: Study, tested: MarketBacktest
) -> None:
    panel = output_panel(study)
    compared = set(tested.shares["industry"])
    assert compared | set(tested.left_out["industry"]) == set(panel.industries)
    assert compared.isdisjoint(tested.left_out["industry"])
    assert tested.cells + tested.missing == len(panel.regions) * len(panel.industries)
    told = market_as_json(tested)
    assert told["missing_cells"] == tested.missing > 0
    assert told["industries_left_out"] == [
        {"industry": "IO42-21", "cells": 0, "reason": "missing"},
        {"industry": "IO42-22", "cells": 1, "reason": "no_total"},
    ]


def test_shares_foretold_sum_to_one_by_industry(tested: MarketBacktest) -> None:
    sums = tested.shares.group_by("industry").agg(pl.col(*METHODS, "actual").sum())
    np.testing.assert_allclose(sums.drop("industry").to_numpy(), 1.0)


def test_net_shifts_cancel_over_macro_regions(tested: MarketBacktest) -> None:
    shifts = tested.net_shifts.drop("macro_region")
    np.testing.assert_allclose(shifts.sum().to_numpy(), 0.0, atol=1e-6)


def test_what_came_after_train_changes_nothing_foretold(
    study: Study, tested: MarketBacktest
) -> None:
    later = pl.col("year") > 2015
    changed = {
        name: table.with_columns(
            pl.when(later)
            .then(pl.col(column) * (1 + pl.int_range(pl.len()) % 7))
            .otherwise(column)
            .alias(column)
            for column in ("output", "value_added", "emissions", "employment", "value")
            if column in table.columns and table.schema[column].is_float()
        )
        if "year" in table.columns
        else table
        for name, table in study.tables.items()
    }
    other = market_backtest(replace(study, tables=changed), (2012, 2015), (2015, 2017))
    keys = ["region", "industry"]
    both = tested.shares.join(other.shares, on=keys, suffix="_other")
    assert both.height == tested.shares.height
    assert (both["actual"] != both["actual_other"]).any()
    for name in METHODS:
        np.testing.assert_allclose(both[name], both[f"{name}_other"], rtol=1e-9)


def test_a_test_that_begins_within_train_is_refused(study: Study) -> None:
    with pytest.raises(StudyError, match="before train ends"):
        market_backtest(study, (2012, 2015), (2012, 2017))
