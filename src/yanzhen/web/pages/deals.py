"""Deals: a board of those to which one's organisation is a party, and each by itself."""

from datetime import date
from functools import partial
from html import escape

from nicegui import ui

from yanzhen.api.deal_refusals import refused_by_deals
from yanzhen.api.permission import require
from yanzhen.exchange.deals.changing import make_deal
from yanzhen.exchange.deals.deal import Deal, NewDeal, NewParty
from yanzhen.exchange.deals.finding import find_deal, list_deals
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.deals.tasks import Reminder, reminders
from yanzhen.store.database.deal_tables import CAPACITIES, DEAL_STATES, MODES
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal import one_deal
from yanzhen.web.pages.deal_forms import (
    ENDS,
    day_field,
    forward,
    listed,
    move_dialog,
    named,
    state_name,
    text_field,
    trying,
)
from yanzhen.web.text import closed_on_paper, expansion, main_button, notice, raw, text
from yanzhen.web.view import View

SHOWN = 500
"""Deals of a board; the API has all."""
REMINDED = 4
"""Reminders in sight above the board."""
FORWARD = 2
"""Buttons of a card: the page of a deal has every state that may follow."""


def deals(view: View) -> None:
    """Show the board, or the deal that the address names."""
    if view.chosen("deal"):
        with refused_by_deals():
            found = find_deal(view.bench.database, current_viewer(), view.chosen("deal"))
        one_deal(view, found)
        return
    _reminders(view)
    found_deals = list_deals(view.bench.database, current_viewer(), limit=SHOWN)
    if not found_deals.deals:
        notice(view.word("deals.none"), "note")
    else:
        if found_deals.after is not None:
            notice(view.word("deals.more", shown=SHOWN), "note")
        _board(view, found_deals.deals)
    if permitted(current_viewer(), "make", "deals"):
        _making(view)


def _board(view: View, found: tuple[Deal, ...]) -> None:
    there = {each.state for each in found}
    states = [each for each in DEAL_STATES if each not in ENDS or each in there]
    label = escape(view.word("deals.board"))
    with ui.element("div").classes("board").props(f'tabindex=0 role=region aria-label="{label}"'):
        for state in states:
            held = [each for each in found if each.state == state]
            with ui.element("section").classes("column"):
                text("h2", f"{state_name(view, state)} · {len(held)}")
                for each in held:
                    _card(view, each)


def _card(view: View, deal: Deal) -> None:
    with ui.element("article").classes("deal"):
        address = escape(view.address.choosing(deal=deal.id).url())
        raw("h3", f'<a href="{address}">{escape(deal.title)}</a>')
        text("p", view.word("deals.since", day=deal.state_on), "reading")
        text("p", listed(view, (each.name for each in deal.parties)), "reading")
        if permitted(current_viewer(), "change", "deals"):
            with ui.element("div").classes("tools"):
                for state in forward(deal.state)[:FORWARD]:
                    said = state_name(view, state)
                    button = ui.button(said, on_click=partial(move_dialog, view, deal, state))
                    button.props("flat dense no-caps icon=arrow_forward")
                    name = view.word("deals.move_to", deal=deal.title, state=said)
                    button.props["aria-label"] = name


def _reminders(view: View) -> None:
    """Show what is overdue or due soon, the first few in sight."""
    found = reminders(view.bench.database, current_viewer(), date.today())
    for each in found[:REMINDED]:
        _reminder(view, each)
    if len(found) > REMINDED:
        with expansion(view.word("deals.more_reminders", count=len(found) - REMINDED)):
            for each in found[REMINDED:]:
                _reminder(view, each)
        closed_on_paper(view)


def _reminder(view: View, each: Reminder) -> None:
    address = escape(view.address.choosing(deal=each.task.deal).url())
    key = "deals.overdue" if each.when == "overdue" else "deals.due_soon"
    said = escape(view.word(key, day=each.task.due, title=each.task.title))
    kind = "bad" if each.when == "overdue" else "note"
    link = f'<a href="{address}">{escape(each.task.deal_title)}</a>'
    raw("div", f"{said} {link}", classes=f"notice {kind}")


def _making(view: View) -> None:
    with expansion(view.word("deals.make")), ui.element("div").classes("deal-form"):
        title = text_field(view, "title", 300)
        modes = ui.select(
            named(view, "modes", MODES), value=MODES[0], label=view.word("deals.mode")
        )
        modes.props("outlined dense options-dense")
        industry, origin = text_field(view, "industry", 64), text_field(view, "origin", 64)
        destination = text_field(view, "destination", 64)
        own, other = _capacity(view, "own_capacity", 0), _capacity(view, "other_capacity", 2)
        counterpart = text_field(view, "counterpart", 32)
        day = day_field(view, "since_day")
        wrong = ui.element("div").classes("whole-row")

        def make() -> None:
            require("make", "deals")
            viewer = current_viewer()
            parties = [NewParty(viewer.organisation, own.value)]
            if counterpart.value.strip():
                parties.append(NewParty(counterpart.value.strip(), other.value))
            happened = (Happened("contact", day.value or ""),)
            places = (industry.value, origin.value, destination.value)
            entered = NewDeal(title.value, modes.value, *places, tuple(parties), happened)
            with trying(view, wrong):
                made = make_deal(view.bench.database, viewer, entered)
                ui.navigate.to(view.address.choosing(deal=made).url())

        text("p", view.word("deals.own", organisation=current_viewer().organisation), "reading")
        main_button(view.word("deals.make_it"), "handshake", make)


def _capacity(view: View, key: str, usual: int) -> ui.select:
    options = named(view, "capacity", CAPACITIES)
    select = ui.select(options, value=CAPACITIES[usual], label=view.word(f"deals.{key}"))
    return select.props("outlined dense options-dense")
