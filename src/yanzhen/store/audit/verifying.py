"""Whether the record of changes is still what was written: no row changed, missing or put in.

What stands in the chain itself cannot show that its newest rows were cut off, nor that somebody
who can write to the database computed every hash anew from a changed row on. Both show against a
head (number and hash of the newest row) that was noted down before, out of his reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from yanzhen.store.audit.chain import FIRST, hash_of
from yanzhen.store.database.tables import audit

AT_ONCE = 2000
"""Rows held in memory."""
Fault = Literal["changed", "missing", "torn", "cut", "other_head"]


@dataclass(frozen=True)
class Head:
    """The newest row at some moment, written `NUMBER:HASH`.

    Attributes
    ----------
    sequence : its number, 0 for an empty record
    hash : hexadecimal
    """

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"

    @classmethod
    def of(cls, written: str) -> "Head":
        """Read a head.

        Raises
        ------
        ValueError
            It is not a number and a hash.
        """
        sequence, _, hash_ = written.strip().partition(":")
        if (
            not sequence.isdecimal()
            or len(hash_) != len(FIRST)
            or set(hash_) - set("0123456789abcdef")
        ):
            raise ValueError(written)
        return cls(int(sequence), hash_)


@dataclass(frozen=True)
class Broken:
    """Where the record is not what was written.

    Attributes
    ----------
    fault : changed: the row is not what its hash was made of; missing: rows before it are not
        there; torn: it does not follow the row before, one of the two was put in or taken from
        elsewhere; cut: rows up to the noted head are not there; other_head: the row of the noted
        head has another hash, all of the record may be another
    sequence : of the row
    """

    fault: Fault
    sequence: int


@dataclass(frozen=True)
class Verified:
    """What was found.

    Attributes
    ----------
    rows : read
    head : to be noted down
    broken : every fault, in the order of the rows
    """

    rows: int
    head: Head
    broken: tuple[Broken, ...]


def verify(connection: Connection, noted: Head | None = None) -> Verified:
    """Read the record from its first row to its newest.

    Parameters
    ----------
    connection : that sees one state of the store
    noted : a head that was noted down before
    """
    last, broken, rows = Head(0, FIRST), [], 0
    for row, found in _links(connection):
        broken += [Broken(fault, row.sequence) for fault in found]
        if noted is not None and row.sequence == noted.sequence and row.hash != noted.hash:
            broken.append(Broken("other_head", row.sequence))
        last, rows = row, rows + 1
    if noted is not None and noted.sequence > last.sequence:
        broken.append(Broken("cut", noted.sequence))
    return Verified(rows, last, tuple(broken))


def _links(connection: Connection) -> Iterator[tuple[Head, list[Fault]]]:
    """Give each row with what is wrong with it and its place after the one before."""
    before = Head(0, FIRST)
    statement = select(audit).order_by(audit.c.sequence)
    for read in connection.execute(statement, execution_options={"yield_per": AT_ONCE}):
        row = read._asdict()
        found: list[Fault] = []
        if row["sequence"] > before.sequence + 1:
            found.append("missing")
        elif row["previous"] != before.hash or row["sequence"] < 1:
            found.append("torn")
        if row["hash"] != hash_of(row, row["previous"]):
            found.append("changed")
        before = Head(row["sequence"], row["hash"])
        yield before, found
