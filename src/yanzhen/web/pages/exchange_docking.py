"""Parts of the page of the exchange: the clearing, who may come, introductions."""

from html import escape

from nicegui import ui

from yanzhen.api.docking_routes import refused_by_docking
from yanzhen.api.jobs import ENDED
from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.exchange.deals.from_introduction import (
    deals_of_introductions,
    make_from_introduction,
)
from yanzhen.exchange.docking.introductions import (
    OF_PROJECT,
    OF_SITE,
    Introduction,
    NotIntroduced,
    answer_introduction,
    answers_of,
    list_introductions,
)
from yanzhen.exchange.docking.telling import LikelyProject
from yanzhen.exchange.listings.kinds import Need
from yanzhen.exchange.listings.searching import Listing
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study.statuses import SYNTHETIC
from yanzhen.study.units import UNITS
from yanzhen.web.pages.deal_forms import trying
from yanzhen.web.pages.exchange_shortlist import listing_address, shown_shortlist
from yanzhen.web.progress import followed
from yanzhen.web.text import main_button, notice, raw, rows, text
from yanzhen.web.view import View

SHOWN = 20


def standing(view: View) -> None:
    """Say what was cleared last, show a clearing that is at work, or offer one."""
    job = view.bench.clearing_exchange()
    if job is not None and job.state not in ENDED:
        followed(view, job)
        return
    try:
        summary = view.bench.exchange.summary()
    except Refusal as refusal:
        notice(refusal.said(view.lang), "note")
    else:
        projects = view.word("exchange.few_projects")
        if summary.projects is not None:
            projects = view.word("exchange.many_projects", count=f"{summary.projects:,}")
        counts = {"sites": f"{summary.sites:,}", "projects": projects}
        said = view.word("exchange.cleared", day=summary.on, **counts)
        notice(said, "good")
        if summary.status == SYNTHETIC:
            notice(view.word("exchange.cleared_synthetic"), "synthetic")
    if job is not None and job.state == "failed":
        notice(job.error_zh if view.lang == "zh" else job.error, "bad")
    viewer = current_viewer()
    if permitted(viewer, "make", "results") and permitted(viewer, "make", "jobs"):

        def start() -> None:
            view.bench.clear_exchange()
            ui.navigate.to(view.address.url())

        main_button(view.word("start.clearing"), "play_arrow", start)


def docked(view: View, found: Listing, reader: Reader) -> None:
    """Show what the clearing says to a listing of one's own."""
    if not found.own or found.published is None or found.kind not in ("site", "project"):
        return
    try:
        left_out = view.bench.exchange.left_out(found.id)
        key = "exchange.left_out" if left_out.whole else "exchange.room_left_out"
        for why in left_out.reasons:
            notice(view.word(key, why=why[view.lang == "zh"]), "warn")
        if left_out.whole:
            return
        if found.kind == "project":
            shown_shortlist(view, found, view.bench.exchange.shortlist(found.id), reader)
        else:
            _prospects(view, found, reader)
    except Refusal as refusal:
        notice(refusal.said(view.lang), "note")


def _prospects(view: View, found: Listing, reader: Reader) -> None:
    text("h3", view.word("exchange.prospects"))
    text("p", view.word("exchange.prospects_note"), "reading")
    likely = view.bench.exchange.prospects(found.id)
    if not likely:
        notice(view.word("exchange.no_prospects"), "note")
        return
    keys = ("chance", "name", "industry", "origin", "needs", "timing")
    rows(
        [view.word(f"exchange.head.{key}") for key in keys],
        [
            (
                _chance(each),
                each.name or view.word("exchange.unnamed"),
                reader.names.industries.get(each.industry, each.industry) or "–",
                reader.names.regions.get(each.origin, each.origin) or "–",
                _needs(view, reader, each.needs) or "–",
                each.starts_on or "–",
            )
            for each in likely
        ],
        view.word("exchange.prospects"),
    )


def _chance(each: LikelyProject) -> str:
    """The chance of a project listed by name, the band of a confidential one's."""
    if each.probability is not None:
        return percent(each.probability)
    return f"{each.at_least * 100:.0f}–{each.at_most * 100:.0f} %"


def _needs(view: View, reader: Reader, needs: tuple[Need, ...]) -> str:
    return "; ".join(
        f"{reader.names.resource(each.resource)} {number(each.amount)} "
        f"{UNITS[each.unit].zh if view.lang == 'zh' else UNITS[each.unit].en}"
        for each in needs
    )


def introduced(view: View) -> None:
    """Show the introductions of one's organisation, with what can be answered."""
    viewer = current_viewer()
    if not permitted(viewer, "read", "introductions"):
        return
    page = list_introductions(view.bench.database, viewer, limit=SHOWN)
    if not page.introductions:
        return
    text("h2", view.word("exchange.introductions"))
    shown = [each.id for each in page.introductions]
    made = deals_of_introductions(view.bench.database, viewer, shown)
    for each in page.introductions:
        _introduction(view, each, made.get(each.id))


def _introduction(view: View, each: Introduction, deal: str | None) -> None:
    viewer = current_viewer()
    with ui.element("section").classes("card"):
        other = each.site_organisation if each.own else each.organisation
        title = f"{each.project_content.name} → {each.site_name}"
        text("h3", title)
        state = view.word(f"exchange.answer.{each.state}")
        said = view.word("exchange.with", other=other, day=each.made_at[:10], state=state)
        text("p", said, "reading")
        if each.text:
            text("p", each.text)
        links = f'<a href="{listing_address(view, each.site)}">{escape(each.site_name)}</a>'
        project = escape(each.project_content.name)
        links += f' · <a href="{listing_address(view, each.project)}">{project}</a>'
        raw("p", links)
        for answer in answers_of(view.bench.database, viewer, each.id):
            who = view.word("exchange.we" if answer.own else "exchange.they")
            what = view.word(f"exchange.answer.{answer.answer}")
            text("p", f"{answer.made_at[:16].replace('T', ' ')} UTC · {who} · {what} {answer.text}")
        _deal(view, each, deal)
        if permitted(viewer, "change", "introductions") and each.state not in (
            "declined",
            "withdrawn",
        ):
            _answering(view, each)


def _deal(view: View, each: Introduction, deal: str | None) -> None:
    """Lead to the deal of an introduction, or offer to make that of an accepted one."""
    page = view.address.page("/deals")
    if deal is not None:
        said = escape(view.word("exchange.to_deal"))
        raw("p", f'<a href="{escape(page.choosing(deal=deal).url())}">{said}</a>')
    elif each.state == "accepted" and permitted(current_viewer(), "make", "deals"):
        wrong = ui.element("div").classes("whole-row")

        def press() -> None:
            require("make", "deals")
            with trying(view, wrong), refused_by_docking():
                made = make_from_introduction(view.bench.database, current_viewer(), each.id)
                ui.navigate.to(page.choosing(deal=made).url())

        with ui.element("div").classes("choices"):
            main_button(view.word("exchange.make_deal"), "handshake", press)


def _answering(view: View, each: Introduction) -> None:
    said = ui.textarea(view.word("exchange.text")).props("outlined maxlength=5000 rows=2")
    with ui.element("div").classes("tools"):
        for answer in OF_PROJECT if each.own else OF_SITE:
            if answer == each.state:
                continue

            def press(answer: str = answer) -> None:
                try:
                    require("change", "introductions")
                    answer_introduction(
                        view.bench.database,
                        current_viewer(),
                        each.id,
                        answer,  # type: ignore[arg-type]
                        said.value or "",
                    )
                except NotIntroduced as error:
                    ui.notify(error.words[view.lang == "zh"])
                    return
                except Refusal as refusal:
                    ui.notify(refusal.said(view.lang))
                    return
                ui.navigate.to(view.address.url())

            button = ui.button(view.word(f"exchange.give.{answer}"), on_click=press)
            button.props("outline no-caps")
