"""The start: who asks, each role with the question that its page answers; search, and the tour."""

from html import escape

from yanzhen.api.roles import role_answer, who_asks
from yanzhen.report.findings.asker import ROLES
from yanzhen.web.progress import ready
from yanzhen.web.search import found, search_form
from yanzhen.web.text import notice, raw, text
from yanzhen.web.tour import tour_url
from yanzhen.web.view import View


def start(view: View) -> None:
    """Ask who the reader is, and lead to their page."""
    roles = "".join(f"<li>{_way(view, role)}</li>" for role in ROLES)
    raw("ul", roles, view.word("start_page.who"), classes="roles")
    raw("div", search_form(view, "search.name"))
    _found(view)
    if not view.chosen("tour"):
        way = escape(tour_url(view, 1))
        raw("p", f'<a href="{way}">{escape(view.word("tour.begin"))}</a>')
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    answer = role_answer(view.bench.plans, view.study, who_asks(plan, "ministry"), view.lang)
    text("h2", view.word("start_page.in_short"))
    text("p", answer.verdict, "verdict")
    overview = escape(view.address.page("/overview").url())
    raw("p", f'<a href="{overview}">{escape(view.word("start_page.everything"))}</a>')


def _way(view: View, role: str) -> str:
    address = escape(view.address.page("/role").choosing(role=role).url())
    name, question = (escape(view.word(f"role.{role}.{part}")) for part in ("name", "question"))
    return f'<a href="{address}"><b>{name}</b><span>{question}</span></a>'


def _found(view: View) -> None:
    """Show what is found of what was typed."""
    typed = view.chosen("q")
    if not typed.strip():
        return
    # The pages are known once all their modules are.
    from yanzhen.web.pages import every_page

    pages = [(page.path, page.named(view.lang, "name")) for page in every_page()]
    hits = found(view, typed, pages)
    if not hits:
        notice(view.word("search.nothing", typed=typed), "note")
        return
    listed = "".join(
        f'<li><a href="{escape(hit.url)}">{escape(hit.name)}</a> '
        f"<span>{escape(view.word(f'search.kind.{hit.kind}'))}</span></li>"
        for hit in hits
    )
    raw("ul", listed, view.word("search.hits"), classes="hits")
