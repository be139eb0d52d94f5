"""Tell organisations of what happens, in the workbench, by e-mail and by webhook"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _number() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("number", kind, autoincrement=True, nullable=False)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(length=32), nullable=False)


def _at(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=27), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _keys(table: str) -> tuple[sa.PrimaryKeyConstraint, sa.UniqueConstraint]:
    return (
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("id", name=op.f(f"uq_{table}_id")),
    )


# Kept whole: one statement a table, in the order that foreign keys ask for.
def upgrade() -> None:
    op.create_table(
        "notices",
        _number(),
        _id(),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("told_by", sa.String(length=32), nullable=True),
        sa.Column("once", sa.String(length=200), nullable=True),
        _at("made_at"),
        _to("notices", "organisation", "organisations"),
        _to("notices", "told_by", "organisations"),
        *_keys("notices"),
        sa.UniqueConstraint("organisation", "once", name=op.f("uq_notices_organisation_once")),
    )
    _index("notices", "organisation", "number")
    op.create_table(
        "notice_marks",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("notice", sa.String(length=32), nullable=False),
        _at("made_at"),
        _to("notice_marks", "person", "persons"),
        _to("notice_marks", "notice", "notices"),
        sa.PrimaryKeyConstraint("person", "notice", name=op.f("pk_notice_marks")),
    )
    op.create_table(
        "notice_settings",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("mail_address", sa.String(length=254), nullable=True),
        sa.Column("mail_kinds", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_notice_settings_language")),
        _to("notice_settings", "person", "persons"),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_notice_settings")),
    )
    op.create_table(
        "webhooks",
        _number(),
        _id(),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        _at("made_at"),
        _at("delivered_at", nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        _at("disabled_at", nullable=True),
        _at("removed_at", nullable=True),
        _to("webhooks", "organisation", "organisations"),
        _to("webhooks", "made_by", "persons"),
        *_keys("webhooks"),
    )
    _index("webhooks", "organisation")
    op.create_table(
        "notice_deliveries",
        _number(),
        _id(),
        sa.Column("notice", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("webhook", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _at("next_at"),
        _at("ended_at", nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'failed')", name=op.f("ck_notice_deliveries_state")
        ),
        sa.CheckConstraint(
            "(person IS NULL) <> (webhook IS NULL)", name=op.f("ck_notice_deliveries_one_way")
        ),
        _to("notice_deliveries", "notice", "notices"),
        _to("notice_deliveries", "person", "persons"),
        _to("notice_deliveries", "webhook", "webhooks"),
        *_keys("notice_deliveries"),
    )
    for columns in (("notice",), ("person",), ("webhook",), ("state", "next_at")):
        _index("notice_deliveries", *columns)
    _keep_rows()


def downgrade() -> None:
    for table in ("notice_deliveries", "webhooks", "notice_settings", "notice_marks", "notices"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_notice()")


def _index(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        name = batch_op.f(f"ix_{table}_{'_'.join(columns)}")
        batch_op.create_index(name, list(columns), unique=False)


def _keep_rows() -> None:
    """Let the database refuse to change or delete a notice."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change_of_notice() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for each, whole in (("ROW", "UPDATE OR DELETE"), ("STATEMENT", "TRUNCATE")):
            op.execute(
                f"CREATE TRIGGER notices_kept_by_{each.lower()} BEFORE {whole} ON notices "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change_of_notice()"
            )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER notices_kept_at_{change.lower()} BEFORE {change} ON notices "
            f"BEGIN SELECT RAISE(ABORT, 'rows of notices are only added'); END"
        )
