"""Listings over the API: made, reviewed, published, found; hostile input refused."""

from dataclasses import asdict
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.people import Guarded, guarded
from tests.exchange.files.test_kinds import PDF
from tests.exchange.listings.offers import PROJECT, SITE

LISTINGS = "/api/v1/exchange/listings"


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with guarded(tmp_path_factory.mktemp("exchange")) as made:
        yield made


@pytest.fixture(scope="module")
def zone(guard: Guarded) -> TestClient:
    return guard.program(guard.person("zoe", "zone"))


@pytest.fixture(scope="module")
def head(guard: Guarded) -> TestClient:
    return guard.program(guard.person("adam", "administrator"))


@pytest.fixture(scope="module")
def firm(guard: Guarded) -> TestClient:
    return guard.program(guard.person("fay", "enterprise", guard.elsewhere))


def test_a_site_is_listed_reviewed_and_found(
    zone: TestClient, head: TestClient, firm: TestClient
) -> None:
    made = zone.post(LISTINGS, json=asdict(SITE)).json()["listing"]
    own = f"{LISTINGS}/{made}"
    files = {"file": ("plan.pdf", PDF)}
    added = zone.post(f"{own}/documents", files=files).json()
    (document,) = added["content"]["documents"]
    assert firm.get(own).status_code == 404
    assert head.post(f"{own}/publication").status_code == 409
    assert zone.post(f"{own}/submission").json()["state"] == "in_review"
    assert zone.post(f"{own}/publication").status_code == 403
    assert head.post(f"{own}/publication").json()["alike"] == []
    found = firm.get(LISTINGS, params={"kind": "site", "industry": "", "holding": "园区"}).json()
    assert [each["id"] for each in found["items"]] == [made]
    answer = firm.get(own)
    assert answer.json()["state"] == "published"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert firm.get(own, headers=tag).status_code == 304
    file = firm.get(f"{own}/documents/{document['sha256']}")
    assert file.content == PDF and "attachment" in file.headers["content-disposition"]
    said = {**asdict(SITE), "text": "new"}
    assert zone.put(own, json=said, params={"based_on": 1}).status_code == 409
    assert zone.put(own, json=said, params={"based_on": 2}).json()["version"] == 3
    assert firm.get(own).json()["content"]["text"] == ""
    zone.post(f"{own}/withdrawal")
    assert firm.get(own).status_code == 404


def test_what_is_not_as_declared_is_refused(zone: TestClient) -> None:
    before = zone.get(LISTINGS, params={"mine": True}).json()
    for said, status in (
        ({**asdict(SITE), "kind": "castle"}, 422),
        ({**asdict(SITE), "secret": 1}, 422),
        ({**asdict(SITE), "name": "x" * 10_000_000}, 422),
        ({**asdict(SITE), "name": "\0"}, 422),
        ({**asdict(SITE), "documents": [{"sha256": "0" * 64, "name": "a.pdf"}]}, 422),
    ):
        assert zone.post(LISTINGS, json=said).status_code == status
    wrong = {**asdict(PROJECT), "needs": [], "expires_on": "soon"}
    problems = zone.post(LISTINGS, json=wrong).json()["problems"]
    assert [each["column"] for each in problems] == ["expires_on", "needs"]
    made = zone.post(LISTINGS, json=asdict(SITE)).json()["listing"]
    own = f"{LISTINGS}/{made}"
    for name, content, status in (
        ("plan.pdf", b"<script>", 415),
        ("plan.pdf", PDF + bytes(10 * 1024**2), 413),
        ("plan.txt", b"SYNTHETIC", 415),
        ("../plan.pdf", PDF, 422),
    ):
        answer = zone.post(f"{own}/documents", files={"file": (name, content)})
        assert answer.status_code == status, answer.text
    after = zone.get(LISTINGS, params={"mine": True}).json()
    assert len(after["items"]) == len(before["items"]) + 1
    assert zone.get(own).json()["version"] == 1


def test_an_administrator_of_another_organisation_publishes_nothing(
    guard: Guarded, zone: TestClient
) -> None:
    made = zone.post(LISTINGS, json=asdict(SITE)).json()["listing"]
    zone.post(f"{LISTINGS}/{made}/submission")
    other = guard.program(guard.person("otto", "administrator", guard.elsewhere))
    never = "0" * 32
    told = [other.post(f"{LISTINGS}/{each}/publication") for each in (made, never)]
    assert [each.status_code for each in told] == [404, 404]
    assert told[0].text.replace(made, never) == told[1].text


def test_a_file_of_listings_is_taken_whole_or_not_at_all(zone: TestClient) -> None:
    header = zone.get("/api/v1/exchange/files/fund").text.removeprefix("\ufeff").strip()
    row = {"name": "SYNTHETIC fund", "expires_on": "2999-12-31", "size": "5", "unit": "CNY"}
    said = "\n".join([header, *(",".join(row.get(c, "") for c in header.split(",")) for _ in "ab")])
    made = zone.post("/api/v1/exchange/files/fund", files={"file": ("f.csv", said)})
    assert len(made.json()["listings"]) == 2
    wrong = zone.post("/api/v1/exchange/files/fund", files={"file": ("f.csv", said + "\nx,y")})
    assert wrong.status_code == 422
    problems = wrong.json()["problems"]
    assert {(each["file"], each["row"]) for each in problems} == {("f.csv", 4)}
    assert zone.get("/api/v1/exchange/files/castle").status_code == 422
    found = zone.get(LISTINGS, params={"mine": True, "kind": "fund"}).json()
    assert len(found["items"]) == 2
