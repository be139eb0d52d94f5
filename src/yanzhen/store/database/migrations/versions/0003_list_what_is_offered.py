"""List what is offered"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


# Kept whole: one statement a table, in the order that foreign keys ask for.
def upgrade() -> None:
    op.create_table(
        "listings",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=False),
        sa.Column("confirmed_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "kind IN ('site', 'project', 'achievement', 'fund', 'product')",
            name=op.f("ck_listings_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'published', 'withdrawn')",
            name=op.f("ck_listings_state"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_listings_made_by")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_listings_organisation")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_listings")),
        sa.UniqueConstraint("id", name=op.f("uq_listings_id")),
    )
    with op.batch_alter_table("listings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_listings_kind_number"), ["kind", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_listings_organisation_number"), ["organisation", "number"], unique=False
        )

    op.create_table(
        "listing_versions",
        sa.Column("listing", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("industry", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("same_key", sa.String(length=64), nullable=False),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing"], ["listings.id"], name=op.f("fk_listing_versions_listing")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["persons.id"], name=op.f("fk_listing_versions_made_by")
        ),
        sa.PrimaryKeyConstraint("listing", "version", name=op.f("pk_listing_versions")),
    )
    with op.batch_alter_table("listing_versions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_listing_versions_same_key"), ["same_key"], unique=False
        )

    op.create_table(
        "introductions",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("site_organisation", sa.String(length=32), nullable=False),
        sa.Column("project", sa.String(length=32), nullable=False),
        sa.Column("project_version", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("site_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_introductions_made_by")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_introductions_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["project", "project_version"],
            ["listing_versions.listing", "listing_versions.version"],
            name=op.f("fk_introductions_project_project_version"),
        ),
        sa.ForeignKeyConstraint(
            ["site", "site_version"],
            ["listing_versions.listing", "listing_versions.version"],
            name=op.f("fk_introductions_site_site_version"),
        ),
        sa.ForeignKeyConstraint(
            ["site_organisation"],
            ["organisations.id"],
            name=op.f("fk_introductions_site_organisation"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_introductions")),
        sa.UniqueConstraint("id", name=op.f("uq_introductions_id")),
    )
    with op.batch_alter_table("introductions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introductions_organisation_number"),
            ["organisation", "number"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_introductions_project_site"), ["project", "site"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_introductions_site_organisation_number"),
            ["site_organisation", "number"],
            unique=False,
        )

    op.create_table(
        "introduction_answers",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("introduction", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "answer IN ('accepted', 'declined', 'message', 'withdrawn')",
            name=op.f("ck_introduction_answers_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["introduction"],
            ["introductions.id"],
            name=op.f("fk_introduction_answers_introduction"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["persons.id"], name=op.f("fk_introduction_answers_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.id"],
            name=op.f("fk_introduction_answers_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_answers")),
    )
    with op.batch_alter_table("introduction_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_answers_introduction"), ["introduction"], unique=False
        )


def downgrade() -> None:
    op.drop_table("introduction_answers")
    op.drop_table("introductions")
    op.drop_table("listing_versions")
    op.drop_table("listings")
