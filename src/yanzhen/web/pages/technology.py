"""Technology: achievements matched with needs, incubators or regions, and why; verdicts."""

from dataclasses import replace
from functools import partial
from html import escape
from typing import Literal
from urllib.parse import urlencode

from nicegui import ui

from yanzhen.api.problem_details import Refusal
from yanzhen.api.technologies import FIGURE_TABLES, FIGURES
from yanzhen.modes.technology.matching.matching import Matching
from yanzhen.modes.technology.matching.partners import KINDS, TABLE_OF
from yanzhen.report.tables.technology import match_reasons, titles_of
from yanzhen.web.card import kept_card, open_card
from yanzhen.web.combobox import combobox
from yanzhen.web.figure import badge, figure, shown_table
from yanzhen.web.form import choose
from yanzhen.web.progress import followed, ready
from yanzhen.web.text import bullets, main_button, notice, raw, rows, text
from yanzhen.web.view import View

EXAMPLE = "china-technology-synthetic"
TABLES = ("partners", "outbid", "words", "unmatched", "rejected")


def technology(view: View) -> None:
    """Show the matches of a study's achievements."""
    study = view.bench.studies.read(view.study)
    if study.tables["technologies"].is_empty():
        notice(view.word("technology.none"), "note")
        example = escape(view.address.about(EXAMPLE).url())
        raw("p", f'<a href="{example}">{escape(view.word("technology.see_example"))}</a>')
        return
    kind = view.one_of(KINDS, "partner", "technology.partner", "incubators")
    _kinds(view, kind)
    if study.tables[TABLE_OF[kind]].is_empty():
        notice(view.word("technology.no_partner", table=TABLE_OF[kind]), "note")
        return
    job = view.bench.job_of("technology", view.study, {"partner": kind})
    if job is not None and job.state in ("queued", "running"):
        followed(view, job)
        return
    if not ready(view, "technology", {"partner": kind}):
        return
    found = view.bench.technologies.read(view.study, kind)
    if not view.bench.technologies.heeds(study, view.study, kind):
        notice(view.word("technology.stale"), "note")
        ui.button(
            view.word("technology.again"), icon="play_arrow", on_click=lambda: _again(view, kind)
        ).props("outline no-caps").classes("after-notice")
    _shown(view, found)


def _kinds(view: View, kind: str) -> None:
    with ui.element("div").classes("choices"):
        ui.select(
            {each: view.word(f"technology.{each}") for each in KINDS},
            value=kind,
            label=view.word("technology.partner"),
            on_change=lambda event: _with(view, event.value),
        ).props("outlined dense options-dense")


def _with(view: View, kind: str) -> None:
    """Go to the matches with another kind of partner; they are made at once."""
    study = view.bench.studies.read(view.study)
    asked = {"partner": kind}
    lacking = study.tables[TABLE_OF[kind]].is_empty()
    if not lacking and not view.bench.exists("technology", view.study, asked):
        view.bench.make("technology", view.study, asked)
    ui.navigate.to(view.address.page(view.address.path).choosing(partner=kind).url())


def _again(view: View, kind: str) -> None:
    view.bench.make("technology", view.study, {"partner": kind})
    ui.navigate.to(view.address.url())


def _shown(view: View, found: Matching) -> None:
    technologies, kind, lang = view.bench.technologies, found.kind, view.lang
    root = f"/api/v1/technologies/{view.study}/{kind}"
    quality = "synthetic" if found.study.about.synthetic else "modelled"
    bullets(technologies.findings(view.study, kind, lang), "findings", "ol")
    report = escape(f"{root}/report?lang={lang}")
    link = f'<a class="tool" download href="{report}">HTML</a>'
    raw("p", f"{escape(view.word('technology.report'))} {link}", classes="tools reports")
    for key in FIGURES:
        figure(
            view,
            f"{root}/figures/{key}?lang={lang}",
            technologies.kept_picture(view.study, key, lang, kind),
            partial(technologies.table, view.study, kind, FIGURE_TABLES[key], lang),
            f"{root}/tables/{FIGURE_TABLES[key]}",
            quality,
        )
    asked = _filters(view, found)
    region, holding = asked["region"], asked["holding"]
    narrowed = urlencode({key: value for key, value in asked.items() if value})
    matches = technologies.table(view.study, kind, "matches", lang, region, holding)
    if matches.rows:
        open_card(view, matches, f"{root}/tables/matches?{narrowed}", quality)
        _why(view, found, [(str(row[0]), str(row[4])) for row in matches.rows], quality)
    else:
        notice(view.word("technology.no_match"), "note")
    for key in TABLES:
        shown = technologies.table(view.study, kind, key, lang, "", holding)
        if shown.rows:
            kept_card(view, shown, f"{root}/tables/{key}?{narrowed}", quality)
    _verdicts(view, found)


def _filters(view: View, found: Matching) -> dict[str, str]:
    named = view.reader(found).names
    owners = found.achievements["region"].drop_nulls().unique().sort()
    regions = {code: named.regions.get(code, code) for code in owners}
    region = view.one_of(regions, "region", "technology.region")
    with ui.element("div").classes("choices"):
        combobox(
            {"": view.word("technology.everywhere"), **regions},
            region,
            view.word("technology.region"),
            lambda chosen: _go(view, region=chosen),
        )
        field = ui.input(view.word("technology.holding"), value=view.chosen("holding"))
        field.props("outlined dense clearable")
        field.on("change", lambda: _go(view, holding=field.value or ""))
    return {"region": region, "holding": view.chosen("holding")}


def _go(view: View, **chosen: str) -> None:
    ui.navigate.to(view.address.choosing(pair="", **chosen).url())


def _why(view: View, found: Matching, pairs: list[tuple[str, str]], quality: str) -> None:
    """Show what one match rests on, and take a verdict on it."""
    title = titles_of(found, view.reader(found))
    options = {f"{a}:{p}": f"{title[a]} → {title[p]}" for a, p in pairs}
    chosen = view.one_of(options, "pair", "technology.pair", next(iter(options)))
    achievement, partner = next(each for each in pairs if f"{each[0]}:{each[1]}" == chosen)
    with ui.element("section").classes("card"):
        with ui.element("div").classes("head"):
            text("h2", view.word("technology.why"))
            badge(view, quality)
        combobox(
            options, chosen, view.word("technology.pair"), partial(choose, view, "pair")
        ).classes("wide-choice")
        with ui.element("div").classes("columns texts"):
            _text(found.achievements.filter(achievement=achievement).row(0, named=True), title)
            _text(found.partners.filter(partner=partner).row(0, named=True), title)
        reasons = match_reasons(found, achievement, partner, view.reader(found))
        with ui.element("div").classes("columns"):
            with ui.element("div"):
                text("h3", reasons.title)
                text("p", reasons.note, "reading")
                shown_table(view, reasons, "none")
            with ui.element("div"):
                _words(view, found, achievement, partner)
        _judge(view, achievement, partner)


def _text(row: dict[str, str | None], title: dict[str, str]) -> None:
    code = str(row.get("achievement") or row["partner"])
    with ui.element("div"):
        text("h3", f"{title[code]} ({code})")
        text("p", row["text"] or "—", "reading")


def _words(view: View, found: Matching, achievement: str, partner: str) -> None:
    shared = view.bench.technologies.table(view.study, found.kind, "words", view.lang)
    held = [row for row in shared.rows if row[:2] == (achievement, partner)]
    text("h3", shared.title)
    if not held:
        text("p", view.word("technology.nothing_shared"), "reading")
        return
    text("p", shared.note, "reading")
    of_pair = replace(shared, columns=shared.columns[2:], rows=[row[2:] for row in held])
    shown_table(view, of_pair, "16rem")


def _judge(view: View, achievement: str, partner: str) -> None:
    said = ui.element("div").props("aria-live=polite")

    def judge(verdict: Literal["accept", "reject"]) -> None:
        study = view.bench.studies.read(view.study)
        said.clear()
        with said:
            try:
                view.bench.technologies.judge(
                    study, view.study, achievement, partner, verdict, reason.value or ""
                )
            except Refusal as refusal:
                notice(refusal.said(view.lang), "bad")
                return
            notice(view.word("technology.kept"), "good")

    with ui.element("div").classes("choices"):
        reason = ui.input(view.word("technology.reason")).props("outlined dense maxlength=500")
        main_button(view.word("technology.accept"), "check", lambda: judge("accept"))
        ui.button(
            view.word("technology.reject"), icon="close", on_click=lambda: judge("reject")
        ).props("outline no-caps")


def _verdicts(view: View, found: Matching) -> None:
    given = view.bench.technologies.verdicts(view.study)
    if given.is_empty():
        return
    title = titles_of(found, view.reader(found))
    heads = [
        *(view.word(f"technology.{key}") for key in ("pair", "verdict")),
        *(view.word(f"technology.{key}") for key in ("why_said", "day")),
    ]
    rows(
        heads,
        (
            (
                f"{title.get(row['achievement'], row['achievement'])} → "
                f"{title.get(row['partner'], row['partner'])}",
                view.word(f"technology.{row['verdict']}"),
                row["reason"] or "—",
                row["day"] or "—",
            )
            for row in given.reverse().head(50).iter_rows(named=True)
        ),
        view.word("technology.verdicts"),
    )
