"""Say in which unit of money a project's investment stands"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place: a table made anew would take long where there are many. Of older rows no unit is
    # known, and none is made up.
    op.add_column("projects", sa.Column("investment_unit", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("projects", "investment_unit")
