"""A database that goes, is busy or is new: what is told, and that it comes back."""

import re
import stat
import traceback
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from tests import databases
from yanzhen.store.database import connection as connections
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database, NotADatabase, Unavailable, sqlite_url
from yanzhen.store.database.inserting import insert_if_new
from yanzhen.store.database.migrating import NewerStore
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.viewer import LOCAL


def names(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(select(organisations.c.name).order_by("name")))


def add(database: Database, name: str) -> None:
    with database.writing() as connection:
        connection.execute(insert(organisations).values(id=name, name=name, made_at=now()))


def test_what_a_transaction_wrote_is_kept_whole_or_not_at_all(database: Database) -> None:
    add(database, "kept")
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute(insert(organisations).values(id="b", name="b", made_at=now()))
        raise RuntimeError
    assert names(database) == ["kept", "local"]


def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    row = {"id": "x", "organisation": "nobody", "login": "x", "name": "x", "role": "zone"}
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(insert(persons).values(**row, made_at=now()))


def test_a_reader_sees_one_state_while_another_writes(database: Database) -> None:
    with database.reading() as reader:
        counted = "SELECT count(*) FROM organisations"
        before = reader.scalar(text(counted))
        add(database, "meanwhile")
        assert reader.scalar(text(counted)) == before
    assert names(database) == ["local", "meanwhile"]


def test_a_row_that_is_there_is_not_inserted_again(database: Database) -> None:
    row = {"id": "a", "name": "a", "made_at": now()}
    with database.writing() as connection:
        assert insert_if_new(connection, organisations, row)
        assert not insert_if_new(connection, organisations, {**row, "made_at": now()})


def test_a_false_statement_is_a_fault_and_no_absence(database: Database) -> None:
    with pytest.raises((OperationalError, ProgrammingError)), database.reading() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))


def test_the_file_of_sqlite_writes_ahead_and_holds_foreign_keys(tmp_path: Path) -> None:
    database = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with database.reading() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()


def test_a_file_that_another_writes_too_long_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY", 0.05)
    with databases.new_database("sqlite", tmp_path) as url:
        first, second = Database(url), Database(url)
        with first.writing(), pytest.raises(Unavailable, match="locked"):
            add(second, "b")
        add(second, "b")
        assert names(first) == ["b", "local"]
        first.close()
        second.close()


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unable to open"):
        open_store(f"sqlite:///{tmp_path / 'none' / 'store.sqlite'}")


@pytest.mark.parametrize("said", ["mysql://a/b", "no address", "sqlite://", ""])
def test_an_address_of_another_kind_is_refused(said: str) -> None:
    with pytest.raises(NotADatabase, match=f"^{re.escape(said)}$"):
        Database(said)


def test_a_server_that_is_gone_for_a_while_is_found_again() -> None:
    server = databases.new_server()
    try:
        server.run("CREATE DATABASE yanzhen")
        database = open_store(server.url("yanzhen"))
        add(database, "before")
        with pytest.raises(Unavailable), database.writing() as connection:
            connection.execute(insert(organisations).values(id="cut", name="cut", made_at=now()))
            server.stop()
            connection.execute(select(organisations.c.id))
        for _ in range(3):
            with pytest.raises(Unavailable):
                names(database)
            with pytest.raises(Unavailable):
                add(database, "lost")
        server.start()
        assert names(database) == ["before", "local"]
        add(database, "after")
        assert names(database) == ["after", "before", "local"]
        database.close()
    finally:
        server.remove()


def test_a_store_of_a_newer_version_is_refused_and_left_alone(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(update(persons).where(persons.c.id == LOCAL.person).values(name="newer"))
    with pytest.raises(NewerStore, match="9999"):
        open_store(database_url)
    with database.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    database.close()


def test_what_was_entered_is_in_no_error(database: Database) -> None:
    with pytest.raises(IntegrityError) as refused, database.writing() as connection:
        said = {
            "id": "x",
            "organisation": "nobody",
            "login": "very-private",
            "name": "",
            "role": "",
        }
        connection.execute(insert(persons).values(**said, made_at="2026"))
    told = "".join(traceback.format_exception(refused.value))
    assert "very-private" not in told and "parameters hidden" in told


def test_an_older_file_becomes_one_that_its_owner_alone_reads(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    file.touch(0o644)
    file.chmod(0o644)
    open_store(sqlite_url(file)).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_new_file_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'store.sqlite'}").close()
    kept = [*tmp_path.iterdir()]
    assert kept and {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}
