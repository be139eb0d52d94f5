"""What was backed up comes back whole, into either kind of database, or not at all."""

import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from tests.databases import new_database, new_in_server
from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from tests.store.ownership.test_projects import CHIPS, STEEL
from yanzhen.store.audit.chain import FIRST
from yanzhen.store.audit.verifying import Head
from yanzhen.store.backup.checking import check_store
from yanzhen.store.backup.contents import PASSING
from yanzhen.store.backup.reading import NotABackup
from yanzhen.store.backup.restoring import NewerBackup, NotEmpty, restore_backup
from yanzhen.store.backup.writing import write_backup
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import METADATA, answers, audit, projects
from yanzhen.store.ownership.own_folder import folder_of
from yanzhen.store.ownership.projects import add_projects, add_transition, list_projects
from yanzhen.store.ownership.studies import STUDIES, OwnedStudy, hash_of_files, keep_study
from yanzhen.store.people.viewer import LOCAL, Viewer


def bring_study(database: Database, folder: Path, viewer: Viewer, key: str) -> None:
    place = folder_of(folder, viewer.organisation) / STUDIES / key
    (place / "study").mkdir(parents=True)
    (place / "study" / "regions.csv").write_text(f"区域,{viewer.organisation}\n", encoding="utf-8")
    (place / "upload.json").write_text("{}", encoding="utf-8")
    keep_study(database, viewer, OwnedStudy(key, "研究", "Study", hash_of_files(place)))


def fill(database: Database, folder: Path) -> None:
    """Let a store hold something of every kind."""
    add_organisations(database)
    first, _ = add_projects(database, OURS, [STEEL, CHIPS])
    add_projects(database, OTHERS, [CHIPS])
    add_transition(database, OURS, first, "started", "2026-03-01")
    for viewer in (OURS, OTHERS, LOCAL):
        bring_study(database, folder, viewer, "study-0123456789ab")
    (folder / "plans" / "x").mkdir(parents=True)
    (folder / STUDIES / ".being-written").mkdir()
    (folder / STUDIES / ".being-written" / "half").write_text("half", encoding="utf-8")
    answer = {"person": "ann", "idempotency_key": "k", "request_hash": "h", "status": 201}
    with database.writing() as connection:
        connection.execute(insert(answers).values(**answer, body=b"\x00\xff", made_at=now()))


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in METADATA.sorted_tables
            if table.name not in PASSING
        }


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "sqlite" not in path.name and ".being-written" not in path.parts
    }


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> tuple[Database, Path]:
    folder = tmp_path / "store"
    fill(database, folder)
    return database, folder


@pytest.fixture
def backup(filled: tuple[Database, Path], tmp_path: Path) -> Path:
    write_backup(*filled, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, of each kind."""
    if request.param == "postgresql":
        with new_in_server() as url:
            database = Database(url)
            yield database
            database.close()
    else:
        (tmp_path / "other").mkdir()
        database = Database(f"sqlite:///{tmp_path / 'other' / 'store.sqlite'}")
        yield database
        database.close()


def test_a_backup_comes_back_whole_in_either_kind_of_database(
    filled: tuple[Database, Path], backup: Path, target: Database, tmp_path: Path
) -> None:
    database, folder = filled
    manifest = restore_backup(backup, target, tmp_path / "other")
    assert contents(target) == contents(database)
    assert files(tmp_path / "other") == files(folder)
    assert check_store(target, tmp_path / "other", Head.of(manifest.head)) == ()
    assert list_projects(target, OURS, "合肥", state="started").projects != ()
    # New rows are numbered after those restored.
    add_projects(target, OURS, [STEEL])
    assert len(list_projects(target, OURS, "合肥").projects) == 2
    assert not [path for path in (tmp_path / "other").iterdir() if path.name.startswith(".")]


def test_only_its_owner_reads_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_what_a_store_holds_is_replaced_only_when_told(
    filled: tuple[Database, Path], backup: Path
) -> None:
    database, folder = filled
    before = contents(database), files(folder)
    add_projects(database, OURS, [STEEL])
    bring_study(database, folder, OURS, "more-0123456789ab")
    held = contents(database), files(folder)
    with pytest.raises(NotEmpty):
        restore_backup(backup, database, folder)
    assert (contents(database), files(folder)) == held
    restore_backup(backup, database, folder, replacing=True)
    assert (contents(database), files(folder)) == before


def test_a_restoration_that_fails_changes_nothing(
    filled: tuple[Database, Path], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, folder = filled
    add_projects(database, OURS, [STEEL])
    held = contents(database), files(folder)
    rename, renamed = Path.rename, []

    def fail(path: Path, to: Path) -> Path:
        renamed.append(path)
        if len(renamed) == 5:
            raise OSError("full")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="full"):
        restore_backup(backup, database, folder, replacing=True)
    assert (contents(database), files(folder)) == held


def rewritten(backup: Path, change: dict[str, bytes | None]) -> Path:
    """A backup of which some members have another content, or none."""
    other = backup.with_name("other.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(other, "w") as new:
        members = {name: old.read(name) for name in old.namelist()} | change
        for name, content in members.items():
            if content is not None:
                new.writestr(name, content)
    return other


def test_a_backup_that_is_not_whole_is_refused_with_every_fault(
    backup: Path, tmp_path: Path
) -> None:
    broken = rewritten(
        backup,
        {
            "tables/projects.jsonl": b"",
            "tables/jobs.jsonl": None,
            "files/../x": b"",
            "files/studies/study-0123456789ab/upload.json": b"[]",
        },
    )
    with new_database("sqlite", tmp_path) as url:
        database = Database(url)
        held = contents(database)
        with pytest.raises(NotABackup) as refused:
            restore_backup(broken, database, tmp_path / "new")
        assert [english for english, _ in refused.value.faults] == [
            "tables/jobs.jsonl is missing",
            "files/../x is not in its manifest",
            *(
                f"{name} does not have the hash in the manifest"
                for name in (
                    "files/studies/study-0123456789ab/upload.json",
                    "tables/projects.jsonl",
                )
            ),
        ]
        assert contents(database) == held
        database.close()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (b"{}", NotABackup),
        (b"nonsense", NotABackup),
        ({"form": 2}, NotABackup),
        ({"revision": "9999"}, NewerBackup),
    ],
)
def test_a_backup_of_another_form_or_a_newer_version_is_refused(
    tmp_path: Path, said: bytes | dict[str, object], fault: type[Exception]
) -> None:
    with new_database("sqlite", tmp_path) as url:
        database = Database(url)
        write_backup(database, tmp_path, tmp_path / "backup.zip")
        if isinstance(said, dict):
            with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
                said = json.dumps({**json.loads(archive.read("manifest.json")), **said}).encode()
        other = rewritten(tmp_path / "backup.zip", {"manifest.json": said})
        with pytest.raises(fault):
            restore_backup(other, database, tmp_path / "new")
        (tmp_path / "text").write_text("no archive", encoding="utf-8")
        with pytest.raises(NotABackup, match="no ZIP archive"):
            restore_backup(tmp_path / "text", database, tmp_path / "new")
        database.close()


def test_everything_wrong_with_a_store_is_told_at_once(filled: tuple[Database, Path]) -> None:
    database, folder = filled
    assert check_store(database, folder) == ()
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("DELETE FROM organisations WHERE id = 'others'")
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
            connection.exec_driver_sql("BEGIN")
    with database.writing() as connection:
        connection.execute(
            update(projects).where(projects.c.name == CHIPS.name).values(state="closed")
        )
        connection.execute(update(audit).where(audit.c.sequence == 2).values(subject="other"))
    (folder / STUDIES / "study-0123456789ab" / "study" / "regions.csv").write_text("", "utf-8")
    theirs = folder_of(folder, OURS.organisation) / STUDIES
    theirs.rename(theirs.with_name("gone"))
    told = [english for english, _ in check_store(database, folder, Head(99, FIRST))]
    lost = [
        f"1 row(s) of {table}: what column organisation names is not in organisations"
        for table in ("persons", "projects", "studies")
    ]
    assert sorted(told) == sorted(
        [
            *(lost if database.is_sqlite else []),
            "2 project(s) are not in the state of their latest transition",
            "row 2 of the record of changes was changed",
            "the record of changes ends before row 99, which was noted down",
            "the files of study study-0123456789ab of organisation local were changed",
            "the files of study study-0123456789ab of organisation ours are missing",
        ]
    )


def test_what_is_no_store_of_this_version_is_told(database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    ((newer, _),) = check_store(database, tmp_path)
    assert "a newer version made it" in newer
    with database.writing() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    ((empty, _),) = check_store(database, tmp_path)
    assert "the database is empty" in empty


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    with new_database("sqlite", tmp_path) as url:
        database = Database(url)
        fill(database, tmp_path / "folder")
        database.close()
        file = tmp_path / "store.sqlite"
        whole = bytearray(file.read_bytes())
        place = whole.rfind(STEEL.name.encode())
        # The page of the projects loses its list of cells.
        page = place // 4096 * 4096
        whole[page + 3 : page + 5] = b"\x00\x01"
        file.write_bytes(whole)
        told = [english for english, _ in check_store(database, tmp_path / "folder")]
        assert any("the file of the database is damaged" in each for each in told)
        database.close()
