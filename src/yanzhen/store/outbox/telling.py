"""Telling organisations of a change, in the transaction that makes it.

A notice says what happened to which thing, without a name: names are read when it is shown or
sent, by whoever it is for. With it stand its deliveries, so that none is lost with a worker.
"""

from collections.abc import Iterable, Mapping
from secrets import token_hex
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from yanzhen.store.database.clock import moment_of
from yanzhen.store.database.inserting import insert_if_new
from yanzhen.store.database.notice_tables import (
    notice_deliveries,
    notice_settings,
    notices,
    webhooks,
)
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.outbox.kinds import kinds_for
from yanzhen.store.people.viewer import Viewer

Facts = Mapping[str, str | int]
NOTHING: Facts = MappingProxyType({})


def tell(
    connection: Connection,
    kind: str,
    subject: str,
    to: Iterable[str],
    told_by: str | None = None,
    facts: Facts = NOTHING,
    once: str | None = None,
) -> None:
    """Tell organisations that something happened, before it is recorded.

    Parameters
    ----------
    connection : of the transaction of the change
    kind : of `yanzhen.store.outbox.kinds.KINDS`
    subject : identity of what it happened to
    to : organisations that may see it
    told_by : organisation that did it, if any
    facts : more about it: codes, numbers and days, never what somebody wrote
    once : what is told to an organisation a single time, whoever tells it how often
    """
    at = moment_of(connection)
    what = {"kind": kind, "subject": subject, "facts": dict(facts), "told_by": told_by}
    told = {}
    for organisation in sorted({*to}):
        row = {**what, "id": token_hex(16), "organisation": organisation, "once": once}
        if insert_if_new(connection, notices, {**row, "made_at": at}):
            told[organisation] = str(row["id"])
    ways = [*_by_mail(connection, kind, told), *_by_webhook(connection, kind, told)]
    if ways:
        state = {"state": "queued", "attempt": 0, "next_at": at, "error": ""}
        rows = [{**way, **state, "id": token_hex(16)} for way in ways]
        connection.execute(insert(notice_deliveries), rows)


def everybody(connection: Connection) -> tuple[str, ...]:
    """Return every organisation, to be told of what is open to all."""
    return tuple(connection.scalars(select(organisations.c.id)))


def _by_mail(connection: Connection, kind: str, told: Mapping[str, str]) -> list[dict[str, Any]]:
    wants = and_(
        notice_settings.c.person == persons.c.id, notice_settings.c.mail_address.is_not(None)
    )
    asked = (
        select(persons.c.id, persons.c.organisation, persons.c.role, notice_settings.c.mail_kinds)
        .join(notice_settings, wants)
        .where(persons.c.organisation.in_(told), persons.c.disabled_at.is_(None))
        .order_by(persons.c.id)
    )
    return [
        {"notice": told[row.organisation], "person": row.id, "webhook": None}
        for row in connection.execute(asked)
        if kind in row.mail_kinds and kind in kinds_for(Viewer(row.id, row.organisation, row.role))
    ]


def _by_webhook(connection: Connection, kind: str, told: Mapping[str, str]) -> list[dict[str, Any]]:
    asked = (
        select(webhooks.c.id, webhooks.c.organisation, webhooks.c.kinds)
        .where(
            webhooks.c.organisation.in_(told),
            webhooks.c.disabled_at.is_(None),
            webhooks.c.removed_at.is_(None),
        )
        .order_by(webhooks.c.number)
    )
    return [
        {"notice": told[row.organisation], "person": None, "webhook": row.id}
        for row in connection.execute(asked)
        if kind in row.kinds
    ]
