"""The part of the page on chains that lists suppliers for buyers."""

from functools import partial
from urllib.parse import urlencode

import polars as pl
from nicegui import ui

from yanzhen.modes.chain.docking.docking_lists import Docking
from yanzhen.report.analyses.docking import PICTURE
from yanzhen.web.card import kept_card, open_card
from yanzhen.web.combobox import combobox
from yanzhen.web.figure import figure
from yanzhen.web.form import choose
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, notice, text
from yanzhen.web.view import View

FEW = 200
TABLES = ("pairs", "needs", "suppliers", "certificate")


def docking(view: View) -> None:
    """Show the docking lists of a study, or offer to make them."""
    text("h2", view.word("chain.docking"), "part")
    text("p", view.word("chain.docking_lead"), "reading")
    if not ready(view, "docking"):
        return
    dockings, lang = view.bench.analyses["docking"], view.lang
    found: Docking = dockings.of(view.study)
    bullets(dockings.findings(view.study, lang), "findings", "ol")
    if not found.certificate.passed:
        notice(view.word("certificate_failed"), "bad")
    quality = "synthetic" if found.study.about.synthetic else "modelled"
    root = f"/api/v1/dockings/{view.study}"
    figure(
        view,
        f"{root}/figures/{PICTURE}?lang={lang}",
        dockings.picture(view.study, PICTURE, lang),
        lambda: dockings.table(view.study, "industries", lang),
        f"{root}/tables/industries",
        quality,
    )
    asked = _choices(view, found)
    narrowed = urlencode({key: value for key, value in asked.items() if value})
    for key in TABLES:
        shown = dockings.table(view.study, key, lang, asked)
        card = open_card if key == "pairs" and len(shown.rows) <= FEW else kept_card
        card(view, shown, f"{root}/tables/{key}?{narrowed}", quality)


def _choices(view: View, found: Docking) -> dict[str, str | None]:
    """Offer the regions and industries of buyers, and one party; return what is chosen."""
    named = view.reader(found).names
    with ui.element("div").classes("choices"):
        for key, column, said in (
            ("buyers_region", "region", named.regions),
            ("buyers_industry", "industry", named.industries),
        ):
            codes = found.needs[column].unique().sort()
            options = {"": view.word("chain.everywhere" if column == "region" else "chain.all")}
            options |= {code: said.get(code, code) for code in codes}
            combobox(
                options,
                view.one_of(options, key, f"chain.docking_{column}"),
                view.word(f"chain.docking_{column}"),
                partial(choose, view, key),
            )
        field = ui.input(view.word("chain.docking_enterprise"), value=view.chosen("enterprise"))
        field.props("outlined dense clearable")
        field.on("change", lambda: choose(view, "enterprise", field.value))
    enterprise = _party(found, view.chosen("enterprise"))
    if view.chosen("enterprise") and enterprise is None:
        notice(view.word("chain.docking_unknown", said=view.chosen("enterprise")), "bad")
    return {
        "region": view.chosen("buyers_region") or None,
        "industry": view.chosen("buyers_industry") or None,
        "enterprise": enterprise,
    }


def _party(found: Docking, said: str) -> str | None:
    """The code of the enterprise that a code or a name means."""
    if not said:
        return None
    table = found.study.tables["enterprises"]
    named = table.filter(pl.any_horizontal(pl.col("^name_.*$") == said))["enterprise"]
    codes = {*found.needs["buyer"], *found.suppliers["supplier"]}
    return next((code for code in (said, *named) if code in codes), None)
