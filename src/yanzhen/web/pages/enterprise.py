"""Enterprise: where should I go, why, what would change the answer, and when a move pays."""

import json
from collections.abc import Mapping

import polars as pl
from nicegui import ui

from yanzhen.api.pictures import drawn
from yanzhen.api.rankings import Enterprise, ranking
from yanzhen.market.plan import Plan
from yanzhen.market.relocation import CashFlow, Relocation, cash_flow
from yanzhen.report.enterprise import (
    cash_gain,
    cash_table,
    comparison_table,
    money_unit,
    ranking_table,
    what_would_change,
)
from yanzhen.report.figures import Chart
from yanzhen.report.figures.site_terms import relocation, site_terms
from yanzhen.report.names import names
from yanzhen.report.quantities import number
from yanzhen.study.assumptions import parameter_values
from yanzhen.web.figure import explained, live_figure, shown_table
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, facts, notice, text
from yanzhen.web.view import View

MONEY = ("output", "severance", "removal", "new_plant")
FORM = ("output", "margin", "workers_dismissed", "severance", "downtime", "removal", "new_plant")
COMPARED = 3


def enterprise(view: View) -> None:
    """Show where one enterprise could go."""
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    formulation, prices = view.bench.plans.market(view.study)
    asked = _asked(view, plan, formulation.blocks)
    ranked = ranking(formulation, prices, asked)
    admitted = ranked.filter(pl.col("rank").is_not_null())
    if admitted.is_empty():
        notice(view.word("enterprise.nowhere"), "bad")
        shown_table(view, ranking_table(plan, ranked, view.lang))
        return
    _picture(view, plan, "site_terms", site_terms(plan, ranked, view.lang))
    with ui.element("section").classes("card"):
        text("h2", view.word("enterprise.changes"))
        text("p", view.word("enterprise.changes_note"), "reading")
        bullets(what_would_change(plan, ranked, view.lang), "findings")
    with ui.element("section").classes("card"):
        whole = ranking_table(plan, ranked, view.lang)
        text("h2", whole.title)
        text("p", whole.note, "reading")
        shown_table(view, whole)
        explained(view, lambda: whole)
    _compared(view, plan, ranked)
    _cash(view, plan, admitted)


def _asked(view: View, plan: Plan, blocks: pl.DataFrame) -> Enterprise:
    """Offer industries and origins that have enterprises; return those chosen."""
    named = names(plan, view.lang)
    largest = blocks.sort("output", descending=True, nulls_last=True).row(0, named=True)
    industry = view.chosen("industry", largest["industry"])
    there = blocks.filter(industry=industry).sort("output", descending=True)
    first = there["origin"][0] if there.height else largest["origin"]
    origin = view.chosen("origin", first)
    with ui.element("div").classes("choices"):
        for key, options, value in (
            (
                "industry",
                {c: named.industries[c] for c in sorted(set(blocks["industry"]))},
                industry,
            ),
            ("origin", {c: named.regions[c] for c in sorted(set(there["origin"]))}, origin),
        ):
            ui.select(
                options,
                value=value if value in options else None,
                label=view.word(f"enterprise.{key}"),
                with_input=True,
                on_change=lambda event, key=key: _go(view, {key: event.value}),
            ).props("outlined dense options-dense")
    return Enterprise(industry, origin)


def _named(codes: pl.Series, said: Mapping[str, str]) -> dict[str, str]:
    return {code: said[code] for code in codes.unique().sort()}


def _go(view: View, chosen: Mapping[str, object]) -> None:
    said = {key: "" if value is None else str(value) for key, value in chosen.items()}
    ui.navigate.to(view.address.choosing(**said).url())


def _picture(view: View, plan: Plan, key: str, chart: Chart) -> None:
    made = drawn(key, chart)
    quality = "synthetic" if plan.study.about.synthetic else "modelled"
    live_figure(view, key, made["title"], made["reading"], json.dumps(made["spec"]), quality)


def _compared(view: View, plan: Plan, ranked: pl.DataFrame) -> None:
    """Show the sites in the comparison tray beside each other."""
    named = names(plan, view.lang)
    first = ranked["site"].head(COMPARED).to_list()
    sites = [site for site in view.chosen("sites").split(",") if site in named.places] or first
    with ui.element("section").classes("card"):
        text("h2", view.word("enterprise.compared"))
        ui.select(
            {site: named.places[site] for site in ranked["site"]},
            value=sites,
            multiple=True,
            with_input=True,
            label=view.word("enterprise.tray"),
            on_change=lambda event: _go(view, {"sites": ",".join(event.value or [])}),
        ).props("outlined dense options-dense use-chips")
        shown_table(view, comparison_table(plan, ranked, sites, view.lang), "none")


def _cash(view: View, plan: Plan, admitted: pl.DataFrame) -> None:
    """Show the cash flow of a move to one site, of what the enterprise knows of itself."""
    named, unit = names(plan, view.lang), money_unit(plan, view.lang)
    site = view.chosen("to", admitted["site"][0])
    found = admitted.filter(site=site)
    row = (found if found.height else admitted).row(0, named=True)
    with ui.element("section").classes("card"):
        text("h2", view.word("enterprise.cash"))
        text("p", view.word("enterprise.form_note"), "reading")
        with ui.element("div").classes("choices"):
            ui.select(
                {code: named.places[code] for code in admitted["site"]},
                value=row["site"],
                label=view.word("enterprise.to"),
                with_input=True,
                on_change=lambda event: _go(view, {"to": event.value}),
            ).props("outlined dense options-dense")
            for key in (*FORM, "rate"):
                _field(view, key, unit if key in MONEY else "")
        move = _known(view, plan)
        if move is None:
            notice(view.word("enterprise.form_empty"), "note")
            return
        flow = cash_flow(move, cash_gain(row))
        facts(_told(view, flow, unit))
    _picture(view, plan, "relocation", relocation(plan, flow, view.lang))
    with ui.element("section").classes("card"):
        table = cash_table(plan, flow, view.lang)
        text("h2", table.title)
        text("p", table.note, "reading")
        shown_table(view, table, "none")


def _field(view: View, key: str, unit: str) -> None:
    label = view.word(f"enterprise.{key}")
    field = ui.number(
        f"{label} ({unit})" if unit else label, value=_number(view, key), min=0
    ).props("outlined dense")
    field.on("change", lambda: _go(view, {key: field.value}))


def _number(view: View, key: str) -> float | None:
    try:
        value = float(view.chosen(key))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def _known(view: View, plan: Plan) -> Relocation | None:
    """What the form says; nothing until output is given."""
    given = {key: _number(view, key) for key in FORM}
    if not given["output"]:
        return None
    said = {key: value or 0.0 for key, value in given.items()}
    said["margin"] /= 100
    rate = _number(view, "rate")
    usual = parameter_values(plan.parameters)["annualisation_rate"]
    return Relocation(**said, rate=usual if rate is None else rate / 100)


def _told(view: View, flow: CashFlow, unit: str) -> list[tuple[str, str]]:
    never = view.word("enterprise.never")
    back = never if flow.payback is None else view.word("enterprise.years", n=number(flow.payback))
    return [
        (view.word("enterprise.value"), f"{number(flow.net_present_value)} {unit}"),
        (view.word("enterprise.payback"), back),
    ]
