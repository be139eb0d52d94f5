"""Tasks, comments and documents of a deal: theirs alone, kept, reminded of, backed up."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from tests.databases import new_database
from tests.exchange.deals.parties import FIRM, HOST, THIRD, add_everybody, batteries
from yanzhen.exchange.deals.comments import add_comment, comments_of
from yanzhen.exchange.deals.deal import ChangedMeanwhile, Contradicts, NoSuchDeal
from yanzhen.exchange.deals.documents import (
    DocumentLost,
    add_document,
    documents_of,
    place_of,
    read_document,
)
from yanzhen.exchange.deals.tasks import add_task, change_task, reminders, tasks_of
from yanzhen.store.backup.checking import check_store
from yanzhen.store.backup.restoring import restore_backup
from yanzhen.store.backup.writing import write_backup
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deal_comments, deals
from yanzhen.study import StudyError

PDF = b"%PDF-1.7 SYNTHETIC"


@pytest.fixture
def shared(database: Database) -> Iterator[Database]:
    add_everybody(database)
    yield database


def test_reminders_are_the_open_tasks_of_ones_own_that_are_near(shared: Database) -> None:
    key = batteries(shared)
    days = {"2026-02-27": "overdue", "2026-03-01": "due_soon", "2026-03-08": "due_soon"}
    for day in (*days, "2026-03-09"):
        add_task(shared, HOST, key, day, "firm", day)
    add_task(shared, FIRM, key, "theirs", "host", "2026-02-27")
    today = date(2026, 3, 1)
    found = {each.task.due: each.when for each in reminders(shared, FIRM, today)}
    assert found == days
    late = tasks_of(shared, FIRM, key)[0]
    done = change_task(shared, FIRM, key, late.id, {"done_on": "2026-03-01"}, 1)
    assert (done.done_on, done.version) == ("2026-03-01", 2)
    assert len(reminders(shared, FIRM, today)) == 2
    assert reminders(shared, THIRD, today) == ()


def test_tasks_that_cannot_be_are_refused(shared: Database) -> None:
    key = batteries(shared)
    with pytest.raises(StudyError) as refused:
        add_task(shared, FIRM, key, " ", "third", "2026-02-30")
    assert [each.column for each in refused.value.problems] == ["title", "organisation", "due"]
    task = add_task(shared, FIRM, key, "visit", "host", "2026-02-01")
    for values in ({"done_on": "soon"}, {"organisation": "third"}, {"title": ""}):
        with pytest.raises(StudyError):
            change_task(shared, HOST, key, task.id, values, 1)
    with pytest.raises(ChangedMeanwhile):
        change_task(shared, HOST, key, task.id, {"title": "x"}, 2)
    for other in (batteries(shared), "0" * 32, "x"):
        with pytest.raises(NoSuchDeal):
            change_task(shared, HOST, other, task.id, {"title": "x"}, 1)
    assert tasks_of(shared, HOST, key) == (task,)


def test_comments_stay_and_a_correction_is_a_new_one(shared: Database) -> None:
    key = batteries(shared)
    first = add_comment(shared, FIRM, key, "30 MW")
    second = add_comment(shared, FIRM, key, "35 MW", corrects=first.id)
    note = add_comment(shared, FIRM, key, "at most 40", private=True)
    assert [each.text for each in comments_of(shared, HOST, key)] == ["35 MW", "30 MW"]
    assert comments_of(shared, FIRM, key)[0] == note and second.corrects == first.id
    assert [each.id for each in comments_of(shared, HOST, key, after=second.id)] == [first.id]
    for wrong in ({"corrects": first.id, "private": True}, {"corrects": note.id}):
        with pytest.raises(Contradicts):
            add_comment(shared, FIRM, key, "x", **wrong)  # type: ignore[arg-type]
    with pytest.raises(Contradicts):
        add_comment(shared, HOST, key, "x", corrects=first.id)
    for hidden in (note.id, "0" * 32):
        with pytest.raises(NoSuchDeal):
            add_comment(shared, HOST, key, "x", corrects=hidden)
        with pytest.raises(NoSuchDeal):
            comments_of(shared, HOST, key, after=hidden)
    for change in (update(deal_comments).values(text="x"), delete(deal_comments)):
        with pytest.raises(DatabaseError, match="only added"), shared.writing() as connection:
            connection.execute(change)


def test_a_document_is_kept_once_under_its_hash(shared: Database, tmp_path: Path) -> None:
    keys = [batteries(shared), batteries(shared)]
    kept = [add_document(shared, tmp_path, FIRM, key, "a.pdf", PDF) for key in keys]
    assert kept[0].sha256 == kept[1].sha256 and kept[0].id != kept[1].id
    assert len([each for each in (tmp_path / "documents").rglob("*") if each.is_file()]) == 1
    assert read_document(shared, tmp_path, HOST, keys[0], kept[0].id)[1] == PDF
    assert documents_of(shared, HOST, keys[0])[0].person == ""
    for viewer, key in ((THIRD, keys[0]), (HOST, keys[1])):
        with pytest.raises(NoSuchDeal):
            read_document(shared, tmp_path, viewer, key, kept[0].id)
    place_of(tmp_path, kept[0].sha256).write_bytes(b"%PDF- another")
    with pytest.raises(DocumentLost):
        read_document(shared, tmp_path, HOST, keys[0], kept[0].id)
    again = add_document(shared, tmp_path, HOST, keys[0], "b.pdf", PDF)
    assert read_document(shared, tmp_path, HOST, keys[0], again.id)[1] == PDF


def test_a_backup_holds_deals_and_documents_and_a_check_finds_what_is_lost(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("here", "there")]
    for place in places:
        place.mkdir()
    with new_database("sqlite", places[0]) as one, new_database("sqlite", places[1]) as other:
        here, there = Database(one), Database(other)
        add_everybody(here)
        key = batteries(here)
        kept = add_document(here, places[0], FIRM, key, "a.pdf", PDF)
        note = add_comment(here, FIRM, key, "SYNTHETIC", private=True)
        assert check_store(here, places[0]) == ()
        write_backup(here, places[0], tmp_path / "backup.zip")
        restore_backup(tmp_path / "backup.zip", there, places[1])
        assert read_document(there, places[1], HOST, key, kept.id)[1] == PDF
        assert comments_of(there, FIRM, key) == (note,)
        # What is only added is so in the restored store too.
        with pytest.raises(DatabaseError, match="only added"), there.writing() as connection:
            connection.execute(delete(deal_comments))
        place_of(places[1], kept.sha256).unlink()
        with there.writing() as connection:
            connection.execute(update(deals).values(state="talks"))
        said = [english for english, _ in check_store(there, places[1])]
        assert [kept.sha256 in each for each in said] == [False, True]
        here.close()
        there.close()
