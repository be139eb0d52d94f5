"""The tables of what is offered on the exchange, and of who was introduced to whom."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from yanzhen.store.database.columns import SEQUENCE, at, identity, made, numbered, one_of
from yanzhen.store.database.tables import METADATA

LISTING_KINDS = ("site", "project", "achievement", "fund", "product")
LISTING_STATES = ("draft", "in_review", "published", "withdrawn")
ANSWERS = ("accepted", "declined", "message", "withdrawn")


listings = Table(
    "listings",
    METADATA,
    numbered(),
    identity(),
    Column("organisation", ForeignKey("organisations.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("published", Integer),
    Column("confidential", Boolean, nullable=False),
    Column("expires_on", String(10), nullable=False),
    at("confirmed_at"),
    *made(),
    one_of("kind", LISTING_KINDS),
    one_of("state", LISTING_STATES),
    Index(None, "kind", "number"),
    Index(None, "organisation", "number"),
)
"""`version` is the newest, `published` the one that others see; `confidential` and `expires_on` are
of the published one, of the newest where none is. The number orders them and is never shown."""

listing_versions = Table(
    "listing_versions",
    METADATA,
    Column("listing", ForeignKey("listings.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", String(300), nullable=False),
    Column("industry", String(64), nullable=False),
    Column("region", String(64), nullable=False),
    Column("same_key", String(64), nullable=False, index=True),
    Column("searched", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    *made(),
)
"""Rows are only added. `same_key` is equal where kind, name, region and industry are."""

introductions = Table(
    "introductions",
    METADATA,
    numbered(),
    identity(),
    Column("organisation", ForeignKey("organisations.id"), nullable=False),
    Column("site_organisation", ForeignKey("organisations.id"), nullable=False),
    Column("project", String(32), nullable=False),
    Column("project_version", Integer, nullable=False),
    Column("site", String(32), nullable=False),
    Column("site_version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    *made(),
    *(
        ForeignKeyConstraint(
            (listing, f"{listing}_version"),
            ("listing_versions.listing", "listing_versions.version"),
        )
        for listing in ("project", "site")
    ),
    Index(None, "organisation", "number"),
    Index(None, "site_organisation", "number"),
    Index(None, "project", "site", unique=True),
)
"""Who asked to be introduced to whom: from then on the site's organisation sees the project.

The versions are those that were published when it was asked for."""

introduction_answers = Table(
    "introduction_answers",
    METADATA,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("introduction", ForeignKey("introductions.id"), nullable=False, index=True),
    Column("organisation", ForeignKey("organisations.id"), nullable=False),
    Column("answer", String(12), nullable=False),
    Column("text", Text, nullable=False),
    *made(),
    one_of("answer", ANSWERS),
)
"""What either side said; rows are only added."""
