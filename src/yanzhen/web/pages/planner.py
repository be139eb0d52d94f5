"""Planner: make the plan, bring a catalogue, suppose instruments, compare scenarios."""

from contextlib import suppress
from functools import partial

from nicegui import ui

from yanzhen.api.problem_details import Refusal
from yanzhen.web.card import open_card
from yanzhen.web.figure import figure
from yanzhen.web.pages.instrument import instrument
from yanzhen.web.pages.moved_cap import moved_cap
from yanzhen.web.progress import followed
from yanzhen.web.text import bullets, main_button, text
from yanzhen.web.upload import chosen_file
from yanzhen.web.view import View, require

TABLE_OF = {"who_gains": "macro_regions", "who_receives": "money", "difference": "regions_beside"}
SHOWN = (
    "regions_beside",
    "money",
    "jobs",
    "prices",
    "incidence",
    "regimes",
    "gates",
    "certificates",
)


def planner(view: View) -> None:
    """Offer the making of plans and the comparison of scenarios."""
    known = {each.name for each in view.bench.comparisons.scenarios(view.study)}
    names = [
        require(name, known, "planner.scenario")
        for name in view.chosen("scenarios").split(",")
        if name
    ]
    _plan(view)
    with ui.element("div").classes("columns"):
        _catalogue(view)
        instrument(view, names)
    _scenarios(view, names)
    if names:
        _comparison(view, names)
    if view.bench.nation is not None:
        moved_cap(view, view.bench.nation)


def _plan(view: View) -> None:
    job = view.bench.job_of("plan", view.study)
    if job is not None and job.state in ("queued", "running", "failed"):
        followed(view, job)
        return
    with ui.element("section").classes("card"):
        text("h2", view.word("planner.plan"))
        made = view.bench.plans.exists(view.study)
        text("p", view.word("planner.made" if made else "planner.not_made"), "reading")

        def start() -> None:
            view.bench.make("plan", view.study)
            ui.navigate.to(view.address.url())

        if made:
            ui.button(view.word("planner.again"), icon="play_arrow", on_click=start).props(
                "outline no-caps"
            )
        else:
            main_button(view.word("start.plan"), "play_arrow", start)


def _catalogue(view: View) -> None:
    with ui.element("section").classes("card"):
        text("h2", view.word("planner.catalogue"))
        text("p", view.word("planner.catalogue_how"), "reading")
        target = f"/api/v1/studies/{view.study}/tables/catalogue"
        chosen_file(view, view.word("data.choose"), target, view.address, ".csv")


def _scenarios(view: View, names: list[str]) -> None:
    with ui.element("section").classes("card"):
        text("h2", view.word("planner.scenarios"))
        text("p", view.word("planner.scenarios_how"), "reading")
        boxes, own = {}, view.bench.comparisons.own(view.study)
        for each in view.bench.comparisons.scenarios(view.study):
            title = each.title_zh if view.lang == "zh" else each.title_en
            with ui.element("div").classes("scenario"):
                boxes[each.name] = ui.checkbox(title, value=each.name in names)
                if each.name in own:
                    _drop(view, names, each.name, title)
            note = each.note_zh if view.lang == "zh" else each.note_en
            if note:
                text("p", note, "reading indented")

        def compare() -> None:
            chosen = [name for name, box in boxes.items() if box.value]
            if not chosen:
                ui.notify(view.word("planner.choose_one"))
                return
            if not view.bench.comparisons.exists(view.study, chosen):
                view.bench.compare(view.study, chosen)
            ui.navigate.to(view.address.choosing(scenarios=",".join(chosen)).url())

        main_button(view.word("planner.compare"), "balance", compare)
    _undo(view, names)


def _drop(view: View, names: list[str], name: str, title: str) -> None:
    """Offer to delete a scenario of the study's own."""

    def drop() -> None:
        # Another window may have deleted it.
        with suppress(Refusal):
            view.bench.comparisons.drop(view.study, name)
        kept = ",".join(each for each in names if each != name)
        ui.navigate.to(view.address.choosing(scenarios=kept).url())

    said = view.word("planner.delete", title=title)
    button = ui.button(icon="delete", on_click=drop).props("flat dense round")
    button.props["aria-label"] = said


def _undo(view: View, names: list[str]) -> None:
    """Offer to bring back the scenarios that were deleted."""
    deleted = view.bench.comparisons.deleted(view.study)
    if not deleted:
        return

    def restore(name: str) -> None:
        # Another window may have brought it back.
        with suppress(Refusal):
            view.bench.comparisons.restore(view.study, name)
        kept = ",".join([*names, name])
        ui.navigate.to(view.address.choosing(scenarios=kept).url())

    with ui.element("section").classes("card"):
        text("h2", view.word("planner.deleted"))
        for each in deleted:
            title = each.title_zh if view.lang == "zh" else each.title_en
            with ui.element("div").classes("scenario"):
                text("span", title)
                button = ui.button(
                    view.word("planner.undo"), icon="undo", on_click=partial(restore, each.name)
                ).props("flat dense no-caps")
                button.props["aria-label"] = f"{view.word('planner.undo')}: {title}"


def _comparison(view: View, names: list[str]) -> None:
    comparisons = view.bench.comparisons
    if not comparisons.exists(view.study, names):
        job = view.bench.comparing(view.study, names)
        if job is not None:
            followed(view, job)
        return
    text("h2", view.word("planner.comparison"))
    bullets(comparisons.findings(view.study, names, view.lang), "findings", "ol")
    root = f"/api/v1/comparisons/{view.study}/{','.join(names)}"
    tables = comparisons.tables(view.study, names, view.lang)
    synthetic = comparisons.plan(view.study, names).study.about.synthetic
    quality = "synthetic" if synthetic else "modelled"
    for key in comparisons.pictures(view.study, names):
        table = TABLE_OF.get(key.partition("-")[0], "race_sites")
        figure(
            view,
            f"{root}/figures/{key}?lang={view.lang}",
            comparisons.picture(view.study, names, key, view.lang),
            partial(tables.__getitem__, table),
            f"{root}/tables/{table}",
            quality,
        )
    for key in SHOWN:
        if key in tables:
            open_card(view, tables[key], f"{root}/tables/{key}", quality, "22rem")
