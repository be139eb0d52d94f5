"""Statements: the agreements of one's organisation, each by itself, and each of its statements."""

from html import escape

from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.api.settlement_routes import refused_by_settlement
from yanzhen.exchange.settlement.issuing import find_statement, list_statements
from yanzhen.exchange.settlement.journal import balances
from yanzhen.exchange.settlement.kept import (
    KeptAgreement,
    entries_of,
    find_agreement,
    list_agreements,
)
from yanzhen.exchange.settlement.of_deal import OfDeal, deals_to_register, register_of_deal
from yanzhen.exchange.settlement.shown import period_said, yuan
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import FIELD, listed, trying
from yanzhen.web.pages.settled_agreement import one_agreement, year_field
from yanzhen.web.pages.settled_parties import party_said, refused_here, title_said
from yanzhen.web.pages.settled_statement import one_statement
from yanzhen.web.text import expansion, facts, main_button, notice, raw, text
from yanzhen.web.view import View

SHOWN = 50
"""Agreements of a page; the API has all."""


def statements(view: View) -> None:
    """Show the agreements, or the agreement or statement that the address names."""
    database, viewer = view.bench.database, current_viewer()
    if view.chosen("agreement"):
        with refused_by_settlement():
            kept = find_agreement(database, viewer, view.chosen("agreement"))
            if not view.chosen("statement"):
                one_agreement(view, kept)
                return
            number = view.chosen("statement")
            shown = int(number) if number.isdecimal() and len(number) < 10 else 0
            one_statement(view, kept, find_statement(database, viewer, kept.id, shown))
        return
    found = list_agreements(database, viewer)
    if not found:
        notice(view.word("statements.none"), "note")
    if len(found) > SHOWN:
        notice(view.word("statements.more", shown=SHOWN, count=len(found)), "note")
    for kept in found[:SHOWN]:
        _summary(view, kept)
    if permitted(viewer, "make", "statements"):
        _registering(view)


def _summary(view: View, kept: KeptAgreement) -> None:
    """An agreement in a few facts: what is open, and how its newest statement stands."""
    database, viewer, lang = view.bench.database, current_viewer(), view.lang
    with refused_by_settlement():
        issued = list_statements(database, viewer, kept.id)[-1:]
        open_now = balances({}, entries_of(database, viewer, kept.id))
    with ui.element("section").classes("card"):
        address = escape(view.address.choosing(agreement=kept.id).url())
        raw("h2", f'<a href="{address}">{escape(title_said(view, kept))}</a>')
        if kept.agreement.synthetic:
            notice(view.word("statements.synthetic"), "synthetic")
        own = (PHRASES.word(lang, f"party.{key}") for key in kept.parts_of(viewer))
        last = view.word("statements.no_statement_yet")
        state = view.word(f"statements.acceptance.{kept.standing}")
        for each in issued:
            last = period_said(each.statement.period, lang)
            state = PHRASES.word(lang, f"state.{each.state}")
        facts(
            [
                (view.word("statements.way"), f"{kept.agreement.home} → {kept.agreement.host}"),
                (view.word("statements.we_are"), listed(view, own)),
                (view.word("statements.last"), last),
                (view.word("statements.state"), state),
                *(
                    (
                        view.word(
                            "statements.open_from",
                            debtor=party_said(view, kept, each.debtor),
                            creditor=party_said(view, kept, each.creditor),
                        ),
                        view.word("statements.yuan", amount=yuan(each.closing)),
                    )
                    for each in open_now
                ),
            ]
        )


def _registering(view: View) -> None:
    """Offer to register the agreement of a deal whose terms are signed."""
    may = deals_to_register(view.bench.database, current_viewer())
    with expansion(view.word("statements.register")):
        text("p", view.word("statements.register_how"), "reading")
        if not may:
            address = escape(view.address.page("/deals").url())
            link = f'<a href="{address}">{escape(view.word("statements.to_deals"))}</a>'
            said = escape(view.word("statements.no_signed_deal"))
            raw("p", f"{said} {link}")
            return
        with ui.element("div").classes("deal-form"):
            deal = ui.select(may, value=next(iter(may)), label=view.word("statements.deal"))
            deal.props(f"{FIELD} options-dense")
            year = year_field(view, "statements.start_year")
            synthetic = ui.checkbox(view.word("statements.is_synthetic"))
            wrong = ui.element("div").classes("whole-row")

            def register() -> None:
                with trying(view, wrong, refused_here):
                    require("make", "statements")
                    asked = OfDeal(deal.value, int(year.value or 0), bool(synthetic.value))
                    made = register_of_deal(view.bench.database, current_viewer(), asked)
                    ui.navigate.to(view.address.choosing(agreement=made.id).url())

            main_button(view.word("statements.register_it"), "handshake", register)
