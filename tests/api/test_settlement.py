"""Addresses of agreements: both parties settle, sign and read; nobody else learns that they do."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.people import Guarded, guarded
from tests.exchange.settlement.agreed import cells
from tests.exchange.settlement.example import ROWS, TERMS

ROOT = "/api/v1/exchange/agreements"


@pytest.fixture
def asked(tmp_path: Path) -> Any:
    with guarded(tmp_path) as made:
        yield made


def test_an_agreement_is_settled_between_two_organisations(asked: Guarded) -> None:
    home = asked.program(asked.person("home", "planner"))
    host = asked.program(asked.person("host", "zone", asked.elsewhere))
    new = {
        **{"deal": "deal-1", "home": "上海", "host": "合肥", "start_year": 2024, "terms": TERMS},
        **{"home_organisation": asked.here, "host_organisation": asked.elsewhere},
    }
    made = home.post(ROOT, json=new)
    assert made.status_code == 201, made.text
    own = f"{ROOT}/{made.json()['id']}"
    declared = host.post(f"{own}/declared", json={"rows": cells(ROWS[:4])})
    assert declared.json() == {"rows": [1, 2, 3, 4]}
    assert home.post(f"{own}/statements", json={"period": "2025"}).status_code == 409
    issued = home.post(f"{own}/statements", json={"period": "2024"})
    assert issued.status_code == 201, issued.text
    said = f"{own}/statements/1/signatures"
    assert home.post(said, json={"party": "host", "act": "sign"}).status_code == 403
    assert home.post(said, json={"party": "home", "act": "dispute"}).status_code == 422
    assert home.post(said, json={"party": "home", "act": "sign"}).json()["state"] == "issued"
    assert host.post(said, json={"party": "host", "act": "sign"}).json()["state"] == "final"
    paid = {"debtor": "host", "creditor": "home", "fen": 100, "on": "2025-01-07"}
    assert host.post(f"{own}/transfers", json=paid).status_code == 201
    kept = host.get(f"{own}/statements/1/file", params={"form": "json"})
    assert kept.headers["content-disposition"].endswith('statement_2024_zh.json"')
    assert host.get(f"{own}/statements/1").json()["sha256"] == issued.json()["sha256"]
    text = home.get(f"{own}/text", params={"form": "md"})
    assert "第一条　当事各方" in text.text

    fund = asked.program(asked.person("fund", "fund"))
    assert fund.post(f"{own}/statements", json={"period": "2025"}).status_code == 403
    reader = asked.program(asked.person("reader", "analyst"))
    assert reader.get(own).status_code == 200
    assert reader.post(said, json={"party": "home", "act": "sign"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"deal": "<b>x</b>" * 30}),
        ("/x/declared", {"rows": [{"project": "x" * 401}]}),
        ("/x/statements", {"period": "2025Q5"}),
        ("/x/transfers", {"debtor": "host", "creditor": "home", "fen": -5, "on": "2025-01-07"}),
    ],
)
def test_what_cannot_be_taken_is_refused(asked: Guarded, path: str, body: dict[str, Any]) -> None:
    who = asked.program(asked.person("home", "planner"))
    assert who.post(f"{ROOT}{path}", json=body).status_code == 422
    assert who.get(f"{ROOT}/0123/statements").status_code == 404
    assert who.get(ROOT).json() == []
