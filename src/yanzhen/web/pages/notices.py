"""Notices: what one's organisation was told, the newest first, and what one has read of it."""

from functools import partial
from html import escape
from urllib.parse import parse_qsl

from nicegui import ui

from yanzhen.api.notice_routes import refused_by_notices
from yanzhen.api.permission import require
from yanzhen.exchange.notices.notice import Notice
from yanzhen.exchange.notices.reading import list_notices, mark_all_read, mark_read
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.notice_settings import by_mail
from yanzhen.web.pages.notice_webhooks import by_webhook
from yanzhen.web.text import notice, raw, text
from yanzhen.web.view import View

SHOWN = 50


def notices(view: View) -> None:
    """Show a page of notices."""
    unread, after = bool(view.chosen("unread")), view.chosen("after") or None
    with refused_by_notices():
        page = list_notices(view.bench.database, current_viewer(), unread, after, SHOWN)
    key, turned = ("every", "") if unread else ("unread_alone", "1")
    other = escape(view.address.choosing(unread=turned, after="").url())
    with ui.element("div").classes("tools"):
        raw("div", f'<a class="tool" href="{other}">{escape(view.word(f"notices.{key}"))}</a>')
        if any(not each.read for each in page.notices):
            all_read = partial(_mark_all, view, page.notices[0])
            button = ui.button(view.word("notices.mark_all"), icon="done_all", on_click=all_read)
            button.props("flat dense no-caps")
    if not page.notices:
        notice(view.word("notices.none_unread" if unread else "notices.none"), "note")
    with ui.element("ul").classes("notices"):
        for each in page.notices:
            _one(view, each)
    if page.after is not None:
        older = escape(view.address.choosing(after=page.after).url())
        raw("p", f'<a href="{older}">{escape(view.word("notices.older"))}</a>')
    by_mail(view)
    by_webhook(view)


def _one(view: View, told: Notice) -> None:
    with ui.element("li").classes("" if told.read else "unread"):
        state = "" if told.read else f"<b>{escape(view.word('notices.unread'))}</b> "
        title = f'<a href="{escape(_address(view, told))}">{escape(told.title(view.lang))}</a>'
        raw("p", state + title)
        at = f"{told.made_at[:16].replace('T', ' ')} UTC"
        text("p", " · ".join((*told.details(view.lang), at)), "reading")
        if not told.read:
            button = ui.button(icon="done", on_click=partial(_mark, view, told))
            button.props("flat dense round")
            button.props["aria-label"] = view.word("notices.mark", title=told.title(view.lang))


def _address(view: View, told: Notice) -> str:
    path, _, query = told.page.partition("?")
    return view.address.page(path).choosing(**dict(parse_qsl(query))).url()


def _mark(view: View, told: Notice) -> None:
    require("change", "notices")
    with refused_by_notices():
        mark_read(view.bench.database, current_viewer(), [told.id])
    ui.navigate.to(view.address.url())


def _mark_all(view: View, newest: Notice) -> None:
    require("change", "notices")
    with refused_by_notices():
        mark_all_read(view.bench.database, current_viewer(), newest.id)
    ui.navigate.to(view.address.url())
