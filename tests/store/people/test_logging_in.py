"""Passwords, limits on attempts, and sessions from their beginning to their end."""

from typing import Any

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import func, select

from tests.store.people.conftest import CHEAP, PASSWORD, START, People, after
from yanzhen.store.database.tables import attempts, persons, sessions
from yanzhen.store.people.attempts import LONGEST_WAIT, waiting_time
from yanzhen.store.people.logging_in import (
    change_password,
    log_in,
    log_out,
    log_out_everywhere,
)
from yanzhen.store.people.passwords import Passwords, new_password
from yanzhen.store.people.persons import disable_person, enable_person
from yanzhen.store.people.refusals import PeopleError, TooManyAttempts
from yanzhen.store.people.sessions import (
    ABSOLUTE,
    IDLE,
    OVERLAP,
    ROTATED_AFTER,
    find,
    lives,
    rotated,
)


def enter(people: People, login: str = "ada", password: str = PASSWORD, **more: Any) -> str:
    given = {"address": "192.0.2.1", "passwords": CHEAP, "at": START, **more}
    return log_in(people.database, login, password, **given)


def test_a_password_begins_a_session_that_keeps_no_token(people: People) -> None:
    token = enter(people, " ADA ")
    found = find(people.database, token, START)
    assert found is not None and found.viewer == people.administrator and found.is_complete
    with people.database.reading() as connection:
        rows = connection.execute(select(sessions)).all()
        kept = connection.execute(select(persons.c.password_hash)).scalars().all()
    assert len(rows) == 1 and token not in str(rows)
    assert PASSWORD not in str(kept) and all(each is None or "argon2id" in each for each in kept)


@pytest.mark.parametrize("login", ["ada", "nobody", "local"])
def test_what_was_wrong_is_not_said_and_takes_as_long(
    people: People, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    verify = Argon2Hasher.verify
    monkeypatch.setattr(
        Argon2Hasher, "verify", lambda *given: compared.append(given) or verify(*given)
    )
    with pytest.raises(PeopleError) as refused:
        enter(people, login, "wrong password!")
    assert refused.value.key == "wrong_password"
    assert len(compared) == 1


def test_what_was_refused_is_logged_without_what_was_typed(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "yanzhen")
    for login, known in (("ada", people.administrator.person), ("secret typed here", "nobody")):
        with pytest.raises(PeopleError):
            enter(people, login, password="wrong password!", address="x\nforged")
        (line,) = (each.getMessage() for each in caplog.records)
        assert f"wrong password of {known} from 'x\\nforged'" in line
        assert "secret" not in line and "wrong password!" not in line
        caplog.clear()


def test_a_person_who_is_disabled_loses_sessions_at_once_and_does_not_come_in(
    people: People,
) -> None:
    token = enter(people, "bo")
    session = find(people.database, token, START)
    disable_person(people.database, people.administrator, people.analyst.person)
    assert find(people.database, token, START) is None
    assert session is not None and not lives(people.database, session, START)
    with pytest.raises(PeopleError, match="wrong"):
        enter(people, "bo")
    enable_person(people.database, None, people.analyst.person)
    assert find(people.database, token, START) is None
    assert find(people.database, enter(people, "bo"), START) is not None


def test_attempts_on_a_login_wait_the_longer_the_more_have_failed(people: People) -> None:
    for _ in range(5):
        with pytest.raises(PeopleError, match="wrong"):
            enter(people, password="wrong password!")
    with pytest.raises(PeopleError, match="wrong"):
        enter(people, password="wrong password!", at=after(seconds=1))
    with pytest.raises(TooManyAttempts) as refused:
        # Right by now, and from anywhere: it waits all the same, and nothing is told.
        enter(people, address="192.0.2.9", at=after(seconds=1.5))
    assert 0 < refused.value.wait <= 2
    assert find(people.database, enter(people, "bo"), START) is not None
    # Two seconds later it is let through, and what failed is forgotten.
    enter(people, at=after(seconds=4))
    for _ in range(5):
        with pytest.raises(PeopleError, match="wrong"):
            enter(people, password="wrong password!", at=after(seconds=5))


def test_attempts_of_one_address_on_many_logins_wait_too(people: People) -> None:
    for number in range(29):
        with pytest.raises(PeopleError, match="wrong"):
            enter(people, f"guess{number}", "wrong password!")
    # An account of one's own does not clear the address.
    enter(people, "bo")
    with pytest.raises(PeopleError, match="wrong"):
        enter(people, "guess29", "wrong password!")
    with pytest.raises(TooManyAttempts):
        enter(people, "guess30", "wrong password!")
    enter(people, address="198.51.100.1")
    with people.database.reading() as connection:
        assert "guess" not in str(connection.execute(select(attempts)).all())


def test_waiting_doubles_and_has_an_end() -> None:
    assert [waiting_time(beyond) for beyond in (-1, 0, 1, 2, 5)] == [0, 1, 2, 4, 32]
    assert waiting_time(10_000) == LONGEST_WAIT


def test_a_session_ends_when_idle_and_ends_anyway(people: People) -> None:
    token = enter(people)
    assert find(people.database, token, START + IDLE) is not None
    assert find(people.database, token, START + 2 * IDLE) is not None
    assert find(people.database, token, START + 3.1 * IDLE) is None
    other, at = enter(people), START
    while at < START + ABSOLUTE - IDLE / 2:
        assert find(people.database, other, at) is not None
        at += IDLE / 2
    assert find(people.database, other, START + 1.01 * ABSOLUTE) is None


def test_looking_without_acting_keeps_no_session_alive(people: People) -> None:
    token = enter(people)
    session = find(people.database, token, START)
    assert session is not None
    assert lives(people.database, session, START + IDLE, acts=False)
    assert not lives(people.database, session, START + 1.1 * IDLE, acts=False)


def test_a_token_is_changed_and_the_old_one_overlaps_but_a_moment(people: People) -> None:
    token = enter(people)
    assert rotated(people.database, token, START + ROTATED_AFTER / 2) is None
    when = START + 1.1 * ROTATED_AFTER
    new = rotated(people.database, token, when)
    assert new is not None and new != token
    before, now = (find(people.database, each, when) for each in (token, new))
    assert before is not None and now is not None and before.csrf == now.csrf
    assert rotated(people.database, token, when) is None
    assert find(people.database, token, when + 1.1 * OVERLAP) is None
    assert find(people.database, new, when + 1.1 * OVERLAP) is not None
    assert lives(people.database, before, when + 1.1 * OVERLAP)
    log_out(people.database, people.administrator, new)
    assert find(people.database, new, when) is None and not lives(people.database, before, when)


def test_a_session_that_somebody_else_put_into_the_browser_is_not_gone_on_with(
    people: People,
) -> None:
    planted = enter(people, "eve")
    token = enter(people, "ada", brought=planted)
    assert token != planted and find(people.database, planted, START) is None
    found = find(people.database, token, START)
    assert found is not None and found.login == "ada"
    assert find(people.database, "what nobody gave", START) is None


def test_logging_out_everywhere_ends_the_sessions_of_one_person(people: People) -> None:
    own, other = [enter(people), enter(people)], enter(people, "bo")
    log_out_everywhere(people.database, people.administrator)
    assert [find(people.database, each, START) for each in own] == [None, None]
    assert find(people.database, other, START) is not None


def test_a_password_is_changed_with_the_one_in_use(people: People) -> None:
    other = enter(people)
    given = (people.database, people.administrator)
    with pytest.raises(PeopleError, match="now in use is wrong"):
        change_password(*given, "wrong password!", "another long one", CHEAP, START)
    with pytest.raises(PeopleError, match="at least 12"):
        change_password(*given, PASSWORD, "short", CHEAP, START)
    token = change_password(*given, PASSWORD, "another long one", CHEAP, START)
    assert find(people.database, other, START) is None
    assert find(people.database, token, START) is not None
    with pytest.raises(PeopleError, match="wrong"):
        enter(people)
    enter(people, password="another long one")


def test_a_hash_of_other_parameters_is_made_anew_on_logging_in(people: People) -> None:
    stronger = Passwords(Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1))
    asked = select(persons.c.password_hash).where(persons.c.login == "ada")
    enter(people, passwords=stronger)
    with people.database.reading() as connection:
        assert "m=16,t=2" in connection.execute(asked).scalar_one()
    enter(people, passwords=stronger)


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("elevenchars", "password.short"),
        ("x" * 1001, "password.long"),
        ("Li.Hua@e.org", "password.login"),
        ("password1234", "password.guessable"),
        ("Qwerty123456", "password.guessable"),
        ("1qaz2wsx3edc", "password.guessable"),
        ("aaaaaaaaaaaaaaaa", "password.guessable"),
        ("121212121212", "password.guessable"),
        ("Yanzhen2026!!", "password.guessable"),
        ("li.hua123456", "password.guessable"),
        ("dragonmonkey2024", "password.guessable"),
    ],
)
def test_a_password_that_is_not_fit_is_refused(password: str, key: str) -> None:
    with pytest.raises(PeopleError) as refused:
        CHEAP.hashed(password, "li.hua@e.org")
    assert refused.value.key == key and refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "出清 价格 与 空间 证明 书",
        "correct horse battery staple " * 10,
        "q7 Zm-4Lw_Tk9",
        "x y z x y z x y",
    ],
)
def test_any_other_is_taken_of_whatever_signs(password: str) -> None:
    kept = CHEAP.hashed(password, "li.hua@e.org")
    assert CHEAP.verified(password, kept) == (True, None)
    assert CHEAP.verified(password[:-1], kept) == (False, None)


def test_a_password_that_nobody_chose_is_taken() -> None:
    for _ in range(20):
        CHEAP.hashed(new_password(), "li.hua@e.org")


def test_what_has_ended_is_removed_when_somebody_logs_in(people: People) -> None:
    enter(people)
    enter(people, "bo", at=START + 2 * ABSOLUTE)
    with people.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar() == 1
