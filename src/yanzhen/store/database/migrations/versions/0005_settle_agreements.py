"""Keep agreements, their journals and their statements"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEPT = (
    *("agreements", "agreement_answers", "exit_notices", "declared_rows"),
    *("journal_entries", "statements", "statement_signatures"),
)
SIGNERS = "party IN ('home', 'host', 'third')"


def _sequence() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _made(table: str) -> list[sa.Column[str] | sa.ForeignKeyConstraint]:
    return [
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f(f"fk_{table}_made_by")),
    ]


def _of_agreement(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_agreement")
    return sa.ForeignKeyConstraint(["agreement"], ["agreements.id"], name=name)


# Kept whole: one statement a table, in the order that foreign keys ask for.
def upgrade() -> None:
    op.create_table(
        "agreements",
        sa.Column("place", _sequence(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deal", sa.String(length=32), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("home_organisation", sa.String(length=32), nullable=False),
        sa.Column("host_organisation", sa.String(length=32), nullable=False),
        sa.Column("third_organisation", sa.String(length=32), nullable=True),
        sa.Column("home", sa.String(length=200), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("start_year", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("terms_sha256", sa.String(length=64), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        *_made("agreements"),
        sa.CheckConstraint(
            "(deal IS NULL) <> (reference IS NULL)", name=op.f("ck_agreements_deal")
        ),
        sa.ForeignKeyConstraint(["deal"], ["deals.id"], name=op.f("fk_agreements_deal")),
        *(
            sa.ForeignKeyConstraint(
                [f"{party}_organisation"],
                ["organisations.id"],
                name=op.f(f"fk_agreements_{party}_organisation"),
            )
            for party in ("home", "host", "third")
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_agreements")),
        sa.UniqueConstraint("id", name=op.f("uq_agreements_id")),
        sa.UniqueConstraint(
            *("deal", "terms_sha256", "attempt"),
            name=op.f("uq_agreements_deal_terms_sha256_attempt"),
        ),
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        for party in ("home", "host", "third"):
            name = batch_op.f(f"ix_agreements_{party}_organisation")
            batch_op.create_index(name, [f"{party}_organisation"], unique=False)
    op.create_table(
        "agreement_answers",
        sa.Column("agreement", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=5), nullable=False),
        sa.Column("answer", sa.String(length=7), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *_made("agreement_answers"),
        sa.CheckConstraint(SIGNERS, name=op.f("ck_agreement_answers_party")),
        sa.CheckConstraint(
            "answer IN ('accept', 'decline')", name=op.f("ck_agreement_answers_answer")
        ),
        _of_agreement("agreement_answers"),
        sa.PrimaryKeyConstraint(
            *("agreement", "party", "answer"), name=op.f("pk_agreement_answers")
        ),
    )
    op.create_table(
        "exit_notices",
        sa.Column("agreement", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=5), nullable=False),
        *_made("exit_notices"),
        sa.CheckConstraint(SIGNERS, name=op.f("ck_exit_notices_party")),
        _of_agreement("exit_notices"),
        sa.PrimaryKeyConstraint("agreement", name=op.f("pk_exit_notices")),
    )
    op.create_table(
        "declared_rows",
        sa.Column("agreement", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        *_made("declared_rows"),
        _of_agreement("declared_rows"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_declared_rows_organisation")
        ),
        sa.PrimaryKeyConstraint("agreement", "number", name=op.f("pk_declared_rows")),
        sa.UniqueConstraint(
            "agreement", "replaces", name=op.f("uq_declared_rows_agreement_replaces")
        ),
    )
    with op.batch_alter_table("declared_rows", schema=None) as batch_op:
        name = batch_op.f("ix_declared_rows_organisation")
        batch_op.create_index(name, ["organisation"], unique=False)
    op.create_table(
        "journal_entries",
        sa.Column("agreement", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("postings", sa.JSON(), nullable=False),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        *_made("journal_entries"),
        _of_agreement("journal_entries"),
        sa.PrimaryKeyConstraint("agreement", "number", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint(
            "agreement", "reverses", name=op.f("uq_journal_entries_agreement_reverses")
        ),
    )
    op.create_table(
        "statements",
        sa.Column("agreement", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *_made("statements"),
        _of_agreement("statements"),
        sa.PrimaryKeyConstraint("agreement", "number", name=op.f("pk_statements")),
        sa.UniqueConstraint("agreement", "period", name=op.f("uq_statements_agreement_period")),
    )
    op.create_table(
        "statement_signatures",
        sa.Column("place", _sequence(), autoincrement=True, nullable=False),
        sa.Column("agreement", sa.String(length=32), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=5), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *_made("statement_signatures"),
        sa.CheckConstraint(SIGNERS, name=op.f("ck_statement_signatures_party")),
        sa.CheckConstraint(
            "act IN ('sign', 'dispute', 'resolve')", name=op.f("ck_statement_signatures_act")
        ),
        _of_agreement("statement_signatures"),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_statement_signatures")),
    )
    with op.batch_alter_table("statement_signatures", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_statement_signatures_agreement_statement"),
            ["agreement", "statement"],
            unique=False,
        )
    _keep_rows()


def downgrade() -> None:
    for table in ("statement_signatures", "statements", "journal_entries"):
        op.drop_table(table)
    for table in ("declared_rows", "exit_notices", "agreement_answers", "agreements"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_settlement()")


def _keep_rows() -> None:
    """Let the database refuse to change or delete what is only added."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change_of_settlement() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for table in KEPT:
            for each, whole in (("ROW", "UPDATE OR DELETE"), ("STATEMENT", "TRUNCATE")):
                op.execute(
                    f"CREATE TRIGGER {table}_kept_by_{each.lower()} BEFORE {whole} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION refuse_change_of_settlement()"
                )
        return
    for table in KEPT:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_kept_at_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
            )
