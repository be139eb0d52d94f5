"""A project is told with whom it is worth more, of projects that its owner sees anyway."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.exchange.docking.cleared import cleared, identity
from yanzhen.exchange.docking.cohorts import ListedCohort, listed_cohorts
from yanzhen.exchange.docking.shortlists import shortlist
from yanzhen.exchange.listings.kinds import Project
from yanzhen.modes.chain.network.cohorts import Linkage
from yanzhen.modes.chain.network.linkage import study_linkage

LEAD, SUPPLIER, OTHER = (identity("project", number) for number in (0, 1, 2))


@cache
def linkage() -> Linkage:
    given = cleared()
    return study_linkage(given.inputs, given.clearing.terrain.room.sites["region"].to_list(), 0.5)


def project(listing: str) -> Project:
    found = cleared().listed[listing]
    assert isinstance(found, Project)
    return found


def cohorts(*known: str, strength: float = 0.5) -> tuple[ListedCohort, ...]:
    given = cleared()
    listed = [(each, project(each)) for each in known]
    scarce = replace(linkage(), spare=linkage().spare * 0, strength=strength)
    return listed_cohorts(given.clearing, given.inputs, LEAD, listed, scarce)


def test_a_cohort_is_worth_its_members_gains_and_twice_their_trade() -> None:
    """By the formula of a pair, with the gains of their shortlists."""
    found = {each.lead: each for each in cohorts(LEAD, SUPPLIER)}
    assert set(found) == {LEAD, SUPPLIER}
    given = cleared()
    lists = {
        each: shortlist(given.clearing, given.inputs, each, project(each))
        for each in (LEAD, SUPPLIER)
    }
    places = {each: given.inputs.panel.industries.index(project(each).industry) for each in lists}
    for lead, supplier in ((LEAD, SUPPLIER), (SUPPLIER, LEAD)):
        told = found[lead]
        assert told.suppliers == (supplier,)
        made = {each: lists[each].output for each in lists}
        traded = 0.0
        for seller, buyer in ((lead, supplier), (supplier, lead)):
            wanted = linkage().a[places[seller], places[buyer]] * made[buyer]
            traded += min(wanted, linkage().sold[places[seller]] * made[seller])
        at_site = sum(
            made[each] * lists[each].sites.filter(site=told.site)["gain"][0] for each in lists
        )
        assert told.beyond == pytest.approx(2 * 0.5 * traded)
        assert told.value == pytest.approx(at_site + told.beyond)
        apart = sum(made[each] * max(lists[each].sites["gain"][0], 0.0) for each in lists)
        assert told.apart == pytest.approx(apart)
        assert told.together == (told.value > told.apart)


def test_who_is_not_known_is_in_no_cohort() -> None:
    assert cohorts(LEAD) == () and cohorts(SUPPLIER) == ()
    members = {each for cohort in cohorts(LEAD, OTHER) for each in (cohort.lead, *cohort.suppliers)}
    assert members == {LEAD, OTHER}


def test_what_the_market_cannot_take_is_in_none() -> None:
    given = cleared()
    odd = replace(project(SUPPLIER), origin="999999")
    listed = [(LEAD, project(LEAD)), (SUPPLIER, odd)]
    assert listed_cohorts(given.clearing, given.inputs, LEAD, listed, linkage()) == ()


def test_the_strength_needed_is_that_from_which_they_move_together() -> None:
    needed = cohorts(LEAD, SUPPLIER)[0].strength_needed
    assert needed is not None and needed > 0
    for factor, together in ((0.99, False), (1.01, True)):
        (found, *_) = cohorts(LEAD, SUPPLIER, strength=needed * factor)
        assert found.together == together


def test_nothing_is_new_in_a_region_of_which_nothing_is_known() -> None:
    regions = cleared().clearing.terrain.room.sites["region"].to_list()
    there = study_linkage(cleared().inputs, [*regions, "999999"])
    assert np.isinf(there.spare[-1]).all() and np.isfinite(there.spare[:-1]).all()
