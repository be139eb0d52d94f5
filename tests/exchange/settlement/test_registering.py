"""Nothing is settled that not every party has accepted, as it was registered."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from tests.exchange.settlement.agreed import NEW, STRANGER, add_parties, cells
from tests.exchange.settlement.test_kept import PLAIN
from tests.store.ownership.organisations import OTHERS, OURS
from yanzhen.exchange.settlement.declaring import declare
from yanzhen.exchange.settlement.issuing import give_notice, issue_statement, record_transfer
from yanzhen.exchange.settlement.kept import find_agreement, list_agreements
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.refusals import (
    NoSuchAgreement,
    NotAsItStands,
    NotYourParty,
    SettlementError,
)
from yanzhen.exchange.settlement.registering import (
    NewAgreement,
    answer_agreement,
    register_agreement,
)
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import agreement_answers
from yanzhen.store.database.tables import audit

EXIT = '\n[exit]\nearliest_year = 2\nnotice_years = 1\noutlay_repaid = "50%"\n'
BETWEEN_THREE = replace(NEW, terms=f"{NEW.terms}{EXIT}", third_organisation="strangers")


def registered(database: Database, new: NewAgreement = BETWEEN_THREE) -> tuple[str, str]:
    """Register an agreement as its home; return its identity and the hash of it."""
    add_parties(database)
    made = register_agreement(database, OURS, new)
    return made.id, made.sha256


def refuse_to_settle(database: Database, key: str, said: str) -> None:
    """See that nothing is booked or ended on an agreement."""
    for ask in (
        lambda: issue_statement(database, OURS, key, Period(2024, 1)),
        lambda: record_transfer(database, OURS, key, "host", "home", 1, date(2025, 1, 1)),
        lambda: give_notice(database, OURS, key, "home", 2025),
    ):
        with pytest.raises(NotAsItStands, match=said):
            ask()


def test_nothing_is_settled_before_every_party_has_accepted(database: Database) -> None:
    key, read = registered(database)
    declare(database, OURS, key, cells())
    refuse_to_settle(database, key, "host, third party")
    assert answer_agreement(database, OTHERS, key, "host", "accept", read).standing == "registered"
    refuse_to_settle(database, key, "by: third party")
    kept = answer_agreement(database, STRANGER, key, "third", "accept", read)
    assert (kept.standing, kept.silent) == ("accepted", ())
    said = [(each.party, each.answer, each.name) for each in kept.answers]
    assert said == [
        (*("home", "accept"), "ann"),
        ("host", "accept", "bo"),
        ("third", "accept", "cy"),
    ]
    assert issue_statement(database, OURS, key, Period(2024, 1)).statement.number == 1
    with pytest.raises(NotAsItStands, match="holds"):
        answer_agreement(database, OTHERS, key, "host", "decline", read)


@pytest.mark.parametrize(
    "changed",
    [
        {"start_year": 2025},
        {"synthetic": False},
        {"home": "北京市"},
        {"host": "芜湖市"},
        {"terms": PLAIN},
        {"reference": "deal-0002"},
        {"home_organisation": "others", "host_organisation": "ours"},
    ],
)
def test_what_is_accepted_is_all_of_it(database: Database, changed: dict[str, object]) -> None:
    key, read = registered(database, NEW)
    other = register_agreement(database, OURS, replace(NEW, **changed))  # type: ignore[arg-type]
    with pytest.raises(NotAsItStands, match="hash"):
        answer_agreement(database, OTHERS, key, "host", "accept", other.sha256)
    assert find_agreement(database, OTHERS, key).silent == ("host",)
    assert answer_agreement(database, OTHERS, key, "host", "accept", read).standing == "accepted"


def test_a_party_answers_for_itself_and_once(database: Database) -> None:
    key, read = registered(database)
    with pytest.raises(NotYourParty, match="host"):
        answer_agreement(database, OURS, key, "host", "accept", read)
    with pytest.raises(NotAsItStands, match="already"):
        answer_agreement(database, OURS, key, "home", "accept", read)
    with database.reading() as connection:
        done = connection.execute(select(audit).where(audit.c.resource == "agreement")).all()
    assert [(each.person, each.action) for each in done] == [
        *(("ann", "make"), ("ann", "change")),
        ("ann", "refuse"),
    ]


def test_what_a_party_declined_is_settled_no_more(database: Database) -> None:
    key, read = registered(database)
    answer_agreement(database, OTHERS, key, "host", "accept", read)
    kept = answer_agreement(database, OTHERS, key, "host", "decline", read)
    assert kept.standing == "declined"
    refuse_to_settle(database, key, "declined")
    for ask in (
        lambda: declare(database, OURS, key, cells()),
        lambda: answer_agreement(database, STRANGER, key, "third", "accept", read),
    ):
        with pytest.raises(NotAsItStands, match="declined"):
            ask()


def test_a_third_alone_registers_nothing(database: Database) -> None:
    add_parties(database)
    with pytest.raises(SettlementError, match="home or its host"):
        register_agreement(database, STRANGER, BETWEEN_THREE)
    assert list_agreements(database, OURS) == ()


@pytest.mark.parametrize("reference", ["0123456789abcdef" * 2, "0123456789ABCDEF" * 2 + " "])
def test_no_reference_looks_like_a_deal(database: Database, reference: str) -> None:
    add_parties(database)
    with pytest.raises(SettlementError, match="identity of a deal"):
        register_agreement(database, OURS, replace(NEW, reference=reference))


def test_a_stranger_answers_as_if_there_were_none(database: Database) -> None:
    key, read = registered(database, NEW)
    with pytest.raises(NoSuchAgreement):
        answer_agreement(database, STRANGER, key, "third", "accept", read)


def test_no_answer_is_changed_or_taken_away(database: Database) -> None:
    key, _ = registered(database)
    for change in (update(agreement_answers).values(sha256="0" * 64), delete(agreement_answers)):
        with pytest.raises(DBAPIError, match="only added"), database.writing() as connection:
            connection.execute(change)
    assert len(find_agreement(database, OURS, key).answers) == 1
