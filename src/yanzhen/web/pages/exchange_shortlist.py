"""A project's shortlist on its page: sites with reasons, funds, cohorts, and what can be asked."""

from collections.abc import Callable
from html import escape

from nicegui import ui

from yanzhen.api.docking_routes import asked_for
from yanzhen.api.exchange_answers import ShortSite, ToldShortlist
from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.exchange.docking.wording import why_not_screened
from yanzhen.exchange.listings.searching import Listing
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.text import main_button, notice, raw, rows, text
from yanzhen.web.view import View

REASONS = 3
"""Terms that are named beside a site, the largest of them."""
SHOWN = 20


def shown_shortlist(view: View, found: Listing, said: ToldShortlist, reader: Reader) -> None:
    """Show where a project would go, with reasons and what would change it."""
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
    _refused(view, said, reader)
    _funds(view, said)
    _cohorts(view, said)
    if said.achievements:
        text("h3", view.word("exchange.achievements"))
        links = "".join(
            f'<li><a href="{listing_address(view, listing)}">{escape(name)}</a></li>'
            for listing, name in said.achievements.items()
        )
        raw("ul", links)
    if may and view.chosen("ask"):
        _ask(
            view,
            found,
            next((each for each in said.sites if each.site == view.chosen("ask")), None),
        )


def _refused(view: View, said: ToldShortlist, reader: Reader) -> None:
    if said.refused_count:
        notice(view.word("exchange.refused", count=said.refused_count), "note")
        heads_refused = [view.word(f"exchange.head.{key}") for key in ("site", "rule")]
        rules = reader.names.rules
        lines_refused = [
            (each.name, rules.get(each.rule or "", each.listing)) for each in said.refused
        ]
        rows(heads_refused, lines_refused[:SHOWN], view.word("exchange.refused_sites"))


def _funds(view: View, said: ToldShortlist) -> None:
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


def _cohorts(view: View, said: ToldShortlist) -> None:
    if said.cohorts is None:
        notice(view.word("exchange.no_cohorts"), "note")
    elif said.cohorts:
        keys = ("lead", "suppliers", "site", "beyond", "together")
        rows(
            [view.word(f"exchange.head.{key}") for key in keys],
            [
                (
                    each.names[each.lead],
                    "; ".join(each.names[member] for member in each.suppliers),
                    each.site_name,
                    _signed(each.beyond),
                    _signed(each.value - each.apart),
                )
                for each in said.cohorts
            ],
            view.word("exchange.cohorts"),
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
        f'<tr><td>{each.rank}</td><td><a href="{listing_address(view, each.site)}">'
        f"{escape(each.name)}</a><br>{escape(each.organisation)}</td>"
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


def listing_address(view: View, listing: str) -> str:
    """Return the address of a listing's page, escaped."""
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
