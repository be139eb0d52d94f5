"""Shortlists of an industry and origin, against one enterprise's ranking and over the draws."""

import numpy as np
import polars as pl
import pytest

from tests.market.stages import Stages, stages
from tests.study.small import small
from yanzhen.market.plan.destinations import Enterprise, destinations
from yanzhen.market.plan.moves import NOT_CASH, TERMS
from yanzhen.market.plan.shortlists import SHORTLISTED
from yanzhen.market.plan.uncertainty import uncertainty

LIST = ["industry", "origin"]


@pytest.fixture(scope="module")
def found() -> Stages:
    return stages(small())


@pytest.fixture(scope="module")
def lists(found: Stages) -> pl.DataFrame:
    return uncertainty(found.cleared, seed=5, draws=12).shortlists


def test_a_list_holds_the_best_sites_of_the_ranking_in_cash(
    found: Stages, lists: pl.DataFrame
) -> None:
    pairs = lists.select(LIST).unique(maintain_order=True)
    assert pairs.height == found.formulation.blocks.select(LIST).n_unique()
    for industry, origin in pairs.iter_rows():
        ranked = destinations(
            found.formulation, found.clearing.prices, Enterprise(industry, origin)
        ).drop_nulls("rank")
        cash = pl.sum_horizontal(term for term in TERMS if term not in NOT_CASH)
        best = ranked.with_columns(cash=cash).sort("cash", descending=True).head(SHORTLISTED)
        own = lists.filter(industry=industry, origin=origin)
        assert own["site"].to_list() == best["site"].to_list()
        np.testing.assert_allclose(own["cash"], best["cash"], atol=1e-12)
        np.testing.assert_allclose(own["gain"], best["gain"], atol=1e-12)


def test_one_site_of_a_list_is_first_in_each_draw(lists: pl.DataFrame) -> None:
    firsts = lists.group_by(LIST).agg(pl.col("first_share").sum())["first_share"]
    np.testing.assert_allclose(firsts, 1.0)
    assert lists["first_share"].n_unique() > 2


def test_intervals_hold_figures_of_the_draws(lists: pl.DataFrame) -> None:
    for name in ("cash", "gain"):
        assert (lists[f"{name}_low"] < lists[f"{name}_high"]).all()
        inside = lists[name].is_between(lists[f"{name}_low"], lists[f"{name}_high"])
        assert inside.mean() > 0.8


def test_without_draws_there_is_a_list_and_no_interval(found: Stages) -> None:
    lists = uncertainty(found.cleared, seed=5, draws=0).shortlists
    assert lists.height and lists["cash"].null_count() == 0
    for name in ("cash_low", "gain_high", "first_share"):
        assert lists[name].null_count() == lists.height
