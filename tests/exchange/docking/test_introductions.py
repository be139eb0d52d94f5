"""Who a confidential project is, a site sees once it was asked, and nobody else ever does."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, insert, select, update

from tests.databases import new_database
from tests.exchange.listings.offers import NAMED, PROJECT, SITE, list_published
from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.exchange.docking.accepted import accepted
from yanzhen.exchange.docking.introductions import (
    LEAST,
    NoSuchIntroduction,
    NotIntroduced,
    answer_introduction,
    answers_of,
    ask_introduction,
    find_introduction,
    list_introductions,
    response_times,
)
from yanzhen.exchange.docking.shortlists import Prospects
from yanzhen.exchange.docking.telling import likely_projects
from yanzhen.exchange.listings.documents import read_document
from yanzhen.exchange.listings.keeping import (
    make_listings,
    publish_listing,
    revise_listing,
    submit_listing,
    withdraw_listing,
)
from yanzhen.exchange.listings.searching import (
    NoSuchListing,
    Sought,
    find_listing,
    list_listings,
    versions_of,
)
from yanzhen.store.database.clock import moment, now, time_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.listing_tables import (
    introduction_answers,
    introductions,
    listing_versions,
    listings,
)
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

THIRD = Viewer("cy", "third", "planner")


def add_third(database: Database) -> None:
    add_organisations(database)
    with database.writing() as connection:
        named = {"id": "third", "name": "third", "made_at": now()}
        connection.execute(insert(organisations).values(**named))
        person = {"id": "cy", "login": "cy", "name": "cy", "role": "planner"}
        row = {**person, "organisation": "third", "made_at": now()}
        connection.execute(insert(persons).values(**row))


@pytest.fixture
def store(database: Database) -> Database:
    add_third(database)
    return database


def test_a_site_sees_who_asks_and_nobody_else_does(store: Database) -> None:
    project, site = list_published(store, OURS, PROJECT), list_published(store, OTHERS, SITE)
    for viewer in (OTHERS, THIRD):
        with pytest.raises(NoSuchListing):
            find_listing(store, viewer, project)
    made = ask_introduction(store, OURS, project, site, "你好")
    found = find_introduction(store, OTHERS, made)
    assert (found.own, found.organisation, found.state) == (False, "ours", "asked")
    assert found.project_content == PROJECT
    assert find_listing(store, OTHERS, project).content == PROJECT
    for asked in (find_listing, versions_of):
        with pytest.raises(NoSuchListing):
            asked(store, THIRD, project)
    with pytest.raises(NoSuchIntroduction):
        find_introduction(store, THIRD, made)
    assert list_introductions(store, THIRD).introductions == ()


def test_what_is_changed_later_is_not_what_was_introduced(store: Database) -> None:
    project, site = list_published(store, OURS, PROJECT), list_published(store, OTHERS, SITE)
    ask_introduction(store, OURS, project, site, "")
    revise_listing(store, OURS, project, replace(PROJECT, text="later secret"))
    submit_listing(store, OURS, project)
    publish_listing(store, OURS, project)
    assert find_listing(store, OTHERS, project).content == PROJECT
    assert list_listings(store, OTHERS, Sought(said="later")).listings == ()
    assert len(versions_of(store, OTHERS, project)) == 1


def test_a_draft_of_a_site_is_not_introduced(store: Database) -> None:
    """Not while it is a draft, not once the site is withdrawn, and not once it is published."""
    project, site = list_published(store, OURS, PROJECT), list_published(store, OTHERS, SITE)
    made = ask_introduction(store, OURS, project, site, "")
    answer_introduction(store, OTHERS, made, "accepted", "")

    def told() -> tuple[str, str, str]:
        with store.writing() as connection:
            found = accepted(connection, OURS, made)
        (listed,) = list_introductions(store, OURS).introductions
        assert listed.site_name == found.site_name
        return find_introduction(store, OURS, made).site_name, found.site_name, found.site_region

    draft = replace(SITE, name="SYNTHETIC draft", region="610000")
    published = (SITE.name, SITE.name, SITE.region)
    revise_listing(store, OTHERS, site, draft)
    assert told() == published
    withdraw_listing(store, OTHERS, site)
    assert told() == published
    revise_listing(store, OTHERS, site, replace(draft, text="again"))
    submit_listing(store, OTHERS, site)
    publish_listing(store, OTHERS, site)
    assert told() == published


def test_each_side_answers_for_itself_and_answers_stay(store: Database) -> None:
    project, site = list_published(store, OURS, PROJECT), list_published(store, OTHERS, SITE)
    made = ask_introduction(store, OURS, project, site, "")
    with pytest.raises(NotIntroduced, match="other side"):
        answer_introduction(store, OURS, made, "accepted", "")
    with pytest.raises(NotIntroduced, match="other side"):
        answer_introduction(store, OTHERS, made, "withdrawn", "")
    with pytest.raises(NoSuchIntroduction):
        answer_introduction(store, THIRD, made, "accepted", "")
    with pytest.raises(NotIntroduced, match="not empty"):
        answer_introduction(store, OURS, made, "message", " ")
    assert answer_introduction(store, OTHERS, made, "accepted", "好").state == "accepted"
    answer_introduction(store, OURS, made, "message", "何时")
    assert answer_introduction(store, OURS, made, "withdrawn", "").state == "withdrawn"
    with pytest.raises(NotIntroduced, match="withdrawn"):
        answer_introduction(store, OTHERS, made, "message", "late")
    said = [(each.own, each.answer, each.text) for each in answers_of(store, OTHERS, made)]
    assert said == [(True, "accepted", "好"), (False, "message", "何时"), (False, "withdrawn", "")]


def test_what_cannot_be_asked_is_refused_with_the_reason(store: Database) -> None:
    project, site = list_published(store, OURS, PROJECT), list_published(store, OTHERS, SITE)
    own_site = list_published(store, OURS, SITE)
    (draft,) = make_listings(store, OURS, [PROJECT])
    for asked, why in (
        ((site, site), None),
        ((project, own_site), "one organisation"),
        ((draft, site), "published"),
        ((project, project), "project asks"),
    ):
        with pytest.raises(NoSuchListing if why is None else NotIntroduced, match=why):
            ask_introduction(store, OURS, *asked, "")
    ask_introduction(store, OURS, project, site, "")
    with pytest.raises(NotIntroduced, match="before"):
        ask_introduction(store, OURS, project, site, "")


def test_response_times_are_public_from_three_answers(store: Database) -> None:
    site = list_published(store, OTHERS, SITE)
    for number, hours in enumerate((1.0, 3.0, 50.0)):
        assert response_times(store, ["others"]) == {}
        project = list_published(store, OURS, NAMED)
        made = ask_introduction(store, OURS, project, site, "")
        answer_introduction(store, OTHERS, made, "message", "soon")
        answer_introduction(store, OTHERS, made, "declined" if number else "accepted", "")
        with store.writing() as connection:
            asked = connection.scalar(
                select(introductions.c.made_at).where(introductions.c.id == made)
            )
            later = moment(time_of(str(asked)) + timedelta(hours=hours))
            decisive = introduction_answers.c.answer != "message"
            this = (introduction_answers.c.introduction == made) & decisive
            connection.execute(update(introduction_answers).where(this).values(made_at=later))
    ask_introduction(store, OURS, list_published(store, OURS, NAMED), site, "")
    found = response_times(store, ["others", "ours"])
    assert list(found) == ["others"]
    assert (found["others"].median_hours, found["others"].answers) == (3.0, LEAST)
    assert found["others"].asked == LEAST + 1


class Confidential(RuleBasedStateMachine):
    """Three organisations list, change, withdraw and ask, in whatever order."""

    viewers = (OURS, OTHERS, THIRD)

    def __init__(self) -> None:
        super().__init__()
        self.stack = _store()
        self.store, self.folder = self.stack.__enter__()
        self.projects: list[tuple[int, str, str]] = []
        self.sites: list[tuple[int, str]] = []
        self.drafts: list[tuple[int, str]] = []
        self.introduced: set[tuple[str, int]] = set()

    def teardown(self) -> None:
        self.stack.__exit__(None, None, None)

    @rule(who=st.integers(0, 2))
    def list_a_project(self, who: int) -> None:
        mark = f"mark{len(self.projects)}end"
        content = replace(PROJECT, name=mark, industry=mark, text=mark)
        self.projects.append((who, list_published(self.store, self.viewers[who], content), mark))

    @rule(who=st.integers(0, 2))
    def list_a_site(self, who: int) -> None:
        self.sites.append((who, list_published(self.store, self.viewers[who], SITE)))

    @rule(which=st.integers(0, 20), withdrawn=st.booleans())
    def change_a_site(self, which: int, withdrawn: bool) -> None:
        """What a site is to become is a draft, also once it is withdrawn."""
        if self.sites:
            who, site = self.sites[which % len(self.sites)]
            mark = f"draft{len(self.drafts)}end"
            self.drafts.append((who, mark))
            draft = replace(SITE, name=mark, region=mark)
            revise_listing(self.store, self.viewers[who], site, draft)
            if withdrawn:
                withdraw_listing(self.store, self.viewers[who], site)

    @rule(which=st.integers(0, 20), to=st.integers(0, 20))
    def ask(self, which: int, to: int) -> None:
        if not self.projects or not self.sites:
            return
        who, project, _ = self.projects[which % len(self.projects)]
        owner, site = self.sites[to % len(self.sites)]
        try:
            ask_introduction(self.store, self.viewers[who], project, site, "")
        except (NotIntroduced, NoSuchListing):
            return
        self.introduced.add((project, owner))

    @rule(which=st.integers(0, 20))
    def withdraw(self, which: int) -> None:
        if self.projects:
            who, project, _ = self.projects[which % len(self.projects)]
            if find_listing(self.store, self.viewers[who], project).state == "published":
                withdraw_listing(self.store, self.viewers[who], project)

    @invariant()
    def nothing_is_told_of_the_others(self) -> None:
        for number, viewer in enumerate(self.viewers):
            own = {p for who, p, _ in self.projects if who == number}
            known = own | {p for p, to in self.introduced if to == number}
            said = repr(list_listings(self.store, viewer, Sought(), limit=500))
            said += repr(list_introductions(self.store, viewer, limit=500))
            for _, project, mark in self.projects:
                assert (mark in said) == (project in known)
                found = list_listings(self.store, viewer, Sought(said=mark))
                by_code = list_listings(self.store, viewer, Sought(industry=mark))
                assert [len(each.listings) for each in (found, by_code)] == [project in known] * 2
                if project not in known:
                    self.is_not_there(viewer, project)
            for owner, mark in self.drafts:
                assert owner == number or mark not in said
            self.counts(viewer, known)

    @invariant()
    def sites_are_told_no_more_than_owners_allow(self) -> None:
        projects = tuple(sorted(project for _, project, _ in self.projects))
        told = likely_projects(self.store, Prospects(projects, np.full(len(projects), 0.3)))
        for each in told:
            assert (each.at_least, each.probability, each.listing) == (0.2, None, "")
            assert each.name == each.origin == "" and each.investment is None

    def is_not_there(self, viewer: Viewer, project: str) -> None:
        """What is there but not to be seen is refused as what never was, in the same words."""
        told = []
        for identity in (project, "0" * 32):
            for ask in (
                lambda this: find_listing(self.store, viewer, this),
                lambda this: versions_of(self.store, viewer, this),
                lambda this: list_listings(self.store, viewer, Sought(), after=this),
                lambda this: read_document(self.store, self.folder, viewer, this, "0" * 64),
                lambda this: ask_introduction(self.store, viewer, this, this, ""),
                lambda this: withdraw_listing(self.store, viewer, this),
            ):
                with pytest.raises(NoSuchListing) as caught:
                    ask(identity)
                told.append(str(caught.value).replace(identity, ""))
        assert len(set(told)) == 1

    def counts(self, viewer: Viewer, known: set[str]) -> None:
        with self.store.reading() as connection:
            seen = select(func.count()).where(
                visible(listings, viewer), listings.c.kind == "project"
            )
            assert connection.scalar(seen) == len(known)
            versions = select(func.count()).where(
                visible(listing_versions, viewer),
                listing_versions.c.industry != "",
            )
            assert connection.scalar(versions) == len(known)


TestConfidential = Confidential.TestCase
TestConfidential.settings = settings(
    max_examples=5, stateful_step_count=10, phases=(Phase.generate,)
)


@contextmanager
def _store() -> Iterator[Any]:
    with (
        tempfile.TemporaryDirectory(prefix="yz-confidential-") as folder,
        new_database("sqlite", Path(folder)) as url,
    ):
        database = Database(url)
        add_third(database)
        yield database, Path(folder)
        database.close()
