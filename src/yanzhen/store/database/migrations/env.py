"""What Alembic runs; the connection is given by `migrating`."""

from alembic import context

# Declares its tables beside those of `tables`.
import yanzhen.store.database.listing_tables  # noqa: F401
from yanzhen.store.database.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
