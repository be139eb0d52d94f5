"""Shortlists of an industry and origin, against one enterprise's ranking and over the draws."""

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import with_table
from tests.market.stages import Stages, stages
from tests.study.small import REGIONS, small
from yanzhen.market.plan.destinations import Enterprise, destinations
from yanzhen.market.plan.moves import NOT_CASH, TERMS
from yanzhen.market.plan.shortlists import SHORTLISTED, own_shortlist
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


def test_an_enterprises_own_list_is_that_of_its_industry_moved_by_its_figures(
    found: Stages, lists: pl.DataFrame
) -> None:
    industry, origin = lists.select(LIST).row(0)
    own = lists.filter(industry=industry, origin=origin)
    prices, formulation = found.clearing.prices, found.formulation
    usual = destinations(formulation, prices, Enterprise(industry, origin))
    same = own_shortlist(usual, own, {})
    assert same["site"].to_list() == own["site"].to_list()
    np.testing.assert_allclose(same["cash_low"], own["cash_low"], atol=1e-12)
    assert same["own_order"].to_list() == same["order"].to_list()

    last = same["site"][-1]
    asked = Enterprise(industry, origin, added={last: {"land_cost": 0.5}})
    moved = own_shortlist(destinations(formulation, prices, asked), own, {})
    assert moved["site"][0] == last
    before, after = (each.filter(site=last).row(0, named=True) for each in (same, moved))
    for end in ("cash", "cash_low", "cash_high"):
        assert after[end] == pytest.approx(before[end] + 0.5)


def test_weights_give_an_order_beside_the_one_in_cash(found: Stages, lists: pl.DataFrame) -> None:
    industry, origin = lists.select(LIST).row(0)
    usual = destinations(found.formulation, found.clearing.prices, Enterprise(industry, origin))
    in_cash = [term for term in TERMS if term not in NOT_CASH]
    alone = {term: 0.0 for term in in_cash if term != "distance"}
    shown = own_shortlist(usual, lists.clear(), alone)
    np.testing.assert_allclose(shown["weighted"], shown["distance"], atol=1e-12)
    nearest = shown.sort("distance", descending=True)["site"][0]
    assert shown.filter(own_order=1)["site"][0] == nearest
    assert shown["cash"].is_sorted(descending=True)
    assert shown["cash_low"].null_count() == shown.height


def test_who_has_nowhere_to_go_has_no_list_and_takes_nothing_from_the_others() -> None:
    """An industry that every region but its own no longer undertakes."""
    study = small()
    first = sorted(stages(study).formulation.blocks["industry"].unique())[0]
    closed: list[dict[str, object]] = [
        {"place": place, "industry": first, "listing": "no_longer_undertaken", "rule": "G"}
        for place in REGIONS[1:]
    ]
    study = with_table(with_table(study, "rules", [{"rule": "G"}]), "catalogue", closed)
    lists = uncertainty(stages(study).cleared, seed=5, draws=3).shortlists
    assert lists.filter(industry=first, origin=REGIONS[0]).is_empty()
    assert lists.filter(pl.col("industry") != first).height
    firsts = lists.group_by(LIST).agg(pl.col("first_share").sum())["first_share"]
    np.testing.assert_allclose(firsts, 1.0)
