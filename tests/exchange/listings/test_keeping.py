"""Listings are versions and states, each recorded; others see what was published."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.exchange.listings.offers import NAMED, PROJECT, SITE, list_published
from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.exchange.listings.keeping import (
    NotNow,
    confirm_listing,
    make_listings,
    publish_listing,
    revise_listing,
    submit_listing,
    withdraw_listing,
)
from yanzhen.exchange.listings.kinds import Fund, Need, Room
from yanzhen.exchange.listings.searching import (
    NoSuchListing,
    Sought,
    find_listing,
    list_listings,
    versions_of,
)
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit
from yanzhen.study import StudyError


@pytest.fixture
def store(database: Database) -> Database:
    add_organisations(database)
    return database


def names(store: Database, viewer: object, **sought: object) -> list[str]:
    page = list_listings(store, viewer, Sought(**sought))  # type: ignore[arg-type]
    return [each.content.name for each in page.listings]


def test_a_draft_is_its_own_organisations_until_it_is_published(store: Database) -> None:
    (made,) = make_listings(store, OURS, [SITE])
    assert names(store, OURS) == [SITE.name] and names(store, OTHERS) == []
    with pytest.raises(NotNow, match="a draft"):
        publish_listing(store, OURS, made)
    assert submit_listing(store, OURS, made).state == "in_review"
    assert publish_listing(store, OURS, made).listing.published == 1
    theirs = find_listing(store, OTHERS, made)
    assert (theirs.state, theirs.own, theirs.organisation_name) == ("published", False, "ours")
    assert theirs.content == SITE


def test_a_new_version_is_seen_by_others_once_it_is_published(store: Database) -> None:
    made = list_published(store, OURS, SITE)
    later = replace(SITE, name="SYNTHETIC renamed")
    assert revise_listing(store, OURS, made, later, based_on=1).state == "draft"
    assert find_listing(store, OTHERS, made).content == SITE
    assert names(store, OTHERS, said="renamed") == []
    assert [each.version for each in versions_of(store, OTHERS, made)] == [1]
    with pytest.raises(NotNow, match="version 2"):
        revise_listing(store, OURS, made, SITE, based_on=1)
    submit_listing(store, OURS, made)
    publish_listing(store, OURS, made)
    assert names(store, OTHERS, said="RENAMED 340000") == [later.name]
    assert [each.content for each in versions_of(store, OURS, made)] == [later, SITE]
    # The same again is no version.
    assert revise_listing(store, OURS, made, later).version == 2


def test_nobody_changes_what_is_anothers(store: Database) -> None:
    made = list_published(store, OURS, SITE)
    for change in (submit_listing, withdraw_listing, confirm_listing, publish_listing):
        with pytest.raises(NoSuchListing):
            change(store, OTHERS, made)
    with pytest.raises(NoSuchListing):
        revise_listing(store, OTHERS, made, NAMED)


def test_what_is_withdrawn_is_gone_for_others(store: Database) -> None:
    made = list_published(store, OURS, NAMED)
    assert withdraw_listing(store, OURS, made).state == "withdrawn"
    with pytest.raises(NoSuchListing):
        find_listing(store, OTHERS, made)
    with pytest.raises(NotNow, match="withdrawn"):
        withdraw_listing(store, OURS, made)


def test_those_alike_are_told_and_never_a_confidential_one_of_another(store: Database) -> None:
    hidden = list_published(store, OTHERS, PROJECT)
    (made,) = make_listings(store, OURS, [replace(PROJECT, name=" synthetic  SECRETNAME ")])
    submit_listing(store, OURS, made)
    assert publish_listing(store, OURS, made).alike == ()
    (again,) = make_listings(store, OURS, [PROJECT])
    submit_listing(store, OURS, again)
    assert publish_listing(store, OURS, again).alike == (made,)
    assert hidden not in names(store, OURS)


def test_everything_wrong_is_said_at_once(store: Database) -> None:
    wrong = replace(
        PROJECT,
        name=" ",
        expires_on="2026-02-30",
        needs=(Need("land", -1.0, "acre"), Need("land", 1.0, "mu")),
        investment=float("nan"),
    )
    with pytest.raises(StudyError) as caught:
        make_listings(store, OURS, [wrong])
    assert [each.column for each in caught.value.problems] == [
        *("name", "expires_on", "needs", "needs"),
        *("needs[0].amount", "needs[0].unit", "investment"),
    ]
    assert names(store, OURS) == []
    half = replace(SITE, longitude=200.0, room=(Room("jobs", 1.0, "mu", 1.0, "EUR"),))
    fund = Fund(name="f", expires_on="2999-01-01", size=1.0, unit="CNY", grant_equivalent=1.5)
    with pytest.raises(StudyError) as caught:
        make_listings(store, OURS, [half, fund])
    assert [(each.table, each.row, each.column) for each in caught.value.problems] == [
        ("site", 1, "room[0].unit"),
        ("site", 1, "longitude"),
        ("site", 1, "latitude"),
        ("fund", 2, "grant_equivalent"),
    ]


def test_pages_are_the_list_whatever_comes_meanwhile(store: Database) -> None:
    made = make_listings(store, OURS, [replace(SITE, name=f"S{n}") for n in range(5)])
    first = list_listings(store, OURS, Sought(), limit=2)
    make_listings(store, OURS, [SITE])
    rest = list_listings(store, OURS, Sought(), after=first.after, limit=5)
    found = [each.id for each in (*first.listings, *rest.listings)]
    assert found == list(reversed(made)) and rest.after is None
    with pytest.raises(NoSuchListing):
        list_listings(store, OTHERS, Sought(), after=first.after)


def test_every_change_is_recorded(store: Database) -> None:
    made = list_published(store, OURS, SITE)
    revise_listing(store, OURS, made, replace(SITE, text="more"))
    withdraw_listing(store, OURS, made)
    with store.reading() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.sequence)).all()
    assert [(row.action, row.subject) for row in rows if row.resource == "listing"] == [
        (action, made) for action in ("make", "submit", "publish", "change", "withdraw")
    ]
