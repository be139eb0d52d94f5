"""Zone: who would come at which price, what would win them, rivals, and an offer designer."""

import json
from functools import partial

import numpy as np
import polars as pl
from nicegui import ui

from yanzhen.api.pictures import drawn
from yanzhen.market.plan.expected_entrants import leads, payoffs, response, rivals
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Floats
from yanzhen.report.figures.offer_response import offer_response
from yanzhen.report.tables.table import Table
from yanzhen.report.tables.zone import leads_table, response_table, rivals_table, site_facts
from yanzhen.report.text.quantities import UNKNOWN, amount, percent
from yanzhen.report.text.words import word
from yanzhen.web.card import made_card
from yanzhen.web.combobox import combobox
from yanzhen.web.figure import live_figure
from yanzhen.web.form import choose
from yanzhen.web.progress import ready
from yanzhen.web.slider import slider
from yanzhen.web.text import facts, notice, root_path, text
from yanzhen.web.view import View

OFFERS = np.linspace(0.0, 0.1, 41)
MOST_RIVALS = 12
FULL = 1.0 + 1e-6


def zone(view: View) -> None:
    """Show what one site can expect."""
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    formulation, prices = view.bench.plans.market(view.study)
    site = _choice(view, plan, formulation)
    gain = payoffs(formulation, prices)
    _standing(view, plan, formulation.room.sites["site"][site])
    found = leads(formulation, gain, site)
    if found.is_empty():
        notice(view.word("zone.nobody"), "bad")
        return
    _designer(view, plan, formulation, gain, site)
    reader = view.reader(plan)
    _card(view, plan, leads_table(plan, found, formulation.room.sites["site"][site], reader))
    others = rivals(formulation, gain, site).head(MOST_RIVALS)
    _card(view, plan, rivals_table(others, reader))


def _choice(view: View, plan: Plan, formulation: Formulation) -> int:
    """Offer the sites; return the place of the one looked at."""
    named = view.reader(plan).names
    sites = formulation.room.sites["site"].to_list()
    largest = plan.sites.sort("arrivals", descending=True, nulls_last=True)["site"][0]
    chosen = view.one_of(sites, "site", "zone.site", largest)
    with ui.element("div").classes("choices"):
        combobox(
            {site: named.places[site] for site in sites},
            chosen,
            view.word("zone.site"),
            partial(choose, view, "site"),
        )
    return sites.index(chosen)


def _standing(view: View, plan: Plan, site: str) -> None:
    """Show what comes to the site in the plan, and what its scarce resources fetch."""
    row = plan.sites.filter(site=site).row(0, named=True)
    scarce = plan.prices.filter(pl.col("place") == site, pl.col("scarce"))
    reader = view.reader(plan)
    arrivals = amount(row["arrivals"], reader.size)
    facts([(reader.word("zone.planned"), arrivals), *site_facts(plan, site, reader)])
    if scarce.is_empty():
        notice(view.word("zone.room_left"), "note")
    else:
        notice(view.word("zone.full"), "note")


def _designer(view: View, plan: Plan, formulation: Formulation, gain: Floats, site: int) -> None:
    """Show what an offer brings and costs; the slider redraws it."""
    found = response(formulation, gain, site, OFFERS)
    offer = _offer(view)
    place = len(found) - 1 if offer >= OFFERS[-1] else int(np.abs(OFFERS - offer).argmin())
    with ui.element("section").classes("card"):
        text("h2", view.word("zone.designer"))
        text("p", view.word("zone.designer_note"), "reading")
        told = ui.element("div").props("aria-live=polite")
        label = word(view.lang, "zone.column.offer")
        dial = slider(label, len(found) - 1, place, lambda at: percent(OFFERS[at], 2))
    reader = view.reader(plan)
    made = drawn("offer_response", offer_response(found, float(OFFERS[place]), reader))
    responses = response_table(found, reader)
    chart = live_figure(view, made, _quality(plan), lambda: responses, plan, plan.period[0])

    def tell(at: int) -> None:
        told.clear()
        with told:
            row = found.row(at, named=True)
            facts(_told(view, plan, row))
            if row["used"] is not None and row["used"] > FULL:
                notice(view.word("zone.beyond"), "bad")

    def moved() -> None:
        at = int(dial.value)
        tell(at)
        again = drawn("offer_response", offer_response(found, float(OFFERS[at]), reader))
        chart.props["spec"] = json.dumps(again["spec"])
        chart.update()
        address = view.address.choosing(offer=f"{OFFERS[at]:.4g}").url()
        ui.run_javascript(f"history.replaceState(null, '', {root_path() + address!r})")

    tell(place)
    dial.on_value_change(moved)


def _offer(view: View) -> float:
    try:
        return float(view.chosen("offer", "0.02"))
    except ValueError:
        return 0.0


def _told(view: View, plan: Plan, row: dict[str, float | None]) -> list[tuple[str, str]]:
    reader = view.reader(plan)
    cost = row["cost_of_gained"]
    return [
        (reader.word("zone.column.offer"), percent(row["offer"], 2)),
        (reader.word("zone.column.arrivals"), amount(row["arrivals"], reader.size)),
        (reader.word("zone.column.gained"), amount(row["gained"], reader.size)),
        (reader.word("zone.column.outlay"), amount(row["outlay"], reader.money)),
        (reader.word("zone.column.cost_of_gained"), UNKNOWN if cost is None else percent(cost)),
        (reader.word("zone.column.used"), percent(row["used"])),
    ]


def _quality(plan: Plan) -> str:
    return "synthetic" if plan.study.about.synthetic else "modelled"


def _card(view: View, plan: Plan, table: Table) -> None:
    made_card(view, table, plan, plan.period[0], _quality(plan))
