"""The terms of a contract as sliders and choices."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from nicegui import ui

from yanzhen.api.contract_query import LAST_NOTICE, MOST_MONEY, ContractQuery
from yanzhen.modes.coconstruction.contract.declarations import TERM_VALUES, term_values_of
from yanzhen.modes.coconstruction.contract.term_values import ENDLESS
from yanzhen.modes.coconstruction.contract.terms import BASES, CLOCKS, TAX_KINDS, Terms
from yanzhen.report.text.quantities import unit
from yanzhen.report.text.words import word
from yanzhen.web.slider import slider
from yanzhen.web.text import expansion, text
from yanzhen.web.view import View

FIRST = ("share", "years", "recovery", "cap_years", "extension", "top_up", "statistics")
FURTHER = ("third", *(name for name in TERM_VALUES if name not in ("third", *FIRST)))
OF_VENTURE = ("share", "payout", "third", "statistics", "sunset")
Turn = Callable[[str, object], Awaitable[None]]


def controls(view: View, asked: ContractQuery, terms: Terms, money_unit: str, turn: Turn) -> None:
    """Show every term at its place; `turn` is called with its name and its new value.

    Parameters
    ----------
    asked : what the address says
    terms : as they stand
    money_unit : of the study
    """
    at = term_values_of(terms)
    venture = terms.equity is not None
    text("h2", view.word("cooperation.terms"))
    text("p", view.word("cooperation.terms_note"), "reading")
    for name in OF_VENTURE if venture else FIRST:
        if name in at:
            _slider(view, name, at[name], TERM_VALUES[name].most, turn)
    if venture:
        return
    kinds = {kind: word(view.lang, f"tax_kind.{kind}") for kind in TAX_KINDS}
    _chosen(view, "kinds", kinds, list(terms.tax_kinds), turn, several=True)
    with expansion(view.word("cooperation.more")).classes("opened further"):
        choices: tuple[tuple[str, tuple[str, ...], str], ...] = (
            ("counted_from", CLOCKS, terms.counted_from),
            ("base", BASES, terms.base),
        )
        for name, options, at_now in choices:
            named = {option: view.word(f"cooperation.{name}.{option}") for option in options}
            _chosen(view, name, named, at_now, turn)
        for name in FURTHER:
            if TERM_VALUES[name].unit == "fen":
                _amount(view, name, getattr(asked, name), money_unit, turn)
            elif name in at:
                _slider(view, name, at[name], TERM_VALUES[name].most, turn)
        _slider(view, "leave", asked.leave, LAST_NOTICE, turn)
        _slider(view, "weight", asked.weight, 100, turn)


def _slider(view: View, name: str, at: int, most: int, turn: Turn) -> None:
    said = view.word(f"cooperation.term.{name}")
    with ui.element("div").classes("dial"):
        with ui.element("div").classes("dial-head"):
            text("span", said)
            shown = ui.label(_value(view, name, at)).classes("dial-value")
        dial = slider(said, most, at, partial(_value, view, name))
        dial.props["data-dial"] = name

    async def moved() -> None:
        number = int(dial.value)
        shown.set_text(_value(view, name, number))
        await turn(name, number)

    dial.on_value_change(moved)


def _value(view: View, name: str, number: int) -> str:
    turned = TERM_VALUES.get(name)
    if name in ("share", "share_after", "weight", "payout"):
        return f"{number}%"
    if number == 0:
        return view.word("cooperation.none")
    if turned is not None and turned.unit == "percent":
        return f"{number}%"
    if turned is not None and turned.most == number == ENDLESS:
        return view.word("cooperation.endless")
    of_year = turned is None or turned.unit == "year"
    return view.word("cooperation.in_year" if of_year else "cooperation.years", n=number)


def _chosen(
    view: View,
    name: str,
    options: dict[str, str],
    at: str | list[str],
    turn: Turn,
    several: bool = False,
) -> None:
    box = ui.select(
        options,
        value=at,
        multiple=several,
        label=view.word(f"cooperation.term.{name}"),
    ).props("outlined dense options-dense" + (" use-chips" if several else ""))
    box.classes("dial")

    async def changed() -> None:
        value: Any = box.value
        await turn(name, ",".join(value or []) if several else value)

    box.on_value_change(changed)


def _amount(view: View, name: str, at: float | None, money_unit: str, turn: Turn) -> None:
    shown = unit(money_unit, "zh").name if view.lang == "zh" else money_unit
    named = view.word(f"cooperation.term.{name}")
    said = word(view.lang, "in_unit", what=named, unit=shown)
    box = ui.number(said, value=at, min=0, max=MOST_MONEY).props("outlined dense").classes("dial")

    async def changed() -> None:
        await turn(name, box.value)

    box.on("change", changed)
