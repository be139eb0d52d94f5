"""The client: every operation by a method, requests sent again, answers as values."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from yanzhen.api.app import make_app
from yanzhen.api.description import operations
from yanzhen.api.workbench import Workbench
from yanzhen.client import ApiError, Client, JobFailed, NoAnswer

LEFT_OUT = {"about_problem": "a page for people; errors name its address"}
RESULTS = {
    "plans": ["s"],
    "comparisons": ["s", "a,b"],
    "technologies": ["s", "incubators"],
    "contracts": ["s"],
}
Described = dict[str, Any]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Described:
    bench = Workbench(tmp_path_factory.mktemp("described"), slots=0)
    said = make_app(bench).openapi()
    bench.close()
    return said


class ExampleServer(httpx.BaseTransport):
    """Answers as the description's examples say, and notes what it was asked."""

    def __init__(self, described: Described) -> None:
        self.asked: set[str] = set()
        self.addresses = [
            (method.upper(), re.compile(re.sub(r"{\w+}", "[^/]+", path) + "$"), operation)
            for path, item in described["paths"].items()
            for method, operation in operations({"paths": {path: item}})
        ]
        # Addresses without parameters first.
        self.addresses.sort(key=lambda each: each[1].pattern.count("[^/]+"))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        operation = next(
            operation
            for method, path, operation in self.addresses
            if method == request.method and path.match(request.url.path)
        )
        self.asked.add(operation["operationId"])
        status = min(each for each in operation["responses"] if each.startswith("2"))
        content = operation["responses"][status].get("content", {})
        if not content:
            return httpx.Response(int(status))
        media_type = next(iter(content))
        example = content[media_type].get("example", "")
        if operation["operationId"] == "follow_job":
            ended = example.replace('"running"', '"done"')
            return httpx.Response(200, text=ended)
        if isinstance(example, dict) and example.get("next"):
            example = {**example, "next": None}
        if media_type == "application/json":
            return httpx.Response(int(status), json=example)
        return httpx.Response(int(status), text=str(example))


# Kept whole: a call of each method.
def every_call(client: Client, described: Described, file: Path) -> None:
    analyses = {
        path.split("/")[3]
        for path in described["paths"]
        if path.endswith("/{study}/findings") and "plans" not in path
    }
    for result, of in ({analysis: ["s"] for analysis in analyses} | RESULTS).items():
        if result != "contracts":
            assert client.findings(result, *of)
        assert client.table(result, *of, table="t").frame.width > 1
        assert client.figure(result, *of, figure="f").title
        if result not in ("comparisons", "contracts"):
            client.report(result, *of)
    client.health(), client.studies(), client.study("s"), client.problems("s")
    client.upload(file), client.replace_table("s", "t", file), client.files("s")
    client.template(), client.take_files([file]), client.understood("n")
    client.answer_import("n", {}), client.mapping("n"), client.make_study("n")
    client.plan("s"), client.plan_tables("s"), client.for_role("s", "zone")
    client.map_for_role("s", "zone"), client.rank_sites("s", "06", "110000")
    client.best_sites("s", file), client.scenarios("s"), client.remove_scenario("s", "a")
    client.schemes(), client.settle({}), client.appraise("s", "a", "b")
    client.terms("s", "a", "b"), client.verdicts("s"), client.judge("s", "a", "b", "accept")
    client.start("plan", "s"), list(client.jobs()), client.job("j"), client.cancel("j")
    assert [job.state for job in client.follow("j")] == ["done"]
    assert list(client.projects()) and client.project("p") and client.add_projects([{}])
    client.transitions("p"), client.enter_state("p", "started", "2027-01-01")
    client.tokens(), client.make_token("m", ["read"]), client.revoke_token("t")
    client.people(), client.person("p"), client.add_person("a", "zone")
    client.change_role("p", "zone"), client.disable_person("p"), client.enable_person("p")
    client.renew_password("p"), client.drop_second_factor("p")
    assert list(client.changes()) and client.verify_changes()
    deals, task = client.deals, {"title": "a", "organisation": "o", "due": "2027-01-01"}
    assert list(deals.every()) and deals.deal("d")["id"] and deals.add({})["parties"]
    deals.change("d", 1, title="t"), deals.add_party("d", "o", "fund"), deals.register()
    assert deals.transitions("d") and deals.enter("d", [{"event": "talks"}])["state"]
    assert deals.terms("d") and deals.version("d", 1)["sha256"] and deals.changed_clauses("d", 1)
    deals.propose("d", ""), deals.agree("d", 1, "o", ""), deals.tasks("d"), deals.reminders()
    deals.add_task("d", **task), deals.change_task("d", "t", 1, done_on="2027-01-01")
    assert list(deals.comments("d")) and deals.comment("d", "a")["text"]
    deals.documents("d"), deals.add_document("d", file), deals.document("d", "k")
    deals.new_calendar(), deals.drop_calendar(), deals.calendar("s")
    call_the_exchange(client, file)


def call_the_exchange(client: Client, file: Path) -> None:
    listed = client.exchange
    assert list(listed.listings(kind="site")) and listed.listing("l")["id"]
    assert listed.versions("l") and listed.add({"kind": "site"}) and listed.revise("l", {}, 1)
    assert listed.take("fund", file) and listed.template("fund") and listed.submit("l")
    listed.publish("l"), listed.withdraw("l"), listed.confirm("l")
    listed.add_document("l", file), listed.document("l", "s")
    assert listed.clear()["kind"] == "clearing" and listed.clearing() and list(listed.prices())
    assert listed.shortlist("l")["sites"] and listed.prospects("l")
    assert listed.left_out("l")["reasons"]
    assert list(listed.introductions()) and listed.introduction("i") and listed.ask("p", "s")
    assert listed.answer("i", "accepted") and listed.answers("i")
    agreed = client.agreements
    assert agreed.all() and agreed.agreement("a") and agreed.register(2026, deal="d")
    agreed.answer("a", "host", "accept", "0" * 64)["state"], agreed.text("a", "md")
    agreed.declare("a", [{}])
    assert agreed.declared("a") and agreed.withdraw_row("a", 1)["rows"]
    agreed.declare_file("a", file), agreed.give_notice("a", "home", 2030)
    agreed.transfer("a", "host", "home", 1, "2026-01-01"), agreed.reverse_transfer("a", 1)
    assert agreed.statements("a") and agreed.statement("a", 1)["period"]
    agreed.issue("a", "2026"), agreed.statement_file("a", 1, "json")
    agreed.say("a", 1, "home", "sign")
    told = client.notices
    assert list(told.every(unread=True)) and told.unread() >= 0
    told.mark_read(["a"]), told.mark_read(up_to="a")
    assert told.settings() and told.change_settings(None, [])
    assert list(told.webhooks()) and told.add_webhook("https://example.org", ["task_due"])
    told.enable_webhook("w"), told.remove_webhook("w")
    public = client.statistics
    assert public.all() and public.publication(1)["tables"] and public.publish("2025")["hash"]
    public.file(1), public.file(1, "by_industry_and_year")
    assert public.chain_holds()


def test_every_operation_has_a_method_or_is_left_out_with_a_reason(
    described: Described, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    server = ExampleServer(described)
    with Client("http://test", transport=server) as client:
        every_call(client, described, file)
    all_of_them = {operation["operationId"] for _, operation in operations(described)}
    assert all_of_them - server.asked == set(LEFT_OUT)


def answering(
    *answers: httpx.Response | Exception,
) -> tuple[Client, list[httpx.Request], list[float]]:
    """A client whose server gives these answers, one after another."""
    left, asked, waited = list(answers), [], []

    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        asked.append(request)
        now = left.pop(0)
        if isinstance(now, Exception):
            raise now
        return now

    client = Client(
        "http://test/yanzhen/",
        "yz_secret",
        transport=httpx.MockTransport(answer),
        sleep=waited.append,
    )
    return client, asked, waited


def refusal(status: int, kind: str, **headers: str) -> httpx.Response:
    said = {"type": f"/api/v1/problems/{kind}", "title": "no", "title_zh": "否", "status": status}
    return httpx.Response(status, json=said, headers=headers)


def test_a_request_is_sent_again_with_the_same_key_while_the_server_is_busy_or_gone() -> None:
    done = httpx.Response(201, json={"projects": ["p"]})
    busy = refusal(503, "unavailable", **{"Retry-After": "7"})
    at_work = refusal(409, "key-at-work", **{"Retry-After": "1"})
    client, asked, waited = answering(busy, httpx.ConnectError("gone"), at_work, done)
    assert client.add_projects([{"name": "a"}]) == ["p"]
    assert len({request.headers["idempotency-key"] for request in asked}) == 1
    assert len({request.content for request in asked}) == 1
    assert [waited[0], waited[2]] == [7.0, 1.0]
    assert asked[0].headers["authorization"] == "Bearer yz_secret"
    assert str(asked[0].url) == "http://test/yanzhen/api/v1/projects"


def test_patience_ends() -> None:
    client, _, _ = answering(*(refusal(429, "too-many", **{"Retry-After": "100"}),) * 2)
    with pytest.raises(NoAnswer, match="429"):
        client.studies()


def test_a_refusal_is_an_error_that_names_the_field() -> None:
    said = {
        **{"type": "/api/v1/problems/wrong-request", "title": "no", "title_zh": "否"},
        "errors": [{"in": "body", "pointer": "#/projects/0/name", "detail": "too short"}],
    }
    client, _, _ = answering(httpx.Response(422, json=said))
    with pytest.raises(ApiError, match="#/projects/0/name: too short") as caught:
        client.add_projects([{}])
    assert (caught.value.kind, caught.value.title_zh) == ("wrong-request", "否")


def event(identity: str, state: str) -> str:
    job = {"job": "j", "kind": "plan", "subject": {}, "state": state, "new": "left out"}
    return f"id: {identity}\ndata: {json.dumps(job)}\n\n"


def test_a_job_is_followed_over_a_line_that_breaks() -> None:
    tell: list[str] = []
    first = httpx.Response(200, text=": here\n\n" + event("1", "running"))
    last = httpx.Response(200, text=event("2", "failed"))
    ended = {"job": "j", "kind": "plan", "subject": {}, "state": "failed", "error": "no room"}
    client, asked, _ = answering(
        first, httpx.ReadError("broken"), last, httpx.Response(200, json=ended)
    )
    with pytest.raises(JobFailed, match="no room"):
        client.wait("j", lambda job: tell.append(job.state))
    assert tell == ["running", "failed"]
    assert asked[2].headers["last-event-id"] == "1"


def test_pages_come_one_after_another() -> None:
    def page(name: str, following: str | None) -> httpx.Response:
        study = {
            **{"study": name, "origin": "path", "title_zh": "", "title_en": ""},
            **{"synthetic": True, "plan": False, "diagnosis": False},
        }
        return httpx.Response(200, json={"items": [study], "next": following})

    client, asked, _ = answering(page("a", "cursor"), page("b", None))
    assert [each.study for each in client.studies()] == ["a", "b"]
    assert asked[1].url.params["after"] == "cursor"


def test_the_token_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANZHEN_TOKEN", "yz_other")
    client = Client("http://test", transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    assert client.http.headers["authorization"] == "Bearer yz_other"
