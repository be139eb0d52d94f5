"""What Alembic runs; the connection is given by `migrating`."""

from alembic import context

from yanzhen.store.database import deal_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=deal_tables.deals.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
