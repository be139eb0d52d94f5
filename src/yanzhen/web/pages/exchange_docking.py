"""Parts of the page of the exchange: the clearing, shortlists, who may come, introductions."""

from collections.abc import Callable
from html import escape

from nicegui import ui

from yanzhen.api.docking_routes import asked_for, refused_by_docking
from yanzhen.api.exchange_answers import ShortSite, ToldShortlist
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
from yanzhen.exchange.docking.wording import why_not_screened
from yanzhen.exchange.listings.kinds import Need
from yanzhen.exchange.listings.searching import Listing
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study.statuses import SYNTHETIC
from yanzhen.study.units import UNITS
from yanzhen.web.pages.deal_forms import trying
from yanzhen.web.progress import followed
from yanzhen.web.text import main_button, notice, raw, rows, text
from yanzhen.web.view import View

REASONS = 3
"""Terms that are named beside a site, the largest of them."""
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
        whole = left_out is not None and left_out.whole
        for why in () if left_out is None else left_out.why:
            key = "exchange.left_out" if whole else "exchange.room_left_out"
            notice(view.word(key, why=why[view.lang == "zh"]), "warn")
        if whole:
            return
        if found.kind == "project":
            _shortlist(view, found, view.bench.exchange.shortlist(found.id), reader)
        else:
            _prospects(view, found, reader)
    except Refusal as refusal:
        notice(refusal.said(view.lang), "note")


def _shortlist(view: View, found: Listing, said: ToldShortlist, reader: Reader) -> None:
    text("h3", view.word("exchange.shortlist"))
    unit = reader.money.name
    text(
        "p", view.word("exchange.shortlist_note", unit=unit, stay=percent(said.staying)), "reading"
    )
    if not said.sites:
        notice(view.word("exchange.no_site"), "note")
        return
    key = "exchange.drawn" if said.draws else "exchange.not_drawn"
    text("p", view.word(key, draws=said.draws), "reading")
    keys = ("rank", "site", "region", "gain", "chance", "first", "why", "answers")
    heads = "".join(
        f'<th scope="col">{escape(view.word(f"exchange.head.{key}"))}</th>' for key in keys
    )
    may = permitted(current_viewer(), "make", "introductions")
    lines = "".join(_site(view, found, each, reader, may) for each in said.sites)
    label = escape(view.word("exchange.shortlist"))
    raw(
        "div",
        f'<table class="plain"><thead><tr>{heads}<td></td></tr></thead>'
        f"<tbody>{lines}</tbody></table>",
        classes="scroll",
    ).props(f'tabindex=0 role=region aria-label="{label}"')
    if said.refused_count:
        notice(view.word("exchange.refused", count=said.refused_count), "note")
        heads_refused = [view.word(f"exchange.head.{key}") for key in ("site", "rule")]
        rules = reader.names.rules
        lines_refused = [
            (each.name, rules.get(each.rule or "", each.listing)) for each in said.refused
        ]
        rows(heads_refused, lines_refused[:SHOWN], view.word("exchange.refused_sites"))
    if said.funds:
        names = {each.site: each.name for each in said.sites}
        heads_funds = [view.word(f"exchange.head.{key}") for key in ("fund", "site", "added")]
        lines_funds = [
            (each.name, names.get(each.site, ""), percent(each.added_probability))
            for each in said.funds[:SHOWN]
        ]
        rows(heads_funds, lines_funds, view.word("exchange.funds"))
    if said.funds_not_screened:
        heads_left = [view.word(f"exchange.head.{key}") for key in ("fund", "not_screened")]
        lines_left = [
            (each.name, why_not_screened(each.reason)[view.lang == "zh"])
            for each in said.funds_not_screened[:SHOWN]
        ]
        rows(heads_left, lines_left, view.word("exchange.funds_not_screened"))
    if said.achievements:
        text("h3", view.word("exchange.achievements"))
        links = "".join(
            f'<li><a href="{_address(view, listing)}">{escape(name)}</a></li>'
            for listing, name in said.achievements.items()
        )
        raw("ul", links)
    if may and view.chosen("ask"):
        _ask(
            view,
            found,
            next((each for each in said.sites if each.site == view.chosen("ask")), None),
        )


def _site(view: View, found: Listing, each: ShortSite, reader: Reader, may: bool) -> str:
    money = each.gain_money
    largest = sorted(each.terms.items(), key=lambda item: -abs(item[1]))[:REASONS]
    scale = None if money is None or not each.gain else money / each.gain
    why = "; ".join(
        f"{reader.names.term(term)} {_signed(worth if scale is None else worth * scale)}"
        for term, worth in largest
        if worth
    )
    if each.unevaluated:
        why += "; " + view.word("exchange.unevaluated", count=len(each.unevaluated))
    response = "–"
    if each.response is not None:
        hours = f"{each.response.median_hours:,.0f}"
        response = view.word("exchange.response", hours=hours, count=each.response.answers)
    region = f"{reader.names.regions.get(each.region, each.region)}, {each.kilometres:,.0f} km"
    gain = _with_interval(percent, each.gain, each.gain_low, each.gain_high)
    if money is not None:
        gain = _with_interval(_signed, money, each.gain_money_low, each.gain_money_high)
    chance = _with_interval(percent, each.probability, each.probability_low, each.probability_high)
    first = "–" if each.first_share is None else percent(each.first_share)
    cells = (region, gain, chance, first, why, response)
    ask = escape(view.address.choosing(ask=each.site).url())
    asking = (
        f'<a href="{ask}">{escape(view.word("exchange.ask"))}</a>' if may and not each.own else ""
    )
    return (
        f'<tr><td>{each.rank}</td><td><a href="{_address(view, each.site)}">{escape(each.name)}'
        f"</a><br>{escape(each.organisation)}</td>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + f"<td>{asking}</td></tr>"
    )


def _with_interval(
    write: Callable[[float], str], figure: float, low: float | None, high: float | None
) -> str:
    """A figure with its interval over the draws, where there are draws."""
    if low is None or high is None:
        return write(figure)
    return f"{write(figure)} [{write(low)}, {write(high)}]"


def _signed(amount: float) -> str:
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{number(abs(amount))}"


def _address(view: View, listing: str) -> str:
    return escape(view.address.page("/exchange").choosing(listing=listing).url())


def _ask(view: View, found: Listing, site: ShortSite | None) -> None:
    """Offer to ask a site for an introduction, saying what that tells it."""
    if site is None:
        return
    with ui.element("section").classes("card"):
        text("h3", view.word("exchange.ask_title", site=site.name))
        text("p", view.word("exchange.ask_note", organisation=site.organisation), "reading")
        said = ui.textarea(view.word("exchange.text")).props("outlined maxlength=5000")

        def press() -> None:
            try:
                require("make", "introductions")
                asked_for(view.bench, found.id, site.site, said.value or "")
            except Refusal as refusal:
                ui.notify(refusal.said(view.lang))
                return
            ui.navigate.to(view.address.page("/exchange").url())

        main_button(view.word("exchange.ask"), "send", press)


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
        links = f'<a href="{_address(view, each.site)}">{escape(each.site_name)}</a>'
        project = escape(each.project_content.name)
        links += f' · <a href="{_address(view, each.project)}">{project}</a>'
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
