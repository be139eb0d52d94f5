"""Notices are read by each person for himself, and settings are each person's own."""

import pytest
from sqlalchemy import select, update

from tests.exchange.deals.parties import FIRM, HOST, add_colleague, add_everybody, batteries
from tests.exchange.notices.told import told
from yanzhen.exchange.notices.reading import (
    COUNTED,
    NoSuchNotice,
    count_unread,
    list_notices,
    mark_all_read,
    mark_read,
)
from yanzhen.exchange.notices.settings import Settings, change_settings, is_address, settings_of
from yanzhen.exchange.notices.wording import NotTaken
from yanzhen.store.database.connection import Database
from yanzhen.store.database.notice_tables import notice_marks, notice_settings, notices
from yanzhen.store.outbox.kinds import kinds_for
from yanzhen.store.outbox.telling import tell
from yanzhen.store.people.viewer import Viewer


@pytest.fixture
def store(database: Database) -> Database:
    add_everybody(database)
    return database


def tell_host(store: Database, times: int = 1) -> None:
    for _ in range(times):
        with store.writing() as connection:
            tell(connection, "deal_joined", "d" * 32, ["host"])


def test_pages_follow_one_another_without_gap(store: Database) -> None:
    tell_host(store, 5)
    every = [each.id for each in list_notices(store, HOST).notices]
    after, paged = None, []
    for size in (2, 2, 1):
        page = list_notices(store, HOST, after=after, limit=2)
        assert len(page.notices) == size
        paged += [each.id for each in page.notices]
        after = page.after
    assert (paged, after) == (every, None)
    tell_host(store)
    assert list_notices(store, HOST, after=paged[1], limit=2).notices[0].id == paged[2]


def test_each_person_reads_for_himself(store: Database) -> None:
    colleague = add_colleague(store, HOST, "hal", "zone")
    tell_host(store, 3)
    first, second, third = (each.id for each in told(store, HOST))
    mark_read(store, HOST, [second])
    mark_read(store, HOST, [second])
    assert [each.read for each in told(store, HOST)] == [False, True, False]
    assert (count_unread(store, HOST), count_unread(store, colleague)) == (2, 3)
    unread = [each.id for each in list_notices(store, HOST, unread=True).notices]
    assert unread == [third, first]
    mark_all_read(store, HOST, third)
    assert (count_unread(store, HOST), count_unread(store, colleague)) == (0, 3)
    tell_host(store)
    assert count_unread(store, HOST) == 1


def test_all_before_what_was_seen_is_read_and_nothing_after(store: Database) -> None:
    tell_host(store, 3)
    second = told(store, HOST)[1].id
    mark_all_read(store, HOST, second)
    assert [each.read for each in told(store, HOST)] == [True, True, False]


def test_what_was_read_long_ago_takes_one_number(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanzhen.exchange.notices.reading.WRITTEN", -60.0)
    tell_host(store, 3)
    mark_read(store, HOST, [told(store, HOST)[0].id])
    mark_all_read(store, HOST, told(store, HOST)[-1].id)
    with store.reading() as connection:
        assert connection.scalars(select(notice_marks.c.notice)).all() == []
        assert connection.scalar(select(notice_settings.c.read_to)) == connection.scalar(
            select(notices.c.number).order_by(notices.c.number.desc()).limit(1)
        )
    assert count_unread(store, HOST) == 0
    # Back never: an earlier page is marked late.
    mark_all_read(store, HOST, told(store, HOST)[0].id)
    assert count_unread(store, HOST) == 0


def test_others_notices_are_not_there(store: Database) -> None:
    tell_host(store)
    (own,) = told(store, HOST)
    for mark in (
        lambda: mark_read(store, FIRM, [own.id]),
        lambda: mark_all_read(store, FIRM, own.id),
    ):
        with pytest.raises(NoSuchNotice):
            mark()
    with pytest.raises(NoSuchNotice):
        list_notices(store, FIRM, after=own.id)
    assert not told(store, HOST)[0].read


def test_a_deal_that_one_does_not_see_has_no_name(store: Database) -> None:
    deal = batteries(store)
    with store.writing() as connection:
        tell(connection, "deal_moved_on", deal, ["third"], "firm")
    (found,) = told(store, Viewer("tom", "third", "administrator"))
    assert (found.name, found.told_by, found.confidential) == ("", "", True)


def test_unread_are_counted_up_to_a_hundred(store: Database) -> None:
    with store.writing() as connection:
        for _ in range(COUNTED + 5):
            tell(connection, "deal_joined", "d" * 32, ["host"])
    assert count_unread(store, HOST) == COUNTED


def test_settings_are_ones_own_and_checked(store: Database) -> None:
    assert settings_of(store, HOST) == Settings(None, (), "zh")
    wanted = Settings("hu@example.org", ("deal_joined",), "en")
    assert change_settings(store, HOST, wanted) == wanted
    assert settings_of(store, FIRM) == Settings(None, (), "zh")
    for wrong, field in (
        (Settings("hu@example.org\nBcc: all@example.org", (), "en"), "mail_address"),
        (Settings("hu", (), "en"), "mail_address"),
        (Settings(None, ("no_such",), "en"), "mail_kinds"),
        (Settings(None, ("webhook_disabled",), "en"), "mail_kinds"),
        (Settings(None, (), "fr"), "language"),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotTaken) as refused:
            change_settings(store, HOST, wrong)
        assert refused.value.field == field
    assert settings_of(store, HOST) == wanted
    assert change_settings(store, HOST, Settings(None, (), "zh")).mail_address is None


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("a.b+c@sub.example.org", True),
        ("a@localhost", True),
        ("用户@example.org", False),
        ("a b@example.org", False),
        ("Ann <a@example.org>", False),
        ("a@example.org,b@example.org", False),
        ("a@-example.org", False),
        ("a" * 65 + "@example.org", False),
        ("a@" + "b" * 300, False),
        ("a@" + "b-" * 120, False),
        ("a@example.org\r\n", False),
    ],
)
def test_addresses(said: str, fits: bool) -> None:
    assert is_address(said) is fits


def test_a_role_that_changes_is_told_by_what_it_may_read(store: Database) -> None:
    with store.writing() as connection:
        tell(connection, "webhook_disabled", "w" * 32, ["host"])
        connection.execute(update(notice_settings).values(read_to=0))
    assert told(store, HOST) == []
    chief = Viewer("hu", "host", "administrator")
    assert [each.kind for each in told(store, chief)] == ["webhook_disabled"]
    assert set(kinds_for(HOST)) < set(kinds_for(chief))
