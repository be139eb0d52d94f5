"""Lists a page at a time, and answers that say which version they are of."""

import pytest
from fastapi.testclient import TestClient

from yanzhen.api.app import make_app
from yanzhen.api.pagination import cursor_of, page_in_memory
from yanzhen.api.workbench import Workbench


def test_pages_of_a_list_are_the_list_whatever_is_added_meanwhile() -> None:
    every = list("bdfhj")
    first = page_in_memory(every, 2, "", lambda each: (each,))
    assert first.next is not None
    second = page_in_memory([*every, "a", "g"], 2, first.next, lambda each: (each,))
    assert (first.items, second.items) == (["b", "d"], ["f", "g"])
    last = page_in_memory(every, 5, cursor_of(("d",)), lambda each: (each,))
    assert (last.items, last.next) == (["f", "h", "j"], None)


def test_projects_are_listed_page_by_page_and_found_by_words(empty: Workbench) -> None:
    client = TestClient(make_app(empty))
    entered = {
        **{"industry": "06", "origin": "110000", "destination": "340000"},
        **{"investment": 1.0, "state": "signed", "state_on": "2027-03-01"},
    }
    names = [f"SYNTHETIC {each}" for each in ("battery", "copper", "glass", "paper", "steel")]
    added = client.post(
        "/api/v1/projects", json={"projects": [{**entered, "name": n} for n in names]}
    )
    assert added.status_code == 201
    found, address = [], "/api/v1/projects?limit=2"
    while address:
        answer = client.get(address)
        found += [each["name"] for each in answer.json()["items"]]
        link = answer.headers.get("link", "")
        assert bool(link) == (answer.json()["next"] is not None)
        address = link.partition(">")[0].removeprefix("<")
    assert sorted(found) == names
    searched = client.get("/api/v1/projects", params={"holding": "thetic glas"}).json()
    assert [each["name"] for each in searched["items"]] == ["SYNTHETIC glass"]
    own = f"/api/v1/projects/{searched['items'][0]['id']}"
    early = client.post(f"{own}/transitions", json={"state": "started", "on": "2026-01-01"})
    assert early.status_code == 422 and early.json()["problems"][0]["column"] == "state_on"
    client.post(f"{own}/transitions", json={"state": "started", "on": "2027-09-01"})
    states = [each["state"] for each in client.get(f"{own}/transitions").json()]
    assert states == ["signed", "started"] and client.get(own).json()["state"] == "started"


@pytest.mark.parametrize("address", ["studies", "jobs", "projects", "audit", "people"])
def test_what_is_no_cursor_is_named(empty: Workbench, address: str) -> None:
    answer = TestClient(make_app(empty)).get(f"/api/v1/{address}", params={"after": "nothing"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/after"


def test_wrong_fields_are_named_by_pointers(empty: Workbench) -> None:
    client = TestClient(make_app(empty))
    answer = client.post("/api/v1/projects", json={"projects": [{"name": ""}], "a/b": 1})
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert {"#/projects/0/name", "#/projects/0/state", "#/a~1b"} <= pointers
    assert {each["in"] for each in answer.json()["errors"]} == {"body"}


def test_a_table_is_paged_and_the_pages_are_the_table(client: TestClient, study: str) -> None:
    address = f"/api/v1/plans/{study}/tables/moves"
    whole = client.get(address).json()
    rows, estimated, after = [], [], ""
    while after is not None:
        page = client.get(address, params={"limit": 3, "after": after}).json()
        estimated += [[len(rows) + row, column] for row, column in page["estimated"]]
        rows += page["rows"]
        after = page["next"]
    assert rows == whole["rows"] and len(rows) == whole["total"] > 3
    assert estimated == whole["estimated"]
    other = cursor_of(("another version", 3))
    assert client.get(address, params={"after": other}).status_code == 409


def test_who_has_the_version_gets_nothing_anew(client: TestClient, study: str) -> None:
    for address in (f"plans/{study}/findings", f"diagnoses/{study}/findings", f"plans/{study}"):
        first = client.get(f"/api/v1/{address}")
        tag = first.headers["etag"]
        again = client.get(f"/api/v1/{address}", headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        old = client.get(f"/api/v1/{address}", headers={"If-None-Match": '"other"'})
        assert old.json() == first.json()
