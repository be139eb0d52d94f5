"""The clock of the machine is set back an hour or forward two days: nobody stays, nobody waits."""

from datetime import datetime, timedelta

import pytest

from tests.store.people.conftest import CHEAP, PASSWORD, START, People
from yanzhen.store.people.attempts import LONGEST_WAIT
from yanzhen.store.people.logging_in import log_in
from yanzhen.store.people.refusals import PeopleError, TooManyAttempts
from yanzhen.store.people.sessions import ABSOLUTE, find, lives, rotated

HOUR, DAYS = timedelta(hours=1), timedelta(days=2)


def enter(people: People, password: str, at: datetime) -> str:
    given = {"address": "192.0.2.1", "passwords": CHEAP, "at": at}
    return log_in(people.database, "ada", password, **given)  # type: ignore[arg-type]


def test_nobody_stays_logged_in_for_longer_than_ever_when_the_clock_is_set_back(
    people: People,
) -> None:
    token = enter(people, PASSWORD, START)
    session = find(people.database, token, START)
    assert session is not None
    for back in (HOUR, DAYS):
        when = START - back
        assert find(people.database, token, when) is None
        assert not lives(people.database, session, when)
        assert rotated(people.database, token, when) is None
    # Clocks of two machines that share a store are never quite the same.
    assert find(people.database, token, START - timedelta(seconds=30)) is not None


def test_an_older_session_goes_on_for_no_longer_than_a_new_one(people: People) -> None:
    token = enter(people, PASSWORD, START)
    late = START
    for _ in range(8):
        late += HOUR
        assert find(people.database, token, late) is not None
    back = late - 2 * HOUR
    assert find(people.database, token, back) is not None
    ends = back + ABSOLUTE
    at = back
    while find(people.database, token, at) is not None:
        at += HOUR
    assert at <= ends


def test_forward_everybody_is_logged_out(people: People) -> None:
    token = enter(people, PASSWORD, START)
    assert find(people.database, token, START + DAYS) is None


@pytest.mark.parametrize("jump", [-HOUR, -DAYS, DAYS])
def test_who_failed_often_waits_as_long_as_ever_and_no_longer(
    people: People, jump: timedelta
) -> None:
    def fail(at: datetime) -> None:
        with pytest.raises(PeopleError):
            enter(people, "wrong password!", at)

    for number in range(30):
        fail(START + number * timedelta(seconds=LONGEST_WAIT))
    when = START + 29 * timedelta(seconds=LONGEST_WAIT) + jump
    if jump > timedelta():
        assert enter(people, PASSWORD, when)
        return
    waited = []
    # Once for the address and once for the login.
    while len(waited) < 3:
        try:
            assert enter(people, PASSWORD, when)
            break
        except TooManyAttempts as told:
            waited.append(told.wait)
            when += timedelta(seconds=told.wait)
    assert 1 <= len(waited) <= 2 and all(0 < each <= LONGEST_WAIT + 1 for each in waited)
