"""What Alembic runs; the connection is given by `migrating`."""

from alembic import context

from yanzhen.store.database import settlement_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=settlement_tables.agreements.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
