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


@pytest.mark.parametrize("lang", ["zh"])
def test_e_mail_is_chosen_and_a_webhook_made_and_removed(opened: Opened, lang: Lang) -> None:
    opened.go(f"/notices?study={opened.served.study}&lang={lang}")
    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_text(web_word(lang, "notices.by_mail"), exact=True).click()
    opened.view.get_by_text(web_word(lang, "notices.no_mail"), exact=True).wait_for()
    address = opened.view.get_by_label(web_word(lang, "notices.address"), exact=True)
    save = opened.view.get_by_role("button", name=web_word(lang, "notices.save"), exact=True)
    address.fill("no address")
    save.click()
    refused = PHRASES.word(lang, "address", said="no address")
    opened.view.locator(".notice.bad", has_text=refused).wait_for()
    address.fill("li.hua@example.org")
    said = PHRASES.word(lang, "kind.task_due")
    opened.view.get_by_role("checkbox", name=said, exact=True).click()
    with opened.view.expect_navigation():
        save.click()
    chosen = opened.served.json("/api/v1/notices/settings")
    assert chosen["mail_address"] == "li.hua@example.org"
    assert chosen["mail_kinds"] == ["task_due"]

    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_text(web_word(lang, "notices.webhooks"), exact=True).click()
    label = web_word(lang, "notices.webhook_address")
    opened.view.get_by_label(label, exact=True).fill("https://hooks.example.org/<b>in")
    opened.view.get_by_label(web_word(lang, "notices.webhook_kinds"), exact=True).click()
    opened.view.get_by_role("option", name=PHRASES.word(lang, "kind.task_due")).click()
    opened.view.keyboard.press("Escape")
    make = web_word(lang, "notices.make_webhook")
    opened.view.get_by_role("button", name=make, exact=True).click()
    opened.view.locator("code.secret").wait_for()
    assert opened.said("code.secret").startswith("whsec_")
    opened.go(f"/notices?study={opened.served.study}&lang={lang}")
    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_text(web_word(lang, "notices.webhooks"), exact=True).click()
    remove = f"{web_word(lang, 'notices.remove_webhook')} https://hooks.example.org/<b>in"
    with opened.view.expect_navigation():
        opened.view.get_by_role("button", name=remove, exact=True).click()
    assert opened.served.json("/api/v1/webhooks")["items"] == []
