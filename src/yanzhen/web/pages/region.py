"""Region: what it has, could undertake and lacks; what arrives, what leaves, and its partners."""

from dataclasses import asdict, replace
from functools import partial
from urllib.parse import urlencode

from nicegui import ui

from yanzhen.advantage.diagnosis import Diagnosis
from yanzhen.api.regions import balance, by_industry, partners
from yanzhen.report.analyses.diagnosis import TABLE_OF
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.quantities import UNKNOWN, Unit, amount, percent
from yanzhen.web.card import made_card, open_card
from yanzhen.web.combobox import combobox
from yanzhen.web.figure import figure, quality_of
from yanzhen.web.form import choose
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, facts, text
from yanzhen.web.view import View

SHOWN = ("specialisation", "opportunities", "rank_intervals", "shift_share", "industry_space")


def region(view: View) -> None:
    """Show one region of a study."""
    if not ready(view, "diagnosis"):
        return
    diagnoses = view.bench.analyses["diagnosis"]
    found: Diagnosis = diagnoses.of(view.study)
    focus = _choices(view, found)
    assert focus.region is not None
    if view.bench.plans.exists(view.study):
        _planned(view, focus.region)
    else:
        ready(view, "plan")
    text("h2", view.word("region.diagnosis", year=found.year))
    bullets(diagnoses.findings(view.study, view.lang, asdict(focus)), "findings", "ol")
    for key in SHOWN:
        _figure(view, key, focus, found)
    gaps = diagnoses.table(view.study, "supply_gaps", view.lang, {"region": focus.region})
    source = f"/api/v1/diagnoses/{view.study}/tables/supply_gaps?region={focus.region}"
    quality = "synthetic" if found.study.about.synthetic else "estimated"
    open_card(view, replace(gaps, title=view.word("region.lacks")), source, quality)


def _choices(view: View, found: Diagnosis) -> Focus:
    """Offer the regions and industries; return those looked at."""
    named = view.reader(found).names
    regions = {code: named.regions[code] for code in found.regions["region"]}
    industries = {code: named.industries[code] for code in found.industries["industry"]}
    everything = {"": view.word("region.all_industries"), **industries}
    first = found.regions.sort("output", descending=True, nulls_last=True)["region"][0]
    region = view.one_of(regions, "region", "region.region", first)
    industry = view.one_of(industries, "industry", "region.industry")
    with ui.element("div").classes("choices"):
        for key, options, value in (
            ("region", regions, region),
            ("industry", everything, industry),
        ):
            combobox(
                options,
                value,
                view.word(f"region.{key}"),
                partial(choose, view, key),
            )
    return Focus(region, industry or None)


def _planned(view: View, code: str) -> None:
    """Show what the plan says of a region."""
    plan = view.bench.plans.read(view.study)
    row = balance(plan, code)
    reader = view.reader(plan)
    size, people = reader.size, reader.persons

    def said(key: str, unit: Unit) -> str:
        value = row[key]
        return amount(None if value is None else float(str(value)), unit)

    text("h2", view.word("region.planned", first=plan.period[0], last=plan.period[1]))
    facts(
        [
            (view.word("region.arrivals"), said("arrivals", size)),
            (view.word("region.departures"), said("departures", size)),
            (view.word("region.net"), said("net", size)),
            (
                reader.word("column.net_share"),
                UNKNOWN if row["net_share"] is None else percent(float(str(row["net_share"]))),
            ),
            (view.word("region.jobs"), said("jobs_arriving", people)),
        ]
    )
    with ui.element("div").classes("columns wide"):
        for table in (by_industry(plan, code, reader), partners(plan, code, reader)):
            quality = "synthetic" if plan.study.about.synthetic else "modelled"
            made_card(view, table, plan, plan.period[0], quality, "20rem")


def _figure(view: View, key: str, focus: Focus, found: Diagnosis) -> None:
    diagnoses, table = view.bench.analyses["diagnosis"], TABLE_OF[key]
    root = f"/api/v1/diagnoses/{view.study}"
    chosen = {
        name: value
        for name, value in (("region", focus.region), ("industry", focus.industry))
        if value
    }
    shown = partial(diagnoses.table, view.study, table, view.lang, chosen)
    synthetic, modelled = found.study.about.synthetic, key in ("opportunities", "rank_intervals")
    quality = quality_of(shown(), synthetic, modelled)
    # Proximities are of all cells together, those estimated among them.
    if key == "industry_space" and quality == "observed" and found.regions["estimated"].sum():
        quality = "estimated"
    figure(
        view,
        f"{root}/figures/{key}?{urlencode({**chosen, 'lang': view.lang})}",
        diagnoses.picture(view.study, key, view.lang, chosen),
        shown,
        f"{root}/tables/{table}?{urlencode(chosen)}",
        quality,
    )
