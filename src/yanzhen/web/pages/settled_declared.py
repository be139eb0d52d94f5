"""What the parties of an agreement declared: by whom, where they differ, sent and withdrawn."""

from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.exchange.settlement.declared import columns_of_money
from yanzhen.exchange.settlement.declaring import declared_of, named_parties, withdraw_row
from yanzhen.exchange.settlement.differences import DeclaredRow, differences
from yanzhen.exchange.settlement.kept import KeptAgreement
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.modes.coconstruction.contract.terms import STATISTICS
from yanzhen.phrasebook import in_language
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import FIELD, trying
from yanzhen.web.pages.settled_parties import ROOT, may, refused_here
from yanzhen.web.text import closed_on_paper, expansion, notice, rows, text
from yanzhen.web.upload import sent_here
from yanzhen.web.view import View

ACCEPTED = ".csv,.xlsx,.parquet"
SHOWN = 400
"""Declared rows of a page, the newest; the API has all."""


def declared(view: View, kept: KeptAgreement) -> None:
    """Show what holds of what was declared, and offer to add to it."""
    found = declared_of(view.bench.database, current_viewer(), kept.id)
    terms = kept.agreement.terms
    columns = ["project", "year", "quarter", *columns_of_money(terms)]
    split = [name for name in STATISTICS if getattr(terms.statistics, name) is not None]
    columns += [name for name in split if name not in columns]
    text("p", view.word("statements.declared_how", columns=", ".join(columns)), "reading")
    _differences(view, kept, found)
    holding = [each for each in found if each.holds]
    if not holding:
        notice(view.word("statements.none_declared"), "note")
    else:
        _rows(view, kept, holding, sum(each.replaced for each in found))
    if not may("make") or kept.standing == "declined":
        return
    target = f"{ROOT}/{kept.id}/declared/files"
    sent_here(view, view.word("statements.choose"), target, ACCEPTED)
    own = [each.number for each in holding if each.organisation == current_viewer().organisation]
    if own:
        _withdrawing(view, kept, own)


def _party(view: View, kept: KeptAgreement, organisation: str) -> str:
    return in_language(named_parties(kept, organisation), view.lang)


def _differences(view: View, kept: KeptAgreement, found: tuple[DeclaredRow, ...]) -> None:
    differing = differences(found)
    if not differing:
        return
    notice(view.word("statements.differing"), "bad")
    heads = [PHRASES.word(view.lang, f"column.{name}") for name in ("project", "period")]
    heads += [
        view.word(f"statements.{key}") for key in ("declared_column", "one_says", "other_says")
    ]
    cells = [
        (
            *(each.project, each.period, each.column),
            *(
                view.word(
                    "statements.says_in_row",
                    party=_party(view, kept, saying.organisation),
                    text=saying.text,
                    number=saying.number,
                )
                for saying in each.said
            ),
        )
        for each in differing
    ]
    rows(heads, cells, view.word("statements.differences"))


def _rows(view: View, kept: KeptAgreement, holding: list[DeclaredRow], replaced: int) -> None:
    said = view.word("statements.rows_declared", count=len(holding), replaced=replaced)
    with expansion(said):
        shown = holding[-SHOWN:]
        names = list(dict.fromkeys(name for each in shown for name in each.cells))
        heads = [PHRASES.word(view.lang, "column.number"), view.word("statements.declared_by")]
        cells = [
            (
                *(str(each.number), _party(view, kept, each.organisation)),
                *(each.cells.get(name, "") for name in names),
            )
            for each in shown
        ]
        rows([*heads, *names], cells, said)
    closed_on_paper(view)


def _withdrawing(view: View, kept: KeptAgreement, own: list[int]) -> None:
    with expansion(view.word("statements.withdraw")), ui.element("div").classes("deal-form"):
        number = ui.number(view.word("statements.withdraw_number"), value=own[-1], precision=0)
        number.props(FIELD)
        wrong = ui.element("div").classes("whole-row")

        def withdraw() -> None:
            with trying(view, wrong, refused_here):
                require("make", "statements")
                said = (kept.id, int(number.value or 0))
                withdraw_row(view.bench.database, current_viewer(), *said)
                ui.navigate.to(view.address.url())

        ui.button(view.word("statements.withdraw_it"), on_click=withdraw).props("outline no-caps")
