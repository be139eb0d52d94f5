"""Whoever changes, takes out or puts in a row of the record is found; what cannot be, is said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from tests.databases import new_database
from yanzhen.store.audit.chain import FIRST, HASHED, Change, hash_of, record, record_all
from yanzhen.store.audit.verifying import Broken, Head, Verified, verify
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit

BY = ("local", "local")


def filled(database: Database, rows: int = 5) -> Head:
    with database.writing() as connection:
        record_all(
            connection, BY, [Change("make", "project", f"p{i}", {"名称": i}) for i in range(rows)]
        )
    return verified(database).head


def verified(database: Database, noted: Head | None = None) -> Verified:
    with database.reading() as connection:
        return verify(connection, noted)


def chain_anew(connection: Connection) -> None:
    """Compute every hash anew, as one would who can write to the database."""
    previous = FIRST
    for row in connection.execute(select(audit).order_by(audit.c.sequence)).mappings().all():
        values = {"previous": previous, "hash": hash_of(row, previous)}
        connection.execute(update(audit).where(audit.c.sequence == row["sequence"]).values(values))
        previous = values["hash"]


def change(connection: Connection) -> None:
    connection.execute(update(audit).where(audit.c.sequence == 3).values(subject="other"))


def change_with_its_hash(connection: Connection) -> None:
    change(connection)
    row = connection.execute(select(audit).where(audit.c.sequence == 3)).mappings().one()
    renewed = hash_of(row, row["previous"])
    connection.execute(update(audit).where(audit.c.sequence == 3).values(hash=renewed))


def take_out(connection: Connection) -> None:
    connection.execute(delete(audit).where(audit.c.sequence == 3))


def take_out_the_first(connection: Connection) -> None:
    connection.execute(delete(audit).where(audit.c.sequence == 1))


def take_out_and_close_the_gap(connection: Connection) -> None:
    take_out(connection)
    for sequence in (4, 5):
        moved = update(audit).where(audit.c.sequence == sequence)
        connection.execute(moved.values(sequence=sequence - 1))


def put_in(connection: Connection) -> None:
    for sequence in (5, 4):
        moved = update(audit).where(audit.c.sequence == sequence)
        connection.execute(moved.values(sequence=sequence + 1))
    row = dict(connection.execute(select(audit).where(audit.c.sequence == 3)).mappings().one())
    row |= {"sequence": 4, "subject": "invented", "previous": row["hash"]}
    connection.execute(insert(audit).values(**row | {"hash": hash_of(row, row["previous"])}))


def put_before_the_first(connection: Connection) -> None:
    row = dict(connection.execute(select(audit).where(audit.c.sequence == 1)).mappings().one())
    row |= {"sequence": 0}
    connection.execute(insert(audit).values(**row | {"hash": hash_of(row, FIRST)}))


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        (change, [Broken("changed", 3)]),
        (change_with_its_hash, [Broken("torn", 4)]),
        (take_out, [Broken("missing", 4)]),
        (take_out_the_first, [Broken("missing", 2)]),
        (
            take_out_and_close_the_gap,
            [*(Broken(fault, 3) for fault in ("torn", "changed")), Broken("changed", 4)],
        ),
        (put_in, [Broken("torn", 5), Broken("changed", 5), Broken("changed", 6)]),
        (put_before_the_first, [Broken("torn", 0), Broken("torn", 1)]),
    ],
)
def test_tampering_is_found(
    database: Database, tampering: Callable[[Connection], None], found: list[Broken]
) -> None:
    filled(database)
    assert verified(database).broken == ()
    with database.writing() as connection:
        tampering(connection)
    assert list(verified(database).broken) == found


def test_rows_cut_off_show_only_against_a_head_noted_before(database: Database) -> None:
    head = filled(database)
    with database.writing() as connection:
        connection.execute(delete(audit).where(audit.c.sequence > 3))
    assert verified(database).broken == ()
    assert verified(database, head).broken == (Broken("cut", 5),)


def test_hashes_computed_anew_show_only_against_a_head_noted_before(database: Database) -> None:
    head = filled(database)
    with database.writing() as connection:
        change(connection)
        chain_anew(connection)
    assert verified(database).broken == ()
    assert verified(database, head).broken == (Broken("other_head", 5),)


def test_rows_after_a_noted_head_are_as_they_should_be(database: Database) -> None:
    head = filled(database)
    with database.writing() as connection:
        record(connection, None, "make", "organisation", "o", {})
    found = verified(database, head)
    assert (found.rows, found.broken) == (6, ())
    assert Head.of(str(found.head)) == found.head


def test_an_empty_record_is_whole(database: Database) -> None:
    assert verified(database) == Verified(0, Head(0, FIRST), ())


@pytest.mark.parametrize("written", ["", "5", "5:abc", f"x:{FIRST}", f"1:{FIRST[1:]}g"])
def test_what_is_no_head_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        Head.of(written)


SEQUENCES = st.lists(st.text(max_size=4), min_size=1, max_size=8)


def test_any_one_cell_of_any_record_that_is_changed_is_found(tmp_path: Path) -> None:
    @given(SEQUENCES, st.data())
    @settings(max_examples=25)
    def found(subjects: list[str], data: st.DataObject) -> None:
        with database.writing() as connection:
            connection.execute(delete(audit))
            for subject in subjects:
                said = subject.replace("\0", "")
                record(connection, BY, "make", "project", said, {"name": subject})
        assert verified(database).broken == ()
        sequence = data.draw(st.integers(1, len(subjects)))
        column = data.draw(st.sampled_from([*HASHED[1:], "previous", "hash"]))
        with database.writing() as connection:
            here = audit.c.sequence == sequence
            connection.execute(update(audit).where(here).values({column: "changed"}))
        assert sequence in {each.sequence for each in verified(database).broken}

    with new_database("sqlite", tmp_path) as url:
        database = Database(url)
        found()
        database.close()
