"""Notices over the API: each person's own, a page at a time, never another organisation's."""

from collections.abc import Iterator

import pytest

from tests.api.people import Guarded, guarded
from yanzhen.store.outbox.telling import tell

NOTICES = "/api/v1/notices"


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
