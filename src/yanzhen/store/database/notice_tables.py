"""The tables of notices: what is told, who has read it, and how far its delivery is.

Notices are only added: the database itself refuses to change or delete one. What comes of them
(read, sent, failed) stands in tables of its own.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from yanzhen.store.database.columns import at, identity, made, numbered
from yanzhen.store.database.tables import METADATA

DELIVERY_STATES = ("queued", "sent", "failed")


notices = Table(
    "notices",
    METADATA,
    numbered(),
    identity(),
    Column("organisation", ForeignKey("organisations.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("told_by", ForeignKey("organisations.id")),
    Column("once", String(200)),
    at("made_at"),
    UniqueConstraint("organisation", "once"),
    Index(None, "organisation", "number"),
)
"""What an organisation is told: the kind of thing that happened, the identity of what it happened
to, and facts that give nobody away; no names. Where `once` says something, it is told once."""

notice_marks = Table(
    "notice_marks",
    METADATA,
    Column("person", ForeignKey("persons.id"), primary_key=True),
    Column("notice", ForeignKey("notices.id"), primary_key=True),
    at("made_at"),
)
"""Notices that somebody has read beyond those up to which all are read."""

notice_settings = Table(
    "notice_settings",
    METADATA,
    Column("person", ForeignKey("persons.id"), primary_key=True),
    Column("mail_address", String(254)),
    Column("mail_kinds", JSON, nullable=False),
    Column("language", String(2), nullable=False),
    Column("read_to", BigInteger, nullable=False),
    CheckConstraint("language IN ('zh', 'en')", name="language"),
)
"""What somebody gets by e-mail, and the number of the notice up to which he has read all."""

webhooks = Table(
    "webhooks",
    METADATA,
    numbered(),
    identity(),
    Column("organisation", ForeignKey("organisations.id"), nullable=False, index=True),
    Column("address", String(2000), nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("secret", String(100), nullable=False),
    *made(),
    at("delivered_at", nullable=True),
    Column("failures", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    at("disabled_at", nullable=True),
    at("removed_at", nullable=True),
)
"""Where notices are sent to programs. The secret signs what is sent, so the server itself needs it
as it is; it opens nothing here, and is emptied with the removal."""

notice_deliveries = Table(
    "notice_deliveries",
    METADATA,
    numbered(),
    identity(),
    Column("notice", ForeignKey("notices.id"), nullable=False, index=True),
    Column("person", ForeignKey("persons.id"), index=True),
    Column("webhook", ForeignKey("webhooks.id"), index=True),
    Column("state", String(8), nullable=False),
    Column("attempt", Integer, nullable=False),
    at("next_at"),
    at("ended_at", nullable=True),
    Column("error", Text, nullable=False),
    CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
    CheckConstraint("(person IS NULL) <> (webhook IS NULL)", name="one_way"),
    Index(None, "state", "next_at"),
)
"""A notice on its way to a person by e-mail or to a webhook. Whoever sends it moves `next_at` on
first: where he dies, another takes it up at that moment."""
