"""Addresses of published statistics: everybody reads them, a leak is refused, few may publish."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from tests.api.people import Guarded, guarded
from yanzhen.exchange.deals.changing import make_deal
from yanzhen.exchange.deals.deal import NewDeal, NewParty
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.statistics import suppression
from yanzhen.exchange.statistics.heuristic import Pattern
from yanzhen.exchange.statistics.problem import Problem
from yanzhen.store.people.persons import add_organisation
from yanzhen.store.people.viewer import Viewer

ROOT = "/api/v1/exchange/statistics"
OF_2025 = {"period": "2025", "synthetic": True}


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Guarded]:
    with guarded(tmp_path) as made:
        yield made


def sign(asked: Guarded, by: Viewer, name: str, regions: tuple[str, ...], on: str) -> None:
    """Sign a SYNTHETIC deal of a new enterprise in each region."""
    firm = add_organisation(asked.bench.database, name)
    for region in regions:
        parties = (NewParty(by.organisation, "operator"), NewParty(firm, "enterprise"))
        said = ("SYNTHETIC", "direct", "IO42-19", "310000", region)
        happened = (Happened("signed", on, 100_000_000),)
        make_deal(asked.bench.database, by, NewDeal(*said, parties, happened))


def office(asked: Guarded) -> tuple[Viewer, TestClient]:
    """An auditor's program, and a planner who signed seven deals, one of them by itself."""
    planner = asked.person("planner", "planner")
    for number in range(6):
        sign(asked, planner, f"F{number}", ("340000", "410000"), "2025-03-01")
    sign(asked, planner, "ALONE", ("420000",), "2025-03-01")
    return planner, asked.program(asked.person("auditor", "auditor"))


def test_a_publication_is_read_by_everybody_with_hidden_cells_and_no_enterprise(
    asked: Guarded,
) -> None:
    _, auditor = office(asked)
    made = auditor.post(ROOT, json=OF_2025)
    assert made.status_code == 201, made.text
    assert (made.json()["number"], made.json()["synthetic"]) == (1, True)
    assert made.json()["hidden"] > 0
    stranger = asked.program(asked.person("reader", "enterprise", asked.elsewhere))
    (listed,) = stranger.get(ROOT).json()
    assert listed == made.json()
    whole = stranger.get(f"{ROOT}/1", params={"lang": "en"}).json()
    cells = {
        tuple(cell["codes"].values()): cell
        for table in whole["tables"]
        if table["name"] == "by_region_and_industry"
        for cell in table["cells"]
    }
    alone = cells["420000", "IO42-19"]
    assert (alone["records"], alone["value"]) == (None, None)
    assert alone["interval"]["low"] < 0.01 < alone["interval"]["high"]
    assert alone["names"]["region"] == "Hubei"
    assert cells["110000", "IO42-19"]["records"] == 0
    file = stranger.get(f"{ROOT}/1/file", params={"form": "csv", "lang": "en"})
    assert (
        'filename="SYNTHETIC_by_region_and_industry_2025_en.csv"'
        in (file.headers["content-disposition"])
    )
    read = pl.read_csv(file.content, infer_schema=False)
    assert read.filter(region="420000", industry="IO42-19")["value"].to_list() == ["hidden"]
    assert stranger.get(f"{ROOT}/1/file").content[:2] == b"PK"
    firms = [f"F{number}" for number in range(6)] + ["ALONE"]
    said = stranger.get(f"{ROOT}/1").text + file.text
    assert not any(f'"{firm}"' in said for firm in firms)
    assert stranger.get(f"{ROOT}/verification").json() == {"holds": True}
    assert stranger.get(f"{ROOT}/2").status_code == 404
    assert stranger.get(f"{ROOT}/1/file", params={"form": "csv", "table": "x"}).status_code == 404


def test_administrators_and_auditors_alone_publish(asked: Guarded) -> None:
    for role in ("analyst", "enterprise", "zone", "planner", "fund"):
        program = asked.program(asked.person(role, role))
        assert program.post(ROOT, json=OF_2025).status_code == 403
        assert program.get(ROOT).json() == []
    reads = asked.program(asked.person("reads", "administrator"), "read")
    assert reads.post(ROOT, json=OF_2025).status_code == 403
    assert asked.browser().get(ROOT).status_code == 401


def test_what_was_published_before_keeps_one_more_deal_from_being_told(asked: Guarded) -> None:
    planner, auditor = office(asked)
    assert auditor.post(ROOT, json={"period": "2024"}).status_code == 201
    assert auditor.post(ROOT, json={"period": "2025Q1"}).status_code == 201
    sign(asked, planner, "ONE MORE", ("340000",), "2025-05-01")
    refused = auditor.post(ROOT, json={"period": "2025Q2"})
    assert refused.status_code == 422, refused.text
    said = refused.json()
    assert "would tell of an enterprise" in said["title"]
    assert any("region=340000" in each["found"] for each in said["problems"])
    # The cell, not what it holds: whoever publishes may be of any organisation.
    assert "0.01" not in refused.text
    assert "ONE MORE" not in refused.text
    assert len(auditor.get(ROOT).json()) == 2
    assert auditor.post(ROOT, json={"period": "2025Q1"}).status_code == 409


def test_a_leak_that_the_hiding_makes_is_refused(
    asked: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: only the sensitive cells are hidden, and their sums give them away."""
    _, auditor = office(asked)

    def careless(problem: Problem, *_: object) -> Pattern:
        return Pattern(problem.primary.copy(), {})

    monkeypatch.setattr(suppression, "protect", careless)
    monkeypatch.setattr(suppression, "EXACT", 0)
    refused = auditor.post(ROOT, json=OF_2025)
    assert refused.status_code == 422, refused.text
    assert any("region=420000" in each["found"] for each in refused.json()["problems"])
    assert auditor.get(ROOT).json() == []


def test_a_period_or_a_unit_that_is_none_is_named(asked: Guarded) -> None:
    auditor = asked.program(asked.person("auditor", "auditor"))
    for wrong, pointer in (({"period": "2025-13"}, "#/period"), ({"money": "persons"}, "#/money")):
        refused = auditor.post(ROOT, json={**OF_2025, **wrong})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == pointer
    later = auditor.post(ROOT, json={"period": "2200"})
    assert (later.status_code, "not over" in later.json()["title"]) == (409, True)
