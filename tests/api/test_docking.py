"""Docking over the API: a job clears, each side is told its own, and nothing of the other."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.people import Guarded, guarded
from tests.exchange.docking.cleared import identity, listed
from tests.exchange.listings.offers import list_published
from tests.study.small_modes import small_modes_study
from yanzhen.api.exchange_clearing import told_count
from yanzhen.api.versions import Version, publish
from yanzhen.api.work import outcome_of
from yanzhen.exchange.listings.kinds import Fund, Project
from yanzhen.store.people.persons import add_organisation

EXCHANGE = "/api/v1/exchange"
STEEL = "SYNTHETIC Secretname"


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("docking")
    with guarded(folder, (str(small_modes_study(folder / "small")),)) as made:
        yield made


@pytest.fixture(scope="module")
def zone(guard: Guarded) -> TestClient:
    return guard.program(guard.person("zoe", "zone"))


@pytest.fixture(scope="module")
def firm(guard: Guarded) -> TestClient:
    return guard.program(guard.person("fay", "enterprise", guard.elsewhere))


@pytest.fixture(scope="module")
def ids(guard: Guarded) -> dict[str, str]:
    """Two sites here, three projects elsewhere, one of them by name, and a fund."""
    heads = [
        guard.person(f"head{n}", "administrator", org)
        for n, org in enumerate((guard.here, guard.elsewhere))
    ]
    database, said = guard.bench.database, listed()
    found = {}
    for number in (0, 1):
        site = said[identity("site", number)]
        found[f"site{number}"] = list_published(database, heads[0], site)
    for number, name in enumerate((STEEL, "SYNTHETIC Silent", "SYNTHETIC Named")):
        project = said[identity("project", number)]
        assert isinstance(project, Project)
        project = replace(project, name=name, confidential=number < 2)
        if number == 1:
            project = replace(project, shown=())
        found[f"project{number}"] = list_published(database, heads[1], project)
    fund = Fund(
        name="SYNTHETIC fund",
        expires_on="2999-12-31",
        size=50.0,
        unit="100 million CNY",
        grant_equivalent=1.0,
    )
    found["fund"] = list_published(database, heads[0], fund)
    abroad = replace(said[identity("project", 5)], origin="999999")  # type: ignore[call-arg]
    found["abroad"] = list_published(database, heads[1], abroad)
    dollars = replace(fund, name="SYNTHETIC dollars", unit="million USD")
    found["dollars"] = list_published(database, heads[0], dollars)
    return found


@pytest.fixture(scope="module")
def cleared(guard: Guarded, ids: dict[str, str], zone: TestClient) -> None:
    assert zone.get(f"{EXCHANGE}/clearings/latest").status_code == 404
    bench = guard.bench
    job = zone.post(f"{EXCHANGE}/clearings").json()
    server = {"folder": str(bench.folder), "database": str(bench.database.url)}
    work = job["kind"], Path("unused"), job["subject"], lambda stage, share: None
    said = outcome_of(*work, server)
    assert said["state"] == "done", said
    made: dict[str, Any] = said["version"]
    publish(Version(Path(made["folder"]), made["name"], made["made_by"]))


@pytest.mark.usefixtures("cleared")
def test_everybody_sees_prices_and_their_proof(zone: TestClient, firm: TestClient) -> None:
    summary = firm.get(f"{EXCHANGE}/clearings/latest")
    # Three projects took part: that is not told, nor what they need.
    assert (summary.json()["sites"], summary.json()["projects"]) == (2, None)
    assert summary.json()["status"] == "synthetic"
    assert summary.json()["passed"]
    tag = {"If-None-Match": summary.headers["etag"]}
    assert zone.get(f"{EXCHANGE}/clearings/latest", headers=tag).status_code == 304
    first = firm.get(f"{EXCHANGE}/prices", params={"limit": 3}).json()
    rest = firm.get(f"{EXCHANGE}/prices", params={"after": first["next"]}).json()
    assert len(first["items"] + rest["items"]) == 4 and rest["next"] is None
    assert set(first["items"][0]) == {"site", "resource", "capacity", "posted", "premium"}


def test_the_number_of_projects_is_told_in_tens() -> None:
    counts = {0: None, 9: None, 10: 10, 19: 10, 20: 20, 1234: 1230}
    assert {each: told_count(each) for each in counts} == counts


@pytest.mark.usefixtures("cleared")
def test_a_project_gets_its_shortlist_with_reasons_and_nobody_else_does(
    zone: TestClient, firm: TestClient, ids: dict[str, str]
) -> None:
    found = firm.get(f"{EXCHANGE}/shortlists/{ids['project0']}").json()
    assert {each["site"] for each in found["sites"]} == {ids["site0"], ids["site1"]}
    for each in found["sites"]:
        assert sum(each["terms"].values()) == pytest.approx(each["gain"])
        assert each["gain_money"] == pytest.approx(each["gain"] * found["output"])
        assert each["response"] is None
        assert each["gain_low"] < each["gain_high"] and 0 <= each["first_share"] <= 1
        scale = pytest.approx(each["gain_low"] * found["output"])
        assert each["gain_money_low"] == scale and each["probability_low"] is not None
    assert found["draws"] == 60 and found["staying_low"] < found["staying_high"]
    assert {each["fund"] for each in found["funds"]} <= {ids["fund"]}
    assert found["funds"]
    assert found["funds_not_screened"] == [
        {"fund": ids["dollars"], "name": "SYNTHETIC dollars", "reason": "other_currency"}
    ]
    never = "0" * 32
    told = [zone.get(f"{EXCHANGE}/shortlists/{each}") for each in (ids["project0"], never)]
    assert told[0].status_code == 404
    assert told[0].text.replace(ids["project0"], never) == told[1].text
    assert zone.get(f"{EXCHANGE}/shortlists/{ids['project2']}").status_code == 422


@pytest.mark.usefixtures("cleared")
def test_a_project_is_told_cohorts_with_what_its_owner_sees(
    zone: TestClient, firm: TestClient, guard: Guarded, ids: dict[str, str]
) -> None:
    """Own projects and those listed by name; never another's that is confidential."""
    found = firm.get(f"{EXCHANGE}/shortlists/{ids['project0']}").json()["cohorts"]
    assert {each for cohort in found for each in cohort["names"]} <= {
        *(ids["project0"], ids["project1"], ids["project2"])
    }
    assert any(ids["project1"] in cohort["names"] for cohort in found)
    for each in found:
        assert each["site_name"] and each["beyond"] > 0
        assert set(each["names"]) == {each["lead"], *each["suppliers"]}
    other = listed()[identity("project", 4)]
    head = guard.person("hank", "administrator", add_organisation(guard.bench.database, "O"))
    theirs = list_published(guard.bench.database, head, other)
    said = guard.program(head).get(f"{EXCHANGE}/shortlists/{theirs}").json()["cohorts"]
    assert said and {each for cohort in said for each in cohort["names"]} == {
        *(theirs, ids["project2"])
    }


@pytest.mark.usefixtures("cleared")
def test_an_owner_is_told_what_was_left_out_and_nobody_else_is(
    zone: TestClient, firm: TestClient, ids: dict[str, str]
) -> None:
    why = firm.get(f"{EXCHANGE}/left-out/{ids['abroad']}").json()
    assert why["whole"] and "region" in why["reasons"][0][0] and "区域" in why["reasons"][0][1]
    taken = firm.get(f"{EXCHANGE}/left-out/{ids['project0']}").json()
    assert taken == {"whole": False, "reasons": []}
    never = "0" * 32
    told = [zone.get(f"{EXCHANGE}/left-out/{each}") for each in (ids["abroad"], never)]
    assert [each.status_code for each in told] == [404, 404]
    assert told[0].text.replace(ids["abroad"], never) == told[1].text
    assert zone.get(f"{EXCHANGE}/left-out/{ids['project2']}").status_code == 422


@pytest.mark.usefixtures("cleared")
def test_a_site_is_told_of_projects_what_their_owners_allow(
    zone: TestClient, firm: TestClient, ids: dict[str, str]
) -> None:
    said = zone.get(f"{EXCHANGE}/prospects/{ids['site0']}")
    by_name = {each["name"]: each for each in said.json()}
    # The one of which nothing may be told is not there.
    assert set(by_name) == {"", "SYNTHETIC Named"}
    hidden = by_name[""]
    assert hidden["listing"] == "" and hidden["origin"] == "" and hidden["investment"] is None
    assert hidden["industry"] and hidden["needs"]
    assert hidden["probability"] is None
    assert (hidden["at_least"], hidden["at_most"]) in list(pairwise((0, 0.01, 0.05, 0.2, 0.5, 1)))
    named = by_name["SYNTHETIC Named"]
    assert named["at_least"] <= named["probability"] <= named["at_most"]
    for secret in (STEEL, "Silent", ids["project0"], ids["project1"], "H", "110000"):
        assert secret not in json.dumps([hidden])
    assert firm.get(f"{EXCHANGE}/prospects/{ids['site0']}").status_code == 422


@pytest.mark.usefixtures("cleared")
def test_an_introduction_is_asked_for_and_answered(
    guard: Guarded, zone: TestClient, firm: TestClient, ids: dict[str, str]
) -> None:
    assert zone.get(f"{EXCHANGE}/listings/{ids['project0']}").status_code == 404
    asked = {"project": ids["project0"], "site": ids["site0"], "text": "你好"}
    assert zone.post(f"{EXCHANGE}/introductions", json=asked).status_code == 403
    made = firm.post(f"{EXCHANGE}/introductions", json=asked).json()["introduction"]
    assert firm.post(f"{EXCHANGE}/introductions", json=asked).status_code == 409
    own = f"{EXCHANGE}/introductions/{made}"
    (listed_one,) = zone.get(f"{EXCHANGE}/introductions").json()["items"]
    assert listed_one["project_content"]["name"] == STEEL
    assert zone.get(f"{EXCHANGE}/listings/{ids['project0']}").json()["content"]["name"] == STEEL
    answered = zone.post(f"{own}/answers", json={"answer": "accepted", "text": "请来"})
    assert answered.json()["state"] == "accepted"
    assert firm.post(f"{own}/answers", json={"answer": "declined"}).status_code == 409
    (answer,) = firm.get(f"{own}/answers").json()
    assert (answer["own"], answer["text"]) == (False, "请来")
    assert firm.get(f"{EXCHANGE}/introductions/{'0' * 32}").status_code == 404


@pytest.mark.usefixtures("cleared")
def test_either_side_makes_the_deal_of_an_introduction(
    guard: Guarded, zone: TestClient, firm: TestClient, ids: dict[str, str]
) -> None:
    asked = {"project": ids["project2"], "site": ids["site1"]}
    made = firm.post(f"{EXCHANGE}/introductions", json=asked).json()["introduction"]
    said = {"introduction": made}
    early = zone.post(f"{EXCHANGE}/deals", json=said)
    assert early.status_code == 409 and "accepted" in early.json()["title"]
    zone.post(f"{EXCHANGE}/introductions/{made}/answers", json={"answer": "accepted"})
    third = add_organisation(guard.bench.database, "SYNTHETIC third")
    outsider = guard.program(guard.person("otto", "administrator", third))
    never = "0" * 32
    told = [
        outsider.post(f"{EXCHANGE}/deals", json={"introduction": each}) for each in (made, never)
    ]
    assert [each.status_code for each in told] == [404, 404]
    assert told[0].text.replace(made, never) == told[1].text
    wrong = zone.post(f"{EXCHANGE}/deals", json={**said, "parties": [], "mode": "none"})
    assert {each["pointer"] for each in wrong.json()["errors"]} == {"#/parties", "#/mode"}
    deal = zone.post(f"{EXCHANGE}/deals", json=said)
    assert deal.status_code == 201, deal.text
    assert firm.get(f"{EXCHANGE}/deals/{deal.json()['id']}").json() == {
        **deal.json(),
        "owner": None,
    }
    again = firm.post(f"{EXCHANGE}/deals", json=said)
    assert again.status_code == 409 and deal.json()["id"] in again.json()["title"]


def test_where_nothing_is_listed_the_job_says_so(tmp_path: Path) -> None:
    with guarded(tmp_path) as made:
        server = {"folder": str(tmp_path), "database": str(made.bench.database.url)}
        study = small_modes_study(tmp_path / "small")
        subject = {"study": "x", "source": str(study)}
        said = outcome_of("clearing", tmp_path, subject, lambda *_: None, server)
    assert said["state"] == "failed" and "listed" in said["error"] and "条目" in said["error_zh"]
