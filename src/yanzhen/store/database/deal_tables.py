"""The tables of deals between organisations, as the newest migration leaves them.

Of those in `KEPT` rows are only added: the database itself refuses to change or delete one.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from yanzhen.store.database.columns import at, identity, made, numbered, one_of
from yanzhen.store.database.tables import METADATA, PROJECT_STATES

CAPACITIES = ("enterprise", "operator", "host", "home", "fund")
"""What an organisation is in a deal."""
MODES = ("direct", "chain", "coconstruction", "technology")
BEFORE_SIGNING = ("contact", "talks", "offer", "terms_agreed")
DEAL_STATES = (*BEFORE_SIGNING, *PROJECT_STATES, "withdrawn")
MONEY_EVENTS = ("increase", "funds")
"""What happens to a deal and changes no state: capital added, funds that arrived."""


def _deal(key: bool = False) -> Column[str]:
    return Column("deal", ForeignKey("deals.id"), nullable=False, primary_key=key)


def _organisation(key: bool = False) -> Column[str]:
    return Column("organisation", ForeignKey("organisations.id"), nullable=False, primary_key=key)


deals = Table(
    "deals",
    METADATA,
    numbered(),
    identity(),
    Column("title", String(300), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("industry", String(64), nullable=False),
    Column("origin", String(64), nullable=False),
    Column("destination", String(64), nullable=False),
    Column("investment", BigInteger),
    Column("introduction", String(64), unique=True),
    Column("project_listing", String(64)),
    Column("site_listing", String(64)),
    Column("state", String(20), nullable=False),
    Column("state_on", String(10), nullable=False),
    Column("owner", ForeignKey("persons.id")),
    Column("version", Integer, nullable=False),
    *made(),
    one_of("mode", MODES),
    one_of("state", DEAL_STATES),
    Index(None, "state", "number"),
)
"""Money is in fen. The number orders them and is never shown."""

deal_parties = Table(
    "deal_parties",
    METADATA,
    _deal(key=True),
    _organisation(key=True),
    Column("capacity", String(20), nullable=False),
    *made(),
    one_of("capacity", CAPACITIES),
    Index(None, "organisation", "deal"),
)

deal_transitions = Table(
    "deal_transitions",
    METADATA,
    numbered(),
    _deal(),
    Column("event", String(20), nullable=False),
    Column("on", String(10), nullable=False),
    Column("amount", BigInteger),
    _organisation(),
    *made(),
    one_of("event", DEAL_STATES + MONEY_EVENTS),
    UniqueConstraint("deal", "on", "event"),
)

deal_terms = Table(
    "deal_terms",
    METADATA,
    _deal(key=True),
    Column("version", Integer, primary_key=True),
    Column("terms", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    _organisation(),
    *made(),
)

deal_agreements = Table(
    "deal_agreements",
    METADATA,
    _deal(key=True),
    Column("version", Integer, primary_key=True),
    _organisation(key=True),
    Column("sha256", String(64), nullable=False),
    *made(),
)
"""Who agreed to which version of the terms, for which party."""

deal_signed_terms = Table(
    "deal_signed_terms",
    METADATA,
    _deal(key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    at("made_at"),
)
"""Versions to which every party of their moment agreed."""

deal_tasks = Table(
    "deal_tasks",
    METADATA,
    numbered(),
    identity(),
    _deal(),
    Column("title", String(300), nullable=False),
    _organisation(),
    Column("due", String(10), nullable=False),
    Column("done_on", String(10)),
    Column("version", Integer, nullable=False),
    *made(),
    Index(None, "deal", "due"),
)
"""The organisation is the party whose task it is."""

deal_comments = Table(
    "deal_comments",
    METADATA,
    numbered(),
    identity(),
    _deal(),
    Column("text", Text, nullable=False),
    Column("corrects", ForeignKey("deal_comments.id")),
    Column("private_to", ForeignKey("organisations.id")),
    _organisation(),
    *made(),
    Index(None, "deal", "number"),
)

deal_documents = Table(
    "deal_documents",
    METADATA,
    numbered(),
    identity(),
    _deal(),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    _organisation(),
    *made(),
    Index(None, "deal", "number"),
)
"""Their content lies in the folder of the store, named by its hash."""

calendar_addresses = Table(
    "calendar_addresses",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("person", ForeignKey("persons.id"), nullable=False, index=True),
    at("made_at"),
)
"""Addresses by which a calendar reads somebody's tasks without logging in."""

KEPT = (
    *(deal_parties, deal_transitions, deal_terms, deal_agreements, deal_signed_terms),
    *(deal_comments, deal_documents),
)
