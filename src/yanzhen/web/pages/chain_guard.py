"""The part of the page on chains that holds the plan against a guard of the reader's."""

from dataclasses import replace

from nicegui import ui

from yanzhen.modes.chain import ChainAnalysis, Guard
from yanzhen.modes.chain.network.guard import breaches
from yanzhen.report.findings.chain import guard_finding
from yanzhen.report.tables.chain import chain_table
from yanzhen.report.text.words import word
from yanzhen.web.card import made_card
from yanzhen.web.form import number_fields, number_said, sound_numbers
from yanzhen.web.text import notice, text
from yanzhen.web.view import View

FIELDS = ("max_exposure", "max_concentration", "worsen_by")


def chain_guard(view: View, found: ChainAnalysis, quality: str) -> None:
    """Take limits in per cent, and show where the plan breaks them."""
    with ui.element("section").classes("card"):
        text("h2", word(view.lang, "page.guard"))
        text("p", view.word("chain.guard_how"), "reading")
        with ui.element("div").classes("choices wordy"):
            labels = {key: view.word(f"chain.{key}") for key in FIELDS}
            most = dict.fromkeys(FIELDS, 100.0)
            number_fields(view, labels, most=most)
        if not sound_numbers(view, labels, most):
            return
        asked = _asked(view)
        if asked.limits_nothing:
            return
        broken = breaches(asked, found.concentration, found.exposure)
        judged = replace(
            found, broken=broken, left=broken.clear(), caps=found.caps.clear(), guarded=True
        )
        if judged.guard_holds:
            notice(word(view.lang, "chain.guard_holds"), "good")
            return
        notice(guard_finding(judged, view.reader(judged)), "bad")
    if broken.height:
        table = chain_table(judged, "broken", broken, view.reader(judged))
        made_card(view, table, judged, judged.year, quality)


def _asked(view: View) -> Guard:
    limits = {key: number_said(view, key) for key in FIELDS}
    exposure, concentration, worsening = (
        None if limit is None else limit / 100 for limit in limits.values()
    )
    return Guard(concentration, exposure, worsening)
