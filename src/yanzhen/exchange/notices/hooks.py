"""Webhooks of an organisation: where its programs are told, made and removed by administrators."""

import re
from base64 import b64encode
from dataclasses import dataclass
from ipaddress import ip_address
from secrets import token_bytes, token_hex
from typing import Any
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import Connection, Row, func, insert, select, update

from yanzhen.exchange.notices.deliveries import LONGEST_ERROR, Delivery, finish
from yanzhen.exchange.notices.outcomes import Outcome
from yanzhen.exchange.notices.settings import require_kinds
from yanzhen.exchange.notices.wording import NotTaken
from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import moment_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.notice_tables import notice_deliveries, notices, webhooks
from yanzhen.store.outbox.telling import tell
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

MOST = 10
"""Webhooks of an organisation."""
LONGEST = 2000
SECRET_BYTES = 32
PRINTABLE = re.compile(r"[\x21-\x7e]+")
HOST = re.compile(r"[A-Za-z0-9.:_-]+")
DISABLED = "the webhook was disabled or removed"


class NoSuchWebhook(LookupError):
    """There is no webhook of that identity, or it is not to be seen."""


@dataclass(frozen=True)
class Webhook:
    """Where an organisation's notices are sent.

    Attributes
    ----------
    id : random
    address : that notices are sent to
    kinds : of notices
    made_at : moment
    delivered_at : moment of the newest notice that arrived; None before
    failures : attempts since then that failed
    last_error : of the newest of them
    disabled_at : moment since which nothing is sent; None while it is
    """

    id: str
    address: str
    kinds: tuple[str, ...]
    made_at: str
    delivered_at: str | None
    failures: int
    last_error: str
    disabled_at: str | None


def make_webhook(
    database: Database, viewer: Viewer, address: str, kinds: tuple[str, ...]
) -> tuple[Webhook, str]:
    """Make a webhook; return it with its secret, which is told this once.

    Raises
    ------
    NotTaken
        The address cannot be used, or there are too many already.
    Unavailable
        The database does not answer.
    """
    if not fits(address):
        raise NotTaken("hook.address", "address", said=address[:100])
    require_kinds(viewer, kinds, "kinds")
    secret = "whsec_" + b64encode(token_bytes(SECRET_BYTES)).decode()
    row: dict[str, Any] = {
        "id": token_hex(16),
        "organisation": viewer.organisation,
        "address": address,
        "kinds": sorted({*kinds}),
        "secret": secret,
        "made_by": viewer.person,
        "failures": 0,
        "last_error": "",
    }
    with database.writing() as connection:
        counted = select(func.count()).select_from(_own(viewer).subquery())
        if connection.execute(counted).scalar_one() >= MOST:
            raise NotTaken("hook.many", "address", most=MOST)
        connection.execute(insert(webhooks).values(**row, made_at=moment_of(connection)))
        _record(connection, viewer, "make", row["id"], {"address": address, "kinds": row["kinds"]})
        return _webhook(_seen(connection, viewer, row["id"])), secret


def webhooks_of(database: Database, viewer: Viewer) -> tuple[Webhook, ...]:
    """Return the webhooks of the viewer's organisation, the first made first, without secrets.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        ordered = _own(viewer).order_by(webhooks.c.number)
        return tuple(map(_webhook, connection.execute(ordered)))


def remove_webhook(database: Database, viewer: Viewer, webhook: str) -> None:
    """Remove a webhook: its secret is forgotten, and nothing is sent to it any more.

    Raises
    ------
    NoSuchWebhook
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        _seen(connection, viewer, webhook, to_change=True)
        at = moment_of(connection)
        gone = {"removed_at": at, "secret": ""}
        connection.execute(update(webhooks).where(webhooks.c.id == webhook).values(**gone))
        drop_queued(connection, webhook)
        _record(connection, viewer, "remove", webhook, {})


def enable_webhook(database: Database, viewer: Viewer, webhook: str) -> Webhook:
    """Let a webhook that was disabled be sent to again; what was told meanwhile is not.

    Raises
    ------
    NoSuchWebhook
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        _seen(connection, viewer, webhook, to_change=True)
        on = {"disabled_at": None, "failures": 0, "last_error": ""}
        connection.execute(update(webhooks).where(webhooks.c.id == webhook).values(**on))
        _record(connection, viewer, "enable", webhook, {})
        return _webhook(_seen(connection, viewer, webhook))


def settle(connection: Connection, delivery: Delivery, outcome: Outcome) -> None:
    """Record how an attempt at a webhook ended.

    Where it is gone for good, or a notice failed to the last while nothing else arrived since, the
    webhook is disabled.
    """
    this = select(webhooks).where(webhooks.c.id == delivery.webhook)
    hook = connection.execute(this.with_for_update()).one()
    ended = finish(connection, delivery, outcome)
    if outcome.untried:
        return
    at = moment_of(connection)
    values: dict[str, Any] = {"failures": 0, "last_error": "", "delivered_at": at}
    if not outcome.arrived:
        error = outcome.error[:LONGEST_ERROR]
        values = {"failures": hook.failures + 1, "last_error": error}
    connection.execute(update(webhooks).where(webhooks.c.id == hook.id).values(**values))
    told_at = select(notices.c.made_at).where(notices.c.id == delivery.notice)
    is_silent = (hook.delivered_at or "") < connection.execute(told_at).scalar_one()
    gone = outcome.final or (ended and is_silent)
    if not outcome.arrived and gone and hook.disabled_at is None:
        disable_webhook(connection, hook)


def disable_webhook(connection: Connection, webhook: Row[Any]) -> None:
    """Send nothing to a webhook any more, and tell its organisation's administrators."""
    off = {"disabled_at": moment_of(connection)}
    connection.execute(update(webhooks).where(webhooks.c.id == webhook.id).values(**off))
    drop_queued(connection, webhook.id)
    tell(connection, "webhook_disabled", webhook.id, [webhook.organisation])
    record(connection, None, "disable", "webhook", webhook.id, {})


def drop_queued(connection: Connection, webhook: str) -> None:
    """End what waits to be sent to a webhook."""
    ended = {"state": "failed", "ended_at": moment_of(connection), "error": DISABLED}
    waits = (notice_deliveries.c.webhook == webhook, notice_deliveries.c.state == "queued")
    connection.execute(update(notice_deliveries).where(*waits).values(**ended))


def fits(address: str) -> bool:
    """Whether notices can be sent to an address: HTTPS, or HTTP to this machine itself."""
    if len(address) > LONGEST or not PRINTABLE.fullmatch(address) or "\\" in address:
        return False
    try:
        split = urlsplit(address)
        host, port = split.hostname or "", split.port
    except ValueError:
        return False
    if split.username is not None or split.password is not None or "#" in address or port == 0:
        return False
    return HOST.fullmatch(host) is not None and (
        split.scheme == "https" or (split.scheme == "http" and is_loopback(split))
    )


def is_loopback(split: SplitResult) -> bool:
    """Whether an address names this machine itself."""
    host = split.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _own(viewer: Viewer) -> Any:
    return select(webhooks).where(visible(webhooks, viewer), webhooks.c.removed_at.is_(None))


def _seen(
    connection: Connection, viewer: Viewer, webhook: str, to_change: bool = False
) -> Row[Any]:
    this = _own(viewer).where(webhooks.c.id == webhook)
    row = connection.execute(this.with_for_update() if to_change else this).first()
    if row is None:
        raise NoSuchWebhook(webhook)
    found: Row[Any] = row
    return found


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        row.id,
        row.address,
        tuple(row.kinds),
        row.made_at,
        row.delivered_at,
        row.failures,
        row.last_error,
        row.disabled_at,
    )


def _record(
    connection: Connection, viewer: Viewer, action: str, webhook: str, change: dict[str, Any]
) -> None:
    record(connection, viewer.actor, action, "webhook", webhook, change)
