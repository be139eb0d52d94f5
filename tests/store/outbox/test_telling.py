"""Notices stand with the change they tell of, are never changed, and each finds its ways out."""

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.notice_tables import (
    notice_deliveries,
    notice_settings,
    notices,
    webhooks,
)
from yanzhen.store.database.tables import persons
from yanzhen.store.outbox.kinds import KINDS, kinds_for
from yanzhen.store.outbox.telling import tell
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.permissions import PERMISSIONS
from yanzhen.store.people.viewer import Viewer


@pytest.fixture
def both(database: Database) -> Database:
    add_organisations(database)
    return database


def told(database: Database, viewer: Viewer) -> list[str]:
    with database.reading() as connection:
        asked = select(notices.c.kind).where(visible(notices, viewer)).order_by(notices.c.number)
        return list(connection.scalars(asked))


def ways(database: Database) -> list[tuple[str | None, str | None]]:
    with database.reading() as connection:
        asked = select(notice_deliveries.c.person, notice_deliveries.c.webhook)
        return [(row.person, row.webhook) for row in connection.execute(asked)]


def wants_mail(database: Database, person: str, *kinds: str) -> None:
    with database.writing() as connection:
        row = {"person": person, "mail_address": f"{person}@example.org", "mail_kinds": [*kinds]}
        connection.execute(insert(notice_settings).values(**row, language="en", read_to=0))


def add_hook(database: Database, identity: str, organisation: str, **more: str | None) -> None:
    row = {"id": identity, "organisation": organisation, "address": "https://example.org"}
    row |= {"kinds": ["deal_joined"], "secret": "whsec_AAAA", "made_by": "ann"}
    with database.writing() as connection:
        made = {"made_at": now(), "failures": 0, "last_error": ""}
        connection.execute(insert(webhooks).values({**row, **made, **more}))


def test_every_kind_needs_something_that_there_is() -> None:
    assert set(KINDS.values()) <= set(PERMISSIONS)
    assert "webhook_disabled" not in kinds_for(OURS)
    assert "deal_joined" in kinds_for(OURS)


def test_a_notice_is_for_the_organisation_that_is_told(both: Database) -> None:
    with both.writing() as connection:
        tell(connection, "deal_joined", "d", [OTHERS.organisation], OURS.organisation)
    assert told(both, OTHERS) == ["deal_joined"]
    assert told(both, OURS) == []


def test_what_one_may_not_read_one_is_not_told(both: Database) -> None:
    with both.writing() as connection:
        tell(connection, "webhook_disabled", "w", [OURS.organisation])
    assert told(both, OURS) == []
    assert told(both, Viewer("a", OURS.organisation, "administrator")) == ["webhook_disabled"]
    token = Viewer("a", OURS.organisation, "administrator", frozenset(("read",)))
    assert told(both, token) == []


def test_a_change_that_fails_tells_nothing(both: Database) -> None:
    wants_mail(both, "bo", "deal_joined")
    with pytest.raises(ZeroDivisionError), both.writing() as connection:
        tell(connection, "deal_joined", "d", [OTHERS.organisation])
        raise ZeroDivisionError
    assert told(both, OTHERS) == []
    assert ways(both) == []


def test_what_is_told_once_is_told_once_to_each(both: Database) -> None:
    wants_mail(both, "bo", "task_due")
    for to in (["ours"], ["ours", "others"], ["others"]):
        with both.writing() as connection:
            tell(connection, "task_due", "d", to, once="task_due t 2027-01-01")
    assert (told(both, OURS), told(both, OTHERS)) == (["task_due"], ["task_due"])
    assert ways(both) == [("bo", None)]


def test_a_notice_goes_to_those_who_want_its_kind_and_may_read_it(both: Database) -> None:
    wants_mail(both, "ann", "deal_moved_on", "webhook_disabled")
    wants_mail(both, "bo", "deal_joined")
    add_hook(both, "hook", "others")
    add_hook(both, "gone", "others", removed_at=now())
    add_hook(both, "off", "others", disabled_at=now())
    add_hook(both, "theirs", "ours", kinds=[])  # type: ignore[arg-type]
    with both.writing() as connection:
        tell(connection, "webhook_disabled", "w", ["ours"])
        tell(connection, "deal_joined", "d", ["ours", "others"])
    assert sorted(ways(both), key=str) == [("bo", None), (None, "hook")]
    with both.writing() as connection:
        leave = update(persons).where(persons.c.id == "bo").values(disabled_at=now())
        connection.execute(leave)
        tell(connection, "deal_joined", "e", ["others"])
    assert sorted(ways(both), key=str) == [("bo", None), (None, "hook"), (None, "hook")]


@pytest.mark.parametrize("change", [update(notices).values(kind="x"), delete(notices)])
def test_a_notice_is_neither_changed_nor_removed(both: Database, change: object) -> None:
    with both.writing() as connection:
        tell(connection, "deal_joined", "d", ["ours"])
    with pytest.raises(IntegrityError), both.writing() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    assert told(both, OURS) == ["deal_joined"]
