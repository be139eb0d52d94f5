"""What Alembic runs; the connection is given by `migrating`."""

from alembic import context

from yanzhen.store.database import (
    deal_tables,
    listing_tables,
    notice_tables,
    settlement_tables,
    statistics_tables,
    tables,
)

# Whoever reads them declares them with those of `tables`.
DECLARED = (listing_tables, deal_tables, settlement_tables, statistics_tables, notice_tables)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
