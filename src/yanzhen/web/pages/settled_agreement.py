"""One agreement: its statements by period, transfers, what was declared."""

from collections.abc import Callable
from datetime import date
from functools import partial
from html import escape

from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.exchange.settlement.books import may_follow
from yanzhen.exchange.settlement.issuing import (
    KeptStatement,
    give_notice,
    issue_statement,
    list_statements,
    record_transfer,
    take_back_transfer,
)
from yanzhen.exchange.settlement.journal import DEBTS, Entry, balances
from yanzhen.exchange.settlement.kept import KeptAgreement, entries_of
from yanzhen.exchange.settlement.period import QUARTERS, Period
from yanzhen.exchange.settlement.shown import period_said, yuan
from yanzhen.exchange.settlement.signing import disputes, has_signed
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import FIELD, day_field, listed, trying
from yanzhen.web.pages.settled_declared import declared
from yanzhen.web.pages.settled_parties import (
    in_yuan,
    may,
    parties_and_terms,
    party_said,
    refused_here,
    title_said,
)
from yanzhen.web.text import expansion, main_button, notice, raw, rows, text
from yanzhen.web.view import View


def year_field(view: View, key: str) -> ui.number:
    """Offer a year, this one to begin with."""
    field = ui.number(view.word(key), value=date.today().year, min=1900, max=2200, precision=0)
    return field.props(FIELD)


def one_agreement(view: View, kept: KeptAgreement) -> None:
    """Show an agreement."""
    database, viewer = view.bench.database, current_viewer()
    issued = list_statements(database, viewer, kept.id)
    entries = entries_of(database, viewer, kept.id)
    back = escape(view.address.page("/statements").url())
    raw("p", f'<a href="{back}">{escape(view.word("statements.back"))}</a>')
    text("h2", title_said(view, kept), "part")
    if kept.agreement.synthetic:
        notice(view.word("statements.synthetic"), "synthetic")
    parties_and_terms(view, kept)
    with ui.element("section").classes("card"):
        text("h2", view.word("statements.statements"))
        _statements(view, kept, issued)
        if may("make") and kept.standing == "accepted":
            _issuing(view, kept, issued)
    with ui.element("section").classes("card"):
        text("h2", view.word("statements.money"))
        _balances(view, kept, entries)
        _transfers(view, kept, entries)
        if may("change") and kept.standing == "accepted":
            _recording(view, kept)
    with ui.element("section").classes("card"):
        text("h2", view.word("statements.declared"))
        declared(view, kept)
    if kept.agreement.terms.exit is not None:
        with ui.element("section").classes("card"):
            text("h2", view.word("statements.exit"))
            _exit(view, kept)


def _statements(view: View, kept: KeptAgreement, issued: tuple[KeptStatement, ...]) -> None:
    if not issued:
        notice(view.word("statements.none_issued"), "note")
        return
    heads = [
        view.word(f"statements.{key}") for key in ("number", "period", "state", "signed", "dispute")
    ]
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = ""
    for each in reversed(issued):
        number, signers = str(each.statement.number), each.statement.signers
        address = view.address.choosing(agreement=kept.id, statement=number).url()
        signed = [key for key in signers if has_signed(key, each.signatures)]
        disputed = [key for key in signers if disputes(key, each.signatures)]
        cells = [
            f'<a href="{escape(address)}">{period_said(each.statement.period, view.lang)}</a>',
            escape(PHRASES.word(view.lang, f"state.{each.state}")),
            *(
                escape(listed(view, (party_said(view, kept, key) for key in keys)) or "–")
                for keys in (signed, disputed)
            ),
        ]
        body += "<tr>" + "".join(f"<td>{cell}</td>" for cell in (number, *cells)) + "</tr>"
    label = escape(view.word("statements.by_period"))
    raw(
        "div",
        f'<table class="plain"><caption>{label}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
        classes="scroll",
    ).props(f'tabindex=0 role=region aria-label="{label}"')


def _issuing(view: View, kept: KeptAgreement, issued: tuple[KeptStatement, ...]) -> None:
    """Offer the periods that may follow; what was not declared is refused with its place."""
    start = kept.agreement.start_year
    last = Period.of(issued[-1].statement.period) if issued else None
    first = start if last is None else last.year
    periods = [
        Period(year, quarter) for year in (first, first + 1) for quarter in (*QUARTERS, None)
    ]
    options = {
        str(each): period_said(str(each), view.lang)
        for each in periods
        if may_follow(each, last, start)
    }
    with ui.element("div").classes("deal-form"):
        period = ui.select(
            options, value=next(iter(options)), label=view.word("statements.next_period")
        )
        period.props(f"{FIELD} options-dense")
        wrong = ui.element("div").classes("whole-row")

        def issue() -> None:
            with trying(view, wrong, refused_here):
                require("make", "statements")
                asked = Period.of(period.value)
                made = issue_statement(view.bench.database, current_viewer(), kept.id, asked)
                number = str(made.statement.number)
                ui.navigate.to(view.address.choosing(statement=number).url())

        main_button(view.word("statements.issue"), "receipt_long", issue)


def _balances(view: View, kept: KeptAgreement, entries: tuple[Entry, ...]) -> None:
    found = balances({}, entries)
    if not found:
        text("p", view.word("statements.nothing_open"), "reading")
        return
    heads = [PHRASES.word(view.lang, f"column.{name}") for name in ("debtor", "creditor")]
    heads += [
        in_yuan(view, view.word(f"statements.{key}"))
        for key in ("due_in_all", "paid_in_all", "open_now")
    ]
    cells = [
        (
            *(party_said(view, kept, key) for key in (each.debtor, each.creditor)),
            *(yuan(fen) for fen in (each.accrued, each.paid, each.closing)),
        )
        for each in found
    ]
    rows(heads, cells, view.word("statements.balances"), {2, 3, 4})


def _transfers(view: View, kept: KeptAgreement, entries: tuple[Entry, ...]) -> None:
    found = [each for each in entries if each.kind == "transfer"]
    if not found:
        text("p", view.word("statements.no_transfers"), "reading")
        return
    taken = {each.reverses for each in found if each.reverses is not None}
    own, lines, standing = kept.parts_of(current_viewer()), [], []
    for each in found:
        creditor, debtor = (posting.account.split(":")[1] for posting in each.postings[:2])
        said = view.word("statements.taken_back") if each.number in taken else each.note
        if each.reverses is not None:
            said = PHRASES.word(view.lang, "reverses", number=each.reverses)
        elif each.number not in taken and {creditor, debtor} & set(own):
            standing.append(each.number)
        names = (party_said(view, kept, key) for key in (debtor, creditor))
        lines.append((str(each.number), each.period, *names, yuan(each.postings[0].fen), said))
    heads = [PHRASES.word(view.lang, "column.number"), view.word("statements.day")]
    heads += [PHRASES.word(view.lang, f"column.{name}") for name in ("debtor", "creditor")]
    heads.append(in_yuan(view, view.word("statements.amount")))
    rows([*heads, view.word("statements.note")], lines, view.word("statements.transfers"), {4})
    if not may("change"):
        return
    wrong = ui.element("div").classes("whole-row")

    def take_back(number: int) -> None:
        with trying(view, wrong, refused_here):
            require("change", "statements")
            take_back_transfer(view.bench.database, current_viewer(), kept.id, number)
            ui.navigate.to(view.address.url())

    with ui.element("div").classes("tools"):
        for number in standing:
            said = view.word("statements.take_back", number=number)
            _small(said, "undo", partial(take_back, number))


def _recording(view: View, kept: KeptAgreement) -> None:
    own = set(kept.parts_of(current_viewer()))
    third, company = bool(kept.agreement.terms.third_party), kept.agreement.terms.equity is not None
    there = {"home", "host", *({"third"} if third else ()), *({"company"} if company else ())}
    debts = {
        f"{debtor}:{creditor}": view.word(
            "statements.pays",
            debtor=party_said(view, kept, debtor),
            creditor=party_said(view, kept, creditor),
        )
        for debtor, creditor in DEBTS
        if {debtor, creditor} <= there and {debtor, creditor} & own
    }
    if not debts:
        return
    with expansion(view.word("statements.record")), ui.element("div").classes("deal-form"):
        way = ui.select(debts, value=next(iter(debts)), label=view.word("statements.who_pays"))
        way.props(f"{FIELD} options-dense")
        what = in_yuan(view, view.word("statements.amount"))
        amount = ui.number(what, min=0, precision=2).props(FIELD)
        day = day_field(view, "day")
        note = ui.input(view.word("statements.note")).props(f"{FIELD} maxlength=2000")
        wrong = ui.element("div").classes("whole-row")

        def record() -> None:
            with trying(view, wrong, refused_here):
                require("change", "statements")
                debtor, creditor = way.value.split(":")
                fen = round((amount.value or 0) * 100)
                on = date.fromisoformat(day.value or date.today().isoformat())
                said = (debtor, creditor, fen, on, note.value or "")
                record_transfer(view.bench.database, current_viewer(), kept.id, *said)
                ui.navigate.to(view.address.url())

        main_button(view.word("statements.record_it"), "payments", record)


def _exit(view: View, kept: KeptAgreement) -> None:
    noticed = kept.agreement.exit_notice
    if noticed is not None:
        text("p", view.word("statements.noticed", year=noticed))
        return
    text("p", view.word("statements.no_notice"), "reading")
    own = {key: party_said(view, kept, key) for key in kept.parts_of(current_viewer())}
    if not own or not may("change") or kept.standing != "accepted":
        return
    with expansion(view.word("statements.give_notice")), ui.element("div").classes("deal-form"):
        party = ui.select(own, value=next(iter(own)), label=view.word("statements.party"))
        party.props(f"{FIELD} options-dense")
        year = year_field(view, "statements.notice_year")
        wrong = ui.element("div").classes("whole-row")

        def give() -> None:
            with trying(view, wrong, refused_here):
                require("change", "statements")
                said = (kept.id, party.value, int(year.value or 0))
                give_notice(view.bench.database, current_viewer(), *said)
                ui.navigate.to(view.address.url())

        ui.button(view.word("statements.give_it"), on_click=give).props("outline no-caps")


def _small(said: str, icon: str, press: Callable[[], object]) -> None:
    ui.button(said, icon=icon, on_click=press).props("flat dense no-caps")
