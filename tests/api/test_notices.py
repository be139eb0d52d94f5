"""Notices over the API: each person's own, a page at a time, never another organisation's."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.people import Guarded, guarded
from tests.exchange.notices.servers import Taken, mail_server
from tests.waiting import all_ticks, wait_until
from yanzhen.api.own_worker import OwnWorker
from yanzhen.exchange.notices.mail import MailSettings
from yanzhen.exchange.notices.sending import Sends
from yanzhen.exchange.notices.settings import Settings, change_settings
from yanzhen.store.jobs.limits import OF_ONE
from yanzhen.store.outbox.telling import tell

NOTICES, WEBHOOKS = "/api/v1/notices", "/api/v1/webhooks"


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("notices")) as made:
        for _ in range(5):
            with made.bench.database.writing() as connection:
                tell(connection, "deal_joined", "d" * 32, [made.here])
                tell(connection, "webhook_disabled", "w" * 32, [made.here])
        yield made


def test_notices_are_read_by_pages_and_marked_by_each_person(guard: Guarded) -> None:
    first, second = (guard.program(guard.person(name, "zone")) for name in ("a1", "a2"))
    assert first.get(f"{NOTICES}/unread").json() == {"unread": 5}
    page = first.get(NOTICES, params={"limit": 3})
    items, after = page.json()["items"], page.json()["next"]
    assert len(items) == 3 and f"after={after}" in page.headers["Link"]
    rest = first.get(NOTICES, params={"limit": 3, "after": after}).json()
    assert (len(rest["items"]), rest["next"]) == (2, None)
    said = {"notices": [items[0]["id"]]}
    assert first.post(f"{NOTICES}/readings", json=said).status_code == 204
    assert [each["read"] for each in first.get(NOTICES).json()["items"]][:2] == [True, False]
    assert len(first.get(NOTICES, params={"unread": True}).json()["items"]) == 4
    assert first.post(f"{NOTICES}/readings", json={"up_to": items[0]["id"]}).status_code == 204
    assert first.get(f"{NOTICES}/unread").json() == {"unread": 0}
    assert second.get(f"{NOTICES}/unread").json() == {"unread": 5}


def test_what_a_role_may_not_read_it_is_not_told(guard: Guarded) -> None:
    kinds = {
        role: {
            each["kind"]
            for each in guard.program(guard.person(f"k{role}", role)).get(NOTICES).json()["items"]
        }
        for role in ("analyst", "administrator", "auditor")
    }
    assert kinds["analyst"] == {"deal_joined"}
    assert kinds["administrator"] == kinds["auditor"] == {"deal_joined", "webhook_disabled"}
    # A token that may not administer is not told of it either.
    chief = guard.program(guard.person("chief", "administrator"), "read")
    assert {each["kind"] for each in chief.get(NOTICES).json()["items"]} == {"deal_joined"}


def test_another_organisation_finds_nothing(guard: Guarded) -> None:
    own = guard.program(guard.person("own", "zone")).get(NOTICES).json()["items"][0]["id"]
    other = guard.program(guard.person("other", "administrator", guard.elsewhere))
    assert other.get(NOTICES).json()["items"] == []
    for said in ({"notices": [own]}, {"up_to": own}):
        refused = other.post(f"{NOTICES}/readings", json=said)
        never = {
            name: "0" * 32 if isinstance(each, str) else ["0" * 32] for name, each in said.items()
        }
        unknown = other.post(f"{NOTICES}/readings", json=never)
        assert refused.status_code == unknown.status_code == 404
        assert refused.json()["title"].replace(own, "") == unknown.json()["title"].replace(
            "0" * 32, ""
        )
    assert other.get(NOTICES, params={"after": "xyz"}).status_code == 422


def test_settings_are_of_the_person_and_say_what_is_wrong(guard: Guarded) -> None:
    program = guard.program(guard.person("set", "zone"))
    nothing = {"mail_address": None, "mail_kinds": [], "language": "zh", "mail_error": ""}
    assert program.get(f"{NOTICES}/settings").json() == nothing
    wanted = {"mail_address": "a@example.org", "mail_kinds": ["task_due"], "language": "en"}
    assert program.put(f"{NOTICES}/settings", json=wanted).json() == {**wanted, "mail_error": ""}
    for name, wrong in (
        ("mail_address", "a@example.org\r\nBcc: b@example.org"),
        ("mail_kinds", ["webhook_disabled"]),
        ("language", "fr"),
    ):
        refused = program.put(f"{NOTICES}/settings", json={**wanted, name: wrong})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"].startswith(f"#/{name}")
    assert program.get(f"{NOTICES}/settings").json() == {**wanted, "mail_error": ""}
    other = guard.program(guard.person("set2", "zone"))
    assert other.get(f"{NOTICES}/settings").json() == nothing
    reader = guard.program(guard.person("set3", "zone"), "read")
    assert reader.put(f"{NOTICES}/settings", json=wanted).status_code == 403


def test_a_servers_own_worker_delivers(guard: Guarded, tmp_path: Path) -> None:
    taken = Taken()
    viewer = guard.person("mailed", "zone")
    wanted = Settings("mailed@example.org", ("deal_joined",), "en")
    change_settings(guard.bench.database, viewer, wanted)
    address = guard.bench.database.url.render_as_string(hide_password=False)
    with mail_server(taken) as port:
        place = ("127.0.0.1", port, "none", "", "")
        mail = MailSettings(*place, "yanzhen@example.org", "https://yanzhen.example")  # type: ignore[arg-type]
        worker = OwnWorker(address, tmp_path, 1, OF_ONE, sends=Sends(mail))
        try:
            with guard.bench.database.writing() as connection:
                tell(connection, "deal_joined", "d" * 32, [guard.here])
            worker.wake()
            wait_until(lambda: bool(taken.contents), lambda: all_ticks(os.getpid()))
        finally:
            worker.close()
    assert taken.to == [["mailed@example.org"]]
    assert taken.messages[0]["Subject"] == "[Yanzhen] Your organisation joined a deal"


def test_webhooks_are_the_administrators_and_tell_their_secret_once(guard: Guarded) -> None:
    chief = guard.program(guard.person("hooks", "administrator"))
    wanted = {"address": "https://hooks.example.org/in", "kinds": ["deal_joined"]}
    made = chief.post(WEBHOOKS, json=wanted)
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    hook = made.json()
    assert hook["secret"].startswith("whsec_")
    listed = chief.get(WEBHOOKS).json()["items"]
    assert [each["address"] for each in listed] == [wanted["address"]]
    assert hook["secret"] not in chief.get(WEBHOOKS).text
    auditor = guard.program(guard.person("auditor", "auditor"))
    assert [each["id"] for each in auditor.get(WEBHOOKS).json()["items"]] == [hook["id"]]
    assert hook["secret"] not in auditor.get("/api/v1/audit").text
    own = f"{WEBHOOKS}/{hook['id']}"
    zone = guard.program(guard.person("hookless", "zone"))
    weak = guard.program(guard.person("weak", "administrator"), "read", "write")
    for program, may_read in ((auditor, 200), (zone, 403), (weak, 403)):
        assert program.get(WEBHOOKS).status_code == may_read
        assert program.post(WEBHOOKS, json=wanted).status_code == 403
        assert program.post(f"{own}/enabled").status_code == 403
        assert program.delete(own).status_code == 403
    other = guard.program(guard.person("abroad", "administrator", guard.elsewhere))
    assert other.get(WEBHOOKS).json()["items"] == []
    assert other.post(f"{own}/enabled").status_code == other.delete(own).status_code == 404
    for name, wrong in (("address", "http://example.org"), ("kinds", []), ("kinds", ["x"])):
        refused = chief.post(WEBHOOKS, json={**wanted, name: wrong})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"].startswith(f"#/{name}")
    assert chief.post(f"{own}/enabled").json()["disabled_at"] is None
    assert chief.delete(own).status_code == 204
    assert chief.delete(own).status_code == 404
    assert chief.get(WEBHOOKS).json()["items"] == []


def test_a_page_of_webhooks_follows_the_other(guard: Guarded) -> None:
    chief = guard.program(guard.person("paging", "administrator", guard.elsewhere))
    for number in range(3):
        said = {"address": f"https://example.org/{number}", "kinds": ["task_due"]}
        assert chief.post(WEBHOOKS, json=said).status_code == 201
    first = chief.get(WEBHOOKS, params={"limit": 2}).json()
    rest = chief.get(WEBHOOKS, params={"limit": 2, "after": first["next"]}).json()
    found = [each["address"][-1] for each in (*first["items"], *rest["items"])]
    assert (found, rest["next"]) == (["0", "1", "2"], None)
