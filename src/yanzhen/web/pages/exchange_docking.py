"""Parts of the page of the exchange: the clearing, and who may come."""

from nicegui import ui

from yanzhen.api.jobs import ENDED
from yanzhen.api.problem_details import Refusal
from yanzhen.exchange.docking.telling import LikelyProject
from yanzhen.exchange.listings.kinds import Need
from yanzhen.exchange.listings.searching import Listing
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study.statuses import SYNTHETIC
from yanzhen.web.pages.exchange_amounts import amount_said
from yanzhen.web.pages.exchange_shortlist import shown_shortlist
from yanzhen.web.progress import followed
from yanzhen.web.text import main_button, notice, rows, text
from yanzhen.web.view import View

SHOWN = 20


def standing(view: View) -> None:
    """Say what was cleared last, show a clearing that is at work, or offer one."""
    job = view.bench.clearing_exchange()
    if job is not None and job.state not in ENDED:
        followed(view, job)
        return
    try:
        _cleared(view)
    except Refusal as refusal:
        notice(refusal.said(view.lang), "note")
    if job is not None and job.state == "failed":
        notice(job.error_zh if view.lang == "zh" else job.error, "bad")
    viewer = current_viewer()
    if permitted(viewer, "make", "results") and permitted(viewer, "make", "jobs"):

        def start() -> None:
            view.bench.clear_exchange()
            ui.navigate.to(view.address.url())

        main_button(view.word("start.clearing"), "play_arrow", start)


def _cleared(view: View) -> None:
    """Say on which day the last clearing was, and what was in it."""
    summary = view.bench.exchange.summary()
    projects = view.word("exchange.few_projects")
    if summary.projects is not None:
        projects = view.word("exchange.many_projects", count=f"{summary.projects:,}")
    counts = {"sites": f"{summary.sites:,}", "projects": projects}
    notice(view.word("exchange.cleared", day=summary.on, **counts), "good")
    if summary.status == SYNTHETIC:
        notice(view.word("exchange.cleared_synthetic"), "synthetic")


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
        _cleared(view)
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
        f"{reader.names.resource(each.resource)} {amount_said(view, each.amount, each.unit)}"
        for each in needs
    )
