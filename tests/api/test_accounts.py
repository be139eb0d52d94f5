"""Who may come in, and what each may ask: every address, every role."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from tests.api.people import Guarded, guarded
from tests.store.people.test_permissions import CELLS, ROLES
from yanzhen.api.accounts import COOKIE
from yanzhen.api.permission import is_for_all, needed
from yanzhen.store.database.connection import Unavailable
from yanzhen.store.people.persons import disable_person

MAY = {(role, resource, action): may for role, resource, action, may in CELLS}
OWN = ("/login", "/account", "/people")


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("guarded")) as made:
        yield made


def routes(guard: Guarded) -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for route in guard.app.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


def filled(path: str) -> str:
    return re.sub(r"{[^}]+}", "none", path)


def test_every_address_says_what_it_asks_for(guard: Guarded) -> None:
    """A route that was added without a permission is found here, and open to nobody."""
    found = routes(guard)
    assert len(found) > 60
    silent = [each for each in found if not is_for_all(each[1]) and needed(*each) is None]
    assert silent == []


def test_an_address_of_nothing_known_is_open_to_nobody(guard: Guarded) -> None:
    async def secrets() -> str:
        return "secret"

    guard.app.get("/api/v1/secrets")(secrets)
    assert needed("GET", "/api/v1/secrets") is None
    answer = guard.program(guard.person("first", "administrator")).get("/api/v1/secrets")
    assert answer.status_code == 403 and "secret" not in answer.text
    guard.app.routes.pop()


@pytest.mark.parametrize("role", ROLES)
def test_every_address_lets_those_do_who_may_and_nobody_else(guard: Guarded, role: Any) -> None:
    program = guard.program(guard.person(f"each-{role}", role))
    for method, path in routes(guard):
        asked = needed(method, path)
        if asked is None or path.startswith(OWN):
            continue
        action, resource = asked
        answer = program.request(method, filled(path))
        if MAY[role, resource, action]:
            assert answer.status_code not in (401, 403), (method, path, answer.text)
        else:
            assert answer.status_code in (403, 422), (method, path)
            assert answer.status_code == 403 or "body" in answer.text, (method, path, answer.text)


def test_nobody_gets_in_without_a_login(guard: Guarded) -> None:
    reader = guard.browser()
    for method, path in routes(guard):
        if is_for_all(path):
            continue
        answer = reader.request(method, filled(path))
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
    for wrong in ("Bearer yz_wrong", "Bearer ", "bearer x"):
        answer = reader.get("/api/v1/studies", headers={"Authorization": wrong})
        assert answer.status_code == 401 and "not valid" in answer.json()["title"]
    asked = reader.get("/zone?study=small&lang=en")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/login?after=/zone%3Fstudy%3Dsmall%26lang%3Den"
    assert reader.get("/api/v1/openapi.json").status_code == 200


@pytest.mark.parametrize(
    ("scopes", "reads", "writes", "administers"),
    [
        (("read",), True, False, False),
        (("write",), False, True, False),
        (("administer",), False, False, True),
        (("read", "write"), True, True, False),
    ],
)
def test_a_token_does_what_its_scopes_allow(
    guard: Guarded, scopes: tuple[str, ...], reads: bool, writes: bool, administers: bool
) -> None:
    viewer = guard.person("-".join(scopes), "administrator")
    program = guard.program(viewer, *scopes)
    answers = {
        "read": program.get("/api/v1/studies"),
        "write": program.post("/api/v1/studies", files={"file": ("s.txt", b"no study")}),
        "administer": program.get("/api/v1/people"),
    }
    allowed = {"read": reads, "write": writes, "administer": administers}
    for scope, answer in answers.items():
        assert (answer.status_code != 403) is allowed[scope], scope
        assert allowed[scope] or f"lacks the scope '{scope}'" in answer.json()["title"]


def test_a_program_needs_no_token_against_forgery_and_opens_no_page(guard: Guarded) -> None:
    program = guard.program(guard.person("program", "analyst"))
    answer = program.post("/api/v1/studies", files={"file": ("s.txt", b"no study")})
    assert answer.status_code == 415
    assert program.get("/", follow_redirects=False).status_code == 303


def test_whoever_is_disabled_is_out_with_the_next_request(guard: Guarded) -> None:
    viewer = guard.person("leaving", "analyst")
    program = guard.program(viewer)
    assert program.get("/api/v1/studies").status_code == 200
    disable_person(guard.bench.database, None, viewer.person)
    assert program.get("/api/v1/studies").status_code == 401


def test_a_cookie_of_nothing_is_no_login(guard: Guarded) -> None:
    reader = guard.browser()
    reader.cookies.set(COOKIE, "planted")
    assert reader.get("/api/v1/studies").status_code == 401


def test_a_database_that_is_gone_is_said_to_be(
    guard: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = guard.program(guard.person("waiting", "analyst"))

    def gone(*_: object) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr("yanzhen.api.accounts.viewer_of_token", gone)
    answer = program.get("/api/v1/studies")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0


def test_an_administrator_keeps_the_people_of_the_own_organisation(guard: Guarded) -> None:
    program = guard.program(guard.person("keeper", "administrator"))
    stranger = guard.person("stranger", "administrator", guard.elsewhere)
    made = program.post("/api/v1/people", json={"login": "new", "role": "zone"})
    assert made.status_code == 201 and len(made.json()["password"]) >= 12
    person = made.json()["id"]
    listed = {each["login"]: each for each in program.get("/api/v1/people").json()["items"]}
    assert listed["new"]["role"] == "zone" and "stranger" not in listed
    assert not any("password" in key and key != "has_password" for key in listed["new"])
    changed = program.patch(f"/api/v1/people/{person}", json={"role": "fund"})
    assert changed.json()["role"] == "fund"
    assert program.delete(f"/api/v1/people/{person}").status_code == 204
    assert program.get(f"/api/v1/people/{person}").json()["disabled_at"]
    assert program.post(f"/api/v1/people/{person}/enabled").status_code == 204
    again = program.post(f"/api/v1/people/{person}/password")
    assert again.json()["password"] != made.json()["password"]
    assert program.delete(f"/api/v1/people/{person}/second-factor").status_code == 204
    taken = program.post("/api/v1/people", json={"login": "NEW", "role": "zone"})
    assert taken.status_code == 409 and "taken" in taken.json()["title"]
    for method, below in (
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/enabled"),
        ("POST", "/password"),
        ("DELETE", "/second-factor"),
    ):
        answers = [
            program.request(method, f"/api/v1/people/{identity}{below}")
            for identity in (stranger.person, "0" * 32)
        ]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    told = program.get("/api/v1/audit", params={"limit": 3}).json()["items"]
    assert len(told) == 3 and told[0]["login"] == "keeper"


def test_in_an_open_workbench_nothing_is_asked_for(tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    from yanzhen.api.app import make_app
    from yanzhen.api.workbench import Workbench

    bench = Workbench(tmp_path / "store")
    reader = TestClient(make_app(bench))
    assert reader.get("/api/v1/studies").status_code == 200
    answer = reader.post("/api/v1/studies", files={"file": ("s.txt", b"no study")})
    assert answer.status_code == 415
    bench.close()
