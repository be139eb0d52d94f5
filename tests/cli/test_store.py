"""`yanzhen store`: a store goes into a file and comes back, and what is wrong is said."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from tests.databases import new_database, new_in_server
from tests.store.backup.test_backup import contents, fill
from yanzhen.cli.app import app
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["store", *map(str, arguments), "--lang", "en"])


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Path]:
    """The folder of a store with something of every kind, on SQLite."""
    folder = tmp_path / "store"
    folder.mkdir()
    with new_database("sqlite", folder) as url:
        database = Database(url)
        fill(database, folder)
        database.close()
        yield folder


def test_a_store_moves_to_a_server_and_is_whole_there(filled: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.zip"
    done = run("backup", backup, "--store", filled)
    assert done.exit_code == 0 and "Backed up to" in done.output
    with new_in_server() as url:
        there = ("--store", tmp_path / "other", "--database", url)
        done = run("restore", backup, *there, "--json")
        assert (done.exit_code, json.loads(done.stdout)["files"]) == (0, 6)
        assert run("check", *there).exit_code == 0
        refused = run("restore", backup, *there)
        assert refused.exit_code == 2 and "--replace" in refused.output
        assert run("restore", backup, *there, "--replace").exit_code == 0
        ours, theirs = Database(f"sqlite:///{filled / 'store.sqlite'}"), Database(url)
        assert contents(ours) == contents(theirs)
        for database in (ours, theirs):
            database.close()


def test_the_record_is_shown_and_verified(filled: Path) -> None:
    shown = run("audit", "--store", filled, "--json")
    assert [row["action"] for row in json.loads(shown.stdout)][:3] == ["make"] * 3
    assert "ann" in run("audit", "--store", filled).output
    whole = run("audit", "--verify", "--store", filled, "--json")
    head = json.loads(whole.stdout)["head"]
    assert whole.exit_code == 0
    said = run("audit", "--verify", "--store", filled)
    assert head in said.output and "cannot show" in said.output
    assert "cannot show" not in run("audit", "--head", head, "--store", filled).output
    database = Database(f"sqlite:///{filled / 'store.sqlite'}")
    with database.writing() as connection:
        connection.execute(update(audit).where(audit.c.sequence == 2).values(subject="x"))
    database.close()
    broken = run("audit", "--verify", "--store", filled)
    assert broken.exit_code == 1 and "row 2 of the record of changes was changed" in broken.output
    checked = run("check", "--store", filled)
    assert checked.exit_code == 1 and "1 problem(s)" in checked.output
    assert run("check", "--store", filled, "--json").exit_code == 1


def test_what_is_wrong_with_a_command_is_said(filled: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (("check", "--store", tmp_path / "none"), "There is no database in"),
        (("backup", tmp_path / "b.zip", "--database", "mysql://x"), "--database is sqlite"),
        (("check", "--store", filled, "--head", "5"), "--head is NUMBER:HASH"),
        (("restore", tmp_path / "none.zip", "--store", filled), "There is no file"),
        (("restore", filled / "store.sqlite", "--store", tmp_path / "n"), "it is no ZIP archive"),
    ):
        done = run(*arguments)
        assert done.exit_code == 2, done.output
        assert said in done.output
    gone = run("check", "--database", f"postgresql://nobody@/x?host={tmp_path}")
    assert gone.exit_code == 1 and "does not answer" in gone.output
