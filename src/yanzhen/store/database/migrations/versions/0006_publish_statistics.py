"""Keep the statistics that were published"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEPT = ("statistics_publications", "statistics_contributions")


def upgrade() -> None:
    op.create_table(
        "statistics_publications",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["persons.id"], name=op.f("fk_statistics_publications_made_by")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statistics_publications")),
        sa.UniqueConstraint("period", name=op.f("uq_statistics_publications_period")),
    )
    op.create_table(
        "statistics_contributions",
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication"],
            ["statistics_publications.number"],
            name=op.f("fk_statistics_contributions_publication"),
        ),
        sa.PrimaryKeyConstraint("publication", name=op.f("pk_statistics_contributions")),
    )
    _keep_rows()


def downgrade() -> None:
    for table in reversed(KEPT):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_statistics()")


def _keep_rows() -> None:
    """Let the database refuse to change or delete what is only added."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change_of_statistics() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for table in KEPT:
            for each, whole in (("ROW", "UPDATE OR DELETE"), ("STATEMENT", "TRUNCATE")):
                op.execute(
                    f"CREATE TRIGGER {table}_kept_by_{each.lower()} BEFORE {whole} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION refuse_change_of_statistics()"
                )
        return
    for table in KEPT:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_kept_at_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
            )
