"""The register says what was signed when it was signed, whatever the investment is later."""

from collections.abc import Iterator

import pytest

from tests.exchange.deals.parties import FIRM, HOST, add_everybody, batteries, to_agreed
from yanzhen.exchange.deals.changing import add_transitions, change_deal
from yanzhen.exchange.deals.finding import find_deal, transitions_of
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.deals.register import register
from yanzhen.store.database.connection import Database

SIGNED = Happened("signed", "2026-04-01")


@pytest.fixture
def shared(database: Database) -> Iterator[Database]:
    add_everybody(database)
    yield database


def amounts(database: Database) -> list[float | None]:
    return register(database, FIRM, "10,000 CNY")["amount"].to_list()


def invest(database: Database, deal: str, fen: int) -> None:
    version = find_deal(database, HOST, deal).version
    change_deal(database, HOST, deal, {"investment": fen}, version)


def test_what_is_signed_is_the_investment_of_that_moment(shared: Database) -> None:
    key = batteries(shared, investment=100_000_000)
    to_agreed(shared, key)
    invest(shared, key, 200_000_000)
    add_transitions(shared, FIRM, key, [SIGNED])
    known = batteries(shared, happened=(SIGNED,), investment=300_000_000)
    for deal in (key, known):
        invest(shared, deal, 900_000_000)
    assert amounts(shared) == [200.0, 300.0]
    assert transitions_of(shared, HOST, key)[-1].amount == 200_000_000


def test_an_investment_that_nobody_knew_was_not_signed(shared: Database) -> None:
    key = batteries(shared, happened=(SIGNED,), investment=None)
    invest(shared, key, 900_000_000)
    assert amounts(shared) == [None]


def test_an_amount_that_is_said_stands(shared: Database) -> None:
    batteries(shared, happened=(Happened("signed", "2026-04-01", 5_000_000),))
    assert amounts(shared) == [5.0]
