"""The tables of settlement, as the newest migration leaves them.

In all of them rows are only added: the database itself refuses to change or delete one.
"""

from sqlalchemy import (
    JSON,
    Boolean,
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

from yanzhen.store.database.columns import SEQUENCE, identity, made, one_of
from yanzhen.store.database.tables import METADATA

SIGNERS = ("home", "host", "third")
ANSWERS = ("accept", "decline")
ACTS = ("sign", "dispute", "resolve")


def _agreement() -> Column[str]:
    return Column("agreement", ForeignKey("agreements.id"), primary_key=True)


def _number() -> Column[int]:
    """A number from 1 on within an agreement."""
    return Column("number", Integer, primary_key=True, autoincrement=False)


def _party(name: str, nullable: bool = False) -> Column[str]:
    return Column(name, ForeignKey("organisations.id"), nullable=nullable, index=True)


agreements = Table(
    "agreements",
    METADATA,
    Column("place", SEQUENCE, primary_key=True, autoincrement=True),
    identity(),
    Column("deal", ForeignKey("deals.id")),
    Column("reference", String(200)),
    Column("attempt", Integer, nullable=False),
    _party("home_organisation"),
    _party("host_organisation"),
    _party("third_organisation", nullable=True),
    Column("home", String(200), nullable=False),
    Column("host", String(200), nullable=False),
    Column("start_year", Integer, nullable=False),
    Column("terms", Text, nullable=False),
    Column("terms_sha256", String(64), nullable=False),
    Column("synthetic", Boolean, nullable=False),
    *made(),
    CheckConstraint("(deal IS NULL) <> (reference IS NULL)", name="deal"),
    UniqueConstraint("deal", "terms_sha256", "attempt"),
)
"""Agreements that are settled: of a deal, whose signed terms are kept here too, or known by what
the parties call it. The place orders them and is never shown. The attempt counts from 1: another
can be registered on the same terms of a deal once the one before was declined."""

agreement_answers = Table(
    "agreement_answers",
    METADATA,
    _agreement(),
    Column("party", String(5), primary_key=True),
    Column("answer", String(7), primary_key=True),
    Column("sha256", String(64), nullable=False),
    *made(),
    one_of("party", SIGNERS),
    one_of("answer", ANSWERS),
)
"""Which party accepted an agreement as it was registered, or declined it, with the hash of what it
read."""

exit_notices = Table(
    "exit_notices",
    METADATA,
    _agreement(),
    Column("year", Integer, nullable=False),
    Column("party", String(5), nullable=False),
    *made(),
    one_of("party", SIGNERS),
)

declared_rows = Table(
    "declared_rows",
    METADATA,
    _agreement(),
    _number(),
    _party("organisation"),
    Column("cells", JSON, nullable=False),
    Column("replaces", Integer),
    *made(),
    UniqueConstraint("agreement", "replaces"),
)
"""What an organisation declared, as it was written; a row of its own that was wrong is replaced by
another, or by one without cells where it is withdrawn."""

journal_entries = Table(
    "journal_entries",
    METADATA,
    _agreement(),
    _number(),
    Column("kind", String(12), nullable=False),
    Column("period", String(10), nullable=False),
    Column("project", Text, nullable=False),
    Column("postings", JSON, nullable=False),
    Column("reverses", Integer),
    Column("note", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    *made(),
    UniqueConstraint("agreement", "reverses"),
)

statements = Table(
    "statements",
    METADATA,
    _agreement(),
    _number(),
    Column("period", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    *made(),
    UniqueConstraint("agreement", "period"),
)
"""Statements as they were issued, byte for byte."""

statement_signatures = Table(
    "statement_signatures",
    METADATA,
    Column("place", SEQUENCE, primary_key=True, autoincrement=True),
    Column("agreement", ForeignKey("agreements.id"), nullable=False),
    Column("statement", Integer, nullable=False),
    Column("party", String(5), nullable=False),
    Column("act", String(8), nullable=False),
    Column("note", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    *made(),
    one_of("party", SIGNERS),
    one_of("act", ACTS),
    Index(None, "agreement", "statement"),
)
"""What parties said to a statement, with the hash of the statement that they saw."""

KEPT = (
    *("agreements", "agreement_answers", "exit_notices", "declared_rows"),
    *("journal_entries", "statements", "statement_signatures"),
)
"""Tables whose rows are only added."""
