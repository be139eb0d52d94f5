"""One statement: what it says, who signed it, and what one's own party says to it."""

from functools import partial
from html import escape

from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.exchange.settlement.issuing import MOST_NOTE, KeptStatement, say
from yanzhen.exchange.settlement.kept import KeptAgreement
from yanzhen.exchange.settlement.shown import cell_said, facts_of, tables_of, title_of
from yanzhen.exchange.settlement.signing import Act, disputes, has_signed
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.report.tables.table import NUMBERS, Table
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import trying
from yanzhen.web.pages.settled_parties import ROOT, in_yuan, may, party_said, refused_here
from yanzhen.web.text import notice, raw, rows, text
from yanzhen.web.view import View

FORMS = ("pdf", "xlsx", "json")
ICONS: dict[Act, str] = {"sign": "draw", "dispute": "report", "resolve": "done_all"}


def one_statement(view: View, kept: KeptAgreement, found: KeptStatement) -> None:
    """Show a statement with its tables, and offer to sign or to dispute it."""
    statement, lang = found.statement, view.lang
    back = escape(view.address.page("/statements").choosing(agreement=kept.id).url())
    raw("p", f'<a href="{back}">{escape(view.word("statements.back_to_agreement"))}</a>')
    text("h2", title_of(statement, lang), "part")
    if statement.synthetic:
        notice(view.word("statements.synthetic"), "synthetic")
    kind = {"issued": "note", "disputed": "bad", "final": "good"}[found.state]
    notice(PHRASES.word(lang, f"state.{found.state}"), kind)
    place = f"{ROOT}/{kept.id}/statements/{statement.number}/file"
    links = "".join(
        f'<a class="tool" download href="{place}?form={form}&amp;lang={lang}">{form.upper()}</a>'
        for form in FORMS
    )
    raw("p", f"{escape(view.word('statements.files'))} {links}", classes="tools")
    heads = (view.word("statements.fact"), view.word("statements.says"))
    rows(heads, facts_of(statement, found.signatures, lang), view.word("statements.head"))
    if may("change"):
        _saying(view, kept, found)
    for table in tables_of(statement, found.signatures, lang):
        _table(view, table)
    text("p", PHRASES.word(lang, "statement.imprint"), "reading")


def _table(view: View, table: Table) -> None:
    with ui.element("section").classes("card"):
        text("h2", table.title)
        heads = [in_yuan(view, each.head) if each.unit else each.head for each in table.columns]
        count = range(len(heads))
        cells = ([cell_said(table, row, k) for k in count] for row in range(len(table.rows)))
        rows(heads, cells, table.note, {k for k in count if table.columns[k].kind in NUMBERS})


def _saying(view: View, kept: KeptAgreement, found: KeptStatement) -> None:
    """Offer each party of one's own what it may say as things stand."""
    for party in kept.parts_of(current_viewer()):
        acts = _acts(found, party)
        if party not in found.statement.signers or not acts:
            continue
        with ui.element("section").classes("card"):
            named = party_said(view, kept, party)
            text("h2", view.word("statements.for_party", party=named))
            text("p", view.word("statements.saying_how"), "reading")
            label = view.word("statements.reason", party=named)
            note = ui.textarea(label).props(f"outlined autogrow maxlength={MOST_NOTE}")
            note.classes("wide-choice")
            wrong = ui.element("div").classes("whole-row")
            with ui.element("div").classes("choices"):
                for act in acts:
                    said = view.word(f"statements.do.{act}", party=named)
                    press = partial(_say, view, kept, found, party, act, note, wrong)
                    ui.button(said, icon=ICONS[act], on_click=press).props("outline no-caps")


def _acts(found: KeptStatement, party: str) -> list[Act]:
    if disputes(party, found.signatures):
        return ["resolve"]
    acts: list[Act] = [] if has_signed(party, found.signatures) else ["sign"]
    return acts if found.state == "final" else [*acts, "dispute"]


def _say(
    view: View,
    kept: KeptAgreement,
    found: KeptStatement,
    party: str,
    act: Act,
    note: ui.textarea,
    wrong: ui.element,
) -> None:
    with trying(view, wrong, refused_here):
        require("change", "statements")
        said = (kept.id, found.statement.number, party, act, note.value or "")
        say(view.bench.database, current_viewer(), *said)
        ui.navigate.to(view.address.url())
