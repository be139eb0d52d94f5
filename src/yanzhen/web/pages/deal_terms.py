"""The terms of a deal: its versions, what changed clause by clause, and who agreed."""

from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.exchange.deals.clauses import clauses_of
from yanzhen.exchange.deals.deal import Deal
from yanzhen.exchange.deals.following import FOLLOWS
from yanzhen.exchange.deals.terms import (
    SIGNERS,
    Version,
    agree,
    changes_between,
    propose_terms,
    versions_of,
)
from yanzhen.modes.coconstruction.contract.terms_toml import parse_terms
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import listed, trying
from yanzhen.web.text import closed_on_paper, expansion, main_button, notice, rows, text
from yanzhen.web.view import View


def terms(view: View, deal: Deal, parties: dict[str, str]) -> None:
    """Show the newest version with what it changes, and offer to agree or to propose another."""
    found = versions_of(view.bench.database, current_viewer(), deal.id)
    with ui.element("section").classes("card"):
        text("h2", view.word("deals.terms"))
        text("p", view.word("deals.terms_how"), "reading")
        if not found:
            notice(view.word("deals.no_terms"), "note")
        else:
            _versions(view, found, parties)
            _newest(view, deal, found[-1], parties)
        if FOLLOWS[deal.state] and permitted(current_viewer(), "make", "terms"):
            _proposing(view, deal, found)


def _versions(view: View, found: tuple[Version, ...], parties: dict[str, str]) -> None:
    heads = [
        view.word(f"deals.{key}")
        for key in ("version", "proposed_by", "agreed_by", "signed", "hash")
    ]
    cells = [
        (
            str(each.version),
            f"{parties.get(each.organisation, '')} · {each.made_at[:10]}",
            listed(view, (parties.get(one.organisation, "") for one in each.agreements)),
            view.word("deals.not_signed") if each.signed_at is None else each.signed_at[:10],
            each.sha256,
        )
        for each in reversed(found)
    ]
    rows(heads, cells, view.word("deals.versions"))


def _newest(view: View, deal: Deal, newest: Version, parties: dict[str, str]) -> None:
    changed = changes_between(view.bench.database, current_viewer(), deal.id, newest.version)
    if newest.version > 1:
        heads = [view.word(f"deals.{key}") for key in ("clause", "before", "after")]
        cells = [(each.clause, each.before or "—", each.after or "—") for each in changed]
        rows(heads, cells, view.word("deals.changed", version=newest.version))
    with expansion(view.word("deals.clauses", version=newest.version)):
        heads = [view.word(f"deals.{key}") for key in ("clause", "says")]
        stated = clauses_of(parse_terms(newest.terms, "terms.toml"))
        rows(heads, stated, view.word("deals.clauses", version=newest.version))
    closed_on_paper(view)
    viewer = current_viewer()
    capacity = next(
        each.capacity for each in deal.parties if each.organisation == viewer.organisation
    )
    agreed = viewer.organisation in [each.organisation for each in newest.agreements]
    if agreed or viewer.role not in SIGNERS[capacity] or not permitted(viewer, "change", "terms"):
        return
    wrong = ui.element("div").classes("whole-row")

    def sign() -> None:
        require("change", "terms")
        who = current_viewer()
        with trying(view, wrong):
            said = (newest.version, who.organisation, newest.sha256)
            agree(view.bench.database, who, deal.id, *said)
            ui.navigate.to(view.address.url())

    own = parties[viewer.organisation]
    said = view.word("deals.agree", version=newest.version, party=own)
    main_button(said, "draw", sign)


def _proposing(view: View, deal: Deal, found: tuple[Version, ...]) -> None:
    with expansion(view.word("deals.propose")):
        label = view.word("deals.terms_toml")
        written = ui.textarea(label, value=found[-1].terms if found else view.word("deals.first"))
        written.props("outlined autogrow maxlength=100000").classes("wide-choice")
        wrong = ui.element("div").classes("whole-row")

        def propose() -> None:
            require("make", "terms")
            with trying(view, wrong):
                propose_terms(view.bench.database, current_viewer(), deal.id, written.value)
                ui.navigate.to(view.address.url())

        ui.button(view.word("deals.propose_it"), on_click=propose).props("outline no-caps")
