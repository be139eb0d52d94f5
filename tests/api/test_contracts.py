"""Contracts over the API: two places of a study, and projects of one's own."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.study.small import REGIONS
from yanzhen.api.contract_query import ContractQuery
from yanzhen.api.contract_views import OF_ANSWER, SHOWN, TABLE_OF
from yanzhen.api.workbench import Workbench
from yanzhen.modes.coconstruction import parse_terms
from yanzhen.modes.coconstruction.contract.declarations import TERM_VALUES, turned
from yanzhen.modes.coconstruction.gains.appraisal import appraise
from yanzhen.report.analyses.contract_appraisal import appraisal_values

HOME, HOST = REGIONS[0], REGIONS[2]
PAIR = {"home": HOME, "host": HOST}


def get(client: TestClient, path: str, **asked: object) -> Any:
    answer = client.get(path, params={**PAIR, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_appraisal_is_that_of_the_command(
    client: TestClient, bench: Workbench, study: str
) -> None:
    said = get(client, f"/api/v1/contracts/{study}/appraisal", share=35, years=8)
    agreement = bench.contracts.agreement(study, ContractQuery(**PAIR, share=35, years=8))
    found = appraise(bench.contracts.market(study), agreement)
    assert (said["home_gain"], said["host_gain"]) == pytest.approx(
        (found.home_gain, found.host_gain)
    )
    assert said["synthetic"] and len(said["findings"]) >= 3
    of_command = appraisal_values(found)
    assert set(said) == {*of_command, "ledger", "findings"}
    assert [row["arriving"] for row in said["projects"]] == pytest.approx(
        [row["arriving"] for row in of_command["projects"]]
    )
    assert sum(row["tax_home"] for row in said["ledger"]) > 0


def test_every_number_can_be_turned_in_an_address_as_far_as_it_goes() -> None:
    fields = ContractQuery.model_json_schema()["properties"]
    for name, value in TERM_VALUES.items():
        number = fields[name]["anyOf"][0]
        assert number["minimum"] == 0, name
        assert value.unit == "fen" or number["maximum"] == value.most, name


def test_contradictory_terms_are_refused_with_the_reason(client: TestClient, study: str) -> None:
    asked = {**PAIR, "top_up": 50, "extension": 2}
    answer = client.get(f"/api/v1/contracts/{study}/appraisal", params=asked)
    assert answer.status_code == 409
    problems = {problem["column"]: problem for problem in answer.json()["problems"]}
    assert set(problems) == {"top_up", "extension.years"}
    assert "cap" in problems["top_up"]["expected"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"home": "nowhere"}, 404),
        ({"industry": "nothing"}, 404),
        ({"scheme": "nothing"}, 404),
        ({"host": HOME}, 409),
        ({"share": 101}, 422),
        ({"kinds": "poll_tax"}, 409),
        ({"cap_amount": 1e9}, 422),
        ({"weather": 1}, 422),
        ({"scheme": "equity_venture"}, 409),
    ],
)
def test_what_cannot_be_answered_is_refused(
    client: TestClient, study: str, changes: dict[str, object], status: int
) -> None:
    answer = client.get(f"/api/v1/contracts/{study}/appraisal", params={**PAIR, **changes})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_picture_and_table_of_a_contract_is_there(
    client: TestClient, study: str, lang: str
) -> None:
    root = f"/api/v1/contracts/{study}"
    assert set(OF_ANSWER) <= set(TABLE_OF)
    for figure, table in TABLE_OF.items():
        made = get(client, f"{root}/figures/{figure}", lang=lang)
        assert "SYNTHETIC" in made["title"] and made["reading"], figure
        shown = get(client, f"{root}/tables/{table}", lang=lang)
        assert shown["rows"] and shown["note"], table
    for table in SHOWN:
        assert get(client, f"{root}/tables/{table}", lang=lang)["rows"], table
    for form in ("csv", "xlsx"):
        file = client.get(f"{root}/tables/ledger", params={**PAIR, "form": form})
        assert f"SYNTHETIC_pair_ledger.{form}" in file.headers["content-disposition"]


def test_the_terms_are_sent_as_a_file_that_is_read_the_same(
    client: TestClient, bench: Workbench, study: str
) -> None:
    turns = {"share": 30, "years": 4, "recovery": 50}
    answer = client.get(f"/api/v1/contracts/{study}/terms", params={**PAIR, **turns})
    agreement = bench.contracts.agreement(study, ContractQuery(**PAIR))
    assert parse_terms(answer.text, "terms.toml") == turned(agreement.contract.terms, turns)


def projects(**changes: object) -> list[dict[str, object]]:
    row = {"project": "SYNTHETIC", "value_added_tax": 200.0, "recommended_by_home": True}
    return [{**row, "year": year, **changes} for year in (2025, 2026)]


def test_projects_of_ones_own_are_settled_beside_the_schemes(client: TestClient) -> None:
    terms = {
        "title_zh": "自拟",
        "title_en": "own",
        "tax_kinds": ["value_added_tax"],
        "periods": [{"years": 1, "split": "30:70"}],
    }
    body = {
        "start_year": 2025,
        "projects": projects(),
        "terms": terms,
        "tax_kinds": ["value_added_tax"],
    }
    said = client.post("/api/v1/contracts/settlements", json=body).json()
    # Half of 200 yuan is local; 30 per cent of it for one year, 40 for two, in fen.
    totals = {row["contract"]: row["tax_home"] for row in said["totals"]}
    assert (totals["terms"], totals["songjiang_luan"]) == (3000, 8000)
    assert said["left_out"] == {
        "beijing_tianjin_hebei_2015": ["top_up_share"],
        "equity_venture": ["equity_split", "payout"],
    }


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"projects": projects(year=1), "tax_kinds": ["value_added_tax"]}, ["year"]),
        ({"projects": projects(), "terms": {"periods": [{"split": "half"}]}}, ["periods.1.split"]),
        ({"projects": projects(), "top_up_share": "half"}, ["top_up_share"]),
        ({"projects": []}, ["project", "year"]),
    ],
)
def test_everything_wrong_with_a_settlement_is_told(
    client: TestClient, changes: dict[str, object], columns: list[str]
) -> None:
    answer = client.post("/api/v1/contracts/settlements", json={"start_year": 2025, **changes})
    assert answer.status_code == 409
    told = [problem["column"] for problem in answer.json()["problems"]]
    assert set(columns) <= set(told)
