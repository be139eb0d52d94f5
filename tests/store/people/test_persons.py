"""Persons, organisations, and the tokens of programs."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.store.people.conftest import CHEAP, PASSWORD, START, People, after
from yanzhen.store.audit.verifying import verify
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import api_tokens, audit, persons
from yanzhen.store.ownership.changes import changes_of
from yanzhen.store.people import persons as people_of_store
from yanzhen.store.people.api_tokens import (
    make_token,
    revoke_token,
    tokens_of,
    viewer_of_token,
)
from yanzhen.store.people.persons import (
    add_organisation,
    add_person,
    change_role,
    disable_person,
    person_of,
    persons_of,
    set_password,
    somebody_can_log_in,
)
from yanzhen.store.people.refusals import NotThere, PeopleError


def test_a_store_that_is_new_lets_nobody_in(database: Database) -> None:
    assert persons_of(database) == [] and not somebody_can_log_in(database, True)
    here = add_organisation(database, "Here")
    add_person(database, None, here, "li@e.org", "", "analyst")
    assert not somebody_can_log_in(database) and somebody_can_log_in(database, True)
    add_person(database, None, here, "ada", "", "administrator", PASSWORD, CHEAP)
    assert somebody_can_log_in(database)


@pytest.mark.parametrize(
    ("given", "key", "field"),
    [
        ({"login": "ADA"}, "login.taken", "login"),
        ({"login": "ａｄａ"}, "login.taken", "login"),
        ({"login": "local"}, "login.form", "login"),
        ({"login": "a b"}, "login.form", "login"),
        ({"login": "x"}, "login.form", "login"),
        ({"name": "x" * 201}, "name.long", "name"),
        ({"role": "king"}, "role", "role"),
        ({"password": "short"}, "password.short", "password"),
        ({"organisation": "none"}, "organisation.none", "organisation"),
    ],
)
def test_what_cannot_be_taken_is_named(
    people: People, given: dict[str, Any], key: str, field: str
) -> None:
    said = {
        "organisation": people.administrator.organisation,
        "login": "new",
        "name": "",
        "role": "analyst",
        "password": PASSWORD,
        **given,
    }
    with pytest.raises(PeopleError) as refused:
        add_person(people.database, None, passwords=CHEAP, **said)
    assert refused.value.key == key and refused.value.field in (field, "")
    assert all(refused.value.words)


ACTS: dict[str, Callable[[Database, Any, str], None]] = {
    "disable": disable_person,
    "enable": people_of_store.enable_person,
    "factor": people_of_store.drop_second_factor,
    "role": lambda *given: change_role(*given, "planner"),
    "password": lambda *given: set_password(*given, PASSWORD, CHEAP),
    "look": lambda *given: person_of(*given) and None,
}


@pytest.mark.parametrize("act", ACTS)
def test_another_organisations_person_is_not_there(people: People, act: str) -> None:
    refused = []
    for identity in (people.analyst.person, "0" * 32):
        with pytest.raises(NotThere) as error:
            ACTS[act](people.database, people.stranger, identity)
        refused.append(error.value.words)
    assert refused[0] == refused[1]
    ACTS[act](people.database, people.administrator, people.analyst.person)


def test_an_organisation_keeps_an_administrator(people: People) -> None:
    given = (people.database, people.administrator, people.administrator.person)
    for act in (disable_person, lambda *given: change_role(*given, "analyst")):
        with pytest.raises(PeopleError, match="at least one administrator"):
            act(*given)
    change_role(people.database, people.administrator, people.analyst.person, "administrator")
    change_role(*given, "analyst")
    disable_person(people.database, None, people.analyst.person)


def test_what_was_changed_is_told_to_the_organisation_alone(people: People) -> None:
    change_role(people.database, people.administrator, people.analyst.person, "zone")
    make_token(people.database, people.stranger, "of eve", ["read"])
    own = changes_of(people.database, people.administrator)
    assert own[0]["login"] == "ada" and own[0]["change"] == {"role": "zone"}
    assert people.stranger.person not in str(own) and "sequence" not in own[0]
    older = changes_of(people.database, people.administrator, own[0]["hash"])
    assert older == own[1:]
    others = changes_of(people.database, people.stranger)
    assert [each["resource"] for each in others] == ["tokens"]
    assert changes_of(people.database, people.stranger, own[0]["hash"]) == []
    with people.database.reading() as connection:
        told = str(connection.execute(select(audit.c.change)).all())
        kept = connection.execute(select(persons.c.password_hash)).scalars().all()
        assert verify(connection).broken == ()
    assert PASSWORD not in told and not any(each and each in told for each in kept)


def test_a_token_is_kept_as_a_hash_and_speaks_for_its_person(people: People) -> None:
    token = make_token(people.database, people.analyst, "mine", ["read"], 30, START)
    found = viewer_of_token(people.database, token, START)
    assert found is not None and found.scopes == {"read"}
    assert (found.person, found.role) == (people.analyst.person, "analyst")
    with people.database.reading() as connection:
        assert token not in str(connection.execute(select(api_tokens)).all())
    assert viewer_of_token(people.database, token, after(days=29)) is not None
    assert viewer_of_token(people.database, token, after(days=31)) is None
    assert viewer_of_token(people.database, token[:-1] + "?", START) is None
    (told,) = tokens_of(people.database, people.analyst.person)
    assert told.used_at is not None and told.used_at.startswith("2026-12-30")


def test_a_role_that_changes_holds_for_tokens_at_once(people: People) -> None:
    token = make_token(people.database, people.analyst, "mine", ["read"], 30, START)
    change_role(people.database, None, people.analyst.person, "fund")
    found = viewer_of_token(people.database, token, START)
    assert found is not None and found.role == "fund"


def test_a_token_ends_when_it_is_revoked_and_when_its_person_is_disabled(people: People) -> None:
    token, other = (
        make_token(people.database, people.analyst, name, ["read"], 30, START) for name in "ab"
    )
    identity = {each.name: each.id for each in tokens_of(people.database, people.analyst.person)}
    with pytest.raises(NotThere):
        revoke_token(people.database, people.administrator, identity["a"], START)
    revoke_token(people.database, people.analyst, identity["a"], START)
    assert viewer_of_token(people.database, token, START) is None
    disable_person(people.database, None, people.analyst.person)
    assert viewer_of_token(people.database, other, START) is None
    people_of_store.enable_person(people.database, None, people.analyst.person)
    assert viewer_of_token(people.database, other, START) is None


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        ("", ["read"], 30, "name"),
        ("x" * 201, ["read"], 30, "name"),
        ("mine", [], 30, "scopes"),
        ("mine", ["read", "everything"], 30, "scopes"),
        ("mine", ["read"], 0, "days"),
        ("mine", ["read"], 400, "days"),
    ],
)
def test_a_token_that_cannot_be_is_refused(
    people: People, name: str, scopes: list[str], days: int, field: str
) -> None:
    with pytest.raises(PeopleError) as refused:
        make_token(people.database, people.analyst, name, scopes, days)
    assert refused.value.field == field
