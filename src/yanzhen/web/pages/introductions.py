"""Introductions on the page of the exchange: those that wait for one's answer first, then all."""

from collections.abc import Mapping
from html import escape

from nicegui import ui

from yanzhen.api.docking_routes import refused_by_docking
from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.exchange.deals.from_introduction import (
    deals_of_introductions,
    make_from_introduction,
)
from yanzhen.exchange.docking.introductions import (
    ENDS,
    OF_PROJECT,
    OF_SITE,
    Introduction,
    NotIntroduced,
    answer_introduction,
    answers_of,
    find_introduction,
    list_introductions,
)
from yanzhen.store.database.deal_tables import MODES
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import FIELD, named, trying
from yanzhen.web.text import main_button, raw, text
from yanzhen.web.view import View

LOOKED_THROUGH = 200
"""Introductions, the newest, among which those are that wait."""
AT_ONCE = 20
"""Introductions of a page's table."""
WAITING = 3
"""Introductions that wait, shown in full; the table has the others."""


def waiting(view: View) -> None:
    """Show the introductions that one's own side has to go on with, the longest waiting first."""
    viewer = current_viewer()
    if not permitted(viewer, "change", "introductions"):
        return
    found = list_introductions(view.bench.database, viewer, limit=LOOKED_THROUGH).introductions
    made = deals_of_introductions(view.bench.database, viewer, [each.id for each in found])
    ours = [each for each in reversed(found) if _waits(each, made)]
    if not ours:
        return
    text("h2", view.word("exchange.waiting", count=len(ours)))
    for each in ours[:WAITING]:
        _introduction(view, each, made.get(each.id))


def _waits(each: Introduction, made: Mapping[str, str]) -> bool:
    """Whether an introduction waits for the viewer's side: for an answer, or for its deal."""
    if each.state == "accepted":
        return each.id not in made and permitted(current_viewer(), "make", "deals")
    return each.state == "asked" and not each.own


def introductions(view: View) -> None:
    """Show the introductions of one's organisation as a table, one of them in full."""
    viewer = current_viewer()
    if not permitted(viewer, "read", "introductions"):
        return
    with refused_by_docking():
        after = view.chosen("before") or None
        page = list_introductions(view.bench.database, viewer, after, AT_ONCE)
    if not page.introductions:
        return
    shown = [each.id for each in page.introductions]
    made = deals_of_introductions(view.bench.database, viewer, shown)
    text("h2", view.word("exchange.introductions"))
    chosen = view.chosen("introduction")
    if chosen:
        with refused_by_docking():
            one = find_introduction(view.bench.database, viewer, chosen)
        _introduction(
            view, one, deals_of_introductions(view.bench.database, viewer, [chosen]).get(chosen)
        )
    keys = ("asked_for", "other", "asked_on", "state", "deal")
    heads = "".join(
        f'<th scope="col">{escape(view.word(f"exchange.head.{key}"))}</th>' for key in keys
    )
    lines = "".join(_line(view, each, made.get(each.id)) for each in page.introductions)
    label = escape(view.word("exchange.introductions"))
    raw(
        "div",
        f'<table class="plain"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>',
        classes="scroll",
    ).props(f'tabindex=0 role=region aria-label="{label}"')
    if page.after is not None:
        more = escape(view.address.choosing(before=page.after).url())
        raw("p", f'<a href="{more}">{escape(view.word("exchange.older_introductions"))}</a>')


def _line(view: View, each: Introduction, deal: str | None) -> str:
    address = escape(view.address.choosing(introduction=each.id).url())
    title = escape(_title(each))
    other = each.site_organisation if each.own else each.organisation
    state = view.word(f"exchange.answer.{each.state}")
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (other, each.made_at[:10], state))
    return (
        f'<tr><td><a href="{address}">{title}</a></td>{cells}<td>{_to_deal(view, deal)}</td></tr>'
    )


def _title(each: Introduction) -> str:
    return f"{each.project_content.name} → {each.site_name}"


def _to_deal(view: View, deal: str | None) -> str:
    if deal is None:
        return "–"
    address = escape(view.address.page("/deals").choosing(deal=deal).url())
    return f'<a href="{address}">{escape(view.word("exchange.to_deal"))}</a>'


def _introduction(view: View, each: Introduction, deal: str | None) -> None:
    viewer = current_viewer()
    with ui.element("section").classes("card"):
        other = each.site_organisation if each.own else each.organisation
        text("h3", _title(each))
        state = view.word(f"exchange.answer.{each.state}")
        said = view.word("exchange.with", other=other, day=each.made_at[:10], state=state)
        text("p", said, "reading")
        if each.text:
            text("p", each.text)
        named = {each.site: each.site_name, each.project: each.project_content.name}
        links = (
            f'<a href="{escape(view.address.page("/exchange").choosing(listing=listing).url())}">'
            f"{escape(name)}</a>"
            for listing, name in named.items()
        )
        raw("p", " · ".join(links))
        for answer in answers_of(view.bench.database, viewer, each.id):
            who = view.word("exchange.we" if answer.own else "exchange.they")
            what = view.word(f"exchange.answer.{answer.answer}")
            text("p", f"{answer.made_at[:16].replace('T', ' ')} UTC · {who} · {what} {answer.text}")
        _deal(view, each, deal)
        if permitted(viewer, "change", "introductions") and each.state not in ENDS:
            _answering(view, each)


def _deal(view: View, each: Introduction, deal: str | None) -> None:
    """Lead to the deal of an introduction, or offer to make that of an accepted one."""
    if deal is not None:
        raw("p", _to_deal(view, deal))
    elif each.state == "accepted" and permitted(current_viewer(), "make", "deals"):
        page = view.address.page("/deals")
        mode = ui.select(named(view, "modes", MODES), value=MODES[0], label=view.word("deals.mode"))
        mode.props(f"{FIELD} options-dense").classes("screen-only")
        wrong = ui.element("div").classes("whole-row")

        def press() -> None:
            require("make", "deals")
            with trying(view, wrong), refused_by_docking():
                said = (current_viewer(), each.id, "", mode.value)
                made = make_from_introduction(view.bench.database, *said)
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
