"""Fields and dialogs that pages of deals share: days, texts, moves, and what was refused."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date

from nicegui import ui

from yanzhen.api.deal_refusals import refused_by_deals
from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.exchange.deals.changing import add_transitions
from yanzhen.exchange.deals.deal import Deal
from yanzhen.exchange.deals.following import FOLLOWS, Happened
from yanzhen.store.database.deal_tables import DEAL_STATES
from yanzhen.store.people.persons import organisation_named
from yanzhen.store.people.refusals import NotThere
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.text import main_button, notice, problems, text
from yanzhen.web.view import View

FIELD = "outlined dense stack-label"
ENDS = ("stalled", "moved_away", "closed", "withdrawn")
"""States that no deal is made for."""


def named(view: View, kind: str, keys: Iterable[str]) -> dict[str, str]:
    """Return what may be chosen, by key, as a reader reads it."""
    return {key: view.word(f"deals.{kind}.{key}") for key in keys}


def state_name(view: View, state: str) -> str:
    """Return the name of a state or an event."""
    return view.word(f"deals.state.{state}")


def forward(state: str) -> list[str]:
    """Return the states that lead on from one, or back to work where none does."""
    on = [each for each in FOLLOWS[state] if each not in ENDS]
    later = [each for each in on if DEAL_STATES.index(each) > DEAL_STATES.index(state)]
    return later or on


def listed(view: View, names: Iterable[str]) -> str:
    """Return names one after another."""
    return ("、" if view.lang == "zh" else ", ").join(names)


def organisation_called(view: View, said: str) -> str:
    """Return the identity of the organisation of a whole name; what is said where there is none."""
    try:
        return organisation_named(view.bench.database, said)
    except NotThere:
        return said.strip()


def text_field(view: View, key: str, longest: int) -> ui.input:
    """Offer a text."""
    return ui.input(view.word(f"deals.{key}")).props(f"{FIELD} maxlength={longest}")


def day_field(view: View, key: str, day: str = "") -> ui.input:
    """Offer a day, today where none is given."""
    field = ui.input(view.word(f"deals.{key}"), value=day or date.today().isoformat())
    return field.props(f"{FIELD} type=date")


def amount_field(view: View, key: str) -> ui.number:
    """Offer an amount in ten thousand yuan."""
    return ui.number(view.word(f"deals.{key}"), min=0).props(FIELD)


def fen_of(wan: float | None) -> int | None:
    """Return an amount in ten thousand yuan in fen, to the fen."""
    return None if wan is None else round(wan * 1_000_000)


def money_said(view: View, fen: int) -> str:
    """Return an amount in fen in ten thousand yuan, as a reader reads it."""
    return view.word("deals.wan", amount=f"{fen / 1_000_000:,.6f}".rstrip("0").rstrip("."))


@contextmanager
def trying(
    view: View,
    wrong: ui.element,
    refused: Callable[[], AbstractContextManager[None]] = refused_by_deals,
) -> Iterator[None]:
    """Do something; what is refused is said in a place of the page.

    Parameters
    ----------
    view, wrong : where the reader is, and the place
    refused : what turns errors into refusals
    """
    try:
        with refused():
            yield
    except Refusal as refusal:
        wrong.clear()
        with wrong:
            notice(refusal.said(view.lang), "bad")
            problems(view, refusal.problems, view.word("deals.wrong"))


def move_dialog(view: View, deal: Deal, state: str) -> None:
    """Ask for the day on which a deal enters a state, which cannot be taken back."""
    said = view.word("deals.move_to", deal=deal.title, state=state_name(view, state))
    with ui.dialog() as dialog, ui.card().classes("explained"):
        text("h2", said)
        text("p", view.word("deals.kept"), "reading")
        day = day_field(view, "day")
        day.props("autofocus")
        amount = amount_field(view, "amount") if state == "signed" else None
        wrong = ui.element("div").classes("whole-row")

        def enter() -> None:
            fen = None if amount is None else fen_of(amount.value)
            happened = [Happened(state, day.value or "", fen)]
            enter_transitions(view, deal, happened, wrong)

        day.on("keydown.enter", enter)
        with ui.element("div").classes("choices"):
            main_button(view.word("deals.enter"), "check", enter)
            ui.button(view.word("cancel"), on_click=dialog.close).props("flat no-caps")
    dialog.props["aria-label"] = said
    dialog.open()


def enter_transitions(
    view: View, deal: Deal, happened: Sequence[Happened], wrong: ui.element
) -> None:
    """Enter what happened to the version of a deal that is shown, and show the page anew."""
    require("change", "deals")
    with trying(view, wrong):
        add_transitions(view.bench.database, current_viewer(), deal.id, happened, deal.version)
        ui.navigate.to(view.address.url())
