"""What an agreement is: its parties, who has accepted it, its terms."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from html import escape

from nicegui import ui

from yanzhen.api.deal_refusals import refused_by_deals
from yanzhen.api.permission import require
from yanzhen.api.settlement_routes import refused_by_settlement
from yanzhen.exchange.deals.deal import NoSuchDeal
from yanzhen.exchange.deals.finding import find_deal
from yanzhen.exchange.settlement.kept import Answer, AnswerKind, KeptAgreement
from yanzhen.exchange.settlement.registering import answer_agreement
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.report.text.words import word
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import trying
from yanzhen.web.text import closed_on_paper, expansion, facts, notice, raw, rows, text
from yanzhen.web.view import View

ROOT = "/api/v1/exchange/agreements"
ICONS: dict[AnswerKind, str] = {"accept": "handshake", "decline": "block"}
KINDS = {"registered": "note", "accepted": "good", "declined": "bad"}


@contextmanager
def refused_here() -> Iterator[None]:
    """Turn what deals and settlement refuse into problem details."""
    with refused_by_deals(), refused_by_settlement():
        yield


def title_said(view: View, kept: KeptAgreement) -> str:
    """Return the title of an agreement."""
    terms = kept.agreement.terms
    return (terms.title_zh if view.lang == "zh" else terms.title_en) or kept.agreement.id


def party_said(view: View, kept: KeptAgreement, key: str) -> str:
    """Return the name of a party, or what it is where it has none."""
    agreement = kept.agreement
    named = {"home": agreement.home, "host": agreement.host, "third": agreement.terms.third_party}
    return named.get(key) or PHRASES.word(view.lang, f"party.{key}")


def in_yuan(view: View, what: str) -> str:
    """Return the head of amounts, with their unit."""
    return word(view.lang, "in_unit", what=what, unit=PHRASES.word(view.lang, "yuan"))


def may(action: str) -> bool:
    """Whether whoever reads may make or change statements."""
    return permitted(current_viewer(), "make" if action == "make" else "change", "statements")


def parties_and_terms(view: View, kept: KeptAgreement) -> None:
    """Show what was agreed between whom, who has accepted it, and offer to."""
    agreement = kept.agreement
    facts(
        [
            (view.word("statements.way"), f"{agreement.home} → {agreement.host}"),
            (view.word("statements.start_year"), str(agreement.start_year)),
        ]
    )
    _deal(view, kept)
    text("p", view.word("statements.terms_are", sha256=agreement.terms_sha256), "reading")
    keys = ("home", "host", *(("third",) if agreement.terms.third_party else ()))
    signs = view.word("statements.signs"), view.word("statements.signs_not")
    said = {each.party: each for each in kept.answers}
    own = view.word("statements.own_party")
    cells = [
        (
            PHRASES.word(view.lang, f"party.{key}"),
            party_said(view, kept, key) + (own if key in kept.parts_of(current_viewer()) else ""),
            signs[key not in agreement.signers],
            _answer(view, said.get(key)) if key in kept.parties else "–",
        )
        for key in keys
    ]
    heads = [view.word(f"statements.{key}") for key in ("as_what", "party", "signing", "answer")]
    rows(heads, cells, view.word("statements.parties"))
    _standing(view, kept)
    links = "".join(
        f'<a class="tool" download href="{ROOT}/{kept.id}/text?form={form}&amp;lang={view.lang}">'
        f"{name}</a>"
        for form, name in (("docx", "Word"), ("md", "Markdown"))
    )
    raw("p", f"{escape(view.word('statements.text'))} {links}", classes="tools")
    with expansion(view.word("statements.terms")):
        raw("pre", escape(agreement.terms_toml))
    closed_on_paper(view)


def _deal(view: View, kept: KeptAgreement) -> None:
    """Name what was agreed, as a way to the deal where it is one of this server."""
    said = escape(kept.agreement.id)
    with suppress(NoSuchDeal):
        deal = find_deal(view.bench.database, current_viewer(), kept.deal or "")
        address = escape(view.address.page("/deals").choosing(deal=deal.id).url())
        said = f'<a href="{address}">{escape(deal.title)}</a>'
    raw("p", f"{escape(view.word('statements.of_deal'))} {said}", classes="reading")


def _answer(view: View, said: Answer | None) -> str:
    if said is None:
        return view.word("statements.answered.waiting")
    return f"{view.word(f'statements.answered.{said.answer}')} · {said.name} · {said.at[:10]}"


def _standing(view: View, kept: KeptAgreement) -> None:
    """Say how the agreement stands, and offer each party of one's own what it may answer."""
    notice(view.word(f"statements.acceptance.{kept.standing}"), KINDS[kept.standing])
    own = kept.parts_of(current_viewer())
    if kept.standing != "registered" or not own or not may("change"):
        return
    with ui.element("section").classes("card"):
        text("h2", view.word("statements.answering"))
        text("p", view.word("statements.answering_how"), "reading")
        text("p", view.word("statements.agreement_hash", sha256=kept.sha256), "reading")
        wrong = ui.element("div").classes("whole-row")
        with ui.element("div").classes("choices"):
            for party in own:
                answers: tuple[AnswerKind, ...] = ("accept", "decline")
                for answer in answers if party in kept.silent else answers[1:]:
                    said = view.word(f"statements.do.{answer}", party=party_said(view, kept, party))
                    press = partial(_press, view, kept, party, answer, wrong)
                    ui.button(said, icon=ICONS[answer], on_click=press).props("outline no-caps")


def _press(
    view: View, kept: KeptAgreement, party: str, answer: AnswerKind, wrong: ui.element
) -> None:
    with trying(view, wrong, refused_here):
        require("change", "statements")
        said = (kept.id, party, answer, kept.sha256)
        answer_agreement(view.bench.database, current_viewer(), *said)
        ui.navigate.to(view.address.url())
