"""Let organisations keep their deals"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEPT = (
    *("deal_parties", "deal_transitions", "deal_terms", "deal_agreements", "deal_signed_terms"),
    *("deal_comments", "deal_documents"),
)
"""Tables whose rows are only added."""


# Kept whole: one statement a table, in the order that foreign keys ask for.
def upgrade() -> None:
    op.create_table(
        "calendar_addresses",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["persons.id"], name=op.f("fk_calendar_addresses_person")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_calendar_addresses")),
    )
    with op.batch_alter_table("calendar_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_addresses_person"), ["person"], unique=False)
    op.create_table(
        "deals",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("industry", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("destination", sa.String(length=64), nullable=False),
        sa.Column("investment", sa.BigInteger(), nullable=True),
        sa.Column("introduction", sa.String(length=64), nullable=True),
        sa.Column("project_listing", sa.String(length=64), nullable=True),
        sa.Column("site_listing", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_on", sa.String(length=10), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "mode IN ('direct', 'chain', 'coconstruction', 'technology')",
            name=op.f("ck_deals_mode"),
        ),
        sa.CheckConstraint(
            "state IN ('contact', 'talks', 'offer', 'terms_agreed', 'signed', 'started', 'in_production', 'at_capacity', 'stalled', 'moved_away', 'closed', 'withdrawn')",
            name=op.f("ck_deals_state"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_deals_made_by")),
        sa.ForeignKeyConstraint(["owner"], ["persons.id"], name=op.f("fk_deals_owner")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deals")),
        sa.UniqueConstraint("id", name=op.f("uq_deals_id")),
        sa.UniqueConstraint("introduction", name=op.f("uq_deals_introduction")),
    )
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deals_state_number"), ["state", "number"], unique=False
        )
    op.create_table(
        "deal_agreements",
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_deal_agreements_deal")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["persons.id"], name=op.f("fk_deal_agreements_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_deal_agreements_organisation")
        ),
        sa.PrimaryKeyConstraint("deal", "version", "organisation", name=op.f("pk_deal_agreements")),
    )
    op.create_table(
        "deal_comments",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("corrects", sa.String(length=32), nullable=True),
        sa.Column("private_to", sa.String(length=32), nullable=True),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects"], ["deal_comments.id"], name=op.f("fk_deal_comments_corrects")
        ),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_deal_comments_deal")),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_deal_comments_made_by")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_deal_comments_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["private_to"], ["organisations.id"], name=op.f("fk_deal_comments_private_to")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deal_comments")),
        sa.UniqueConstraint("id", name=op.f("uq_deal_comments_id")),
    )
    with op.batch_alter_table("deal_comments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deal_comments_deal_number"), ["deal", "number"], unique=False
        )
    op.create_table(
        "deal_documents",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_deal_documents_deal")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["persons.id"], name=op.f("fk_deal_documents_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_deal_documents_organisation")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deal_documents")),
        sa.UniqueConstraint("id", name=op.f("uq_deal_documents_id")),
    )
    with op.batch_alter_table("deal_documents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deal_documents_deal_number"), ["deal", "number"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_deal_documents_sha256"), ["sha256"], unique=False)
    op.create_table(
        "deal_parties",
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('enterprise', 'operator', 'host', 'home', 'fund')",
            name=op.f("ck_deal_parties_capacity"),
        ),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_deal_parties_deal")),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_deal_parties_made_by")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_deal_parties_organisation")
        ),
        sa.PrimaryKeyConstraint("deal", "organisation", name=op.f("pk_deal_parties")),
    )
    with op.batch_alter_table("deal_parties", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deal_parties_organisation_deal"), ["organisation", "deal"], unique=False
        )
    op.create_table(
        "deal_signed_terms",
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_deal_signed_terms_deal")),
        sa.PrimaryKeyConstraint("deal", "version", name=op.f("pk_deal_signed_terms")),
    )
    op.create_table(
        "deal_tasks",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_deal_tasks_deal")),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_deal_tasks_made_by")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_deal_tasks_organisation")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deal_tasks")),
        sa.UniqueConstraint("id", name=op.f("uq_deal_tasks_id")),
    )
    with op.batch_alter_table("deal_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_tasks_deal_due"), ["deal", "due"], unique=False)
    op.create_table(
        "deal_terms",
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_deal_terms_deal")),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_deal_terms_made_by")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_deal_terms_organisation")
        ),
        sa.PrimaryKeyConstraint("deal", "version", name=op.f("pk_deal_terms")),
    )
    op.create_table(
        "deal_transitions",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("on", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "event IN ('contact', 'talks', 'offer', 'terms_agreed', 'signed', 'started', 'in_production', 'at_capacity', 'stalled', 'moved_away', 'closed', 'withdrawn', 'increase', 'funds')",
            name=op.f("ck_deal_transitions_event"),
        ),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_deal_transitions_deal")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["persons.id"], name=op.f("fk_deal_transitions_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_deal_transitions_organisation")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deal_transitions")),
        sa.UniqueConstraint("deal", "on", "event", name=op.f("uq_deal_transitions_deal_on_event")),
    )
    _keep_rows()


def downgrade() -> None:
    op.drop_table("deal_transitions")
    op.drop_table("deal_terms")
    with op.batch_alter_table("deal_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_tasks_deal_due"))
    op.drop_table("deal_tasks")
    op.drop_table("deal_signed_terms")
    with op.batch_alter_table("deal_parties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_parties_organisation_deal"))
    op.drop_table("deal_parties")
    with op.batch_alter_table("deal_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_documents_sha256"))
        batch_op.drop_index(batch_op.f("ix_deal_documents_deal_number"))
    op.drop_table("deal_documents")
    with op.batch_alter_table("deal_comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_comments_deal_number"))
    op.drop_table("deal_comments")
    op.drop_table("deal_agreements")
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deals_state_number"))
    op.drop_table("deals")
    with op.batch_alter_table("calendar_addresses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_addresses_person"))
    op.drop_table("calendar_addresses")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_deal()")


def _keep_rows() -> None:
    """Let the database refuse to change or delete what is only added."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change_of_deal() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for table in KEPT:
            for each, whole in (("ROW", "UPDATE OR DELETE"), ("STATEMENT", "TRUNCATE")):
                op.execute(
                    f"CREATE TRIGGER {table}_kept_by_{each.lower()} BEFORE {whole} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION refuse_change_of_deal()"
                )
        return
    for table in KEPT:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_kept_at_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
            )
