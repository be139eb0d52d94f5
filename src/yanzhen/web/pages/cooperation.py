"""Cooperation: what a contract of two places is worth to both, its terms as sliders."""

import json
from functools import partial
from urllib.parse import urlencode

import polars as pl
from nicegui import ui
from pydantic import ValidationError

from yanzhen.api.contract_query import ContractQuery
from yanzhen.api.contracts import schemes
from yanzhen.api.pictures import drawn
from yanzhen.api.problem_details import Refusal
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.modes.coconstruction.gains.appraisal import Appraisal
from yanzhen.modes.coconstruction.gains.parties import homes, hosts, industries
from yanzhen.report.analyses.contract_appraisal import appraisal_findings, appraisal_table
from yanzhen.report.figures.appraisal import gain_sensitivity, interval_text, parties_of
from yanzhen.report.figures.pair_ledger import counted_text
from yanzhen.report.text.quantities import UNKNOWN, amount, percent
from yanzhen.report.text.routes import routes
from yanzhen.report.text.words import LANGUAGES
from yanzhen.web.combobox import combobox
from yanzhen.web.figure import live_figure
from yanzhen.web.pages.cooperation_pictures import (
    ContractPageState,
    follow,
    live_division,
    live_picture,
    live_table,
    shape_of,
)
from yanzhen.web.pages.cooperation_terms import Turn, controls
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, facts, notice, raw, root_path, rows, text
from yanzhen.web.threads import in_thread
from yanzhen.web.view import View
from yanzhen.web.words import word

PAIR = ("home", "host", "industry")
OPEN = ("supplement", "equity_share", "paid_out", "margin")


def cooperation(view: View) -> None:
    """Show a contract of two places."""
    if not ready(view, "plan"):
        return
    contracts = view.bench.contracts
    cleared = contracts.market(view.study)
    asked = _asked(view, cleared)
    desk, refusal = ContractPageState(asked), None
    _choices(view, cleared, desk)
    terms = contracts.terms(view.study, asked)
    try:
        desk.answer = contracts.answer(view.study, asked)
        desk.shape = shape_of(desk.answer)
    except Refusal as found:
        refusal = found
    with ui.element("div").classes("columns desk"):
        with ui.element("section").classes("card"):
            controls(
                view, asked, terms, cleared.inputs.study.about.units.money, _turner(view, desk)
            )
        with ui.element("div"):
            with ui.element("section").classes("card"):
                text("h2", view.word("cooperation.outcome"))
                desk.refused = ui.element("div").props("aria-live=polite")
                desk.told = ui.element("div").props("aria-live=polite")
            if desk.answer is not None:
                live_picture(view, desk, "gain_curve")
    if refusal is not None:
        _refuse(view, desk, refusal)
    if desk.answer is not None:
        _tell(view, desk)
        _further(view, desk)
    if desk.answer is not None or asked.scheme == "equity_venture":
        _schemes(view, desk)
    if desk.answer is not None:
        _how_sure(view, desk)
        _take(view, desk)


def _further(view: View, desk: ContractPageState) -> None:
    """Show both ledgers, the course, the parts, and how the gain may be divided."""
    with ui.element("div").classes("columns"):
        live_picture(view, desk, "ledger_tax")
        live_picture(view, desk, "ledger_statistics")
    live_picture(view, desk, "gain_course")
    live_picture(view, desk, "gain_parts")
    live_division(view, desk)
    live_table(view, desk, "industries")
    live_table(view, desk, "projects")


def _asked(view: View, cleared: ClearedStudy) -> ContractQuery:
    """What the address says; the pair of the largest move where it names none."""
    given = view.address.choices.items()
    known = {key: value for key, value in given if key in ContractQuery.model_fields and value}
    moves = routes(view.bench.plans.read(view.study))
    pairs = (
        moves.filter(pl.col("destination_region") != pl.col("origin"))
        .group_by("origin", "destination", maintain_order=True)
        .agg(pl.col("output").sum())
        .sort("output", descending=True)
    )
    if pairs.is_empty():
        home = next(iter(homes(cleared).values()))
        host = next(site for site in hosts(cleared).values() if site != home)
    else:
        home, host = pairs.row(0)[:2]
    usual = {"home": home, "host": host}
    try:
        return ContractQuery.model_validate({**usual, **known})
    except ValidationError:
        zh, en = (word(lang, "cooperation.misread") for lang in LANGUAGES)
        raise Refusal(422, en, zh) from None


def _choices(view: View, cleared: ClearedStudy, desk: ContractPageState) -> None:
    """Offer homes, hosts, industries and schemes; another of them is another address."""
    named, asked = view.reader(cleared.inputs).names, desk.asked
    senders = {code: named.regions[code] for code in sorted(set(homes(cleared).values()))}
    receivers = {code: named.places[code] for code in sorted(set(hosts(cleared).values()))}
    every = {"": view.word("cooperation.all_industries")}
    covered = every | {
        code: named.industries[code] for code in sorted(set(industries(cleared).values()))
    }
    with ui.element("div").classes("choices"):
        for key, options, value in (
            ("home", senders, asked.home),
            ("host", {c: name for c, name in receivers.items() if c != asked.home}, asked.host),
            ("industry", covered, asked.industry),
            ("scheme", _scheme_names(view), asked.scheme),
        ):
            combobox(
                options,
                value if value in options else None,
                view.word(f"cooperation.{key}"),
                partial(_go, view, desk, key),
            )


def _scheme_names(view: View) -> dict[str, str]:
    chinese = view.lang == "zh"
    known = {scheme["key"]: scheme["title_zh" if chinese else "title_en"] for scheme in schemes()}
    agreed = view.bench.contracts.agreed(view.study).items()
    return known | {
        code: f"{code}: {terms.title_zh if chinese else terms.title_en}" for code, terms in agreed
    }


def _go(view: View, desk: ContractPageState, key: str, value: str) -> None:
    """Go to another pair with the same terms, or to another scheme as it stands."""
    kept = said(desk.asked)
    if key == "scheme":
        kept = {name: each for name, each in kept.items() if name in PAIR}
    ui.navigate.to(_address(view, kept | {key: value}))


def _address(view: View, choices: dict[str, str]) -> str:
    """Return the address of this page with these choices and no others."""
    return view.address.page(view.address.path).choosing(**choices).url()


def _turner(view: View, desk: ContractPageState) -> Turn:
    """Return what is called when a term is turned: of several turns only the last is answered."""

    async def turn(name: str, value: object) -> None:
        desk.asked = ContractQuery.model_validate({**desk.asked.model_dump(), name: value})
        desk.wanted += 1
        if desk.busy:
            return
        desk.busy = True
        try:
            done = -1
            while done != desk.wanted:
                done = desk.wanted
                await _answer(view, desk)
        finally:
            desk.busy = False

    return turn


async def _answer(view: View, desk: ContractPageState) -> None:
    """Answer the terms as they stand, and bring the page to the answer."""
    address = _address(view, said(desk.asked))
    ui.run_javascript(f"history.replaceState(null, '', {json.dumps(root_path() + address)})")
    try:
        found = await in_thread(view.bench.contracts.answer, view.study, desk.asked)
    except Refusal as refusal:
        _refuse(view, desk, refusal)
        return
    if found is None:
        return
    if desk.answer is None:
        ui.navigate.to(address)
        return
    if desk.refused is not None:
        desk.refused.clear()
    desk.answer = found
    follow(view, desk)
    _tell(view, desk)


def said(asked: ContractQuery) -> dict[str, str]:
    """What is asked as it stands in an address; what is not given is not there."""
    usual = ContractQuery.model_validate({"home": asked.home, "host": asked.host})
    return {
        name: str(value)
        for name, value in asked.model_dump().items()
        if name in ("home", "host") or value != getattr(usual, name)
    }


def _refuse(view: View, desk: ContractPageState, refusal: Refusal) -> None:
    """Say why the terms cannot be settled; the pictures stay those of the last that could."""
    if desk.refused is None:
        return
    desk.refused.clear()
    with desk.refused:
        notice(refusal.said(view.lang), "bad")
        _reasons(view, refusal)
        if desk.answer is not None:
            text("p", view.word("cooperation.last_sound"), "reading")


def _reasons(view: View, refusal: Refusal) -> None:
    """Show which term is refused, why, and what would do."""
    chinese = view.lang == "zh"
    rows(
        [view.word(f"cooperation.reason.{key}") for key in ("term", "found", "expected")],
        (
            (
                each.column,
                each.found_zh if chinese else each.found,
                each.expected_zh if chinese else each.expected,
            )
            for each in refusal.problems
        ),
        view.word("cooperation.reasons"),
    )


def _tell(view: View, desk: ContractPageState) -> None:
    """Say what the terms come to."""
    if desk.told is None:
        return
    found, coin = desk.sound.appraisal, view.reader(desk.sound.appraisal).money
    gains = [("home", found.home_gain), ("host", found.host_gain)]
    if "third" in parties_of(found):
        gains.append(("third", found.third_gain))
    shown = [(view.word(f"cooperation.gain.{party}"), amount(gain, coin)) for party, gain in gains]
    shown += [
        (view.word("cooperation.gain.joint"), amount(found.home_gain + found.host_gain, coin)),
        (view.word("cooperation.nash"), _or_none(view, found.nash.share)),
        *(
            (view.word(f"cooperation.even.{party}"), str(found.break_even[party] or UNKNOWN))
            for party in ("home", "host")
        ),
        (
            view.word("cooperation.counted"),
            counted_text(desk.sound.ledger, view.reader(desk.sound.appraisal)),
        ),
    ]
    desk.told.clear()
    with desk.told:
        facts(shown)
        text("p", interval_text(found, view.reader(found)), "reading")
        bullets(_sentences(found, view), "findings")


def _sentences(found: Appraisal, view: View) -> list[str]:
    """The findings, without the interval, which is said above."""
    interval = interval_text(found, view.reader(found))
    return [each for each in appraisal_findings(found, view.reader(found)) if each != interval]


def _or_none(view: View, share: float | None) -> str:
    return view.word("cooperation.none") if share is None else percent(share, 1)


def _schemes(view: View, desk: ContractPageState) -> None:
    """Show every scheme on the same pair, and what their sources leave open to be given."""
    with ui.element("section").classes("card"):
        text("h2", view.word("cooperation.open"))
        text("p", view.word("cooperation.open_note"), "reading")
        with ui.element("div").classes("choices wordy"):
            for name in OPEN:
                box = ui.number(
                    view.word(f"cooperation.given.{name}"),
                    value=getattr(desk.asked, name),
                    min=0,
                    max=100,
                    suffix="%",
                ).props("outlined dense")
                box.on("change", lambda name=name, box=box: _give(view, desk, name, box.value))
    if desk.answer is None:
        return
    desk.schemes = view.bench.contracts.side_by_side(view.study, desk.asked)
    live_picture(view, desk, "scheme_gains")
    with ui.element("section").classes("card"):
        _sources(view)


def _give(view: View, desk: ContractPageState, name: str, value: float | None) -> None:
    number = "" if value is None else f"{value:g}"
    ui.navigate.to(_address(view, said(desk.asked) | {name: number}))


def _sources(view: View) -> None:
    chinese = view.lang == "zh"
    with ui.element("details").classes("meaning"):
        text("summary", view.word("cooperation.sources"))
        for scheme in schemes():
            text("h3", scheme["title_zh" if chinese else "title_en"])
            text("p", scheme["note_zh" if chinese else "note_en"], "reading")
            bullets(f"{each['document']} {each['address']}" for each in scheme["sources"])


def _how_sure(view: View, desk: ContractPageState) -> None:
    """Offer the sensitivity of the gains, computed when a reader asks for it."""
    with ui.element("section").classes("card"):
        text("h2", view.word("cooperation.how_sure"))
        text("p", view.word("cooperation.how_sure_note"), "reading")
        place = ui.element("div")

        async def reckon() -> None:
            button.disable()
            found = await in_thread(view.bench.contracts.sensitivity, view.study, desk.asked)
            place.clear()
            if found is None:
                return
            with place:
                _hangs_on(view, found, desk.quality)
            button.enable()

        button = ui.button(view.word("cooperation.reckon"), icon="play_arrow", on_click=reckon)
        button.props("outline no-caps")


def _hangs_on(view: View, found: Appraisal, quality: str) -> None:
    made = drawn("gain_sensitivity", gain_sensitivity(found, view.reader(found)))
    table = appraisal_table(found, "sensitivity", view.reader(found))
    live_figure(view, made, quality, lambda: table, found, found.start_year)


def _take(view: View, desk: ContractPageState) -> None:
    """Offer the terms as a file that the command reads."""
    pair = urlencode({"home": desk.asked.home, "host": desk.asked.host})
    raw(
        "p",
        f'<a class="tool" download data-of-view href="/api/v1/contracts/{view.study}/terms?{pair}">'
        f"{view.word('cooperation.take')}</a>",
        classes="tools take",
    )
