"""The tables of published statistics, as the newest migration leaves them.

In both rows are only added: the database itself refuses to change or delete one.
"""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from yanzhen.store.database.columns import made
from yanzhen.store.database.tables import METADATA

statistics_publications = Table(
    "statistics_publications",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("period", String(10), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    *made(),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Publications as they were given out, byte for byte, each hashed with the one before."""

statistics_contributions = Table(
    "statistics_contributions",
    METADATA,
    Column("publication", ForeignKey("statistics_publications.number"), primary_key=True),
    Column("content", Text, nullable=False),
)
"""What each enterprise has in a publication, with which the next ones are attacked. For nobody."""

KEPT = ("statistics_publications", "statistics_contributions")
"""Tables whose rows are only added."""
