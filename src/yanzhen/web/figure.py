"""A picture with its reading line, its table, its downloads, and where its numbers come from."""

import json
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, cast
from urllib.parse import urlencode

from nicegui import ui

from yanzhen.api.downloads import as_csv, as_workbook, file_name
from yanzhen.report.tables.table import NUMBERS, Table
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.words import word
from yanzhen.web.deferred import when_turned_to
from yanzhen.web.text import bullets, expansion, raw, text, under_root
from yanzhen.web.view import View

MOST_ROWS = 3000
MOST_PRINTED = 100
"""Rows of a table on paper, as `workbench.css` says too."""
LONG, LOOKED_AT = 30, 200
LONG_LABEL = 250


def figure(
    view: View,
    source: str,
    picture: dict[str, Any],
    table: Callable[[], Table],
    table_source: str,
    quality: str,
) -> None:
    """Show a picture.

    Parameters
    ----------
    view : where the reader is
    source : address of the picture in the API
    picture : as the API gives it
    table : gives the table that holds its numbers, when it is opened
    table_source : address of that table in the API, without language and form
    quality : synthetic, observed, estimated or modelled
    """
    with ui.element("section").classes("figure"):
        with ui.element("div").classes("head"):
            text("h2", picture["title"])
            badge(view, quality)
        if picture["reading"]:
            text("p", picture["reading"], "reading")
        name = escape(picture["title"])
        with _place(picture):
            ui.element("yz-chart").props(
                under_root(f'src="{source}" data-key="{picture["key"]}" role=img ')
                + f'aria-label="{name}" data-waiting="{view.word("not_drawn")}"'
            ).style(room_of(picture))
        with ui.element("div").classes("tools"):
            saves(view, picture["key"])
            files(view, table_source)
            explained(view, table)
        opened(view, table)


def room_of(picture: dict[str, Any]) -> str:
    """Return the style that keeps room for a picture not drawn yet, so that nothing jumps."""
    if picture["aspect"]:
        return f"aspect-ratio:{picture['aspect']}"
    held = picture["spec"].get("height")
    return f"min-height:{held + 60}px" if isinstance(held, int | float) else ""


def _place(picture: dict[str, Any]) -> ui.element:
    """Give a picture its place; one with many columns or long labels scrolls where it is narrow."""
    place = ui.element("div")
    if not picture["aspect"] and _is_wide(picture["spec"]):
        place.classes("wide-chart").props("tabindex=0 role=group")
        place.props["aria-label"] = picture["title"]
    return place


def _is_wide(spec: dict[str, Any]) -> bool:
    for part in (spec, *spec.get("layer", [])):
        encoding = part.get("encoding", {})
        across, down = encoding.get("x", {}), encoding.get("y", {})
        limit = (down.get("axis") or {}).get("labelLimit", 0)
        if across.get("type") in ("nominal", "ordinal") or limit >= LONG_LABEL:
            return True
    return False


def live_figure(
    view: View,
    picture: dict[str, Any],
    quality: str,
    table: Callable[[], Table],
    result: Result,
    year: int,
) -> ui.element:
    """Show a picture that this page makes; give the element a new `spec` to redraw it.

    Parameters
    ----------
    picture : as `yanzhen.api.pictures.drawn` or `kept_drawing` gives it
    table : gives the table that holds its numbers
    result, year : what the table is about
    """
    key, title, reading = picture["key"], picture["title"], picture["reading"]
    with ui.element("section").classes("figure"):
        with ui.element("div").classes("head"):
            text("h2", title)
            badge(view, quality)
        text("p", reading, "reading")
        chart = live_chart(view, picture)
        with ui.element("div").classes("tools"):
            saves(view, key)
            made_files(view, table, result, year)
            explained(view, table)
        opened(view, table)
    return chart


def live_chart(view: View, picture: dict[str, Any]) -> ui.element:
    """Show the drawing alone of a picture that this page makes."""
    chart = ui.element("yz-chart")
    chart.props["data-key"] = picture["key"]
    chart.props["data-title"] = picture["title"]
    chart.props["data-reading"] = picture["reading"]
    chart.props["data-waiting"] = view.word("not_drawn")
    chart.props["role"] = "img"
    chart.props["aria-label"] = picture["title"]
    chart.props["spec"] = picture.get("json") or json.dumps(picture["spec"])
    if picture["aspect"]:
        chart.props["data-aspect"] = picture["aspect"]
    chart.style(room_of(picture) or "min-height:240px")
    return chart


def badge(view: View, quality: str) -> None:
    """Show what the figures are: made up, observed, partly estimated, or the model's."""
    raw(
        "span",
        escape(view.word(f"quality.{quality}")),
        classes=f"badge {quality}",
    ).props(f'title="{escape(view.word(f"quality.{quality}_means"))}"')


def quality_of(table: Table, synthetic: bool, modelled: bool) -> str:
    """Return what the figures of a table are."""
    if synthetic:
        return "synthetic"
    if modelled:
        return "modelled"
    return "estimated" if table.estimated else "observed"


def saves(view: View, key: str) -> None:
    """Offer a picture as files."""
    for form in ("png", "svg"):
        button = ui.button(form.upper()).props(
            f'flat dense no-caps aria-label="{view.word("save", form=form.upper())}"'
        )
        button.on("click", js_handler=f"() => yanzhen.save({key!r}, {form!r})")


def files(view: View, source: str) -> None:
    """Offer a table as files."""
    links = []
    for form in ("csv", "xlsx"):
        joint = "&" if "?" in source else "?"
        address = f"{source}{joint}{urlencode({'lang': view.lang, 'form': form})}"
        label = escape(view.word("save", form=form.upper()))
        links.append(
            f'<a class="tool" download href="{escape(address)}" aria-label="{label}">'
            f"{form.upper()}</a>"
        )
    raw("span", "".join(links), classes="links")


def made_files(view: View, table: Callable[[], Table], result: Result, year: int) -> None:
    """Offer a table that this page made as files."""

    def save(form: str) -> None:
        shown = table()
        if form == "csv":
            content = as_csv(shown, result.study.about.synthetic, view.lang)
        else:
            content = as_workbook(shown, result, year, view.lang)
        ui.download(content, file_name(shown, result, form))

    for form in ("csv", "xlsx"):
        said = view.word("save", form=form.upper())
        ui.button(form.upper(), on_click=lambda form=form: save(form)).props(
            f'flat dense no-caps aria-label="{said}"'
        )


def reports(view: View) -> None:
    """Offer the whole report of the plan as files."""
    links = []
    for form, name in (("html", "HTML"), ("xlsx", "Excel"), ("docx", "Word")):
        address = (
            f"/api/v1/plans/{view.study}/report?{urlencode({'lang': view.lang, 'form': form})}"
        )
        links.append(f'<a class="tool" download href="{escape(address)}">{name}</a>')
    said = escape(view.word("report"))
    raw("p", f"{said} {''.join(links)}", classes="tools reports")


def explained(view: View, table: Callable[[], Table]) -> None:
    """Offer what the numbers mean: the table's note and what each column holds."""

    def show() -> None:
        shown = table()
        with ui.dialog() as dialog, ui.card().classes("explained"):
            text("h2", shown.title)
            text("p", shown.note)
            bullets(
                f"{column.head}{f' ({column.unit})' if column.unit else ''}: "
                f"{view.word(f'kind.{column.kind}')}"
                for column in shown.columns
            )
            how = escape(view.address.page("/how").url())
            raw("p", f'<a href="{how}">{escape(view.word("how_it_works"))}</a>')
            ui.button(view.word("close"), on_click=dialog.close).props("flat")
        dialog.props(f'aria-label="{escape(shown.title)}"')
        dialog.open()

    ui.button(view.word("explain"), icon="help_outline", on_click=show).props("flat dense no-caps")


def opened(view: View, table: Callable[[], Table]) -> None:
    """Offer the table, filled when it is opened."""
    with expansion(view.word("table")).classes("opened") as place:
        inside = ui.element("div")

    def fill() -> None:
        if place.value and not inside.default_slot.children:
            with inside:
                shown_table(view, table())

    place.on_value_change(fill)


def shown_table(view: View, table: Table, height: str = "26rem") -> None:
    """Show a table that scrolls smoothly however long it is; estimates look like estimates.

    Rows beyond a screen's come when the reader turns to it.
    """
    kept = [
        i
        for i, column in enumerate(table.columns)
        # Beside the names that follow them, codes tell a reader nothing.
        if not (i + 1 < len(table.columns) and table.columns[i + 1].name == column.name)
    ]
    count = min(len(table.rows), MOST_ROWS)
    columns: list[dict[str, Any]] = [
        {
            "name": f"c{c}",
            "field": f"c{c}",
            "label": _head(view, table, c),
            "sortable": True,
            "align": "right" if table.columns[c].kind in NUMBERS else "left",
            "style": _width(table, c),
            ":format": f"(value, row) => row.t{c}",
        }
        for c in kept
    ]
    shown = ui.table(
        rows=_rows(table, kept, min(count, MOST_PRINTED)),
        columns=columns,
        row_key="id",
        pagination=0,
    ).classes("yz-table")
    shown.props(
        "virtual-scroll flat dense hide-pagination :virtual-scroll-item-size=29 "
        f'table-style="max-height:{height}" no-data-label="{escape(view.word("empty"))}"'
    )
    shown.add_slot(
        "body-cell",
        "<q-td :props=\"props\" :class=\"props.row.e.includes(props.col.name) ? 'estimated' : ''\">"
        "{{ props.value }}</q-td>",
    )

    def fill() -> None:
        if len(shown.rows) < count:
            shown.rows = _rows(table, kept, count)

    if count > MOST_PRINTED:
        when_turned_to(shown, fill)
    if len(table.rows) > MOST_ROWS:
        text("p", view.word("first_rows", shown=MOST_ROWS, count=len(table.rows)), "reading")
    if count > MOST_PRINTED:
        said = view.word("printed_rows", shown=MOST_PRINTED, count=len(table.rows))
        text("p", said, "reading paper-only")
    if table.estimated:
        text("p", view.word("estimated_cells"), "reading estimated-key")


def _rows(table: Table, columns: Sequence[int], count: int) -> list[dict[str, Any]]:
    """Return the first rows as a browser has them: values to sort by, texts, the estimated.

    It is a tuple: each cell of a list would be watched for changes, which takes longer than all
    else and as much memory again.
    """
    found = tuple(
        {
            "id": i,
            **{f"c{c}": table.rows[i][c] for c in columns},
            **{f"t{c}": table.text(i, c) for c in columns},
            "e": [f"c{c}" for c in columns if (i, c) in table.estimated],
        }
        for i in range(count)
    )
    return cast("list[dict[str, Any]]", found)


def _width(table: Table, column: int) -> str:
    """Give long texts room, so that their rows don't grow high."""
    longest = max((len(str(row[column] or "")) for row in table.rows[:LOOKED_AT]), default=0)
    is_long = table.columns[column].kind not in NUMBERS and longest > LONG
    return "min-width:16rem" if is_long else ""


def _head(view: View, table: Table, column: int) -> str:
    shown = table.columns[column]
    if not shown.unit or shown.unit == "%":
        return shown.head
    return word(view.lang, "in_unit", what=shown.head, unit=shown.unit)
