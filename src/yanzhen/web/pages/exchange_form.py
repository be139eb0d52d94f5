"""The form of a listing: its cells as fields, for one that is made and one that is changed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from nicegui import ui

from yanzhen.api.exchange_routes import refused_by_exchange
from yanzhen.api.permission import require
from yanzhen.exchange.listings.cells import (
    NO,
    NOTHING,
    YES,
    cells_of,
    columns_of_kind,
    read_cells,
)
from yanzhen.exchange.listings.freshness import today
from yanzhen.exchange.listings.keeping import make_listings, revise_listing
from yanzhen.exchange.listings.kinds import (
    RESOURCES,
    UNIT_KINDS,
    Content,
    Kind,
    ProductType,
    Shown,
    Status,
)
from yanzhen.exchange.listings.searching import Listing
from yanzhen.report.text.reader import Reader
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study import StudyError
from yanzhen.study.units import UNITS, units_of
from yanzhen.web.combobox import combobox
from yanzhen.web.pages.deal_forms import FIELD, trying
from yanzhen.web.text import main_button, text
from yanzhen.web.view import View

YEAR = 365
LONG = ("text",)
DAYS = ("expires_on", "starts_on")
MONEY = ("unit", "investment_unit")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": get_args(Status),
    "type": get_args(ProductType),
    "shown": get_args(Shown),
}
OF_RESOURCE = ("", "_unit", "_price", "_price_unit", "_one_off")
Said = Callable[[], str]


def new_form(view: View, kind: Kind, reader: Reader) -> None:
    """Offer to make a listing, a draft."""
    cells = dict.fromkeys(columns_of_kind(kind), "")
    cells |= {"expires_on": (today() + timedelta(YEAR)).isoformat(), "status": "observed"}
    if kind == "project":
        cells |= {"confidential": YES[0], "shown": "industry;needs;timing"}

    def make(content: Content) -> str:
        require("make", "listings")
        (made,) = make_listings(view.bench.database, current_viewer(), [content])
        return made

    _form(view, kind, cells, reader, make)


def edit_form(view: View, found: Listing, reader: Reader) -> None:
    """Offer to change a listing, which makes a version that is a draft."""

    def change(content: Content) -> str:
        require("change", "listings")
        content = replace(content, documents=found.content.documents)
        viewer = current_viewer()
        return revise_listing(view.bench.database, viewer, found.id, content, found.version).id

    _form(view, found.kind, cells_of(found.content), reader, change)


# Kept wide: whose fields they are, what stands in them, and what is done with them.
def _form(
    view: View,
    kind: Kind,
    cells: Mapping[str, str],
    reader: Reader,
    keep: Callable[[Content], str],
) -> None:
    said: dict[str, Said] = {}
    of_resources = {f"{resource}{part}" for resource in RESOURCES for part in OF_RESOURCE}
    with ui.element("section").classes("card listing-form"):
        text("p", view.word("exchange.form_note"), "reading")
        with ui.element("div").classes("deal-form"):
            for column in cells:
                if column not in of_resources:
                    said[column] = _field(view, column, cells[column], reader)
        for resource in RESOURCES if kind in ("site", "project") else ():
            name = reader.names.resource(resource)
            with ui.element("div").classes("deal-form").props(f'role=group aria-label="{name}"'):
                for part in OF_RESOURCE:
                    column = f"{resource}{part}"
                    if column in cells:
                        said[column] = _of_resource(view, resource, part, name, cells[column])
        wrong = ui.element("div").classes("whole-row")

        def press() -> None:
            with trying(view, wrong, refused_by_exchange):
                content, problems = read_cells(kind, {key: of() for key, of in said.items()})
                if content is None or problems:
                    raise StudyError(problems)
                address = view.address.page("/exchange").choosing(listing=keep(content))
                ui.navigate.to(address.url())

        main_button(view.word("exchange.keep"), "save", press)


def _field(view: View, column: str, value: str, reader: Reader) -> Said:
    label = view.word(f"exchange.field.{column}")
    if column in ("region", "origin", "industry"):
        names = reader.names.industries if column == "industry" else reader.names.regions
        return _coded(names, label, value)
    if column in CHOICES:
        options = {each: view.word(f"exchange.{column}.{each}") for each in CHOICES[column]}
        if column != "shown":
            return _one_of(options, label, value)
        chosen = [each for each in value.split(";") if each in options]
        several = ui.select(options, value=chosen, label=label, multiple=True)
        several.props(f"{FIELD} options-dense")
        return lambda: ";".join(several.value) or NOTHING[0]
    if column in MONEY:
        return _unit(view, "money", label, value)
    if column == "confidential":
        return _ticked(label, value)
    field = (ui.textarea if column in LONG else ui.input)(label, value=value)
    field.props(f"{FIELD} {'type=date' if column in DAYS else ''}")
    return lambda: field.value or ""


def _of_resource(view: View, resource: str, part: str, name: str, value: str) -> Said:
    """A field of a resource: how much, in which unit, at which price."""
    asked = part or "_amount"
    label = f"{name}: {view.word(f'exchange.of_resource.{asked}')}"
    if part == "_one_off":
        return _ticked(label, value)
    if part.endswith("_unit"):
        kind = "money" if part == "_price_unit" else UNIT_KINDS[resource]
        return _unit(view, kind, label, value)
    field = ui.input(label, value=value).props(FIELD)
    return lambda: field.value or ""


def _coded(names: Mapping[str, str], label: str, value: str) -> Said:
    """A code of the study, by its name; one that the study does not know stays."""
    chosen = [value]
    options = {"": "–", **({value: value} if value not in names else {}), **names}

    def choose(code: str | None) -> None:
        chosen[0] = code or ""

    combobox(options, value, label, choose)
    return lambda: chosen[0]


def _one_of(options: Mapping[str, str], label: str, value: str) -> Said:
    known = value if value in options else None
    field = ui.select(dict(options), value=known, label=label).props(f"{FIELD} options-dense")
    return lambda: field.value or ""


def _unit(view: View, kind: str, label: str, value: str) -> Said:
    chinese = view.lang == "zh"
    return _one_of(_named_units(units_of(kind), chinese), label, value)


def _named_units(units: Iterable[str], chinese: bool) -> dict[str, str]:
    return {"": "–", **{each: UNITS[each].zh if chinese else each for each in units}}


def _ticked(label: str, value: str) -> Said:
    field = ui.checkbox(label, value=value in YES)
    return lambda: (YES if field.value else NO)[0]
