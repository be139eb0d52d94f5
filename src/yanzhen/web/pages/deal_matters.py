"""What lies in a deal: tasks, documents, comments, and the calendar of one's tasks."""

from datetime import date
from functools import partial
from html import escape

from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.exchange.deals.calendar import new_address
from yanzhen.exchange.deals.comments import Comment, add_comment, comments_of
from yanzhen.exchange.deals.deal import Deal
from yanzhen.exchange.deals.documents import documents_of
from yanzhen.exchange.deals.due import reminded
from yanzhen.exchange.deals.tasks import Task, add_task, change_task, tasks_of
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import FIELD, day_field, text_field, trying
from yanzhen.web.text import expansion, main_button, raw, text
from yanzhen.web.upload import sent_here
from yanzhen.web.view import View

ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.txt,.csv,.md,.toml"
SHOWN = 200
"""Comments of a page; the API has all."""
CALENDARS = "/api/v1/exchange/calendars"


def may_change() -> bool:
    """Whether whoever reads may change deals."""
    return permitted(current_viewer(), "change", "deals")


def tasks(view: View, deal: Deal, parties: dict[str, str]) -> None:
    """Show the tasks of a deal, and offer to do or to add one."""
    found = tasks_of(view.bench.database, current_viewer(), deal.id)
    with ui.element("section").classes("card"):
        text("h2", view.word("deals.tasks"))
        if not found:
            text("p", view.word("deals.no_tasks"), "reading")
        wrong = ui.element("div").classes("whole-row")
        for each in found:
            with ui.element("div").classes("scenario"):
                party = parties.get(each.organisation, "")
                text("span", f"{each.title} · {party} · {_when(view, each)}", _kind(each))
                if each.done_on is None and may_change():
                    button = ui.button(icon="check", on_click=partial(_do, view, each, wrong))
                    button.props("flat dense round")
                    button.props["aria-label"] = view.word("deals.do", title=each.title)
        if may_change():
            _adding(view, deal, parties)


def _when(view: View, task: Task) -> str:
    if task.done_on is not None:
        return view.word("deals.done_on", day=task.done_on)
    return view.word("deals.due_on", day=task.due)


def _kind(task: Task) -> str:
    if task.done_on is not None:
        return "reading"
    return "late" if reminded(task.due, date.today()) == "overdue" else ""


def _do(view: View, task: Task, wrong: ui.element) -> None:
    require("change", "deals")
    with trying(view, wrong):
        values = {"done_on": date.today().isoformat()}
        which = (task.deal, task.id, values, task.version)
        change_task(view.bench.database, current_viewer(), *which)
        ui.navigate.to(view.address.url())


def _adding(view: View, deal: Deal, parties: dict[str, str]) -> None:
    with expansion(view.word("deals.add_task")), ui.element("div").classes("deal-form"):
        title = text_field(view, "task_title", 300)
        own = current_viewer().organisation
        who = ui.select(parties, value=own, label=view.word("deals.task_of"))
        who.props(f"{FIELD} options-dense")
        due = day_field(view, "due")
        wrong = ui.element("div").classes("whole-row")

        def add() -> None:
            require("change", "deals")
            with trying(view, wrong):
                said = (title.value, who.value, due.value or "")
                add_task(view.bench.database, current_viewer(), deal.id, *said)
                ui.navigate.to(view.address.url())

        ui.button(view.word("deals.add_it"), on_click=add).props("outline no-caps")


def documents(view: View, deal: Deal, parties: dict[str, str]) -> None:
    """Show the documents of a deal, and offer to send one."""
    found = documents_of(view.bench.database, current_viewer(), deal.id)
    place = f"/api/v1/exchange/deals/{deal.id}/documents"
    with ui.element("section").classes("card"):
        text("h2", view.word("deals.documents"))
        if not found:
            text("p", view.word("deals.no_documents"), "reading")
        lines = "".join(
            f'<li><a href="{place}/{each.id}">{escape(each.name)}</a> '
            f"<span>{each.size / 1024:,.1f} KB · {escape(parties.get(each.organisation, ''))} · "
            f"{each.made_at[:10]}<br>SHA-256 {each.sha256}</span></li>"
            for each in found
        )
        if lines:
            raw("ul", lines, classes="hits")
        if may_change():
            sent_here(view, view.word("deals.choose_document"), place, ACCEPTED)


def comments(view: View, deal: Deal, parties: dict[str, str]) -> None:
    """Show comments and one's own private notes, and offer to add one."""
    found = comments_of(view.bench.database, current_viewer(), deal.id, limit=SHOWN)
    corrected = {each.corrects for each in found}
    with ui.element("section").classes("card"):
        text("h2", view.word("deals.comments"))
        text("p", view.word("deals.comments_how"), "reading")
        for each in found:
            _comment(view, each, parties, each.id in corrected)
        if not found:
            text("p", view.word("deals.no_comments"), "reading")
        if may_change():
            _commenting(view, deal, found)


def _comment(view: View, each: Comment, parties: dict[str, str], corrected: bool) -> None:
    who = " · ".join(filter(None, (parties.get(each.organisation, ""), each.person)))
    notes = [
        view.word(f"deals.{key}")
        for key, holds in (
            ("private", each.private),
            ("is_correction", each.corrects is not None),
            ("corrected", corrected),
        )
        if holds
    ]
    with ui.element("article").classes("meaning"):
        text(
            "p", " · ".join((who, f"{each.made_at[:16].replace('T', ' ')} UTC", *notes)), "reading"
        )
        text("p", each.text, "said")


def _commenting(view: View, deal: Deal, found: tuple[Comment, ...]) -> None:
    with ui.element("div").classes("deal-form"):
        said = ui.textarea(view.word("deals.comment")).props("outlined autogrow maxlength=10000")
        own = {
            each.id: f"{each.made_at[:10]} {each.text[:40]}"
            for each in found
            if each.organisation == current_viewer().organisation
        }
        options = {"": view.word("deals.corrects_none"), **own}
        corrects = ui.select(options, value="", label=view.word("deals.corrects"))
        corrects.props(f"{FIELD} options-dense")
        private = ui.checkbox(view.word("deals.private_note"))
        wrong = ui.element("div").classes("whole-row")

        def add() -> None:
            require("change", "deals")
            before = next((each for each in found if each.id == corrects.value), None)
            hidden = bool(private.value) if before is None else before.private
            with trying(view, wrong):
                told = (said.value or "", hidden, corrects.value or None)
                add_comment(view.bench.database, current_viewer(), deal.id, *told)
                ui.navigate.to(view.address.url())

        main_button(view.word("deals.say"), "chat", add)


def calendar(view: View) -> None:
    """Offer the address by which a calendar reads one's tasks."""
    with ui.element("section").classes("card"):
        text("h2", view.word("deals.calendar"))
        text("p", view.word("deals.calendar_how"), "reading")
        place = ui.element("div")

        def renew() -> None:
            require("read", "deals")
            secret = new_address(view.bench.database, current_viewer())
            request = ui.context.client.request
            root = "" if request is None else str(request.base_url).rstrip("/")
            address = f"{root}{CALENDARS}/{secret}.ics?lang={view.lang}"
            place.clear()
            with place:
                raw("p", f'<code class="secret">{escape(address)}</code>')

        ui.button(view.word("deals.new_calendar"), icon="event", on_click=renew).props(
            "outline no-caps"
        )
