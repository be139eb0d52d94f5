"""Write the examples of the API's description from the answers of a server.

    python scripts/make_api_examples.py STORE STUDY

STORE is a folder with results of the study (plan, diagnosis, chain, docking, technology), STUDY its
folder. The server works on a copy. Long lists are shortened; `problems` and `parameters` in the
file are written by hand and stay.
"""

import json
import shutil
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from deal_examples import ask_about_deals
from fastapi.testclient import TestClient
from notice_examples import examples_of_notices
from settlement_examples import ask_about_agreements
from statistics_examples import ask_about_statistics

from yanzhen.api.app import make_app
from yanzhen.api.exchange_clearing import make_clearing
from yanzhen.api.jobs import Job
from yanzhen.api.versions import publish
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.listings.keeping import make_listings, publish_listing, submit_listing
from yanzhen.exchange.listings.kinds import Content, Need, Project, Room, Site
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import LOCAL, Viewer

FILE = Path(__file__).parents[1] / "src" / "yanzhen" / "api" / "examples.json"
SHOWN = 2
WHOLE = ("columns", "period", "head", "choices")
JOB = Job(
    "5f0c1d6e9a364f0b",
    "plan",
    {"study": "china-provinces", "source": "china-provinces"},
    "running",
    stage="market",
    share=0.35,
    made=1_796_000_000.0,
)
CLEARING = replace(JOB, kind="clearing", stage="market")


def main(store: Path, study: Path) -> None:
    """Ask a server everything, and write what it answers."""
    before = json.loads(FILE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(store, Path(folder) / "store"))
        bench = Workbench(copy, [str(study)])
        try:
            found = _asked(bench, TestClient(make_app(bench)))
        finally:
            bench.close()
    said = json.dumps(before | {"operations": found}, ensure_ascii=False, indent=1, sort_keys=True)
    FILE.write_text(said + "\n", encoding="utf-8")


# Kept whole: a list of requests.
def _asked(bench: Workbench, client: TestClient) -> dict[str, Any]:
    key = bench.studies.all()[0].key
    operations: dict[str, Any] = {}

    def ask(
        operation: str,
        method: str,
        path: str,
        body: Any = None,
        files: Any = None,
        query: dict[str, Any] | None = None,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        asked: dict[str, Any] = {"headers": headers, "params": query}
        if body is not None:
            asked["json"] = body
        if files is not None:
            asked["files"] = files
        answer = client.request(method, f"/api/v1{path}", **asked)
        assert answer.status_code < 300, (operation, answer.text)
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        kept: dict[str, Any] = {"parameters": {**(parameters or {}), **(query or {})}}
        if body is not None:
            kept["request"] = {"application/json": body}
        if files is not None:
            field = files[0][0] if isinstance(files, list) else next(iter(files))
            shown = ["(the file)"] if isinstance(files, list) else "(the file)"
            kept["request"] = {"multipart/form-data": {field: shown}}
        if media_type == "application/json":
            kept["response"] = {media_type: _shortened(answer.json())}
        elif media_type in ("application/toml", "text/html", "text/csv", "text/calendar"):
            kept["response"] = {media_type: answer.text[:300]}
        operations[operation] = kept
        return answer.json() if media_type == "application/json" else answer.text

    plan, block = f"/plans/{key}", bench.plans.market(key)[0].blocks.row(0, named=True)
    ask("list_studies", "GET", "/studies", query={"limit": 2})
    ask("get_study", "GET", f"/studies/{key}")
    ask("study_problems", "GET", f"/studies/{key}/problems")
    ask("get_plan", "GET", plan)
    ask("plan_findings", "GET", f"{plan}/findings", query={"lang": "en"})
    ask("plan_tables", "GET", f"{plan}/tables", query={"lang": "en"})
    table = {"table": "moves"}
    ask("plan_table", "GET", f"{plan}/tables/moves", query={"lang": "en"}, parameters=table)
    file = client.get(f"/api/v1{plan}/tables/moves", params={"lang": "en", "form": "csv"})
    operations["plan_table"]["response"]["text/csv"] = "\n".join(file.text.split("\n")[:3])
    ask("plan_figure", "GET", f"{plan}/figures/flows", parameters={"figure": "flows"})
    ask("plan_for_role", "GET", f"{plan}/roles/zone", parameters={"role": "zone"})
    ask("map_for_role", "GET", f"{plan}/roles/zone/map", parameters={"role": "zone"})
    asked = {"industry": block["industry"], "origin": block["origin"], "needs": {}}
    ask("rank_sites", "POST", f"{plan}/rankings", asked)
    rows = f"enterprise,industry,origin,output,count\nA,{block['industry']},{block['origin']},1,1\n"
    taken = ask("take_enterprises", "POST", f"{plan}/enterprises", files={"file": ("a.csv", rows)})
    name = taken["list"]
    ask("rank_enterprises", "GET", f"{plan}/enterprises/{name}", parameters={"name": name})
    ask("list_scenarios", "GET", f"/scenarios/{key}")
    ask("list_schemes", "GET", "/contracts")
    pair = _pair(bench, key)
    for operation, path in (
        ("appraise_contract", "appraisal"),
        ("contract_table", "tables/yearly"),
        ("contract_figure", "figures/gain_curve"),
        ("contract_terms", "terms"),
    ):
        last = path.rpartition("/")
        own = {last[0].rstrip("s"): last[2]} if last[0] else {}
        ask(operation, "GET", f"/contracts/{key}/{path}", query=pair, parameters=own)
    settled = {"start_year": 2027, "projects": _projects(), "schemes": ["liaoning"]}
    settled |= {"tax_kinds": ["value_added_tax"]}
    ask("settle_projects", "POST", "/contracts/settlements", settled)
    matched = f"/technologies/{key}"
    ask("technology_findings", "GET", f"{matched}/incubators/findings")
    match = bench.technologies.read(key, "incubators").pairs.row(0, named=True)
    verdict = {name: match[name] for name in ("achievement", "partner")} | {"verdict": "accept"}
    ask("judge_match", "POST", f"{matched}/verdicts", verdict)
    ask("list_verdicts", "GET", f"{matched}/verdicts")
    content = "地区,产值\n北京,1\n".encode()
    imported = ask("take_files", "POST", "/imports", files=[("files", ("表.csv", content))])
    name = {"name": imported["import"]}
    ask("get_import", "GET", f"/imports/{imported['import']}", parameters=name)
    answers = {"answers": {"regions": {"北京": "110000"}}}
    ask("answer_import", "POST", f"/imports/{imported['import']}/answers", answers, parameters=name)
    ask("import_mapping", "GET", f"/imports/{imported['import']}/mapping", parameters=name)
    entered = {
        "name": "SYNTHETIC",
        "industry": block["industry"],
        "origin": block["origin"],
        "destination": "340000",
        "investment": 12.5,
        "investment_unit": "10,000 CNY",
        "state": "signed",
        "state_on": "2027-03-01",
    }
    added = ask("add_projects_of_organisation", "POST", "/projects", {"projects": [entered]})
    project = {"project": added["projects"][0]}
    own = f"/projects/{project['project']}"
    ask("list_projects_of_organisation", "GET", "/projects", query={"holding": "synth"})
    ask("get_project", "GET", own, parameters=project)
    later = {"state": "started", "on": "2027-09-01"}
    ask("enter_state", "POST", f"{own}/transitions", later, parameters=project)
    ask("list_transitions", "GET", f"{own}/transitions", parameters=project)
    ask_about_deals(bench, ask)
    _ask_exchange(ask, block)
    _ask_docking(ask, bench, block)
    ask_about_agreements(bench, ask)
    ask_about_statistics(bench, ask)
    ask("list_changes", "GET", "/audit", query={"limit": 2})
    ask("verify_changes", "GET", "/audit/verification")
    ask("get_health", "GET", "/health")
    ask("about_problem", "GET", "/problems/not-found", parameters={"kind": "not-found"})
    operations["clear_exchange"]["response"] = {"application/json": asdict(CLEARING)}
    return operations | _written() | examples_of_notices()


def _ask_exchange(ask: Any, block: dict[str, Any]) -> None:
    """Ask for what is listed on the exchange."""
    site = {
        "kind": "site",
        "name": "SYNTHETIC zone",
        "expires_on": "2999-12-31",
        "status": "synthetic",
        "region": block["origin"],
        "room": [
            {"resource": "output", "amount": 500.0, "unit": "100 million CNY"},
            {
                **{"resource": "jobs", "amount": 20000.0, "unit": "persons"},
                **{"price": 1000.0, "price_unit": "CNY"},
            },
        ],
    }
    listings = "/exchange/listings"
    rows = "name,expires_on,text,status,size,unit\n"
    rows += "SYNTHETIC fund,2999-12-31,,synthetic,5,billion CNY\n"
    kind = {"kind": "fund"}
    file = {"file": ("funds.csv", rows)}
    ask("take_listings", "POST", "/exchange/files/fund", files=file, parameters=kind)
    ask("listings_template", "GET", "/exchange/files/fund", parameters=kind)
    made = ask("make_listing", "POST", listings, site)
    of_site = {"listing": made["listing"]}
    own = f"{listings}/{made['listing']}"
    file = {"file": ("plan.pdf", b"%PDF-1.7 SYNTHETIC")}
    added = ask("add_listing_document", "POST", f"{own}/documents", files=file, parameters=of_site)
    ask("submit_listing", "POST", f"{own}/submission", parameters=of_site)
    ask("publish_listing", "POST", f"{own}/publication", parameters=of_site)
    ask("confirm_listing", "POST", f"{own}/confirmation", parameters=of_site)
    document = added["content"]["documents"][0]
    digest = {**of_site, "sha256": document["sha256"]}
    ask("get_listing_document", "GET", f"{own}/documents/{document['sha256']}", parameters=digest)
    ask("list_listings", "GET", listings, query={"kind": "site", "limit": 2})
    ask("get_listing", "GET", own, parameters=of_site)
    again = site | {"documents": [document], "text": "SYNTHETIC"}
    ask("revise_listing", "PUT", own, again, parameters=of_site)
    ask("list_listing_versions", "GET", f"{own}/versions", parameters=of_site)
    ask("withdraw_listing", "POST", f"{own}/withdrawal", parameters=of_site)


def _ask_docking(ask: Any, bench: Workbench, block: dict[str, Any]) -> None:
    """Clear the exchange, and ask for what it says to each side."""
    zone = _zone(bench)
    room = (Room("output", 500.0, "100 million CNY"), Room("jobs", 2e4, "persons"))
    common: dict[str, Any] = {"expires_on": "2999-12-31", "status": "synthetic"}
    sites = [
        _published(bench, viewer, Site(name=name, region=block["origin"], room=room, **common))
        for viewer, name in ((zone, "SYNTHETIC zone"), (LOCAL, "SYNTHETIC park"))
    ]
    needs = (Need("output", 2.0, "100 million CNY"),)
    at = {"industry": block["industry"], "origin": block["origin"]}
    project = Project(name="SYNTHETIC plant", needs=needs, **at, **common)
    listing = _published(bench, LOCAL, project)
    odd = _published(bench, LOCAL, replace(project, name="SYNTHETIC works", origin="999999"))
    job = ask("clear_exchange", "POST", "/exchange/clearings")
    address = bench.database.url.render_as_string(hide_password=False)
    server = {"folder": str(bench.folder), "database": address}
    publish(make_clearing(server, bench.folder, job["subject"], lambda stage, share: None))
    ask("get_clearing", "GET", "/exchange/clearings/latest")
    ask("list_exchange_prices", "GET", "/exchange/prices", query={"limit": 2})
    of_project, of_site = {"listing": listing}, {"listing": sites[1]}
    ask("get_shortlist", "GET", f"/exchange/shortlists/{listing}", parameters=of_project)
    ask("list_prospects", "GET", f"/exchange/prospects/{sites[1]}", parameters=of_site)
    ask("get_left_out", "GET", f"/exchange/left-out/{odd}", parameters={"listing": odd})
    asked = {"project": listing, "site": sites[0], "text": "SYNTHETIC"}
    made = ask("ask_introduction", "POST", "/exchange/introductions", asked)
    name, own = {"introduction": made["introduction"]}, "/exchange/introductions"
    own = f"{own}/{made['introduction']}"
    said = {"answer": "message", "text": "SYNTHETIC"}
    ask("answer_introduction", "POST", f"{own}/answers", said, parameters=name)
    ask("list_introductions", "GET", "/exchange/introductions", query={"limit": 2})
    ask("get_introduction", "GET", own, parameters=name)
    ask("list_introduction_answers", "GET", f"{own}/answers", parameters=name)


def _zone(bench: Workbench) -> Viewer:
    """An administrator of another organisation."""
    organisation = add_organisation(bench.database, "SYNTHETIC zone office")
    person = add_person(bench.database, None, organisation, "zone", "", "administrator")
    return Viewer(person, organisation, "administrator")


def _published(bench: Workbench, viewer: Viewer, content: Content) -> str:
    (made,) = make_listings(bench.database, viewer, [content])
    submit_listing(bench.database, viewer, made)
    publish_listing(bench.database, viewer, made)
    return made


# Kept whole: a list of examples.
def _written() -> dict[str, Any]:
    """Examples that no server has to be asked for, or that differ with every answer."""
    job = {"application/json": asdict(JOB)}
    taken = {"response": {"application/json": {"study": "my-study-0f3c9d21aa54"}}}
    file = {"request": {"multipart/form-data": {"file": "(the file)"}}}
    of_table = {"parameters": {"table": "policies"}}
    person = {
        "id": "8c1f0a4e2b6d4f7a",
        "login": "li.hua@example.org",
        "name": "李华",
        "role": "planner",
        "has_password": True,
        "has_second_factor": False,
        "made_at": "2026-12-01T08:00:00.000000Z",
        "disabled_at": None,
    }
    of_person = {"parameters": {"person": person["id"]}}
    told = {"response": {"application/json": person}}
    secret = {"password": "(told this once)"}
    new = {name: person[name] for name in ("login", "name", "role")}
    token = {
        "id": "5b7c6f0e9d1a4c3f8e2b0a6d4c1f7e93",
        "name": "monthly figures",
        "scopes": ["read", "write"],
        "made_at": "2026-12-01T08:00:00.000000Z",
        "expires_at": "2027-03-01T08:00:00.000000Z",
        "used_at": None,
        "revoked_at": None,
    }
    entered = {"name": token["name"], "scopes": token["scopes"], "days": 90}
    event = f"id: 4d1c0a7be2f96a35\ndata: {json.dumps(asdict(JOB))}\n\n"
    return {
        "upload_study": {**file, **taken},
        "replace_table": {**file, **taken, **of_table},
        "make_study": taken,
        "list_people": {"response": {"application/json": {"items": [person], "next": None}}},
        "add_person_of_organisation": {
            "request": {"application/json": new},
            "response": {"application/json": person | secret},
        },
        "get_person": {**of_person, **told},
        "change_role_of_person": {
            "request": {"application/json": {"role": "planner"}},
            **of_person,
            **told,
        },
        "renew_password": {**of_person, "response": {"application/json": secret}},
        "list_tokens": {"response": {"application/json": {"items": [token], "next": None}}},
        "make_token_of_ones_own": {
            "request": {"application/json": entered},
            "response": {"application/json": token | {"token": "yz_(told this once)"}},
        },
        "revoke_token_of_ones_own": {"parameters": {"token": token["id"]}},
        "list_jobs": {"response": {"application/json": {"items": [asdict(JOB)], "next": None}}},
        "start_job": {
            "request": {"application/json": {"kind": "plan", "study": "china-provinces"}},
            "response": job,
        },
        "get_job": {"response": job},
        "cancel_job": {"response": {"application/json": asdict(JOB) | {"state": "cancelled"}}},
        "follow_job": {"response": {"text/event-stream": event}},
    }


def _pair(bench: Workbench, study: str) -> dict[str, str]:
    from yanzhen.modes.coconstruction.gains.parties import homes, hosts

    market = bench.contracts.market(study)
    home = next(iter(homes(market).values()))
    return {"home": home, "host": list(hosts(market).values())[-1], "lang": "en"}


def _projects() -> list[dict[str, Any]]:
    row = {"project": "A", "value_added_tax": "1000000", "outlay": "0", "gdp": "0"}
    return [row | {"year": str(year)} for year in (2027, 2028)]


def _shortened(said: Any, name: str = "") -> Any:
    """The first entries of long lists, and of a picture's specification the form alone."""
    if isinstance(said, dict):
        if name == "spec":
            return {"$schema": said["$schema"]}
        short = {key: _shortened(value, key) for key, value in said.items()}
        if "estimated" in short and "rows" in short:
            short["estimated"] = [cell for cell in said["estimated"] if cell[0] < SHOWN][:SHOWN]
        return short
    if isinstance(said, list):
        scalars = all(isinstance(each, str | int | float | None) for each in said)
        kept = said if name in WHOLE or (scalars and name == "") else said[:SHOWN]
        return [_shortened(each) for each in kept]
    return said


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
