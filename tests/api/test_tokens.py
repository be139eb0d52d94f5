"""Tokens of programs through the API: told once, within what one may give, one's own alone."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.api.people import Guarded, guarded


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("tokens")) as made:
        yield made


def made(program: TestClient, *scopes: str, name: str = "monthly", key: str = "") -> dict[str, str]:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"name": name, "scopes": [*scopes], "days": 30}
    answer = program.post("/api/v1/tokens", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    said: dict[str, str] = answer.json()
    return said


def test_a_token_is_told_once_works_and_is_revoked(guard: Guarded) -> None:
    program = guard.program(guard.person("maker", "analyst"))
    token = made(program, "read", key="once")
    reader = TestClient(guard.served, headers={"Authorization": f"Bearer {token['token']}"})
    assert reader.get("/api/v1/studies").status_code == 200
    listed = program.get("/api/v1/tokens")
    assert token["token"] not in listed.text and token["id"] in listed.text
    again = {"name": "monthly", "scopes": ["read"], "days": 30}
    repeated = program.post("/api/v1/tokens", json=again, headers={"Idempotency-Key": "once"})
    assert token["token"] not in repeated.text
    assert program.delete(f"/api/v1/tokens/{token['id']}").status_code == 204
    assert reader.get("/api/v1/studies").status_code == 401


def test_a_token_gives_no_scope_that_it_lacks(guard: Guarded) -> None:
    viewer = guard.person("lesser", "planner")
    lesser = guard.program(viewer, "read", "administer")
    assert made(lesser, "read")["scopes"] == ["read"]
    body = {"name": "more", "scopes": ["read", "write"]}
    refused = lesser.post("/api/v1/tokens", json=body)
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "#/scopes"
    # For tokens as for people the scope `administer` is asked.
    assert guard.program(viewer, "read", "write").get("/api/v1/tokens").status_code == 403


def test_tokens_of_others_are_not_there(guard: Guarded) -> None:
    program = guard.program(guard.person("one", "administrator"))
    other = guard.program(guard.person("two", "administrator"))
    token = made(other, "read")
    assert token["id"] not in program.get("/api/v1/tokens").text
    assert program.delete(f"/api/v1/tokens/{token['id']}").status_code == 404


def test_tokens_come_a_page_at_a_time_the_newest_first(guard: Guarded) -> None:
    program = guard.program(guard.person("many", "fund"))
    names = [made(program, "read", name=f"n{each}")["name"] for each in range(4)]
    found, after = [], ""
    while after is not None:
        page = program.get("/api/v1/tokens", params={"limit": 2, "after": after}).json()
        assert len(page["items"]) <= 2
        found += [each["name"] for each in page["items"]]
        after = page["next"]
    assert found == [*reversed(names), "test"]


def test_the_one_local_user_has_no_use_for_a_token(client: TestClient) -> None:
    refused = client.post("/api/v1/tokens", json={"name": "mine", "scopes": ["read"]})
    assert refused.status_code == 409 and "demand accounts" in refused.json()["title"]
