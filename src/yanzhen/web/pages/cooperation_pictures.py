"""Pictures and tables of a contract that follow its terms."""

import json
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

import polars as pl
from nicegui import ui

from yanzhen.api.contract_query import ContractQuery
from yanzhen.api.contract_views import OF_ANSWER, SHOWN, TABLE_OF
from yanzhen.api.contracts import Answer
from yanzhen.api.pictures import drawn
from yanzhen.modes.coconstruction.gains.pair_ledger import with_own
from yanzhen.report.figures.appraisal import (
    break_even_text,
    course_rows,
    curve_rows,
    interval_text,
    part_rows,
    parties_of,
)
from yanzhen.report.figures.pair_ledger import (
    scheme_gains,
    scheme_rows,
    series_of,
    statistics_rows,
    tax_rows,
)
from yanzhen.report.figures.theme import Chart, Rows
from yanzhen.report.tables.cooperation import scheme_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.words import word
from yanzhen.web.figure import badge, explained, live_chart, saves, shown_table
from yanzhen.web.text import expansion, raw, rows, text
from yanzhen.web.view import View


@dataclass
class ContractPageState:
    """What lies before a reader: the terms as they stand, and what they come to.

    Attributes
    ----------
    asked : pair and terms as they stand
    answer : what the last sound terms come to; None where none was
    schemes : the schemes side by side on the pair, as they were when the page was made
    shape : what of the pictures cannot be changed without drawing them anew
    wanted, busy : terms turned so far, and whether one is being answered
    charts : by key of the picture
    closed : tables that are filled when they are opened, with their places, by key
    division : place of how it may be divided
    told, refused : places of the figures, and of what is wrong with the terms
    """

    asked: ContractQuery
    answer: Answer | None = None
    schemes: pl.DataFrame | None = None
    shape: tuple[object, ...] = ()
    wanted: int = 0
    busy: bool = False
    charts: dict[str, ui.element] = field(default_factory=dict)
    closed: dict[str, tuple[ui.expansion, ui.element]] = field(default_factory=dict)
    division: ui.element | None = None
    told: ui.element | None = None
    refused: ui.element | None = None

    @property
    def sound(self) -> Answer:
        """The answer, where there is one."""
        assert self.answer is not None
        return self.answer

    @property
    def quality(self) -> str:
        """What its figures are."""
        synthetic = self.sound.appraisal.study.about.synthetic
        return "synthetic" if synthetic else "modelled"


def table_of(view: View, desk: ContractPageState, key: str) -> Table:
    """Return a table of the answer as it stands, by its own key or that of its picture."""
    if key == "scheme_gains":
        return scheme_table(beside(desk), view.reader(desk.sound.appraisal))
    return SHOWN[TABLE_OF.get(key, key)](desk.sound, view.reader(desk.sound.appraisal))


def chart_of(view: View, desk: ContractPageState, key: str) -> Chart:
    """Return a picture of the answer as it stands."""
    if key == "scheme_gains":
        return scheme_gains(beside(desk), view.reader(desk.sound.appraisal))
    return OF_ANSWER[key](desk.sound, view.reader(desk.sound.appraisal))


def beside(desk: ContractPageState) -> pl.DataFrame:
    """Return the schemes beside the terms as they stand."""
    assert desk.schemes is not None
    return with_own(desk.schemes, desk.sound.appraisal, desk.sound.ledger)


def live_picture(view: View, desk: ContractPageState, key: str) -> None:
    """Show a picture of the answer with its table, files and meaning; it follows the terms."""
    made = drawn(key, chart_of(view, desk, key))
    with ui.element("section").classes("figure"):
        with ui.element("div").classes("head"):
            text("h2", made["title"])
            badge(view, desk.quality)
        text("p", made["reading"], "reading")
        desk.charts[key] = live_chart(view, made)
        with ui.element("div").classes("tools"):
            saves(view, key)
            _files(view, desk, TABLE_OF[key])
            explained(view, lambda: table_of(view, desk, key))
        _closed(view, desk, key)


def live_division(view: View, desk: ContractPageState) -> None:
    """Show how the gain may be divided; it follows the terms."""
    shown = table_of(view, desk, "division")
    with ui.element("section").classes("card"):
        text("h2", shown.title)
        text("p", shown.note, "reading")
        desk.division = ui.element("div")
        _divided(view, desk)
        with ui.element("div").classes("tools"):
            _files(view, desk, "division")
            explained(view, lambda: table_of(view, desk, "division"))


def live_table(view: View, desk: ContractPageState, key: str) -> None:
    """Show a table of the answer, closed until it is asked for; it follows the terms."""
    shown = table_of(view, desk, key)
    with ui.element("section").classes("card"):
        text("h2", shown.title)
        text("p", shown.note, "reading")
        with ui.element("div").classes("tools"):
            _files(view, desk, key)
            explained(view, lambda: table_of(view, desk, key))
        _closed(view, desk, key)


def shape_of(answer: Answer) -> tuple[object, ...]:
    """What of the pictures of an answer cannot be changed by other rows alone."""
    found = answer.appraisal
    drawn_parts = found.parts.filter(found.parts["amount"] != 0).height
    return (parties_of(found), series_of(answer.ledger), drawn_parts)


def follow(view: View, desk: ContractPageState) -> None:
    """Bring pictures and tables to the answer as it stands."""
    shape = shape_of(desk.sound)
    if shape == desk.shape:
        ui.run_javascript(f"yanzhen.redraw({json.dumps(_redrawn(view, desk))})")
    else:
        for key, chart in desk.charts.items():
            made = drawn(key, chart_of(view, desk, key))
            chart.props["spec"] = json.dumps(made["spec"])
            chart.update()
    desk.shape = shape
    _divided(view, desk)
    for key, (place, inside) in desk.closed.items():
        inside.clear()
        if place.value:
            with inside:
                shown_table(view, table_of(view, desk, key))


def _redrawn(view: View, desk: ContractPageState) -> dict[str, dict[str, Any]]:
    """Rows and reading line of every picture that follows the terms."""
    found, ledger = desk.sound.appraisal, desk.sound.ledger
    reader = view.reader(found)
    made: dict[str, tuple[Rows, dict[str, str]]] = {
        "gain_curve": (curve_rows(found, reader), {"found": interval_text(found, reader)}),
        "ledger_tax": (tax_rows(ledger, reader), {}),
        "ledger_statistics": (statistics_rows(ledger, reader), {}),
        "gain_course": (course_rows(found, reader), {"found": break_even_text(found, reader)}),
        "gain_parts": (part_rows(found, reader), {}),
    }
    if desk.schemes is not None:
        made["scheme_gains"] = (scheme_rows(beside(desk), reader), {})
    return {
        key: {"rows": held, "reading": reader.word(f"figure.{key}.reading", **values)}
        for key, (held, values) in made.items()
    }


def _divided(view: View, desk: ContractPageState) -> None:
    if desk.division is None:
        return
    shown = table_of(view, desk, "division")
    desk.division.clear()
    with desk.division:
        rows(
            [
                word(view.lang, "in_unit", what=each.head, unit=each.unit)
                if each.unit
                else each.head
                for each in shown.columns
            ],
            (
                [shown.text(row, column) for column in range(len(shown.columns))]
                for row in range(len(shown.rows))
            ),
            shown.title,
        )


def _files(view: View, desk: ContractPageState, table: str) -> None:
    """Offer a table as files, of the terms as the address has them when it is pressed."""
    links = []
    for form in ("csv", "xlsx"):
        pair = {"home": desk.asked.home, "host": desk.asked.host}
        query = urlencode({**pair, "lang": view.lang, "form": form})
        label = escape(view.word("save", form=form.upper()))
        links.append(
            f'<a class="tool" download data-of-view aria-label="{label}" '
            f'href="/api/v1/contracts/{view.study}/tables/{table}?{escape(query)}">{form.upper()}</a>'
        )
    raw("span", "".join(links), classes="links")


def _closed(view: View, desk: ContractPageState, key: str) -> None:
    with expansion(view.word("table")).classes("opened") as place:
        inside = ui.element("div")

    def fill() -> None:
        if place.value and not inside.default_slot.children:
            with inside:
                shown_table(view, table_of(view, desk, key))

    place.on_value_change(fill)
    desk.closed[key] = (place, inside)
