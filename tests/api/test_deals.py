"""Deals over the API: parties act, and a third organisation finds nothing."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import icalendar
import pytest
from fastapi.testclient import TestClient
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from tests.api.people import Guarded, guarded
from tests.exchange.deals.parties import TERMS
from yanzhen.store.database.tables import audit
from yanzhen.store.people.persons import add_organisation

DEALS = "/api/v1/exchange/deals"
NEVER = "0" * 32
PNG = b"\x89PNG\r\n\x1a\n SYNTHETIC"


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("deals")) as made:
        yield made


class People:
    """An enterprise, a zone and a third organisation, each with a program."""

    def __init__(self, guard: Guarded) -> None:
        self.guard = guard
        self.third = add_organisation(guard.bench.database, "T")
        roles = (("enterprise", guard.here), ("zone", guard.elsewhere))
        self.firm, self.zone = (guard.person(f"at{at}", role, at) for role, at in roles)
        self.other = guard.person("outsider", "administrator", self.third)
        self.viewers = (self.firm, self.zone, self.other)
        self.programs = [guard.program(each) for each in self.viewers]
        self.auditor = guard.program(guard.person("auditor", "auditor", guard.elsewhere))
        self.analyst = guard.program(guard.person("analyst", "analyst"))

    def entered(self, **more: Any) -> dict[str, Any]:
        said = {"title": "SYNTHETIC", "mode": "coconstruction", "industry": "C38"}
        parties = [
            {"organisation": self.guard.here, "capacity": "enterprise"},
            {"organisation": self.guard.elsewhere, "capacity": "host"},
        ]
        contact = [{"event": "contact", "on": "2026-01-05"}]
        places = {"origin": "310000", "destination": "340100", "investment": 10**10}
        return {**said, **places, "parties": parties, "transitions": contact, **more}


@pytest.fixture(scope="module")
def people(guard: Guarded) -> People:
    return People(guard)


def made(people: People, **more: Any) -> str:
    answer = people.programs[0].post(DEALS, json=people.entered(**more))
    assert answer.status_code == 201, answer.text
    identity: str = answer.json()["id"]
    return identity


def test_a_deal_goes_from_contact_to_production_between_its_parties(people: People) -> None:
    firm, zone, _ = people.programs
    own = f"{DEALS}/{made(people)}"
    assert zone.get(own).headers["etag"] == '"1"'
    way = [{"event": "talks", "on": "2026-02-01"}, {"event": "terms_agreed", "on": "2026-03-01"}]
    assert zone.post(f"{own}/transitions", json={"transitions": way}).status_code == 201
    signing = {"transitions": [{"event": "signed", "on": "2026-04-01", "amount": 10**10}]}
    refused = firm.post(f"{own}/transitions", json=signing)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/transitions/0/event"
    read = firm.post(f"{own}/terms", json={"terms": TERMS}).json()["sha256"]
    for viewer, program in zip(people.viewers, people.programs[:2], strict=False):
        said = {"organisation": viewer.organisation, "sha256": read}
        signed = program.post(f"{own}/terms/1/agreements", json=said)
        assert signed.status_code == 201, signed.text
    assert signed.json()["signed_at"]
    assert firm.post(f"{own}/transitions", json=signing).json()["state"] == "signed"
    later = {"transitions": [{"event": "in_production", "on": "2026-09-01"}]}
    assert zone.post(f"{own}/transitions", json=later).json()["state"] == "in_production"
    table = firm.get("/api/v1/exchange/register").text
    assert f"{own.rpartition('/')[2]},2026-04-01,signed,340100,C38,H,1.0,,exchange," in table
    assert people.programs[2].get("/api/v1/exchange/register").text.count("\n") == 1


def test_everything_wrong_names_its_field_and_nothing_is_kept(people: People) -> None:
    firm = people.programs[0]
    own = f"{DEALS}/{made(people, mode='direct')}"
    rows = [("talks", "2025-01-01"), ("in_production", "2026-02-01"), ("talks", "2026-02-01")]
    said = {"transitions": [{"event": event, "on": on} for event, on in rows]}
    answer = firm.post(f"{own}/transitions", json=said)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [
        f"#/transitions/{row}/{field}"
        for row, field in ((0, "on"), (1, "event"), (2, "event"), (2, "event"))
    ]
    assert len(firm.get(f"{own}/transitions").json()) == 1
    alone = firm.post(
        DEALS, json=people.entered(parties=[{"organisation": NEVER, "capacity": "fund"}])
    )
    assert [each["pointer"] for each in alone.json()["errors"]] == ["#/parties", "#/parties"]
    lacking = {name: said for name, said in people.entered().items() if name != "title"}
    unread = firm.post(DEALS, json={**lacking, "transitions": [{"event": "x", "on": "2026-01-05"}]})
    assert [each["pointer"] for each in unread.json()["errors"]] == [
        "#/transitions/0/event",
        "#/title",
    ]
    terms = f"{DEALS}/{made(people)}/terms"
    wrong = firm.post(terms, json={"terms": 'base = "most"'}).json()
    assert {each["pointer"] for each in wrong["errors"]} == {"#/terms"} and wrong["problems"]


def test_a_change_names_the_version_that_was_read(people: People) -> None:
    firm, zone, _ = people.programs
    own = f"{DEALS}/{made(people)}"
    changed = firm.patch(own, json={"title": "new"}, headers={"If-Match": '"1"'})
    assert (changed.json()["title"], changed.headers["etag"]) == ("new", '"2"')
    assert zone.patch(own, json={"title": "x"}, headers={"If-Match": '"1"'}).status_code == 412
    assert zone.patch(own, json={"title": "x"}, headers={"If-Match": "no"}).status_code == 412
    assert zone.patch(own, json={"title": "x"}).status_code == 428
    happened = {"transitions": [{"event": "talks", "on": "2026-02-01"}]}
    old = {"If-Match": '"1"'}
    assert zone.post(f"{own}/transitions", json=happened, headers=old).status_code == 412
    task = {"title": "visit", "organisation": people.zone.organisation, "due": "2026-02-01"}
    added = firm.post(f"{own}/tasks", json=task)
    place = f"{own}/tasks/{added.json()['id']}"
    done = zone.patch(
        place, json={"done_on": "2026-01-30"}, headers={"If-Match": added.headers["etag"]}
    )
    assert (done.json()["done_on"], done.headers["etag"]) == ("2026-01-30", '"2"')
    assert firm.patch(place, json={"due": "2026-03-01"}, headers=old).status_code == 412
    assert firm.get(own).json()["title"] == "new"


def test_who_signs_for_another_is_refused_recorded_and_nothing_changes(people: People) -> None:
    firm, zone, _ = people.programs
    deal = made(people)
    terms = f"{DEALS}/{deal}/terms"
    read = zone.post(terms, json={"terms": TERMS}).json()["sha256"]
    said = {"organisation": people.zone.organisation, "sha256": read}
    before = zone.get(terms).text
    assert firm.post(f"{terms}/1/agreements", json=said).status_code == 403
    assert people.analyst.post(f"{terms}/1/agreements", json=said).status_code == 403
    assert zone.get(terms).text == before
    with people.guard.bench.database.reading() as connection:
        rows = connection.execute(select(audit).where(audit.c.action == "refuse")).all()
    assert [(row.person, row.subject) for row in rows] == [(people.firm.person, deal)]
    assert people.auditor.get(terms).text == before
    assert people.auditor.post(terms, json={"terms": TERMS}).status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("plan.png", PNG, 201),
        ("协议.pdf", b"%PDF-1.7 SYNTHETIC", 201),
        ("notes.csv", "甲,1\n".encode(), 201),
        ("plan.pdf", PNG, 415),
        ("run.exe", b"MZ\x90\0", 415),
        ("page.txt", b"\0\1\2", 415),
        ("fake.docx", b"PK\x03\x04 no archive", 415),
        ("big.txt", b"a" * (10 * 1024 * 1024 + 1), 413),
        ("empty.txt", b"", 422),
        ("../../secret.png", PNG, 422),
        ("gnp\u202e.exe.png", PNG, 422),
        ("<b>.png", PNG, 422),
        ("a" * 300 + ".png", PNG, 422),
    ],
)
def test_documents_are_taken_by_their_content(
    people: People, name: str, content: bytes, status: int
) -> None:
    firm, zone, third = people.programs
    own = f"{DEALS}/{made(people)}/documents"
    answer = firm.post(own, files={"file": (name, content)})
    assert answer.status_code == status, answer.text
    kept = zone.get(own).json()
    assert len(kept) == (status == 201)
    for each in kept:
        got = zone.get(f"{own}/{each['id']}")
        assert got.content == content and got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-disposition"].startswith("attachment")
        assert each["name"] == name
        assert third.get(f"{own}/{each['id']}").status_code == 404


def test_a_calendar_reads_without_a_login_what_its_person_sees(people: People) -> None:
    firm, zone, third = people.programs
    own = f"{DEALS}/{made(people, title='SYNTHETIC <b>甲</b>')}"
    task = {"title": "survey; bring, plan\nX-EVIL:1", "organisation": people.guard.here}
    assert firm.post(f"{own}/tasks", json={**task, "due": "2026-02-01"}).status_code == 201
    addresses = [
        program.post("/api/v1/exchange/calendars").json()["address"] for program in (zone, third)
    ]
    with TestClient(people.guard.served, base_url="http://127.0.0.1:8765") as nobody:
        told = [nobody.get(address) for address in addresses]
        assert told[0].headers["content-type"].startswith("text/calendar")
        events = [icalendar.Calendar.from_ical(each.content).walk("VEVENT") for each in told]
        (event,) = [each for each in events[0] if "survey" in each["summary"]]
        assert str(event["summary"]).startswith("survey; bring, plan\nX-EVIL:1")
        assert event["dtstart"].dt.isoformat() == "2026-02-01" and "X-EVIL" not in event
        assert events[1] == [] and nobody.get(f"{addresses[0]}x").status_code == 404
        again = zone.post("/api/v1/exchange/calendars")
        assert again.headers["cache-control"] == "no-store"
        assert nobody.get(addresses[0]).status_code == 404
        assert zone.delete("/api/v1/exchange/calendars").status_code == 204
        assert nobody.get(again.json()["address"]).status_code == 404
        assert nobody.get(own).status_code == 401


class Apart(RuleBasedStateMachine):
    """Two parties fill deals in any order; nothing of it is told to a third organisation."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="yz-deals-"))
        self.people = People(self.stack.enter_context(guarded(Path(folder))))
        self.deals: list[str] = []
        self.below: list[str] = []
        self.private: list[list[str]] = [[], []]
        self.count = 0

    def teardown(self) -> None:
        self.stack.close()

    def mark(self) -> str:
        self.count += 1
        return f"markx{self.count}end"

    def post(self, who: int, below: str, said: dict[str, Any]) -> dict[str, Any]:
        answer = self.people.programs[who].post(f"{DEALS}/{self.deals[-1]}/{below}", json=said)
        assert answer.status_code == 201, answer.text
        answered: dict[str, Any] = answer.json()
        return answered

    @rule()
    def make(self) -> None:
        self.deals.append(made(self.people, title=self.mark(), mode="coconstruction"))

    @precondition(lambda self: self.deals)
    @rule(who=st.sampled_from([0, 1]), private=st.booleans())
    def comment(self, who: int, private: bool) -> None:
        mark = self.mark()
        self.post(who, "comments", {"text": mark, "private": private})
        if private:
            self.private[who].append(mark)

    @precondition(lambda self: self.deals)
    @rule(who=st.sampled_from([0, 1]))
    def add_a_task(self, who: int) -> None:
        party = self.people.viewers[who].organisation
        task = {"title": self.mark(), "organisation": party, "due": "2026-02-01"}
        self.below.append(f"{self.deals[-1]}/tasks/{self.post(who, 'tasks', task)['id']}")

    @precondition(lambda self: self.deals)
    @rule(who=st.sampled_from([0, 1]))
    def propose(self, who: int) -> None:
        self.post(who, "terms", {"terms": TERMS.replace("合成", self.mark())})
        self.below.append(f"{self.deals[-1]}/terms/1")

    @precondition(lambda self: self.deals)
    @rule(who=st.sampled_from([0, 1]))
    def keep_a_document(self, who: int) -> None:
        place = f"{DEALS}/{self.deals[-1]}/documents"
        file = {"file": (f"{self.mark()}.png", PNG)}
        kept = self.people.programs[who].post(place, files=file).json()["id"]
        self.below.append(f"{self.deals[-1]}/documents/{kept}")

    @precondition(lambda self: self.deals)
    @rule()
    def a_third_acts(self) -> None:
        """Whatever it asks of a deal that is there is answered as of one that never was."""
        third, deal = self.people.programs[2], self.deals[-1]
        head = {"If-Match": '"1"'}
        for method, below, said in (
            ("GET", "", None),
            ("PATCH", "", {"title": "x"}),
            ("POST", "/parties", {"organisation": self.people.third, "capacity": "fund"}),
            *(("GET", f"/{each}", None) for each in ("transitions", "terms", "tasks", "comments")),
            ("GET", "/documents", None),
            ("POST", "/transitions", {"transitions": [{"event": "talks", "on": "2027-01-01"}]}),
            ("POST", "/terms", {"terms": TERMS}),
            ("POST", "/comments", {"text": "x"}),
            ("POST", "/tasks", {"title": "x", "organisation": NEVER, "due": "2026-01-01"}),
        ):
            told = [
                third.request(method, f"{DEALS}/{each}{below}", json=said, headers=head)
                for each in (deal, NEVER)
            ]
            assert told[0].status_code == told[1].status_code == 404, (method, below)
            assert told[0].text.replace(deal, NEVER) == told[1].text
        for path in self.below[-3:]:
            assert third.get(f"{DEALS}/{path}").status_code in (404, 405)
            auditor = self.people.auditor.get(f"{DEALS}/{path}")
            assert auditor.status_code in (200, 405)

    @invariant()
    def a_third_is_told_nothing(self) -> None:
        listed = ("deals", "reminders", "register")
        addresses = [f"/api/v1/exchange/{each}" for each in listed] + ["/api/v1/audit"]
        told = [self.people.programs[2].get(each) for each in addresses]
        assert "markx" not in "".join(each.text for each in told)
        assert told[0].json() == {"items": [], "next": None} and told[1].json() == []

    @invariant()
    def a_private_note_is_its_partys_own(self) -> None:
        for who, program in enumerate(self.people.programs[:2]):
            said = "".join(program.get(f"{DEALS}/{each}/comments").text for each in self.deals)
            assert [mark for mark in self.private[1 - who] if f'"{mark}"' in said] == []
            assert [mark for mark in self.private[who] if f'"{mark}"' not in said] == []


TestApart = Apart.TestCase
TestApart.settings = settings(max_examples=2, stateful_step_count=10, phases=(Phase.generate,))
