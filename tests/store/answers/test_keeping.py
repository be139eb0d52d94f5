"""Answers kept with their idempotency keys: first come, once only, for a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from yanzhen.store.answers.keeping import (
    AT_WORK,
    KEPT,
    AtWork,
    Kept,
    Reserved,
    UsedForAnother,
    forget_old,
    keep_answer,
    release,
    reserve,
)
from yanzhen.store.database.connection import Database

ANSWER = Kept(201, "application/json", b'{"study": "a"}')
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def reserved(database: Database, at: datetime = NOON) -> Reserved:
    found = reserve(database, "p", "key", "hash", at)
    assert isinstance(found, Reserved)
    return found


def test_the_first_reserves_and_every_later_one_gets_its_answer(database: Database) -> None:
    first = reserved(database)
    with pytest.raises(AtWork):
        reserve(database, "p", "key", "hash", NOON)
    keep_answer(database, first, ANSWER)
    assert reserve(database, "p", "key", "hash", NOON) == ANSWER
    with pytest.raises(UsedForAnother):
        reserve(database, "p", "key", "another", NOON)
    assert isinstance(reserve(database, "another person", "key", "hash", NOON), Reserved)


def test_a_key_is_free_again_when_released_lost_or_old(database: Database) -> None:
    release(database, reserved(database))
    lost = reserved(database)
    later = reserved(database, NOON + AT_WORK + timedelta(seconds=1))
    keep_answer(database, lost, Kept(201, "", b"too late"))
    with pytest.raises(AtWork):
        reserve(database, "p", "key", "hash", NOON + AT_WORK + timedelta(seconds=2))
    keep_answer(database, later, ANSWER)
    after = NOON + AT_WORK + KEPT + timedelta(seconds=2)
    assert isinstance(reserve(database, "p", "key", "another", after), Reserved)


def test_what_is_old_is_forgotten(database: Database) -> None:
    keep_answer(database, reserved(database), ANSWER)
    assert forget_old(database, NOON + KEPT - timedelta(seconds=1)) == 0
    assert forget_old(database, NOON + KEPT + timedelta(seconds=1)) == 1


def test_of_many_at_once_one_alone_reserves(database: Database) -> None:
    def attempt(_: int) -> bool:
        try:
            return isinstance(reserve(database, "p", "key", "hash"), Reserved)
        except AtWork:
            return False

    with ThreadPoolExecutor(8) as several:
        assert sum(several.map(attempt, range(8))) == 1
