"""The tables of the store, as the newest migration leaves them.

Moments are text (`clock`), identities random text, so that no number tells how many there are.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from yanzhen.store.database.columns import SEQUENCE, at, identity, made, numbered, one_of

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMING)
ROLES = ("analyst", "enterprise", "zone", "planner", "fund", "auditor", "administrator")
# Those of `yanzhen.study.tables.goals`, whose room a worker that waits has no use for.
PROJECT_STATES = (
    *("signed", "started", "in_production", "at_capacity"),
    *("stalled", "moved_away", "closed"),
)
JOB_STATES = ("queued", "running", "done", "failed", "cancelled")
OUTSTANDING_WORK = "state IN ('queued', 'running')"


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(32), primary_key=True)


organisations = Table(
    "organisations",
    METADATA,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    at("made_at"),
)

persons = Table(
    "persons",
    METADATA,
    _id(),
    Column("organisation", ForeignKey("organisations.id"), nullable=False, index=True),
    Column("login", String(200), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(300)),
    Column("totp_secret", String(64)),
    at("totp_confirmed_at", nullable=True),
    Column("totp_last_step", BigInteger),
    at("made_at"),
    at("disabled_at", nullable=True),
    one_of("role", ROLES),
)

identities = Table(
    "identities",
    METADATA,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(300), primary_key=True),
    Column("person", ForeignKey("persons.id"), nullable=False, index=True),
    at("made_at"),
)

recovery_codes = Table(
    "recovery_codes",
    METADATA,
    Column("code_hash", String(64), primary_key=True),
    Column("person", ForeignKey("persons.id"), nullable=False, index=True),
    at("made_at"),
)
"""Codes that stand in for a second factor; each is removed when it is used."""

openid_logins = Table(
    "openid_logins",
    METADATA,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("code_verifier", String(128), nullable=False),
    Column("after", String(2000), nullable=False),
    at("made_at", index=True),
)
"""Logins that went to an OpenID provider and have not come back."""

sessions = Table(
    "sessions",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("person", ForeignKey("persons.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("second_factor", Boolean, nullable=False, default=False),
    at("made_at"),
    at("seen_at"),
    at("expires_at"),
)

api_tokens = Table(
    "api_tokens",
    METADATA,
    _id(),
    Column("person", ForeignKey("persons.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    at("made_at"),
    at("expires_at", nullable=True),
    at("used_at", nullable=True),
    at("revoked_at", nullable=True),
)

attempts = Table(
    "attempts",
    METADATA,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("subject", String(300), nullable=False),
    at("at"),
    Index(None, "subject", "at"),
)

studies = Table(
    "studies",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("organisation", ForeignKey("organisations.id"), primary_key=True),
    Column("made_by", ForeignKey("persons.id"), nullable=False),
    Column("title_zh", String(300), nullable=False),
    Column("title_en", String(300), nullable=False),
    Column("files_hash", String(64), nullable=False),
    at("made_at"),
)

projects = Table(
    "projects",
    METADATA,
    numbered(),
    identity(),
    Column("organisation", ForeignKey("organisations.id"), nullable=False),
    Column("name", String(300), nullable=False),
    Column("industry", String(64), nullable=False),
    Column("origin", String(64), nullable=False),
    Column("destination", String(64), nullable=False),
    Column("investment", Float, nullable=False),
    Column("state", String(20), nullable=False),
    Column("state_on", String(10), nullable=False),
    *made(),
    one_of("state", PROJECT_STATES),
    # Null where a version that did not ask took the project.
    Column("investment_unit", String(40)),
    Index(None, "organisation", "number"),
    Index(None, "organisation", "state", "number"),
)
"""The number orders them and is never shown: it would tell how many others have."""

transitions = Table(
    "transitions",
    METADATA,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("project", ForeignKey("projects.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("on", String(10), nullable=False),
    *made(),
    one_of("state", PROJECT_STATES),
    UniqueConstraint("project", "on"),
)

jobs = Table(
    "jobs",
    METADATA,
    _id(),
    Column("organisation", ForeignKey("organisations.id"), nullable=False),
    Column("owner", ForeignKey("persons.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", JSON, nullable=False),
    Column("work_hash", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("stage", String(80), nullable=False, default=""),
    Column("share", Float, nullable=False, default=0.0),
    Column("attempt", Integer, nullable=False, default=0),
    Column("worker", String(64)),
    at("queued_at"),
    at("started_at", nullable=True),
    at("leased_until", nullable=True),
    at("deadline", nullable=True),
    at("ended_at", nullable=True),
    Column("error", Text, nullable=False, default=""),
    Column("error_zh", Text, nullable=False, default=""),
    Column("problems", JSON, nullable=False),
    one_of("state", JOB_STATES),
    Index(None, "state", "queued_at"),
    Index(None, "organisation", "queued_at", "id"),
    Index(None, "organisation", "started_at"),
    Index(None, "owner", "started_at"),
    Index(None, "organisation", "work_hash", "queued_at"),
    # The same work of an organisation is not done twice at once.
    Index(
        "uq_jobs_outstanding",
        "organisation",
        "work_hash",
        unique=True,
        sqlite_where=text(OUTSTANDING_WORK),
        postgresql_where=text(OUTSTANDING_WORK),
    ),
)

audit = Table(
    "audit",
    METADATA,
    Column("sequence", SEQUENCE, primary_key=True, autoincrement=False),
    at("at"),
    Column("person", String(32)),
    Column("organisation", String(32), index=True),
    Column("action", String(40), nullable=False),
    Column("resource", String(40), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("change", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

answers = Table(
    "answers",
    METADATA,
    Column("person", String(32), primary_key=True),
    Column("idempotency_key", String(200), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer),
    Column("media_type", String(100)),
    Column("body", LargeBinary),
    at("made_at", index=True),
)
"""Answers to requests with an idempotency key; without a status while the first is at work."""
