"""Fund: what it should hold at any budget, what support adds, and why."""

import json
from typing import TYPE_CHECKING

import numpy as np
from nicegui import ui

from yanzhen.api.pictures import drawn
from yanzhen.report.analyses.registry import FUND
from yanzhen.report.figures.fund import frontier_figure
from yanzhen.report.findings.fund import counted
from yanzhen.report.tables.fund import fund_table
from yanzhen.report.text.quantities import amount
from yanzhen.report.text.reader import Reader
from yanzhen.web.figure import live_figure, shown_table
from yanzhen.web.pages.analysis import is_made, show_result
from yanzhen.web.slider import slider
from yanzhen.web.text import facts, root_path, text
from yanzhen.web.view import View

if TYPE_CHECKING:
    from yanzhen.finance.fund.study_fund import Fund


def fund(view: View) -> None:
    """Show the portfolio at a budget that the slider gives, then the whole result."""
    if not is_made(FUND, view):
        return
    found: Fund = view.bench.analyses[FUND.name].of(view.study)
    _at_budget(view, found)
    show_result(FUND, view, shown_above=("frontier",))


def _at_budget(view: View, found: "Fund") -> None:
    """Show what is held at a budget; the slider redraws it."""
    reader, budgets = Reader(found.study, view.lang), found.frontier["budget"].to_numpy()
    place = int(np.abs(budgets - _budget(view, found)).argmin())
    with ui.element("section").classes("card"):
        text("h2", view.word("fund.at_budget"))
        text("p", view.word("fund.at_budget_note"), "reading")
        told = ui.element("div").props("aria-live=polite")
        dial = slider(
            reader.word("fund.head.budget"),
            budgets.size - 1,
            place,
            lambda at: amount(float(budgets[at]), reader.money),
        )
        held = ui.element("div")
    made = drawn("fund_frontier", frontier_figure(found, reader, float(budgets[place])))
    quality = "synthetic" if found.study.about.synthetic else "modelled"
    frontier = fund_table(found, "frontier", reader, found.frontier)
    chart = live_figure(view, made, quality, lambda: frontier, found, found.year)

    def tell(at: int) -> None:
        told.clear()
        held.clear()
        row = found.frontier.row(at, named=True)
        with told:
            facts(
                [
                    (reader.word("fund.head.budget"), amount(row["budget"], reader.money)),
                    (reader.word("fund.head.frontier_amount"), amount(row["amount"], reader.money)),
                    (reader.word("fund.head.frontier_held"), str(row["held"])),
                    (
                        reader.word(f"fund.{found.objective}"),
                        counted(found, reader, row["benefit"]),
                    ),
                    (reader.word("fund.head.worst"), counted(found, reader, row["worst"])),
                ]
            )
        with held:
            rows = found.choices.filter(budget=row["budget"])
            if rows.height:
                shown_table(view, fund_table(found, "choices", reader, rows), "18rem")

    def moved() -> None:
        at = int(dial.value)
        tell(at)
        again = drawn("fund_frontier", frontier_figure(found, reader, float(budgets[at])))
        chart.props["spec"] = json.dumps(again["spec"])
        chart.update()
        address = view.address.choosing(budget=f"{budgets[at]:.6g}").url()
        ui.run_javascript(f"history.replaceState(null, '', {root_path() + address!r})")

    tell(place)
    dial.on_value_change(moved)


def _budget(view: View, found: "Fund") -> float:
    try:
        return float(view.chosen("budget", f"{found.budget}"))
    except ValueError:
        return found.budget
