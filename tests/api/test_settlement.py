"""Addresses of agreements: both parties settle, sign and read; nobody else learns that they do."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.people import Guarded, guarded
from tests.exchange.settlement.agreed import cells
from tests.exchange.settlement.example import HEAD, ROWS, TERMS
from yanzhen.exchange.settlement.of_deal import deals_to_register
from yanzhen.store.people.persons import add_organisation

ROOT = "/api/v1/exchange/agreements"
DEALS = "/api/v1/exchange/deals"


@pytest.fixture
def asked(tmp_path: Path) -> Any:
    with guarded(tmp_path) as made:
        yield made


def test_an_agreement_is_settled_between_two_organisations(asked: Guarded) -> None:
    home = asked.program(asked.person("home", "planner"))
    host = asked.program(asked.person("host", "zone", asked.elsewhere))
    new = {
        **{
            "reference": "deal-1",
            "home": "上海",
            "host": "合肥",
            "start_year": 2024,
            "terms": TERMS,
        },
        **{"home_organisation": asked.here, "host_organisation": asked.elsewhere},
    }
    made = home.post(ROOT, json=new)
    assert made.status_code == 201, made.text
    own = f"{ROOT}/{made.json()['id']}"
    answer = {"party": "host", "answer": "accept", "sha256": made.json()["sha256"]}
    assert home.post(f"{own}/answers", json=answer).status_code == 403
    assert home.post(f"{own}/statements", json={"period": "2024"}).status_code == 409
    assert host.post(f"{own}/answers", json={**answer, "sha256": "0" * 64}).status_code == 409
    accepted = host.post(f"{own}/answers", json=answer)
    assert (accepted.status_code, accepted.json()["state"]) == (201, "accepted")
    declared = host.post(f"{own}/declared", json={"rows": cells(ROWS[:4])})
    assert declared.json() == {"rows": [1, 2, 3, 4]}
    row = cells(ROWS[:1])[0] | {"value_added_tax": "5"}
    assert home.post(f"{own}/declared", json={"rows": [row]}).json() == {"rows": [5]}
    told = {each["number"]: each for each in host.get(f"{own}/declared").json()}
    assert told[5]["differs"] == told[1]["differs"] == ["value_added_tax"]
    assert (told[1]["organisation"], told[5]["organisation"]) == (asked.elsewhere, asked.here)
    assert told[2]["differs"] == []
    differing = home.post(f"{own}/statements", json={"period": "2024"})
    assert differing.status_code == 422
    assert differing.json()["problems"][0]["column"] == "value_added_tax"
    assert host.delete(f"{own}/declared/5").status_code == 403
    assert [home.delete(f"{own}/declared/5").status_code for _ in range(2)] == [200, 409]
    assert home.delete(f"{own}/declared/99").status_code == 404
    assert home.post(f"{own}/statements", json={"period": "2025"}).status_code == 409
    issued = home.post(f"{own}/statements", json={"period": "2024"})
    assert issued.status_code == 201, issued.text
    said = f"{own}/statements/1/signatures"
    assert home.post(said, json={"party": "host", "act": "sign"}).status_code == 403
    assert home.post(said, json={"party": "home", "act": "dispute"}).status_code == 422
    assert home.post(said, json={"party": "home", "act": "sign"}).json()["state"] == "issued"
    assert host.post(said, json={"party": "host", "act": "sign"}).json()["state"] == "final"
    paid = {"debtor": "host", "creditor": "home", "fen": 100, "on": "2025-01-07"}
    entry = host.post(f"{own}/transfers", json=paid)
    assert entry.status_code == 201
    place = f"{own}/transfers/{entry.json()['number']}"
    assert [host.delete(place).status_code for _ in range(2)] == [200, 409]
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


def test_an_agreement_of_a_deal_is_of_its_signed_terms_and_its_parties(asked: Guarded) -> None:
    names = (("home", "planner", asked.here), ("host", "zone", asked.elsewhere))
    viewers = [asked.person(login, role, at) for login, role, at in names]
    home, host = (asked.program(each) for each in viewers)
    new = {
        **{"title": "SYNTHETIC", "mode": "coconstruction", "industry": "C38"},
        **{"origin": "310000", "destination": "340100"},
        "parties": [{"organisation": at, "capacity": key} for key, _, at in names],
        "transitions": [{"event": "contact", "on": "2026-01-05"}],
    }
    deal = home.post(DEALS, json=new).json()["id"]
    of_deal = {"deal": deal, "start_year": 2024, "synthetic": True}
    assert "has no terms yet" in home.post(ROOT, json=of_deal).json()["title"]
    signed = home.post(f"{DEALS}/{deal}/terms", json={"terms": TERMS}).json()
    for viewer, program in zip(viewers, (home, host), strict=True):
        said = {"organisation": viewer.organisation, "sha256": signed["sha256"]}
        program.post(f"{DEALS}/{deal}/terms/1/agreements", json=said).raise_for_status()

    database = asked.bench.database
    assert [deals_to_register(database, each) for each in viewers] == [{deal: "SYNTHETIC"}] * 2

    # What was proposed since is not signed, and not taken.
    changed = TERMS.replace('"50:40:10"', '"60:30:10"')
    assert home.post(f"{DEALS}/{deal}/terms", json={"terms": changed}).status_code == 201
    other = home.post(ROOT, json={**of_deal, "terms": changed})
    assert (other.status_code, signed["sha256"] in other.json()["title"]) == (422, True)
    swapped = {"home_organisation": asked.elsewhere}
    assert "not those that signed" in home.post(ROOT, json={**of_deal, **swapped}).json()["title"]
    outsider = asked.person("outsider", "planner", add_organisation(database, "T"))
    assert asked.program(outsider).post(ROOT, json=of_deal).status_code == 404

    # Written otherwise they are the same terms.
    made = host.post(ROOT, json={**of_deal, "terms": f"# signed\n{TERMS}"})
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["terms"], told["terms_sha256"]) == (signed["terms"], signed["sha256"])
    assert told["parties"] == {"home": asked.here, "host": asked.elsewhere}
    assert (told["deal"], told["reference"]) == (deal, None)
    assert (told["home"], told["host"], told["state"]) == ("H", "E", "registered")
    assert "registered already" in home.post(ROOT, json=of_deal).json()["title"]
    assert deals_to_register(database, viewers[0]) == {}


def test_a_file_is_declared_whole_or_refused_by_row_and_column(asked: Guarded) -> None:
    home = asked.program(asked.person("home", "planner"))
    new = {
        **{"reference": "deal-1", "home": "上海", "host": "合肥", "start_year": 2024},
        **{"terms": TERMS, "home_organisation": asked.here, "host_organisation": asked.elsewhere},
    }
    own = f"{ROOT}/{home.post(ROOT, json=new).json()['id']}/declared"
    wrong = "\n".join([HEAD, *ROWS[:3], ROWS[3].replace(",4,", ",5,")])
    answer = home.post(f"{own}/files", files={"file": ("../税款.csv", wrong.encode())})
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["file"], problem["row"], problem["column"]) == ("../税款.csv", 5, "quarter")
    assert home.get(own).json() == []
    empty = home.post(f"{own}/files", files={"file": ("a.csv", HEAD.encode())})
    assert empty.status_code == 422
    whole = "\n".join([HEAD, *ROWS[:4]]).encode()
    sent = home.post(f"{own}/files", files={"file": ("税款.csv", whole)})
    assert sent.json() == {"rows": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"deal": "<b>x</b>" * 30}),
        ("", {"reference": "by hand", "start_year": 2024}),
        ("", {"deal": "0" * 32, "reference": "both", "start_year": 2024}),
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


def test_odd_cells_and_numbers_are_told_and_break_nothing(asked: Guarded) -> None:
    home = asked.program(asked.person("home", "planner"))
    named = {"home_organisation": asked.here, "host_organisation": asked.here}
    new = {"reference": "deal-1", "home": "上海", "host": "合肥", "start_year": 2024}
    own = f"{ROOT}/{home.post(ROOT, json={**new, **named, 'terms': TERMS}).json()['id']}"
    many = "9" * 5000
    for row, column in (
        (f"p,{many},1,1,1,0,0,0", "year"),
        ("p,20245,1,1,1,0,0,0", "year"),
        (f"p,2024,1,1,1,0,{many},0", "gdp"),
        (f"p,2024,1,{many},1,0,0,0", "value_added_tax"),
        ("p,2024,1,,1,0,0,0", "value_added_tax"),
    ):
        file = {"file": ("a.csv", f"{HEAD}\n{row}\n".encode())}
        answer = home.post(f"{own}/declared/files", files=file)
        assert answer.status_code == 422, answer.text
        assert column in [each["column"] for each in answer.json()["problems"]]
    for lacking in ({}, {"project": "a"}, {"quarter": "1"}, {"": "1"}):
        answer = home.post(f"{own}/declared", json={"rows": [lacking]})
        assert answer.status_code == 422, answer.text
    for number in ("0", "99999999999999999999"):
        assert home.get(f"{own}/statements/{number}").status_code == 422
    # Blanks around a period, and digits of another width, are what they say.
    said = [{**row, "year": " ２０２４"} for row in cells(ROWS[:4])]
    assert home.post(f"{own}/declared", json={"rows": said}).status_code == 201
    assert home.post(f"{own}/statements", json={"period": "2024"}).status_code == 201
