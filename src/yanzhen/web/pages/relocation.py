"""The part of the page for enterprises that lays a move out over ten years."""

from functools import partial

import polars as pl
from nicegui import ui

from yanzhen.market.plan.plan import Plan
from yanzhen.market.plan.relocation import YEARS, CashFlow, Relocation, cash_flow
from yanzhen.report.figures.site_terms import relocation as relocation_figure
from yanzhen.report.tables.enterprise import cash_gain, cash_table, money_unit
from yanzhen.report.text.quantities import number
from yanzhen.study.assumptions import parameter_values
from yanzhen.web.combobox import combobox
from yanzhen.web.drawings import kept_drawing
from yanzhen.web.figure import live_figure
from yanzhen.web.form import go, number_fields, number_said, sound_numbers
from yanzhen.web.pages.own_figures import QUOTED
from yanzhen.web.text import facts, notice, text
from yanzhen.web.view import View

MONEY = ("severance", "removal", "new_plant")
MOST = {"margin": 100.0, "rate": 100.0, "downtime": 12.0 * YEARS}
FORM = ("margin", "workers_dismissed", "severance", "downtime", "removal", "new_plant")


def relocation(view: View, plan: Plan, admitted: pl.DataFrame, site: str, quality: str) -> None:
    """Show the cash flow of a move to one site, of what the enterprise knows of itself."""
    reader = view.reader(plan)
    named, unit = reader.names, money_unit(reader)
    row = admitted.filter(site=site).row(0, named=True)
    with ui.element("section").classes("card"):
        text("h2", reader.word("enterprise.cash"))
        text("p", view.word("enterprise.form_note"), "reading screen-only")
        with ui.element("div").classes("choices"):
            combobox(
                {code: named.places[code] for code in admitted["site"]},
                row["site"],
                view.word("enterprise.to"),
                partial(_elsewhere, view),
            )
            labels = {key: view.word(f"enterprise.{key}") for key in (*FORM, "rate")}
            labels |= {key: reader.word("in_unit", what=labels[key], unit=unit) for key in MONEY}
            number_fields(view, labels, most=MOST)
        if not sound_numbers(view, labels, MOST):
            return
        move = _known(view, plan)
        if move is None:
            notice(view.word("enterprise.form_empty"), "note")
            return
        flow = cash_flow(move, cash_gain(row))
        facts(_told(view, flow, unit))
    table = cash_table(flow, reader)
    of = view.bench.plans.place(view.study)
    made = kept_drawing(view, of, "relocation", lambda: relocation_figure(flow, reader))
    live_figure(view, made, quality, lambda: table, plan, plan.period[0])


def _elsewhere(view: View, site: str | None) -> None:
    """Go to another site, whose prices were not quoted."""
    go(view, {**dict.fromkeys(QUOTED, ""), "to": site})


def _known(view: View, plan: Plan) -> Relocation | None:
    """What the form says; nothing until output is given."""
    given = {key: number_said(view, key) for key in ("output", *FORM)}
    if not given["output"]:
        return None
    said = {key: value or 0.0 for key, value in given.items()}
    said["margin"] /= 100
    rate = number_said(view, "rate")
    usual = parameter_values(plan.parameters)["annualisation_rate"]
    return Relocation(**said, rate=usual if rate is None else rate / 100)


def _told(view: View, flow: CashFlow, unit: str) -> list[tuple[str, str]]:
    never = view.word("enterprise.never")
    back = never if flow.payback is None else view.word("enterprise.years", n=number(flow.payback))
    return [
        (view.word("enterprise.value"), f"{number(flow.net_present_value)} {unit}"),
        (view.word("enterprise.payback"), back),
    ]
