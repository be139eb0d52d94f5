"""Columns that several tables of the store have, declared once."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, String

from yanzhen.store.database.clock import LENGTH

# SQLite numbers rows of its own accord only where the key is INTEGER.
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


def one_of(column: str, allowed: tuple[str, ...]) -> CheckConstraint:
    """A column holds one of some texts."""
    listed = ", ".join(f"'{each}'" for each in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def at(name: str, nullable: bool = False, index: bool = False) -> Column[str]:
    """A moment."""
    return Column(name, String(LENGTH), nullable=nullable, index=index or None)


def made() -> tuple[Column[str], Column[str]]:
    """Who made a row, and when."""
    person: Column[str] = Column("made_by", ForeignKey("persons.id"), nullable=False)
    return person, at("made_at")


def numbered() -> Column[int]:
    """A number that orders the rows, given by the database and never shown."""
    return Column("number", SEQUENCE, primary_key=True, autoincrement=True)


def identity() -> Column[str]:
    """A random identity beside the number."""
    return Column("id", String(32), nullable=False, unique=True)
