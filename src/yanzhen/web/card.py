"""A table with its note, badge, files and the meaning of its numbers."""

from nicegui import ui

from yanzhen.report.tables.table import Table
from yanzhen.report.text.protocols import Result
from yanzhen.web.figure import badge, explained, files, made_files, opened, shown_table
from yanzhen.web.text import closed_on_paper, text
from yanzhen.web.view import View


def kept_card(view: View, table: Table, source: str, quality: str) -> None:
    """Show a table of the API, closed until it is asked for.

    Parameters
    ----------
    source : address of the table in the API, without language and form
    quality : synthetic, observed, estimated or modelled
    """
    with ui.element("section").classes("card"):
        _head(view, table, quality)
        with ui.element("div").classes("tools"):
            files(view, source)
            explained(view, lambda: table)
        opened(view, lambda: table)
        closed_on_paper(view)


def open_card(view: View, table: Table, source: str, quality: str, height: str = "26rem") -> None:
    """Show a table of the API, open."""
    with ui.element("section").classes("card"):
        _head(view, table, quality)
        shown_table(view, table, height)
        with ui.element("div").classes("tools"):
            files(view, source)
            explained(view, lambda: table)


def made_card(
    view: View,
    table: Table,
    result: Result,
    year: int,
    quality: str,
    height: str = "26rem",
    classes: str = "",
) -> None:
    """Show a table that this page made, from which files are made when they are asked for."""
    with ui.element("section").classes(f"card {classes}"):
        _head(view, table, quality)
        shown_table(view, table, height)
        with ui.element("div").classes("tools"):
            made_files(view, lambda: table, result, year)
            explained(view, lambda: table)


def _head(view: View, table: Table, quality: str) -> None:
    with ui.element("div").classes("head"):
        text("h2", table.title)
        badge(view, quality)
    text("p", table.note, "reading")
