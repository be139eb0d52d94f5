"""The agreement of a deal is of the terms that were signed and of those that signed them, once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.exchange.deals.parties import (
    FIRM,
    HOME,
    HOST,
    TERMS,
    THIRD,
    add_everybody,
    batteries,
)
from tests.exchange.meeting import meeting, together
from yanzhen.exchange.deals.changing import add_party
from yanzhen.exchange.deals.deal import NewParty
from yanzhen.exchange.deals.terms import agree, propose_terms
from yanzhen.exchange.settlement import of_deal
from yanzhen.exchange.settlement.kept import KeptAgreement, list_agreements
from yanzhen.exchange.settlement.of_deal import OfDeal, deals_to_register, register_of_deal
from yanzhen.exchange.settlement.refusals import NotAsItStands, SettlementError
from yanzhen.exchange.settlement.registering import answer_agreement
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import agreements

WITH_THIRD = 'third_party = "Org third"\n' + TERMS.replace('"50:50"', '"50:40:10"')


@pytest.fixture
def shared(database: Database) -> Iterator[Database]:
    add_everybody(database)
    yield database


def signed(database: Database, terms: str = TERMS) -> str:
    """A deal of firm, host and home that all have signed."""
    key = batteries(database, mode="coconstruction")
    read = propose_terms(database, HOST, key, terms)
    for viewer in (HOME, HOST, FIRM):
        agree(database, viewer, key, read.version, viewer.organisation, read.sha256)
    return key


def test_who_joined_after_signing_is_no_party_of_the_agreement(shared: Database) -> None:
    key = signed(shared, WITH_THIRD)
    # As the third party that the terms name, and as a second home.
    add_party(shared, HOST, key, NewParty("third", "home"))
    assert deals_to_register(shared, HOME) == {key: "SYNTHETIC 电池厂"}
    with pytest.raises(SettlementError, match="that signed the terms"):
        register_of_deal(shared, HOME, OfDeal(key, 2026, third_organisation="third"))
    with pytest.raises(SettlementError, match="home or its host"):
        register_of_deal(shared, THIRD, OfDeal(key, 2026))
    made = register_of_deal(shared, HOME, OfDeal(key, 2026))
    assert made.parties == {"home": "home", "host": "host"}
    assert list_agreements(shared, THIRD) == ()


def test_who_is_neither_home_nor_host_registers_nothing(shared: Database) -> None:
    key = signed(shared)
    with pytest.raises(SettlementError, match="home or its host"):
        register_of_deal(shared, FIRM, OfDeal(key, 2026))
    assert deals_to_register(shared, FIRM) == {}


def test_of_two_who_register_at_once_one_does(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = signed(shared)
    monkeypatch.setattr(of_deal, "signed_in", meeting(of_deal.signed_in))
    done = together(
        lambda: register_of_deal(shared, HOME, OfDeal(key, 2026)),
        lambda: register_of_deal(shared, HOST, OfDeal(key, 2027)),
    )
    assert {type(each) for each in done} == {KeptAgreement, NotAsItStands}
    assert len(list_agreements(shared, HOME)) == 1


def test_the_database_holds_one_agreement_of_the_same_terms(shared: Database) -> None:
    register_of_deal(shared, HOME, OfDeal(signed(shared), 2026))
    with shared.reading() as connection:
        row = connection.execute(select(agreements)).one()._asdict()
    del row["place"]
    with pytest.raises(IntegrityError), shared.writing() as connection:
        connection.execute(insert(agreements).values(**row | {"id": "another"}))


def test_what_was_declined_frees_the_deal(shared: Database) -> None:
    key = signed(shared)
    first = register_of_deal(shared, HOME, OfDeal(key, 2026, synthetic=True, host="合肥"))
    assert deals_to_register(shared, HOST) == {}
    with pytest.raises(NotAsItStands, match="registered already"):
        register_of_deal(shared, HOST, OfDeal(key, 2027))
    answer_agreement(shared, HOST, first.id, "host", "decline", first.sha256)
    assert set(deals_to_register(shared, HOST)) == {key}
    second = register_of_deal(shared, HOST, OfDeal(key, 2027))
    assert (second.agreement.start_year, second.agreement.synthetic) == (2027, False)
    assert [each.standing for each in list_agreements(shared, HOME)] == ["registered", "declined"]
    assert second.sha256 != first.sha256
    accepted = answer_agreement(shared, HOME, second.id, "home", "accept", second.sha256)
    assert accepted.standing == "accepted"
