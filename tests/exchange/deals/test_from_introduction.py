"""A deal of an introduction says what the listings said, once, and to both organisations."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.exchange.deals.parties import FIRM, HOST, THIRD, add_everybody, batteries
from tests.exchange.listings.offers import PROJECT, SITE, list_published
from tests.exchange.meeting import meeting, together
from yanzhen.exchange.deals import from_introduction
from yanzhen.exchange.deals.deal import Contradicts
from yanzhen.exchange.deals.finding import find_deal, transitions_of
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.deals.from_introduction import (
    deals_of_introductions,
    make_from_introduction,
)
from yanzhen.exchange.docking.introductions import (
    NoSuchIntroduction,
    NotIntroduced,
    answer_introduction,
    ask_introduction,
)
from yanzhen.exchange.listings.keeping import (
    publish_listing,
    revise_listing,
    submit_listing,
    withdraw_listing,
)
from yanzhen.exchange.listings.kinds import Project
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deals


@pytest.fixture
def shared(database: Database) -> Iterator[Database]:
    add_everybody(database)
    yield database


def asked(database: Database, project: Project = PROJECT) -> tuple[str, str, str]:
    """Ask a site of the host for an introduction; return it, the project and the site."""
    listed = list_published(database, FIRM, project), list_published(database, HOST, SITE)
    return ask_introduction(database, FIRM, *listed, "SYNTHETIC"), *listed


def test_what_the_listings_said_is_in_the_deal(shared: Database) -> None:
    introduction, project, site = asked(shared)
    # What the firm lists later was not introduced to the host.
    revise_listing(shared, FIRM, project, replace(PROJECT, industry="30", investment=9.0))
    submit_listing(shared, FIRM, project)
    publish_listing(shared, FIRM, project)
    answer_introduction(shared, HOST, introduction, "accepted", "")
    # What the host changes meanwhile is its own, also once the site is withdrawn.
    revise_listing(shared, HOST, site, replace(SITE, name="SYNTHETIC draft", region="610000"))
    withdraw_listing(shared, HOST, site)
    made = make_from_introduction(shared, HOST, introduction)
    for viewer in (FIRM, HOST):
        found = find_deal(shared, viewer, made)
        assert (found.industry, found.origin, found.destination) == ("20", "310000", "340000")
        assert found.investment == 150_000_000_00
        came_from = (found.introduction, found.project_listing, found.site_listing)
        assert came_from == (introduction, project, site)
        assert {(each.organisation, each.capacity) for each in found.parties} == {
            ("firm", "enterprise"),
            ("host", "operator"),
        }
        assert deals_of_introductions(shared, viewer, [introduction]) == {introduction: made}
    assert found.title == f"{PROJECT.name} → {SITE.name}"
    (contact,) = transitions_of(shared, FIRM, made)
    assert (contact.event, contact.on) == ("contact", now()[:10])
    assert deals_of_introductions(shared, THIRD, [introduction]) == {}


def test_what_is_said_beside_stands(shared: Database) -> None:
    introduction, _, _ = asked(shared, replace(PROJECT, investment=None, investment_unit=""))
    answer_introduction(shared, HOST, introduction, "accepted", "")
    happened = (Happened("contact", "2026-01-05"), Happened("talks", "2026-02-01"))
    made = make_from_introduction(shared, FIRM, introduction, "合成", "chain", happened)
    found = find_deal(shared, HOST, made)
    assert (found.title, found.mode, found.state) == ("合成", "chain", "talks")
    assert found.investment is None


@pytest.mark.parametrize("answers", [(), ("declined",), ("accepted", "withdrawn")])
def test_no_deal_is_made_of_what_is_not_accepted(
    shared: Database, answers: tuple[str, ...]
) -> None:
    introduction, _, _ = asked(shared)
    for answer in answers:
        viewer = FIRM if answer == "withdrawn" else HOST
        answer_introduction(shared, viewer, introduction, answer, "")  # type: ignore[arg-type]
    with pytest.raises(NotIntroduced) as caught:
        make_from_introduction(shared, HOST, introduction)
    assert all(caught.value.words)
    with shared.reading() as connection:
        assert connection.execute(select(deals.c.id)).all() == []


def test_a_deal_is_made_once_and_by_neither_third(shared: Database) -> None:
    introduction, _, _ = asked(shared)
    answer_introduction(shared, HOST, introduction, "accepted", "")
    for never in (introduction, "0" * 32, "\0"):
        with pytest.raises(NoSuchIntroduction):
            make_from_introduction(shared, THIRD, never)
    made = make_from_introduction(shared, FIRM, introduction)
    with pytest.raises(Contradicts) as caught:
        make_from_introduction(shared, HOST, introduction)
    assert all(made in each for each in caught.value.words)


def test_of_two_who_make_the_deal_at_once_one_does(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduction, _, _ = asked(shared)
    answer_introduction(shared, HOST, introduction, "accepted", "")
    monkeypatch.setattr(from_introduction, "accepted", meeting(from_introduction.accepted))
    done = together(
        *(partial(make_from_introduction, shared, each, introduction) for each in (FIRM, HOST))
    )
    assert {type(each) for each in done} == {str, Contradicts}
    with shared.reading() as connection:
        assert len(connection.execute(select(deals.c.id)).all()) == 1


def test_the_database_holds_one_deal_of_an_introduction(shared: Database) -> None:
    introduction, _, _ = asked(shared)
    answer_introduction(shared, HOST, introduction, "accepted", "")
    make_from_introduction(shared, FIRM, introduction)
    batteries(shared), batteries(shared)
    with shared.reading() as connection:
        row = connection.execute(select(deals).where(deals.c.introduction.is_not(None))).one()
    another = row._asdict() | {"id": "another"}
    del another["number"]
    with pytest.raises(IntegrityError), shared.writing() as connection:
        connection.execute(insert(deals).values(**another))
