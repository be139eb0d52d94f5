"""Enterprise: where should I go, why, what would change the answer, and when a move pays."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
from nicegui import ui

from yanzhen.api.rankings import ranking
from yanzhen.market.plan.destinations import Enterprise
from yanzhen.market.plan.plan import Plan
from yanzhen.market.plan.shortlists import own_shortlist
from yanzhen.market.problem.formulation import Formulation
from yanzhen.report.figures.site_map import site_map
from yanzhen.report.figures.site_terms import site_terms
from yanzhen.report.tables.enterprise import comparison_table, ranking_table
from yanzhen.report.tables.shortlist import (
    not_in_cash,
    own_shortlist_table,
    what_changes_the_order,
)
from yanzhen.report.text.quantities import number
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import word
from yanzhen.web.card import made_card
from yanzhen.web.combobox import combobox
from yanzhen.web.drawings import kept_drawing
from yanzhen.web.figure import live_figure, shown_table
from yanzhen.web.form import go, number_fields, number_said, sound_numbers
from yanzhen.web.pages.enterprise_list import enterprise_list
from yanzhen.web.pages.own_figures import own_figures
from yanzhen.web.pages.relocation import relocation
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, facts, notice, text
from yanzhen.web.view import View, require

COMPARED = 3


def enterprise(view: View) -> None:
    """Show where one enterprise could go."""
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    formulation, prices = view.bench.plans.market(view.study)
    quality = "synthetic" if plan.study.about.synthetic else "modelled"
    asked = _asked(view, plan, formulation)
    if asked is None:
        return
    usual = ranking(formulation, prices, asked).drop_nulls("rank")
    reader = view.reader(plan)
    site, told = "", None
    if usual.height:
        lists = _lists(plan, asked)
        first = own_shortlist(usual, lists, {})["site"][0]
        site = view.one_of(usual["site"], "to", "enterprise.to", first)
        told = own_figures(view, plan, usual, reader.names.places[site])
        if told is None:
            return
        own, weights = told
        asked = replace(asked, costs=own.costs, quoted={site: own.quoted}, added={site: own.added})
    ranked = ranking(formulation, prices, asked)
    whole = ranking_table(ranked, asked.industry, reader)
    admitted = ranked.drop_nulls("rank")
    if told is None:
        notice(view.word("enterprise.nowhere"), "bad")
        made_card(view, whole, plan, plan.period[0], quality)
        enterprise_list(view, plan, formulation, prices, quality)
        return
    found = own_shortlist(ranked, lists, weights)
    _shortlist(view, plan, found, weights, quality)
    if not plan.study.tables["sites"].is_empty():
        of = view.bench.plans.place(view.study)
        where = kept_drawing(view, of, "site_map", lambda: site_map(plan, admitted, reader))
        live_figure(view, where, quality, lambda: whole, plan, plan.period[0])
    relocation(view, plan, admitted, site, quality)
    by_rule = pl.any_horizontal(pl.col("listing", "rule").is_not_null())
    refused = ranked.filter(pl.col("rank").is_null(), by_rule)
    if refused.height:
        notice(view.word("enterprise.refused", count=refused.height, all=ranked.height), "note")
    text("p", view.word("enterprise.on_paper", count=ranked.height), "reading paper-only")
    made_card(view, whole, plan, plan.period[0], quality, classes="screen-only")
    _compared(view, plan, ranked)
    enterprise_list(view, plan, formulation, prices, quality)


def _lists(plan: Plan, asked: Enterprise) -> pl.DataFrame:
    """The draws' shortlist of an enterprise's industry and origin; empty where there is none."""
    lists = plan.uncertainty.shortlists
    return lists.filter(industry=asked.industry, origin=asked.origin)


def _shortlist(
    view: View, plan: Plan, found: pl.DataFrame, weights: dict[str, float], quality: str
) -> None:
    """Show the best sites in money, why, and what would change their order."""
    reader, output = view.reader(plan), number_said(view, "output")
    table = own_shortlist_table(found, output or None, bool(weights), reader)
    made_card(view, table, plan, plan.period[0], quality, classes="shortlist")
    if found["cash_low"].null_count() == found.height:
        notice(view.word("enterprise.no_draws"), "note")
    of = view.bench.plans.place(view.study)
    made = kept_drawing(view, of, "site_terms", lambda: site_terms(found, output or None, reader))
    live_figure(view, made, quality, lambda: table, plan, plan.period[0])
    with ui.element("section").classes("card changes"):
        text("h2", view.word("enterprise.changes"))
        text("p", view.word("enterprise.changes_note"), "reading")
        bullets(what_changes_the_order(found, weights, reader), "findings")
        text("p", view.word("enterprise.apart"), "reading")
        facts(not_in_cash(found, reader))


def _asked(view: View, plan: Plan, formulation: Formulation) -> Enterprise | None:
    """Offer industries and origins that have enterprises, and needs; return those chosen.

    None where a need cannot be reckoned with.
    """
    reader, blocks = view.reader(plan), formulation.blocks
    named = reader.names
    largest = blocks.sort("output", descending=True, nulls_last=True).row(0, named=True)
    industries = _named(blocks["industry"], named.industries)
    industry = view.one_of(industries, "industry", "enterprise.industry", largest["industry"])
    there = blocks.filter(industry=industry).sort("output", descending=True)
    origin = view.one_of(there["origin"], "origin", "enterprise.origin", there["origin"][0])
    needs = _needs(formulation, industry, origin)
    with ui.element("div").classes("choices"):
        for key, options, value in (
            ("industry", industries, industry),
            ("origin", _named(there["origin"], named.regions), origin),
        ):
            combobox(
                options,
                value,
                view.word(f"enterprise.{key}"),
                partial(_change, view, blocks, industry, key),
            )
        labels, means = {}, {}
        for resource, usual in needs.items():
            per = f"{reader.resource_unit(resource).name} / {reader.size.name}"
            label = reader.word("enterprise.need", resource=named.resource(resource), unit=per)
            labels[f"need_{resource}"] = label
            means[f"need_{resource}"] = number(usual * _shown(resource, reader))
        number_fields(view, labels, means)
    if not sound_numbers(view, labels):
        return None
    if not needs:
        text("p", reader.word("enterprise.no_needs"), "reading screen-only")
    said = {resource: number_said(view, f"need_{resource}") for resource in needs}
    own = {
        resource: value / _shown(resource, reader)
        for resource, value in said.items()
        if value is not None
    }
    return Enterprise(industry, origin, own)


def _needs(formulation: Formulation, industry: str, origin: str) -> dict[str, float]:
    """What the industry's enterprises at the origin need per unit of size, its own room aside."""
    blocks = formulation.blocks
    rows = np.flatnonzero((blocks["industry"] == industry) & (blocks["origin"] == origin))
    if not rows.size:
        return {}
    mean = np.average(formulation.market.needs[rows], axis=0, weights=formulation.market.mass[rows])
    return {
        resource: float(mean[k])
        for k, resource in enumerate(formulation.room.resources)
        if resource.partition(":")[0] != formulation.room.size
    }


def _shown(resource: str, reader: Reader) -> float:
    """What turns a need of the study into the units shown."""
    return reader.resource_unit(resource).factor / reader.size.factor


def _change(view: View, blocks: pl.DataFrame, industry: str, key: str, value: str) -> None:
    """Go to another industry or place, which has other needs; of both, one that there is."""
    chosen = {"industry": industry, key: value}
    asked = {name: "" for name in view.address.choices if name.startswith("need_")}
    origin = chosen.get("origin", view.chosen("origin"))
    if blocks.filter(industry=chosen["industry"], origin=origin).is_empty():
        origin = ""
    go(view, {**asked, "enterprise": "", **chosen, "origin": origin})


def _named(codes: pl.Series, said: Mapping[str, str]) -> dict[str, str]:
    return {code: said[code] for code in codes.unique().sort()}


def _compared(view: View, plan: Plan, ranked: pl.DataFrame) -> None:
    """Show the sites in the comparison tray beside each other."""
    named = view.reader(plan).names
    first = ranked["site"].head(COMPARED).to_list()
    said = [site for site in view.chosen("sites").split(",") if site]
    sites = [require(site, ranked["site"], "enterprise.tray") for site in said] or first
    with ui.element("section").classes("card screen-only"):
        text("h2", word(view.lang, "enterprise.compared"))
        combobox(
            {site: named.places[site] for site in ranked["site"]},
            sites,
            view.word("enterprise.tray"),
            lambda chosen: go(view, {"sites": ",".join(chosen or [])}),
        ).props("use-chips")
        shown_table(view, comparison_table(ranked, sites, view.reader(plan)), "none")
