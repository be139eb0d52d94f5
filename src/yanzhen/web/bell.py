"""The bell in the head of every page: how many notices one has not read, and the way to them."""

from html import escape

from yanzhen.exchange.notices.reading import COUNTED, count_unread
from yanzhen.store.database.connection import Unavailable
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.text import raw
from yanzhen.web.view import View

_BELL = (
    '<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M6 9a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7"/><path d="M10 20a2 2 0 0 0 4 0"/></svg>'
)


def bell(view: View) -> None:
    """Show the bell, where whoever reads is given notices and the database answers."""
    viewer = current_viewer()
    if not permitted(viewer, "read", "notices"):
        return
    try:
        unread = count_unread(view.bench.database, viewer)
    except Unavailable:
        return
    shown = f"{COUNTED - 1}+" if unread >= COUNTED else str(unread)
    label = view.word("notices.bell", count=shown) if unread else view.word("page.notices.name")
    count = f"<span>{shown}</span>" if unread else ""
    address = escape(view.address.page("/notices").url())
    said = escape(label)
    link = f'<a class="tool" href="{address}" aria-label="{said}" title="{said}">{_BELL}{count}</a>'
    raw("div", link, classes="tools bell")
