"""Deals are made, moved and read by their parties; what happened is only added."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.exchange.deals.parties import (
    BATTERIES,
    CONTACT,
    FIRM,
    HOST,
    PARTIES,
    THIRD,
    add_everybody,
    batteries,
    recorded,
    to_agreed,
)
from yanzhen.exchange.deals.changing import add_party, add_transitions, change_deal, make_deal
from yanzhen.exchange.deals.deal import (
    LONGEST,
    ChangedMeanwhile,
    NewDeal,
    NewParty,
    NoSuchDeal,
)
from yanzhen.exchange.deals.finding import find_deal, list_deals, transitions_of
from yanzhen.exchange.deals.following import Happened
from yanzhen.store.audit.verifying import verify
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import KEPT, deal_transitions, deals
from yanzhen.study import StudyError


@pytest.fixture
def shared(database: Database) -> Iterator[Database]:
    add_everybody(database)
    yield database


def test_a_deal_is_there_for_each_party_with_names_and_history(shared: Database) -> None:
    key = batteries(shared)
    mine, theirs = find_deal(shared, FIRM, key), find_deal(shared, HOST, key)
    assert (mine.state, mine.state_on, mine.version) == ("contact", "2026-01-05", 1)
    assert [each.name for each in theirs.parties] == ["Org firm", "Org home", "Org host"]
    # Whose deal it is is told to all, the person's name to their own.
    assert (mine.owner, mine.owner_party) == ("fay", "firm")
    assert (theirs.owner, theirs.owner_party) == (None, "firm")
    (first,) = transitions_of(shared, HOST, key)
    assert (first.event, first.organisation, first.person) == ("contact", "firm", "")
    assert transitions_of(shared, FIRM, key)[0].person == "Name of fay"
    assert recorded(shared) == [("fay", "make", "deal")]


def test_a_deal_moves_and_its_state_with_it(shared: Database) -> None:
    key = batteries(shared)
    to_agreed(shared, key)
    after = add_transitions(shared, FIRM, key, [Happened("signed", "2026-04-01", 9)], version=2)
    assert (after.state, after.state_on, after.version) == ("signed", "2026-04-01", 3)
    money = add_transitions(shared, HOST, key, [Happened("funds", "2026-04-01", 4)])
    assert money.state == "signed"
    assert [each.event for each in transitions_of(shared, HOST, key)] == [
        *("contact", "talks", "terms_agreed", "signed", "funds")
    ]
    with pytest.raises(ChangedMeanwhile):
        add_transitions(shared, FIRM, key, [Happened("started", "2026-05-01")], version=2)
    with shared.reading() as connection:
        assert verify(connection).broken == ()


def test_everything_wrong_is_told_and_nothing_is_kept(shared: Database) -> None:
    wrong = NewDeal(
        *(" ", "barter", "x" * 65, "\0", "340100"),
        parties=(NewParty("host", "hosts"), NewParty("host", "host"), NewParty("nobody", "fund")),
        happened=(Happened("contact", "2026-01-05"), Happened("in_production", "2026-01-05")),
        investment=0,
    )
    with pytest.raises(StudyError) as refused:
        make_deal(shared, FIRM, wrong)
    assert [each.column for each in refused.value.problems] == [
        *("title", "industry", "origin", "mode", "investment", "parties", "parties", "parties"),
        *("event", "event", "parties"),
    ]
    with pytest.raises(StudyError, match="at least one"):
        make_deal(shared, FIRM, replace(BATTERIES, happened=()))
    with pytest.raises(StudyError, match="signed first"):
        make_deal(shared, FIRM, replace(BATTERIES, happened=(Happened("funds", "2026-01-01", 1),)))
    key = batteries(shared)
    back = [Happened("talks", "2025-01-01"), Happened("started", "2026-02-01")]
    with pytest.raises(StudyError) as refused:
        add_transitions(shared, FIRM, key, back)
    assert [(each.row, each.column) for each in refused.value.problems] == [(1, "on"), (2, "event")]
    assert len(transitions_of(shared, FIRM, key)) == 1
    assert len(list_deals(shared, FIRM).deals) == 1


def test_a_deal_of_coconstruction_is_not_signed_without_its_terms(shared: Database) -> None:
    signed = (CONTACT, Happened("signed", "2026-02-01"))
    with pytest.raises(StudyError, match="signed by every party"):
        batteries(shared, mode="coconstruction", happened=signed[1:])
    key = batteries(shared, mode="coconstruction")
    to_agreed(shared, key)
    with pytest.raises(StudyError, match="signed by every party"):
        add_transitions(shared, FIRM, key, [Happened("signed", "2026-04-01")])


def test_title_investment_and_owner_change_with_the_version_that_was_read(shared: Database) -> None:
    key = batteries(shared)
    mine = change_deal(shared, HOST, key, {"title": "电池", "owner": "hu"}, version=1)
    assert (mine.title, mine.owner, mine.owner_party) == ("电池", "hu", "host")
    with pytest.raises(ChangedMeanwhile):
        change_deal(shared, FIRM, key, {"title": "x"}, version=1)
    with pytest.raises(StudyError, match="your own organisation"):
        change_deal(shared, FIRM, key, {"owner": "hu"}, version=2)
    assert change_deal(shared, FIRM, key, {"owner": None}, version=2).owner_party is None


def test_a_party_that_joins_sees_the_deal_from_then_on(shared: Database) -> None:
    key = batteries(shared)
    with pytest.raises(NoSuchDeal):
        find_deal(shared, THIRD, key)
    joined = add_party(shared, HOST, key, NewParty("third", "fund"))
    assert joined.parties[-1].organisation == "third"
    assert find_deal(shared, THIRD, key).title == BATTERIES.title
    for wrong in (NewParty("third", "fund"), NewParty("nobody", "fund"), NewParty("third", "x")):
        with pytest.raises(StudyError):
            add_party(shared, HOST, key, wrong)


def test_deals_come_a_page_at_a_time_by_state(shared: Database) -> None:
    keys = [batteries(shared, title=f"SYNTHETIC {number}") for number in range(3)]
    to_agreed(shared, keys[1])
    first = list_deals(shared, HOST, limit=2)
    assert [each.id for each in first.deals] == [keys[2], keys[1]]
    assert [each.id for each in list_deals(shared, HOST, after=first.after).deals] == [keys[0]]
    assert [each.id for each in list_deals(shared, HOST, "terms_agreed").deals] == [keys[1]]
    with pytest.raises(NoSuchDeal):
        list_deals(shared, THIRD, after=keys[0])


def test_the_database_itself_keeps_what_is_only_added(shared: Database) -> None:
    key = batteries(shared)
    for change in ("UPDATE deal_transitions SET event = 'signed'", "DELETE FROM deal_transitions"):
        with pytest.raises(DatabaseError, match="are only added"), shared.writing() as connection:
            connection.execute(text(change))
    with shared.reading() as connection:
        assert connection.scalar(select(deal_transitions.c.event)) == "contact"
        names = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
        of_server = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        said = set(connection.scalars(text(names.get(connection.dialect.name, of_server))))
    for table in KEPT:
        assert len([name for name in said if name.startswith(f"{table.name}_kept_")]) == 2
    assert find_deal(shared, FIRM, key).state == "contact"


def test_the_texts_are_as_long_as_their_columns() -> None:
    held = {name: deals.c[name].type.length for name in LONGEST}  # type: ignore[attr-defined]
    assert held == LONGEST
    assert {each.organisation for each in PARTIES} == {"firm", "host", "home"}
