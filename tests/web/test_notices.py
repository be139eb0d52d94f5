"""Notices in a browser: the bell counts, the page lists, marking as read empties it."""

import pytest

from tests.web.conftest import Opened
from yanzhen.exchange.notices.wording import PHRASES
from yanzhen.report.text.words import Lang
from yanzhen.store.database.connection import Database, sqlite_url
from yanzhen.store.outbox.telling import tell
from yanzhen.web.words import word as web_word


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_notice_is_counted_shown_and_marked(opened: Opened, lang: Lang) -> None:
    assert opened.served.store is not None
    database = Database(sqlite_url(opened.served.store / "store.sqlite"))
    for _ in range(2):
        with database.writing() as connection:
            tell(connection, "deal_joined", "d" * 32, ["local"])
    database.close()
    here = f"study={opened.served.study}&lang={lang}"
    opened.go(f"/glossary?{here}")
    bell = opened.view.locator(".bell a")
    unread = int(opened.served.json("/api/v1/notices/unread")["unread"])
    assert bell.get_attribute("aria-label") == web_word(lang, "notices.bell", count=unread)
    bell.click()
    opened.view.wait_for_url("**/notices?**")
    opened.view.wait_for_function("window.did_handshake")
    title = PHRASES.word(lang, "kind.deal_joined")
    assert title in opened.said(".notices")
    assert opened.view.locator(".notices li.unread").count() == unread
    one = web_word(lang, "notices.mark", title=title)
    opened.view.get_by_role("button", name=one, exact=True).first.click()
    opened.view.locator(".bell span", has_text=str(unread - 1)).wait_for()
    opened.view.wait_for_function("window.did_handshake")
    every = web_word(lang, "notices.mark_all")
    opened.view.get_by_role("button", name=every, exact=True).click()
    opened.view.locator(".bell span").wait_for(state="detached")
    opened.go(f"/notices?{here}&unread=1")
    assert web_word(lang, "notices.none_unread") in opened.said("#content")
