"""The start: who asks, each role with the question that its page answers."""

from html import escape

from yanzhen.api.roles import role_answer, who_asks
from yanzhen.report.findings.asker import ROLES
from yanzhen.web.progress import ready
from yanzhen.web.text import raw, text
from yanzhen.web.view import View


def start(view: View) -> None:
    """Ask who the reader is, and lead to their page."""
    roles = "".join(f"<li>{_way(view, role)}</li>" for role in ROLES)
    raw("ul", roles, view.word("start_page.who"), classes="roles")
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
