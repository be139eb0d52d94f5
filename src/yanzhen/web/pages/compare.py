"""Compare: up to six regions or sites side by side, and those that resemble the first."""

from html import escape

from nicegui import ui

from yanzhen.report.tables.side_by_side import Level, resembling, side_by_side
from yanzhen.report.text.quantities import percent
from yanzhen.web.card import made_card
from yanzhen.web.combobox import combobox
from yanzhen.web.form import go
from yanzhen.web.progress import ready
from yanzhen.web.text import notice, raw, text
from yanzhen.web.view import View, require

MOST = 6
AT_FIRST = 3
LEVELS = ("region", "site")


def compare(view: View) -> None:
    """Show regions or sites beside one another."""
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    level: Level = "site" if view.one_of(LEVELS, "level", "compare.level") == "site" else "region"
    frame, by = (plan.regions, "net") if level == "region" else (plan.sites, "arrivals")
    names = view.reader(plan).names
    named = names.regions if level == "region" else names.places
    codes = frame[level].to_list()
    first = frame.sort(by, level, descending=[True, False])[level].head(AT_FIRST).to_list()
    said = [code for code in view.chosen("places").split(",") if code]
    places = [require(code, codes, "compare.places") for code in said] or first
    with ui.element("div").classes("choices"):
        ui.select(
            {each: view.word(f"compare.{each}") for each in LEVELS},
            value=level,
            label=view.word("compare.level"),
            on_change=lambda event: go(view, {"level": event.value, "places": ""}),
        ).props("outlined dense options-dense")
    combobox(
        {code: named.get(code, code) for code in codes},
        places,
        view.word("compare.places"),
        lambda chosen: go(view, {"places": ",".join((chosen or [])[:MOST])}),
    ).props(f"use-chips max-values={MOST}").classes("wide-choice")
    if len(places) > MOST:
        notice(view.word("compare.too_many", most=MOST), "note")
        places = places[:MOST]
    quality = "synthetic" if plan.study.about.synthetic else "modelled"
    table = side_by_side(plan, level, places, view.reader(plan))
    made_card(view, table, plan, plan.period[0], quality, "none")
    with ui.element("section").classes("card"):
        text("h2", view.word("compare.peers", place=named.get(places[0], places[0])))
        text("p", view.word(f"compare.peers_{level}"), "reading")
        alike = resembling(plan, level, places[0])
        links = (
            f"<li>{_beside(view, places, code, named.get(code, code))} "
            f"<span>{escape(percent(similarity, 0))}</span></li>"
            for code, similarity in alike.iter_rows()
        )
        raw("ol", "".join(links), classes="peers")


def _beside(view: View, places: list[str], code: str, name: str) -> str:
    """Return the way to the same places with one more, the last left out where they are many."""
    if code in places:
        return escape(name)
    chosen = ",".join([*places[: MOST - 1], code])
    address = escape(view.address.choosing(places=chosen).url())
    label = escape(view.word("compare.add", place=name))
    return f'<a href="{address}" aria-label="{label}">{escape(name)}</a>'
