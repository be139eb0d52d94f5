"""One deal: its state and parties, what happened, and what lies in it."""

from html import escape

from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.exchange.deals.changing import add_party
from yanzhen.exchange.deals.deal import Deal, NewParty
from yanzhen.exchange.deals.finding import transitions_of
from yanzhen.exchange.deals.following import FOLLOWS, Happened, reached_signing
from yanzhen.store.database.deal_tables import CAPACITIES, MONEY_EVENTS
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import (
    FIELD,
    amount_field,
    day_field,
    enter_transitions,
    fen_of,
    forward,
    money_said,
    named,
    organisation_called,
    state_name,
    text_field,
    trying,
)
from yanzhen.web.pages.deal_matters import calendar, comments, documents, tasks
from yanzhen.web.pages.deal_terms import terms
from yanzhen.web.text import expansion, facts, main_button, raw, rows, text
from yanzhen.web.view import View


def one_deal(view: View, deal: Deal) -> None:
    """Show a deal."""
    back = escape(view.address.page("/deals").url())
    raw("p", f'<a href="{back}">{escape(view.word("deals.back"))}</a>')
    text("h2", deal.title, "part")
    parties = {each.organisation: each.name for each in deal.parties}
    said = [
        (view.word("deals.state_now"), f"{state_name(view, deal.state)} · {deal.state_on}"),
        (view.word("deals.mode"), view.word(f"deals.modes.{deal.mode}")),
        (view.word("deals.industry"), deal.industry),
        (view.word("deals.way"), f"{deal.origin} → {deal.destination}"),
        (view.word("deals.owner"), parties.get(deal.owner_party or "", view.word("deals.nobody"))),
    ]
    if deal.investment is not None:
        said.append((view.word("deals.investment"), money_said(view, deal.investment)))
    facts(said)
    heads = [view.word(f"deals.{key}") for key in ("party", "as_what")]
    cells = [(each.name, view.word(f"deals.capacity.{each.capacity}")) for each in deal.parties]
    rows(heads, cells, view.word("deals.parties"))
    if FOLLOWS[deal.state] and permitted(current_viewer(), "change", "deals"):
        _joining(view, deal)
    with ui.element("section").classes("card"):
        text("h2", view.word("deals.history"))
        text("p", view.word("deals.history_how"), "reading")
        _history(view, deal, parties)
        if FOLLOWS[deal.state] and permitted(current_viewer(), "change", "deals"):
            _entering(view, deal)
    if deal.mode == "coconstruction":
        terms(view, deal, parties)
    with ui.element("div").classes("columns"):
        tasks(view, deal, parties)
        documents(view, deal, parties)
    comments(view, deal, parties)
    calendar(view)


def _joining(view: View, deal: Deal) -> None:
    """Offer to let another organisation take part, which sees the deal from then on."""
    with expansion(view.word("deals.add_party")):
        text("p", view.word("deals.add_party_how"), "reading")
        with ui.element("div").classes("deal-form"):
            said = text_field(view, "party_said", 200)
            capacity = ui.select(
                named(view, "capacity", CAPACITIES),
                value=CAPACITIES[-1],
                label=view.word("deals.as_what"),
            )
            capacity.props(f"{FIELD} options-dense")
            wrong = ui.element("div").classes("whole-row")

            def add() -> None:
                require("change", "deals")
                database = view.bench.database
                with trying(view, wrong):
                    party = NewParty(organisation_called(view, said.value), capacity.value)
                    add_party(database, current_viewer(), deal.id, party)
                    ui.navigate.to(view.address.url())

            ui.button(view.word("deals.add_party_it"), on_click=add).props("outline no-caps")


def _history(view: View, deal: Deal, parties: dict[str, str]) -> None:
    found = transitions_of(view.bench.database, current_viewer(), deal.id)
    heads = [view.word(f"deals.{key}") for key in ("day", "event", "money", "who")]
    cells = [
        (
            each.on,
            state_name(view, each.event),
            "" if each.amount is None else money_said(view, each.amount),
            " · ".join(filter(None, (parties.get(each.organisation, ""), each.person))),
        )
        for each in found
    ]
    rows(heads, cells, view.word("deals.transitions"))


def _entering(view: View, deal: Deal) -> None:
    following = list(FOLLOWS[deal.state])
    if reached_signing(deal.state):
        following += MONEY_EVENTS
    options = {each: state_name(view, each) for each in following}
    with ui.element("div").classes("deal-form"):
        event = ui.select(
            options,
            value=next(iter(forward(deal.state)), following[0]),
            label=view.word("deals.event"),
        )
        event.props(f"{FIELD} options-dense")
        day = day_field(view, "day")
        amount = amount_field(view, "amount")
        wrong = ui.element("div").classes("whole-row")

        def enter() -> None:
            happened = Happened(event.value, day.value or "", fen_of(amount.value))
            enter_transitions(view, deal, [happened], wrong)

        main_button(view.word("deals.enter"), "check", enter)
