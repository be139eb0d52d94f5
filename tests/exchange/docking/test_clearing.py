"""The market clears over what is listed, and says of each pair what the plan would say."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from tests.exchange.docking.cleared import DAY, cleared, identity
from yanzhen.exchange.docking.clearing import ExchangeClearing, NothingToClear, clear_listed
from yanzhen.exchange.docking.offers import NotTaken, offers_of, with_offers
from yanzhen.exchange.docking.shortlists import TERMS, funds_that_change, prospects, shortlist
from yanzhen.exchange.listings.kinds import Fund, Need, Project, Room
from yanzhen.market.plan.destinations import Enterprise, destinations
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.market import Prices
from yanzhen.study.tables import TABLES

PROJECTS = [identity("project", number) for number in range(12)]
SITES = [identity("site", number) for number in range(6)]


def project(listing: str) -> Project:
    found = cleared().listed[listing]
    assert isinstance(found, Project)
    return found


def test_prices_are_certified_and_demand_fits_the_listed_room() -> None:
    found = cleared().clearing
    assert found.certificate.passed
    used = [
        at_site @ (found.projects["output"].to_numpy()[:, None] * found.needs)
        for at_site in chances(found)
    ]
    limited = found.prices.with_columns(used=np.concatenate(used)).drop_nulls("capacity")
    assert (limited["used"] <= limited["capacity"] * (1 + 1e-3)).all()
    # Room is scarce here, or the test shows nothing.
    assert limited["premium"].max() > 0  # type: ignore[operator]
    spare = limited.filter(pl.col("used") < 0.99 * pl.col("capacity"))
    assert (spare["premium"] < 1e-6).all()


def chances(found: ExchangeClearing) -> Iterator[NDArray[np.float64]]:
    """(I,) chance of each project at each site in turn."""
    for site in found.terrain.room.sites["site"]:
        said = prospects(found, site)
        chance = dict(zip(said.projects, said.probability, strict=True))
        yield np.array([chance.get(each, 0.0) for each in found.projects["project"]])


def test_prices_say_nothing_of_what_projects_need() -> None:
    assert set(cleared().clearing.prices.columns) == {
        *("site", "resource", "capacity", "posted", "premium")
    }


@cache
def as_the_plan_has_them() -> tuple[pl.DataFrame, Formulation]:
    """The listed projects as enterprises of a study, and the market that a plan makes of it."""
    given = cleared()
    study = given.inputs.study
    offers = offers_of(given.listed.items(), study, given.inputs.panel.regions, ("06", "13", "20"))
    enterprises = offers.projects.select(
        *("industry", "origin", "output", "land"),
        enterprise="project",
        count=pl.lit(1, pl.Int64),
    )
    schema = TABLES["enterprises"].create_empty()
    table = pl.concat([schema, enterprises], how="diagonal_relaxed").cast(dict(schema.schema))
    whole = with_offers(study, offers)
    whole = replace(whole, tables={**whole.tables, "enterprises": table})
    return offers.projects, formulate(replace(given.inputs, study=whole))


@pytest.mark.parametrize("listing", PROJECTS[:3])
def test_a_shortlist_is_what_the_plan_says_of_an_enterprise_alike(listing: str) -> None:
    """Terms and gains against `destinations`, by another way from the study's own tables."""
    given = cleared()
    projects, formulation = as_the_plan_has_them()
    row = projects.row(by_predicate=pl.col("project") == listing, named=True)
    sites = given.clearing.terrain.room.sites["site"]
    assert formulation.room.sites["site"].equals(sites)
    zero = np.zeros(formulation.market.stayers.size)
    prices = Prices(given.clearing.premium, np.zeros(0), zero)
    needs = {"land": row["land"] / row["output"]}
    peer = destinations(formulation, prices, Enterprise(row["industry"], row["origin"], needs))
    found = shortlist(given.clearing, given.inputs, listing, project(listing))
    assert found.sites["site"].to_list() == peer["site"].head(found.sites.height).to_list()
    for term in ("gain", *TERMS):
        np.testing.assert_allclose(
            found.sites[term], peer[term].head(found.sites.height), atol=1e-12, err_msg=term
        )


def test_reasons_add_up_and_chances_to_one() -> None:
    given = cleared()
    for k, listing in enumerate(PROJECTS):
        found = shortlist(given.clearing, given.inputs, listing, project(listing))
        sums = found.sites.select(pl.sum_horizontal(TERMS)).to_series()
        np.testing.assert_allclose(sums, found.sites["gain"], atol=1e-12)
        at = given.clearing.projects["project"].to_list().index(listing)
        assert found.staying == pytest.approx(given.clearing.staying[at], abs=1e-9)
        assert found.sites["probability"].sum() + found.staying == pytest.approx(1), k


def test_a_site_expects_what_the_projects_choose() -> None:
    given = cleared()
    lists = {
        each: shortlist(given.clearing, given.inputs, each, project(each)) for each in PROJECTS
    }
    for site in SITES:
        found = prospects(given.clearing, site)
        for listing, probability in zip(found.projects, found.probability, strict=True):
            chosen = lists[listing].sites.filter(site=site)["probability"]
            assert probability == pytest.approx(chosen[0], abs=1e-9)
    assert prospects(given.clearing, identity("site", 99)).projects == ()


def test_what_the_market_cannot_take_is_told_with_the_reason() -> None:
    given = cleared()
    site = given.listed[SITES[0]]
    odd = {
        "1": replace(project(PROJECTS[0]), origin="999999"),
        "2": replace(project(PROJECTS[0]), industry="99"),
        "3": replace(project(PROJECTS[0]), needs=(Need("output", 1.0, "USD"),)),
        "4": replace(project(PROJECTS[0]), needs=(Need("jobs", 1.0, "persons"),)),
        "5": replace(site, room=(Room("land", 1.0, "ha", 1.0, "EUR"),)),
    }
    found = clear_listed(given.inputs, [*given.listed.items(), *odd.items()], DAY)  # type: ignore[list-item]
    assert dict(found.left_out.select("listing", "reason").iter_rows()) == {
        **{"1": "unknown_region", "2": "unknown_industry", "3": "other_currency"},
        **{"4": "no_size", "5": "other_currency"},
    }
    np.testing.assert_array_equal(found.premium, given.clearing.premium)
    with pytest.raises(NotTaken, match="unknown_industry"):
        shortlist(found, given.inputs, "2", odd["2"])  # type: ignore[arg-type]
    with pytest.raises(NothingToClear):
        clear_listed(given.inputs, [(SITES[0], site)], DAY)


def test_a_fund_is_named_where_it_changes_the_outcome() -> None:
    given, asked = cleared(), project(PROJECTS[0])
    found = shortlist(given.clearing, given.inputs, PROJECTS[0], asked)
    fund = Fund(
        name="SYNTHETIC fund",
        expires_on="2999-12-31",
        size=5.0,
        unit="100 million CNY",
        region="520000",
        grant_equivalent=0.5,
    )
    other = replace(fund, unit="100 million USD")
    unstated = replace(fund, grant_equivalent=None)
    worthless = replace(fund, grant_equivalent=0.0)
    funds = [
        *(("f", fund), ("g", replace(fund, industries=("99",)))),
        *(("h", other), ("i", unstated), ("j", worthless)),
    ]
    screen = funds_that_change(found, given.inputs, asked, funds)
    named = screen.changing
    assert dict(screen.not_screened.iter_rows()) == {"h": "other_currency", "i": "grant_not_stated"}
    regions = dict(found.sites.select("site", "region").iter_rows())
    assert {regions[site] for site in named["site"]} == {"520000"} and set(named["fund"]) == {"f"}
    before = dict(found.sites.select("site", "probability").iter_rows())
    sigma = given.inputs.values["sigma"]
    for site, added, margin in named.select(
        "site", "added_probability", "added_margin"
    ).iter_rows():
        # The logit with one payoff raised, from its definition.
        raised = {s: p * np.exp(margin / sigma) if s == site else p for s, p in before.items()}
        after = raised[site] / (sum(raised.values()) + found.staying)
        assert added == pytest.approx(after - before[site], abs=1e-9)
    for said, why in (
        (replace(asked, investment=None), "no_investment"),
        (replace(asked, investment_unit="million EUR"), "other_currency"),
    ):
        screen = funds_that_change(found, given.inputs, said, [("f", fund)])
        assert screen.changing.is_empty()
        assert screen.not_screened.rows() == [("f", why)]


def test_support_is_reckoned_in_the_units_of_the_study() -> None:
    """The same fund and the same investment in other units change the outcome as much."""
    given, asked = cleared(), project(PROJECTS[0])
    found = shortlist(given.clearing, given.inputs, PROJECTS[0], asked)
    fund = Fund(name="F", expires_on="2999-12-31", size=0.5, unit="100 million CNY")
    fund = replace(fund, grant_equivalent=1.0)
    in_other = replace(fund, size=5000.0, unit="10,000 CNY")
    wanted = replace(asked, investment=1e8, investment_unit="CNY")
    one, other = (
        funds_that_change(found, given.inputs, said, [("f", each)]).changing
        for said, each in ((asked, fund), (wanted, in_other))
    )
    assert one.height and one.drop("added_probability").equals(other.drop("added_probability"))
    np.testing.assert_allclose(one["added_probability"], other["added_probability"])
