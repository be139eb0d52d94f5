"""What happens on the exchange is told to those it concerns, and to nobody else."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from tests.exchange.deals.parties import (
    FIRM,
    HOME,
    HOST,
    PARTIES,
    TERMS,
    THIRD,
    add_everybody,
    batteries,
)
from tests.exchange.listings.offers import NAMED, PROJECT, SITE, list_published
from tests.exchange.notices.told import kinds, told
from tests.exchange.settlement.agreed import STRANGER, add_declared_agreement
from tests.exchange.statistics.test_from_deals import add_enterprises
from tests.exchange.statistics.test_keeping import OF_2025, sign
from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.exchange.deals.changing import add_party, add_transitions
from yanzhen.exchange.deals.comments import add_comment
from yanzhen.exchange.deals.deal import Contradicts, NewParty
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.deals.from_introduction import make_from_introduction
from yanzhen.exchange.deals.tasks import add_task, change_task
from yanzhen.exchange.deals.terms import agree, propose_terms
from yanzhen.exchange.docking.introductions import (
    NotIntroduced,
    answer_introduction,
    ask_introduction,
)
from yanzhen.exchange.listings.keeping import confirm_listing
from yanzhen.exchange.listings.kinds import Content
from yanzhen.exchange.notices.reminding import remind
from yanzhen.exchange.settlement.issuing import issue_statement, record_transfer, say
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.statistics.keeping import NotPublished, publish_period
from yanzhen.report.text.words import LANGUAGES
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.listing_tables import listings
from yanzhen.study import read_study

TODAY = date(2026, 12, 1)


@pytest.fixture
def dealing(database: Database) -> Database:
    add_everybody(database)
    return database


def test_a_deal_tells_its_other_parties(dealing: Database) -> None:
    deal = batteries(dealing)
    assert kinds(dealing, HOST) == kinds(dealing, HOME) == ["deal_joined"]
    add_party(dealing, HOST, deal, NewParty("third", "fund"))
    assert kinds(dealing, THIRD) == ["deal_joined"]
    add_transitions(dealing, HOST, deal, [Happened("talks", "2026-02-01")])
    add_comment(dealing, FIRM, deal, "secret words")
    add_comment(dealing, FIRM, deal, "private words", private=True)
    add_task(dealing, FIRM, deal, "secret task", "home", "2026-12-05")
    moved, commented = told(dealing, HOME)[1:3]
    assert (moved.kind, moved.facts) == ("deal_moved_on", {"event": "talks", "on": "2026-02-01"})
    assert (moved.name, moved.told_by) == ("SYNTHETIC 电池厂", "Org host")
    assert commented.kind == "comment_added"
    assert kinds(dealing, HOME)[3:] == ["task_given"]
    assert kinds(dealing, HOST) == ["deal_joined", "comment_added"]
    assert kinds(dealing, FIRM) == ["deal_moved_on"]
    every = [each for who in (FIRM, HOST, HOME, THIRD) for each in told(dealing, who)]
    assert not any("secret" in str(each) or "private" in str(each) for each in every)


def test_terms_tell_of_proposal_agreement_and_signature(dealing: Database) -> None:
    deal = batteries(dealing, mode="coconstruction", parties=PARTIES[:2])
    version = propose_terms(dealing, FIRM, deal, TERMS)
    agree(dealing, HOST, deal, 1, "host", version.sha256)
    agree(dealing, FIRM, deal, 1, "firm", version.sha256)
    assert kinds(dealing, HOST) == ["deal_joined", "terms_proposed", "terms_signed"]
    assert kinds(dealing, FIRM) == ["terms_agreed"]
    assert told(dealing, FIRM)[0].facts == {"version": 1}
    with pytest.raises(Contradicts):
        propose_terms(dealing, FIRM, deal, TERMS)
    assert len(told(dealing, HOST)) == 3


@pytest.mark.parametrize(("content", "confidential"), [(PROJECT, True), (NAMED, False)])
def test_a_confidential_project_leaves_no_name(
    database: Database, content: Content, confidential: bool
) -> None:
    add_organisations(database)
    project, site = list_published(database, OURS, content), list_published(database, OTHERS, SITE)
    asked = ask_introduction(database, OURS, project, site, "secret words")
    (first,) = told(database, OTHERS)
    assert (first.kind, first.name, first.told_by) == (
        "introduction_asked",
        "SYNTHETIC 园区",
        "ours",
    )
    for each in ("message", "accepted"):
        answer_introduction(database, OTHERS, asked, each, "secret words")  # type: ignore[arg-type]
    with pytest.raises(NotIntroduced):
        answer_introduction(database, OTHERS, asked, "accepted", "")
    assert kinds(database, OURS) == ["introduction_message", "introduction_accepted"]
    make_from_introduction(database, OURS, asked)
    joined = told(database, OTHERS)[-1]
    assert joined.kind == "deal_joined"
    # The title of the deal is made of the project's name: its parties alone read it.
    assert content.name in joined.name
    sent = [each.to_send() for who in (OURS, OTHERS) for each in told(database, who)]
    assert all((each.told_by == "") is confidential for each in sent)
    assert (content.name in str(sent)) is not confidential
    assert "secret" not in str(sent)


def test_a_settlement_tells_each_step(database: Database) -> None:
    key = add_declared_agreement(database)
    issue_statement(database, OURS, key, Period(2024, 1))
    say(database, OTHERS, key, 1, "host", "dispute", "secret reason")
    say(database, OTHERS, key, 1, "host", "resolve", "secret reason")
    say(database, OTHERS, key, 1, "host", "sign")
    assert kinds(database, OTHERS) == ["acceptance_asked", "statement_issued"]
    assert told(database, OTHERS)[1].facts == {"number": 1, "period": "2024Q1"}
    said = ["agreement_accepted"]
    said += ["statement_disputed", "dispute_resolved", "statement_signed"]
    assert kinds(database, OURS) == said
    say(database, OURS, key, 1, "home", "sign")
    # The host owes the home.
    assert kinds(database, OTHERS)[2:] == ["statement_signed", "transfer_due"]
    assert kinds(database, OURS) == said
    record_transfer(database, OTHERS, key, "host", "home", 100, TODAY)
    assert kinds(database, OURS)[4:] == ["transfer_recorded"]
    assert told(database, STRANGER) == []
    assert not any("secret" in str(each) for each in told(database, OURS))


def test_listings_are_told_of_before_and_when_they_go_stale(database: Database) -> None:
    add_organisations(database)
    soon = list_published(database, OURS, replace(SITE, expires_on="2026-12-10"))
    list_published(database, OURS, SITE)
    assert remind(database, TODAY) == 1
    assert remind(database, TODAY) == 0
    (ahead,) = told(database, OURS)
    assert (ahead.kind, ahead.subject) == ("listing_going_stale", soon)
    assert ahead.facts == {"from": "2026-12-11"}
    assert remind(database, date(2026, 12, 10)) == 0
    assert remind(database, date(2026, 12, 11)) == 1
    assert kinds(database, OURS)[1:] == ["listing_stale"]
    # Unconfirmed for half a year.
    with database.writing() as connection:
        old = update(listings).where(listings.c.id != soon)
        connection.execute(old.values(confirmed_at="2026-05-01" + now()[10:]))
    assert remind(database, TODAY) == 1
    confirm_listing(database, OURS, soon)
    assert told(database, OTHERS) == []


def test_tasks_are_told_of_a_week_before_and_once_overdue(dealing: Database) -> None:
    deal = batteries(dealing)
    task = add_task(dealing, FIRM, deal, "visit", "firm", "2026-12-05")
    assert remind(dealing, date(2026, 11, 27)) == 0
    assert remind(dealing, date(2026, 11, 28)) == 1
    assert remind(dealing, date(2026, 12, 5)) == 0
    assert remind(dealing, date(2026, 12, 6)) == 1
    assert kinds(dealing, FIRM) == ["task_due", "task_overdue"]
    # Put off, it is told of anew; done, it is not.
    task = change_task(dealing, FIRM, deal, task.id, {"due": "2026-12-20"}, task.version)
    assert remind(dealing, date(2026, 12, 19)) == 1
    change_task(dealing, FIRM, deal, task.id, {"done_on": "2026-12-19"}, task.version)
    assert remind(dealing, date(2026, 12, 25)) == 0


def test_published_statistics_are_told_to_everybody_else(database: Database) -> None:
    add_everybody(database)
    sign(database, add_enterprises(database, 6), "2025-03-01")
    study = read_study("china-provinces")
    publish_period(database, HOST, study, OF_2025, date(2027, 1, 15))
    published = [each for each in told(database, THIRD) if each.about == "publication"]
    assert [(each.kind, each.name, each.told_by) for each in published] == [
        ("statistics_published", "2025", "Org host")
    ]
    assert "statistics_published" in kinds(database, HOME)
    assert "statistics_published" not in kinds(database, HOST)
    with pytest.raises(NotPublished):
        publish_period(database, HOST, study, OF_2025, date(2027, 1, 15))
    assert kinds(database, THIRD).count("statistics_published") == 1


def test_a_notice_says_itself_in_both_languages(dealing: Database) -> None:
    deal = batteries(dealing)
    add_transitions(dealing, FIRM, deal, [Happened("talks", "2026-02-01")])
    moved = told(dealing, HOST)[-1]
    said = [(moved.title(lang), *moved.details(lang)) for lang in LANGUAGES]
    assert said == [
        ("合作项目有新进展", "SYNTHETIC 电池厂", "洽谈", "2026-02-01", "Org firm"),
        ("Deal moved on", "SYNTHETIC 电池厂", "talks", "on 2026-02-01", "Org firm"),
    ]
    assert moved.page == f"/deals?deal={deal}"
