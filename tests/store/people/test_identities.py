"""Identities of providers: whom they let in, and logins that come back once."""

from typing import Any

import pytest

from tests.store.people.conftest import START, People, after
from yanzhen.store.people.identities import (
    Newcomers,
    begin_openid,
    end_openid,
    log_in_by_openid,
)
from yanzhen.store.people.persons import add_person, disable_person, persons_of
from yanzhen.store.people.refusals import PeopleError
from yanzhen.store.people.sessions import find

CLAIMS = {"iss": "https://id.example", "sub": "7", "email": "li@e.org", "email_verified": True}


def login_of(people: People, newcomers: Newcomers | None = None, **claims: Any) -> str:
    token = log_in_by_openid(people.database, {**CLAIMS, **claims}, newcomers, at=START)
    found = find(people.database, token, START)
    assert found is not None
    return found.login


def test_whom_nobody_invited_is_not_let_in_and_not_made(people: People) -> None:
    before = persons_of(people.database)
    with pytest.raises(PeopleError, match="Nobody here"):
        login_of(people)
    assert persons_of(people.database) == before


def test_an_invited_person_is_linked_by_a_verified_address_and_known_from_then_on(
    people: People,
) -> None:
    add_person(people.database, None, people.analyst.organisation, "li@e.org", "", "analyst")
    for doubtful in ({"email_verified": False}, {"email_verified": "true"}, {"email": ""}):
        with pytest.raises(PeopleError, match="Nobody here"):
            login_of(people, **doubtful)
    assert login_of(people, email="LI@e.org") == "li@e.org"
    # The identity is the link: the address may change, and another with it is somebody else.
    assert login_of(people, email="new@e.org", email_verified=False) == "li@e.org"
    with pytest.raises(PeopleError, match="Nobody here"):
        login_of(people, sub="8")


def test_newcomers_are_let_into_the_organisation_named_for_them(people: People) -> None:
    newcomers = Newcomers("Here", "zone")
    with pytest.raises(PeopleError, match="Nobody here"):
        login_of(people, newcomers, email_verified=False)
    assert login_of(people, newcomers, name="Li Hua") == "li@e.org"
    made = {each.login: each for each in persons_of(people.database)}["li@e.org"]
    assert (made.name, made.role) == ("Li Hua", "zone")
    assert made.organisation == people.analyst.organisation and not made.has_password
    disable_person(people.database, None, made.id)
    with pytest.raises(PeopleError, match="Nobody here"):
        login_of(people, newcomers)


def test_a_login_comes_back_once_to_the_browser_that_began_it(people: People) -> None:
    begun = begin_openid(people.database, "/zone", START)
    for state, browser, at in (
        (begun.state, "", START),
        (begun.state, begin_openid(people.database, "/", START).browser, START),
        ("another", begun.browser, START),
        (begun.state, begun.browser, after(hours=1)),
    ):
        with pytest.raises(PeopleError, match="could not be finished"):
            end_openid(people.database, state, browser, at)
    assert end_openid(people.database, begun.state, begun.browser, START) == begun
    with pytest.raises(PeopleError, match="could not be finished"):
        end_openid(people.database, begun.state, begun.browser, START)
