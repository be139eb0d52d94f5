"""Zone: what a site can win and at which offer, what an offer brings once prices answer, rivals."""

import json
from functools import partial

import numpy as np
import polars as pl
from nicegui import ui

from yanzhen.api.zones import OFFERS, entrants, offer_responses
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.tolerance import BINDING
from yanzhen.report.figures.offer_response import chosen_offer, offer_response
from yanzhen.report.tables.table import Table
from yanzhen.report.tables.zone import leads_table, response_table, rivals_table, site_facts
from yanzhen.report.text.quantities import UNKNOWN, amount, percent
from yanzhen.report.text.words import word
from yanzhen.web.card import made_card
from yanzhen.web.combobox import combobox
from yanzhen.web.drawings import kept_drawing
from yanzhen.web.figure import live_figure
from yanzhen.web.form import choose
from yanzhen.web.progress import ready
from yanzhen.web.slider import slider
from yanzhen.web.text import facts, notice, root_path, text
from yanzhen.web.view import View

USUAL_OFFER = "0.01"
MOST_RIVALS = 12
FULL = 1.0 - BINDING


def zone(view: View) -> None:
    """Show what one site can expect."""
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    formulation, _ = view.bench.plans.market(view.study)
    site = _choice(view, plan, formulation)
    name = formulation.room.sites["site"][site]
    reader = view.reader(plan)
    known = site_facts(plan, name, reader)
    if known:
        facts(known)
    found, others = entrants(view.bench.plans, view.study, site)
    if found.is_empty():
        notice(view.word("zone.nobody"), "bad")
        return
    _designer(view, plan, offer_responses(view.bench.plans, view.study, site))
    _card(view, plan, leads_table(plan, found, name, reader))
    _card(view, plan, rivals_table(others.head(MOST_RIVALS), reader))


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


def _designer(view: View, plan: Plan, found: pl.DataFrame) -> None:
    """Show what an offer brings and costs; the slider marks another."""
    place = int(np.abs(OFFERS - _offer(view)).argmin())
    with ui.element("section").classes("card"):
        text("h2", view.word("zone.designer"))
        text("p", view.word("zone.designer_note"), "reading")
        told = ui.element("div").props("aria-live=polite")
        label = word(view.lang, "zone.column.offer")
        dial = slider(label, len(found) - 1, place, lambda at: percent(OFFERS[at], 2))
    reader = view.reader(plan)
    offer, of = float(OFFERS[place]), view.bench.plans.place(view.study)
    made = kept_drawing(view, of, "offer_response", lambda: offer_response(found, offer, reader))
    responses = response_table(found, reader)
    live_figure(view, made, _quality(plan), lambda: responses, plan, plan.period[0])

    def tell(at: int) -> None:
        told.clear()
        with told:
            facts(_told(view, plan, found.row(at, named=True)))
            notice(_room(view, found, at), "note")

    def moved() -> None:
        at = int(dial.value)
        tell(at)
        marked = {
            made["key"]: {"rows": chosen_offer(float(OFFERS[at])), "reading": made["reading"]}
        }
        address = root_path() + view.address.choosing(offer=f"{OFFERS[at]:.4g}").url()
        ui.run_javascript(
            f"yanzhen.redraw({json.dumps(marked)}); "
            f"history.replaceState(null, '', {json.dumps(address)})"
        )

    tell(place)
    dial.on_value_change(moved)


def _room(view: View, found: pl.DataFrame, at: int) -> str:
    """Say whether there is room for more at an offer, and from which offer there is none."""
    full = found.filter(pl.col("used") >= FULL)["offer"]
    if full.is_empty():
        return view.word("zone.room_left")
    if full[0] <= 0:
        return view.word("zone.full")
    key = "zone.full_from" if OFFERS[at] < full[0] else "zone.full_since"
    return view.word(key, offer=percent(full[0], 2))


def _offer(view: View) -> float:
    try:
        return float(view.chosen("offer", USUAL_OFFER))
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
        (reader.word("zone.column.price"), percent(row["price"], 2)),
    ]


def _quality(plan: Plan) -> str:
    return "synthetic" if plan.study.about.synthetic else "modelled"


def _card(view: View, plan: Plan, table: Table) -> None:
    made_card(view, table, plan, plan.period[0], _quality(plan))
