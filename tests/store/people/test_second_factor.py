"""The second factor: set up by a code, each code once, recovery codes once."""

from datetime import datetime

import pyotp
import pytest
from sqlalchemy import select

from tests.store.people.conftest import CHEAP, PASSWORD, START, People, after
from yanzhen.store.database.tables import recovery_codes
from yanzhen.store.people.logging_in import log_in
from yanzhen.store.people.persons import drop_second_factor
from yanzhen.store.people.refusals import PeopleError, TooManyAttempts
from yanzhen.store.people.second_factor import (
    CODES,
    address_of,
    confirm_factor,
    drop_own_factor,
    give_factor,
    new_factor,
    picture_of,
)
from yanzhen.store.people.sessions import TO_COMPLETE, find


def code_of(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def enter(people: People, at: datetime) -> str:
    return log_in(people.database, "ada", PASSWORD, "192.0.2.1", passwords=CHEAP, at=at)


@pytest.fixture
def secret(people: People) -> str:
    made = new_factor(people.database, people.administrator)
    confirm_factor(people.database, people.administrator, code_of(made, START), START)
    return made


def test_nothing_is_asked_for_before_a_code_has_confirmed_it(people: People) -> None:
    secret = new_factor(people.database, people.administrator)
    found = find(people.database, enter(people, START), START)
    assert found is not None and found.is_complete
    with pytest.raises(PeopleError, match="wrong"):
        confirm_factor(people.database, people.administrator, "000000", START)
    code = code_of(secret, START)
    token, codes = confirm_factor(people.database, people.administrator, code, START)
    assert len(set(codes)) == CODES
    found = find(people.database, token, START)
    assert found is not None and found.is_complete
    with pytest.raises(PeopleError, match="in use already"):
        new_factor(people.database, people.administrator)
    with people.database.reading() as connection:
        kept = str(connection.execute(select(recovery_codes)).all())
    assert not any(code.replace("-", "") in kept for code in codes)


def test_a_session_counts_only_with_the_code_and_gets_another_token(
    people: People, secret: str
) -> None:
    at = after(minutes=5)
    half = enter(people, at)
    found = find(people.database, half, at)
    assert found is not None and not found.is_complete
    assert find(people.database, half, at + 1.1 * TO_COMPLETE) is None
    token = give_factor(people.database, people.administrator, code_of(secret, at), half, at)
    assert find(people.database, half, at) is None
    found = find(people.database, token, at)
    assert found is not None and found.is_complete


def test_a_code_is_taken_once_and_none_before_it(people: People, secret: str) -> None:
    at = after(minutes=5)
    give_factor(people.database, people.administrator, code_of(secret, at), "", at)
    for again in (at, after(minutes=5, seconds=20)):
        for code in (code_of(secret, at), code_of(secret, after(minutes=4.5))):
            with pytest.raises(PeopleError, match="used before"):
                give_factor(people.database, people.administrator, code, "", again)
    later = after(minutes=6)
    give_factor(people.database, people.administrator, code_of(secret, later), "", later)


def test_the_code_that_confirmed_is_used_up(people: People, secret: str) -> None:
    with pytest.raises(PeopleError, match="used before"):
        give_factor(people.database, people.administrator, code_of(secret, START), "", START)


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_clock_may_be_half_a_minute_off_and_no_more(
    people: People, secret: str, minutes: int
) -> None:
    at = after(minutes=10)
    with pytest.raises(PeopleError, match="wrong"):
        code = code_of(secret, after(minutes=10 + minutes))
        give_factor(people.database, people.administrator, code, "", at)
    near = code_of(secret, after(minutes=10, seconds=15 * minutes))
    give_factor(people.database, people.administrator, near, "", at)


def test_a_recovery_code_stands_in_once_and_only_for_its_person(people: People) -> None:
    given = (people.database, people.administrator)
    _, codes = confirm_factor(*given, code_of(new_factor(*given), START), START)
    give_factor(*given, f" {codes[0].upper()} ", "", START)
    with pytest.raises(PeopleError, match="wrong"):
        give_factor(*given, codes[0], "", START)
    with pytest.raises(PeopleError, match="wrong"):
        give_factor(people.database, people.analyst, codes[1], "", START)
    give_factor(*given, codes[1], "", START)


def test_codes_cannot_be_tried_one_after_another(people: People, secret: str) -> None:
    at = after(minutes=5)
    refused = []
    for _ in range(8):
        with pytest.raises(PeopleError) as error:
            give_factor(people.database, people.administrator, "no code", "", at)
        refused.append(error.value.key)
    assert refused == ["second.wrong"] * 5 + ["too_many_attempts"] * 3
    with pytest.raises(TooManyAttempts):
        give_factor(people.database, people.administrator, code_of(secret, at), "", at)


def test_a_factor_is_given_up_with_a_code_or_by_an_administrator(
    people: People, secret: str
) -> None:
    at = after(minutes=5)
    with pytest.raises(PeopleError, match="wrong"):
        drop_own_factor(people.database, people.administrator, "123456", at)
    drop_own_factor(people.database, people.administrator, code_of(secret, at), at)
    found = find(people.database, enter(people, at), at)
    assert found is not None and found.is_complete
    again = new_factor(people.database, people.administrator)
    confirm_factor(people.database, people.administrator, code_of(again, at), at)
    drop_second_factor(people.database, None, people.administrator.person)
    found = find(people.database, enter(people, at), at)
    assert found is not None and found.is_complete


def test_the_picture_is_drawn_of_the_address() -> None:
    address = address_of(pyotp.random_base32(), "ada")
    assert address.startswith("otpauth://totp/Yanzhen:ada?")
    assert picture_of(address).startswith("<svg")
