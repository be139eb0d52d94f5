"""Studies belong to those who brought them; nobody else can tell that they are there."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit
from yanzhen.store.ownership.studies import (
    OwnedStudy,
    drop_study,
    hash_of_files,
    keep_study,
    may_read_study,
    studies_of,
)
from yanzhen.store.people.viewer import Viewer

STUDY = OwnedStudy("study-0123456789ab", "研究", "Study", "0" * 64)


def seen(database: Database) -> dict[Viewer, tuple[str, ...]]:
    return {viewer: studies_of(database, viewer) for viewer in (OURS, OTHERS)}


def recorded(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(audit.c.action, audit.c.person).order_by("sequence"))
        return [tuple(row) for row in rows]


def test_a_study_that_two_brought_stays_the_others_when_one_lets_it_go(database: Database) -> None:
    add_organisations(database)
    keep_study(database, OURS, STUDY)
    assert seen(database) == {OURS: (STUDY.key,), OTHERS: ()}
    assert may_read_study(database, OURS, STUDY.key)
    assert not may_read_study(database, OTHERS, STUDY.key)
    assert not may_read_study(database, OURS, "\0")
    assert not drop_study(database, OTHERS, STUDY.key)
    keep_study(database, OTHERS, STUDY)
    assert drop_study(database, OURS, STUDY.key)
    assert seen(database) == {OURS: (), OTHERS: (STUDY.key,)}
    assert recorded(database) == [("make", "ann"), ("make", "bo"), ("remove", "ann")]


def test_the_same_again_is_no_change_and_other_files_are(database: Database) -> None:
    add_organisations(database)
    for study in (STUDY, STUDY, replace(STUDY, files_hash="1" * 64)):
        keep_study(database, OURS, study)
    assert recorded(database) == [("make", "ann"), ("change", "ann")]


def test_the_hash_of_files_tells_every_name_and_byte(tmp_path: Path) -> None:
    def hashed(**files: str) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        for name, text in files.items():
            (folder / "study" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "study" / name).write_text(text, encoding="utf-8")
        return hash_of_files(folder)

    same = hashed(a="1", b="2")
    assert same == hashed(b="2", a="1")
    assert same not in {hashed(a="2", b="1"), hashed(a="1"), hashed(a="1", c="2"), hashed(a="12")}
